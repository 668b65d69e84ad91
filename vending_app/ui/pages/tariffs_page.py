"""Tariffs: what is in force, what comes, and new prices with what they mean for a household (row P2)."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QWidget

from vending_app.domain.errors import VendingError
from vending_app.domain.ids import OperatorName
from vending_app.domain.money import grouped
from vending_app.domain.people import Operator
from vending_app.domain.permissions import Act, may
from vending_app.domain.tariff import Tariff, TariffField
from vending_app.domain.tariff_entry import TariffLife
from vending_app.domain.tariff_preview import TOLD, changes, preview
from vending_app.services.tariff_cases import PutTariff, ShowTariffs, TariffsShown, WithdrawTariff
from vending_app.ui.books.act_column import ActColumn
from vending_app.ui.books.ask import Deed
from vending_app.ui.bridge import Failed, Finished
from vending_app.ui.clock import DeskClock
from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.surface import Surface
from vending_app.ui.components.table import Column, RowsModel, Table, place_table
from vending_app.ui.pages.page import Page
from vending_app.ui.phrases import day_and_year, long_day
from vending_app.ui.tariffs.editor_card import EditorCard
from vending_app.ui.tariffs.life_card import LifeCard
from vending_app.ui.tariffs.preview_card import PreviewCard
from vending_app.ui.tariffs.summary_card import SummaryCard
from vending_app.ui.tariffs.tariff_form import TariffForm, Understood, day_to_begin_with, form_of, typed_day, understood
from vending_app.ui.tariffs.tariff_words import (
    TAKEN,
    said_beside,
    said_deed,
    said_next,
    said_part,
    said_versions,
    said_withdrawal,
)
from vending_app.ui.theme import Look
from vending_app.ui.words import trouble

LIST, NARROW_LIST, EDITOR, NARROW_EDITOR = 692, 440, 692, 540
NARROW_BELOW, GAP = 1100, 16
SINCE_COLUMN = 2
UNCHANGED = "What is in force is never changed: new prices begin on a day to come."


class TariffsPage(Page):
    """Signals: asked(use case)."""

    asked = Signal(object)

    def __init__(self, look: Look, *, clock: DeskClock, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Tariffs", can_go_back=True, parent=parent)
        self._clock = clock
        self.shown: TariffsShown | None = None
        self.operator: Operator | None = None
        self.names: dict[OperatorName, str] = {}
        self.edits: TariffLife | None = None
        """Whose prices are being typed; without versions for a new tariff."""
        self._kept: dict[str, TariffForm] = {}
        """What somebody began to type and left, by code."""
        self._is_withdrawing = False
        """Whether somebody is asked for his word about it."""
        self._trouble = ""
        """Why something was not withdrawn, until another version is chosen."""
        self._area = QRectF()
        self._build()
        self._connect()
        self._show_mode()

    def _build(self) -> None:
        look = self.look
        self.side = Surface(look, parent=self)
        columns: list[Column[TariffLife]] = [
            Column("Code", lambda life: life.code, 80, strong=True),
            Column("Name", lambda life: life.versions[-1].tariff.name),
            Column("In force since", self._said_since, 124),
            Column("Then from", lambda life: said_next(life, self._today()), 150, mark=self._mark_next),
            Column("Supplies", lambda life: grouped(life.supplies, digits=0), 78, right=True),
        ]
        self.lives: RowsModel[TariffLife] = RowsModel(columns, self)
        self.table = Table(look, self.lives, name="Tariffs", parent=self)
        self.table.empty = ("tag", "No tariff yet", "New tariff enters the first one.")
        self.table.shows_focus = True
        self.fresh = Button(look, "New tariff", icon="plus", parent=self)
        self.prices = Button(look, "New prices", kind=Kind.PRIMARY, icon="note-pencil", parent=self)
        self.withdraw = Button(look, "Withdraw", icon="arrow-u-up-left", parent=self)
        self.verbs = (self.withdraw, self.fresh, self.prices)
        self.editor = EditorCard(look, self)
        self.column = ActColumn(look, self)
        self.life = LifeCard(look)
        self.sums = PreviewCard(look)
        self.summary = SummaryCard(look)
        for card in (self.life, self.sums, self.summary):
            self.column.add_home(card)

    def _connect(self) -> None:
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.table.opened.connect(lambda _: self._on_prices())
        self.prices.clicked.connect(self._on_prices)
        self.withdraw.clicked.connect(self._on_withdraw)
        self.life.moved.connect(self._show_verbs)
        self.fresh.clicked.connect(lambda: self._edit(None))
        self.editor.edited.connect(self._on_edited)
        self.sums.edited.connect(self._on_edited)
        self.sums.forward.connect(self._on_forward)
        self.sums.left.connect(self.step_back)
        self.summary.confirmed.connect(self._on_confirmed)
        self.summary.left.connect(self.step_back)
        self.column.asked.connect(self.asked)
        self.column.done.connect(self._on_done)
        self.column.failed.connect(self._on_refused)
        self.column.left.connect(self._on_left)

    # --- shown ------------------------------------------------------------------------------------------

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.table if self.edits is None else self.editor.first

    def begin(self) -> None:
        """All of them, as they are now."""
        self._leave_editor()
        self.asked.emit(ShowTariffs())

    def show_operator(self, operator: Operator | None, people: tuple[Operator, ...]) -> None:
        """Who looks; what somebody else began to type is gone."""
        if self.operator is not None and operator is not None and operator.name != self.operator.name:
            self._kept.clear()
            self._leave_editor()
        self.operator = operator
        self.names = {each.name: each.full_name for each in people}
        self.column.show_people(operator, people)
        self._show_verbs()

    def show_tariffs(self, shown: TariffsShown) -> None:
        """What the books have; the chosen one stays chosen."""
        before = self.table.chosen
        self.shown = shown
        self.lives.show_rows(shown.lives)
        codes = [life.code for life in shown.lives]
        if codes:
            self.table.selectRow(codes.index(before.code) if before is not None and before.code in codes else 0)
        self._on_row()

    def _show_verbs(self) -> None:
        may_change = may(self.operator, Act.TARIFFS) and self.edits is None and not self._is_withdrawing
        self.fresh.setVisible(may_change)
        self.prices.setVisible(may_change)
        self.withdraw.setVisible(may_change and may(self.operator, Act.RULES) and self.life.may_be_withdrawn)
        self.prices.setEnabled(self.table.chosen is not None)
        remark = "" if self.edits is not None else self._trouble or UNCHANGED
        self.set_title("Tariffs", remark)
        self.lay_out_verbs()

    def _said_since(self, life: TariffLife) -> str:
        held = life.on(self._today())
        return day_and_year(held.tariff.valid_from) if held else "not yet"

    def _mark_next(self, life: TariffLife) -> tuple[str, str]:
        return ("calendar", "accent") if life.after(self._today()) else ("", "text")

    def _on_row(self, *_: object) -> None:
        self._trouble = ""
        self.life.show_life(self.table.chosen, today=self._today(), names=self.names)
        self._show_verbs()

    # --- prices that have not begun ---------------------------------------------------------------------

    def _on_withdraw(self) -> None:
        """The chosen version never begins; somebody else says so too."""
        life, version = self.table.chosen, self.life.version
        if life is None or version is None:
            return
        self._trouble, self._is_withdrawing = "", True
        self._show_verbs()
        asked = WithdrawTariff(life.code, version.tariff.valid_from)
        self.column.submit(Deed(asked, said_withdrawal(life.code, version, life.before(version.tariff))))

    def _on_left(self) -> None:
        """The approval was left: back to what it was asked for."""
        if self._is_withdrawing:
            self._end_withdrawal(self.life.table)
        else:
            self._show_beside(self.summary, self.summary.button)

    def _end_withdrawal(self, focus: QWidget) -> None:
        self._is_withdrawing = False
        self.column.go_home(self.life)
        self._show_verbs()
        focus.setFocus()

    # --- new prices -------------------------------------------------------------------------------------

    def _on_prices(self) -> None:
        if self.table.chosen is not None and may(self.operator, Act.TARIFFS):
            self._edit(self.table.chosen)

    def _edit(self, life: TariffLife | None) -> None:
        """Begin with the newest version, or with what was left half typed."""
        today = self._today()
        self.edits = life or TariffLife("", (), 0)
        day = day_to_begin_with(life, today=today)
        begun = form_of(life.versions[-1].tariff, valid_from=day) if life else TariffForm(valid_from=typed_day(day))
        title = f"New prices of {life.code}" if life else "New tariff"
        self.editor.show_form(self._kept.get(self.edits.code, begun), is_new=life is None, title=title)
        self._show_mode()
        self._show_beside(self.sums, self.editor.first)
        self._on_edited()

    def _leave_editor(self) -> None:
        self._is_withdrawing = False
        if self.edits is not None:
            self._kept[self.edits.code] = self.editor.fields.form()
        self.edits = None
        self.column.go_home(self.life)
        self._show_mode()

    def _show_mode(self) -> None:
        is_editing = self.edits is not None
        for widget in (self.side, self.table):
            widget.setVisible(not is_editing)
        self.editor.setEnabled(True)
        self._show_verbs()
        self._lay_out_all()

    def _show_beside(self, card: QWidget, focus: QWidget) -> None:
        """Another card at the right; while it is not the sums, what is typed rests."""
        self.editor.setEnabled(card is self.sums)
        self.column.go_home(card)
        self._lay_out_all()
        focus.setFocus()

    def _understood(self) -> Understood:
        assert self.edits is not None, "prices are being typed"
        form = self.editor.fields.form()
        is_taken = any(life.code == form.code.strip() for life in self.lives.rows)
        if not self.edits.versions and is_taken:
            # Else somebody would approve as new what changes the prices of many.
            return Understood(None, {(TariffField.CODE, 0): TAKEN})
        return understood(form, self.edits.days, today=self._today())

    def _on_edited(self) -> None:
        if self.edits is None:
            return
        meant = self._understood()
        self.editor.show_wrong(meant.wrong)
        tariff, now = meant.tariff, self.edits.on(self._today())
        lines = preview(now.tariff if now else None, tariff, self.sums.energies, today=self._today()) if tariff else ()
        beside = said_versions(now.tariff if now else None, self._follows(tariff)) if tariff else ""
        self.sums.show_preview(lines, valid_from=tariff.valid_from if tariff else None, beside=beside)

    def _on_forward(self) -> None:
        """To what changes; or to the first field that is wrong."""
        self.editor.is_strict = True
        self._on_edited()
        meant = self._understood()
        if meant.wrong or meant.tariff is None:
            self.editor.go_to(next(iter(meant.wrong)))
            return
        tariff = meant.tariff
        parts = [said_part(change) for change in changes(self._follows(tariff), tariff)]
        told = (said_beside(self._follows(tariff), self._today()), self._until(tariff))
        self.summary.show_changes(
            parts, title=f"{tariff.code} from {long_day(tariff.valid_from)}", remark=", ".join(filter(None, told))
        )
        self._show_beside(self.summary, self.summary.button)

    def _follows(self, tariff: Tariff) -> Tariff | None:
        before = self.edits.before(tariff) if self.edits else None
        return before.tariff if before else None

    def _until(self, tariff: Tariff) -> str:
        """Whether other prices follow them already."""
        later = self.edits.after(tariff.valid_from) if self.edits else None
        return f"until {day_and_year(later.tariff.valid_from)}" if later else ""

    def _on_confirmed(self) -> None:
        meant = self._understood()
        assert meant.tariff is not None, "what is wrong is told before"
        now = self.edits.on(self._today()) if self.edits else None
        told = preview(now.tariff if now else None, meant.tariff, [TOLD], today=self._today())[0]
        said = said_deed(meant.tariff, self._follows(meant.tariff), told, self._today())
        self.column.submit(Deed(PutTariff(meant.tariff), said))

    def _on_done(self, done: Finished) -> None:
        """They are entered, or withdrawn: the list shows it."""
        if isinstance(done.use_case, WithdrawTariff):
            self._end_withdrawal(self.table)
            return
        assert isinstance(done.use_case, PutTariff), "nothing else is done here"
        code = done.use_case.tariff.code
        self._leave_editor()
        self._kept.pop(code, None)
        self._kept.pop("", None)
        at = next((at for at, life in enumerate(self.lives.rows) if life.code == code), 0)
        self.table.selectRow(at)
        self.life.choose(done.use_case.tariff.valid_from)
        self.table.setFocus()

    def _on_refused(self, failed: Failed) -> None:
        if isinstance(failed.use_case, WithdrawTariff):
            said = trouble(failed.error)
            self._trouble = f"{said.sentence} {said.remedy}"
            self._end_withdrawal(self.life.table)
        else:
            self.show_trouble(failed.error)

    def show_trouble(self, error: VendingError) -> None:
        """Said where it was confirmed."""
        self.summary.show_trouble(error)
        self._show_beside(self.summary, self.summary.back)

    # --- back -------------------------------------------------------------------------------------------

    def step_back(self) -> bool:
        """Esc: from the approval to what changes, from there to the sums, from there to the list."""
        if self.column.leave():
            return True
        if self.edits is None:
            return False
        if self.column.home is self.summary:
            self._show_beside(self.sums, self.sums.button)
            return True
        self._leave_editor()
        self.table.setFocus()
        return True

    def _today(self) -> date:
        return self._clock.now().astimezone().date()

    # --- places -----------------------------------------------------------------------------------------

    def lay_out(self, area: QRectF) -> None:
        self._area = area
        self._lay_out_all()

    def _lay_out_all(self) -> None:
        area = self._area
        is_narrow, is_editing = area.width() < NARROW_BELOW, self.edits is not None
        wide = (NARROW_EDITOR if is_editing else NARROW_LIST) if is_narrow else (EDITOR if is_editing else LIST)
        left = QRectF(area.left(), area.top(), wide, area.height())
        self.side.setGeometry(left.toRect())
        self.editor.setGeometry(left.toRect())
        place_table(self.table, left.adjusted(5, 5, -5, -5))
        self.table.setColumnHidden(SINCE_COLUMN, is_narrow)
        # In a narrow window what changes needs the room of the fields, which rest meanwhile.
        is_whole = is_narrow and is_editing and self.column.home is self.summary
        self.editor.setVisible(is_editing and not is_whole)
        self.column.setGeometry(area.adjusted(0 if is_whole else wide + GAP, 0, 0, 0).toRect())
