"""What holds for the whole office: papers, limits, what needs two people, calendar; and what was changed (row P2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QRectF, QTimer, Signal
from PySide6.QtWidgets import QWidget

from vending_app.domain.errors import Code, OperatorError, VendingError
from vending_app.domain.ids import OperatorName
from vending_app.domain.office_rules import ReceiptTexts, Rule, RuleChange, checked
from vending_app.domain.people import Operator
from vending_app.services import rule_cases as ask
from vending_app.services.rule_cases import RulesShown
from vending_app.ui.books.act_column import ActColumn
from vending_app.ui.bridge import Failed
from vending_app.ui.components.segmented import Choice, Segmented
from vending_app.ui.components.surface import RING, Surface, place
from vending_app.ui.components.table import Column, RowsModel, Table, place_table
from vending_app.ui.fonts import Face
from vending_app.ui.office.calendar_card import CalendarCard
from vending_app.ui.office.demand_card import DemandsCard
from vending_app.ui.office.desk_cards import DeskCard, DesksCard
from vending_app.ui.office.limit_card import LimitsCard
from vending_app.ui.office.office_asks import ask_rule
from vending_app.ui.office.paper_cards import AskPicture, IdentityCard, TextsCard, ask_picture
from vending_app.ui.office.parts import ABOUT, TABS, Part
from vending_app.ui.office.rule_card import RuleCard
from vending_app.ui.office.rule_words import said_change, said_subject
from vending_app.ui.office.told_cards import AboutCard, ChangeCard, SpecimenCard
from vending_app.ui.pages.page import Page
from vending_app.ui.paint import text_width
from vending_app.ui.phrases import day_and_clock
from vending_app.ui.theme import Look
from vending_app.ui.words import trouble

GAP = 16
SIDE, NARROW_SIDE, NARROW_BELOW = 416, 340, 1100
TAB_SIDES = 30
TYPED_MS = 300
"""After the last key, until the receipt is drawn anew."""


class OfficePage(Page):
    """Signals: asked(use case)."""

    asked = Signal(object)

    def __init__(self, look: Look, *, ask: AskPicture = ask_picture, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Office", can_go_back=True, parent=parent)
        self.shown: RulesShown | None = None
        self.part = Part.PAPERS
        self.people: tuple[Operator, ...] = ()
        self._area = QRectF()
        self._build(ask)
        self._connect()
        self._show_part()

    def _build(self, ask_file: AskPicture) -> None:
        look = self.look
        self.tabs = Segmented(look, [Choice(part, TABS[part]) for part in Part], name="Rules", parent=self)
        self.identity, self.texts = IdentityCard(look, self), TextsCard(look, ask=ask_file, parent=self)
        self.limits, self.demands = LimitsCard(look, self), DemandsCard(look, self)
        self.desks, self.calendar = DesksCard(look, self), CalendarCard(look, self)
        self.cards: dict[Part, tuple[RuleCard, ...]] = {
            Part.PAPERS: (self.identity, self.texts),
            Part.LIMITS: (self.limits,),
            Part.APPROVALS: (self.demands,),
            Part.DESKS: (self.desks,),
            Part.CALENDAR: (self.calendar,),
            Part.CHANGES: (),
        }
        columns: list[Column[RuleChange]] = [
            Column("When", lambda row: day_and_clock(row.at), 130),
            Column("What", lambda row: said_subject(row.subject), 190, strong=True),
            Column("Changed", said_change),
        ]
        self.changes: RowsModel[RuleChange] = RowsModel(columns, self)
        self.list = Surface(look, parent=self)
        self.table = Table(look, self.changes, name="Changes", parent=self)
        self.table.shows_focus = True
        self.table.empty = ("clock-clockwise", "Nothing was changed yet", "")
        self.specimen, self.about, self.change = SpecimenCard(look), AboutCard(look), ChangeCard(look)
        self.desk = DeskCard(look)
        self.column = ActColumn(look, self)
        for home in (self.specimen, self.about, self.change, self.desk):
            self.column.add_home(home)
        self.typed = QTimer(self)
        self.typed.setSingleShot(True)
        self.typed.setInterval(TYPED_MS)

    def _connect(self) -> None:
        self.tabs.chosen.connect(self._on_tab)
        for card in self._all:
            card.keep_wanted.connect(self._on_keep)
        for card in self.cards[Part.PAPERS]:
            card.changed.connect(self.typed.start)
        self.desks.desk_chosen.connect(self.desk.show_desk)
        self.typed.timeout.connect(self._ask_specimen)
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.column.asked.connect(self.asked)
        self.column.done.connect(lambda _: self._leave())
        self.column.failed.connect(self._on_failed)
        self.column.left.connect(self._leave)
        self.column.moved.connect(self._on_moved)

    @property
    def _all(self) -> tuple[RuleCard, ...]:
        return tuple(card for cards in self.cards.values() for card in cards)

    # --- shown ------------------------------------------------------------------------------------------

    def show_people(self, operator: Operator | None, people: Sequence[Operator]) -> None:
        """Who is at work, and who is known here."""
        self.people = tuple(people)
        self.column.show_people(operator, people)

    def begin(self) -> None:
        """As the office has it now: what was typed before is forgotten."""
        for card in self._all:
            card.was = None
        self._show_part()
        self.asked.emit(ask.ShowRules())

    def begin_at_desk(self, desk: int) -> None:
        """As another page leads to one desk."""
        self.tabs.choose(Part.DESKS)
        self._on_tab(Part.DESKS)
        self.desks.look_at(desk)
        self.begin()

    def show_rules(self, shown: RulesShown) -> None:
        """What holds. Where somebody is typing, only what was changed meanwhile is another one."""
        self.shown = shown
        self.texts.show_picture(shown.logo)
        self.desks.show_desks(shown.desks)
        rules: tuple[Rule, ...] = (
            shown.identity,
            shown.texts,
            shown.limits,
            shown.demands,
            shown.desk_names,
            shown.calendar,
        )
        for card, rule in zip(self._all, rules, strict=True):
            card.show_rule(rule)
        self.changes.show_rows(shown.changes)
        if shown.changes:
            self.table.selectRow(0)
        self._show_change()

    def show_specimen(self, made: ask.Specimen) -> None:
        """A receipt as it will look; one that came too late is not shown."""
        if made.asked == self._specimen():
            self.specimen.show_pdf(made.pdf)

    def show_trouble(self, error: VendingError) -> None:
        """The rules could not be shown."""
        said = trouble(error)
        self.set_title("Office", f"{said.sentence} {said.remedy}")

    def say_of_papers(self, error: VendingError) -> None:
        """What is typed makes no receipt."""
        is_picture = error.code is Code.LOGO_REFUSED or error.facts.get("field") in {"line", "lines"}
        (self.texts if is_picture else self.identity).say(error)

    def _show_part(self) -> None:
        for part, cards in self.cards.items():
            for card in cards:
                card.setVisible(part is self.part)
        is_list = self.part is Part.CHANGES
        self.list.setVisible(is_list)
        self.table.setVisible(is_list)
        homes = {Part.PAPERS: self.specimen, Part.DESKS: self.desk, Part.CHANGES: self.change}
        if self.part in ABOUT:
            self.about.show_about(*ABOUT[self.part])
        self.column.go_home(homes.get(self.part, self.about))

    def _show_change(self) -> None:
        chosen = self.table.chosen
        change = chosen if isinstance(chosen, RuleChange) else None
        self.change.show_change(change, self._who(change) if change else "")

    def _who(self, change: RuleChange) -> str:
        if change.operator is None:
            return "Nobody logged in, at the command line"
        approved = f", approved by {self._name(change.approver)}" if change.approver else ""
        return f"{self._name(change.operator)}{approved}"

    def _name(self, name: OperatorName) -> str:
        return next((each.full_name for each in self.people if each.name == name), str(name))

    # --- what a person does -----------------------------------------------------------------------------

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        cards = self.cards[self.part]
        return cards[0].first if cards else self.table

    def step_back(self) -> bool:
        """Out of an approval, then out of what is typed; False if there is nothing to step back from."""
        if self.column.leave():
            return True
        typed = [card for card in self.cards[self.part] if card.is_changed]
        for card in typed:
            card.put_back()
        return bool(typed)

    def _on_tab(self, part: object) -> None:
        self.part = Part(str(part))
        self._show_part()
        self.lay_out(self._area)

    def _on_keep(self, rule: Rule) -> None:
        card = self.sender()
        assert isinstance(card, RuleCard), "a card of this page"
        assert card.was is not None, "what holds is shown first"
        is_new = isinstance(rule, ReceiptTexts) and rule.logo
        self.column.open(ask_rule(card.was, rule, png=self.texts.png if is_new else b""))

    def _on_row(self, *_: object) -> None:
        self._show_change()

    def _on_moved(self) -> None:
        """While two people are at it nothing else is typed here."""
        for widget in (*self._all, self.table, self.tabs):
            widget.setEnabled(self.column.is_home)

    def _on_failed(self, failed: Failed) -> None:
        if failed.error.code is Code.RULE_OUTDATED:
            self.asked.emit(ask.ShowRules())

    def _leave(self) -> None:
        self._show_part()
        self.first.setFocus()

    def _specimen(self) -> ask.ShowSpecimen | None:
        try:
            texts = replace(self.texts.wanted(), logo="")
            checked(self.identity.wanted())
            checked(texts)
        except OperatorError as error:
            self.say_of_papers(error)
            return None
        return ask.ShowSpecimen(self.identity.wanted(), texts, self.texts.png)

    def _ask_specimen(self) -> None:
        if self.shown is None or not self.isVisible():
            return
        wanted = self._specimen()
        if wanted is not None:
            self.asked.emit(wanted)

    # --- places -----------------------------------------------------------------------------------------

    def lay_out(self, area: QRectF) -> None:
        self._area = area
        left = RING + 52 + text_width("Office", Face.PAGE_TITLE) + 24
        tab = max(text_width(choice.text, Face.STRONG) for choice in self.tabs.choices) + TAB_SIDES
        place(self.tabs, left, RING, tab * len(self.tabs.choices), 40)
        self.title_tail = tab * len(self.tabs.choices) + 24
        side = SIDE if area.width() >= NARROW_BELOW else NARROW_SIDE
        self.column.setGeometry(QRectF(area.right() - side, area.top(), side, area.height()).toRect())
        rest = area.adjusted(0, 0, -side - GAP, 0)
        cards = self.cards[self.part]
        wide = (rest.width() - GAP * (len(cards) - 1)) / max(len(cards), 1)
        for at, card in enumerate(cards):
            card.setGeometry(QRectF(rest.left() + at * (wide + GAP), rest.top(), wide, rest.height()).toRect())
        self.list.setGeometry(rest.toRect())
        place_table(self.table, rest.adjusted(5, 9, -5, -9))
