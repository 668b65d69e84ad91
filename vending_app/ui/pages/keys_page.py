"""The master keys of the office: each version by its check value, who holds its shares, and what desks may sell."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from vending_app.domain.errors import VendingError
from vending_app.domain.ids import OperatorName
from vending_app.domain.key_ceremony import KeyDeed, KeyEvent, KeyShare, KeyState
from vending_app.domain.people import Operator
from vending_app.domain.permissions import Act, may
from vending_app.services.allowance_cases import AllowanceShown, AllowancesShown, ListAllowances
from vending_app.services.keeping_cases import BackupBegun
from vending_app.services.key_cases import KeyShared, KeysShown, KeyTold, ShowKeys
from vending_app.ui.books.act_column import ActColumn
from vending_app.ui.bridge import Finished
from vending_app.ui.components.buttons import Button
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.components.table import Column, RowsModel, Table, place_table
from vending_app.ui.components.toast import Note
from vending_app.ui.keys import key_asks as asks
from vending_app.ui.keys.grant_file import grant_in
from vending_app.ui.keys.key_words import (
    ABSENT,
    DEEDS,
    PLACES,
    SEALED,
    STATES,
    TAGS,
    facts_of,
    history_of,
    holders,
    said_check,
    said_granted,
    said_left,
    said_of_no_history,
    said_until,
    since,
)
from vending_app.ui.keys.share_card import ShareCard
from vending_app.ui.pages.page import Page
from vending_app.ui.phrases import counted
from vending_app.ui.records.told_card import ToldCard
from vending_app.ui.theme import Look
from vending_app.ui.words import trouble

SIDE, NARROW_SIDE, NARROW_BELOW = 416, 356, 1100
VERSIONS_SHARE = 0.52
HEAD = 46
GRANT = 32
SINCE_COLUMN = 2
AskGrant = Callable[[QWidget], str]


def ask_grant(parent: QWidget) -> str:
    """Ask the person which file; empty if he changed his mind."""
    chosen, _ = QFileDialog.getOpenFileName(parent, "A grant that the office signed")
    return chosen


class KeysPage(Page):
    """Signals: asked(use case), said(Note), key_card_wanted()."""

    asked = Signal(object)
    said = Signal(object)
    key_card_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None, *, ask: AskGrant = ask_grant) -> None:
        super().__init__(look, title="Keys", can_go_back=True, parent=parent)
        self.ask = ask
        self.place = ""
        self.operator: Operator | None = None
        self.names: Mapping[OperatorName, str] = {}
        self.typed: list[KeyShare] = []
        """Shares that custodians have typed, until they are joined."""
        self._wanted: int | None = None
        """The version that something was done with just now: the cursor goes to it."""
        self._build()
        self._connect()

    def _build(self) -> None:
        look = self.look
        self.list_card = Surface(look, title="Versions", parent=self)
        columns: list[Column[KeyTold]] = [
            Column("Version", lambda key: str(key.version), 76, strong=True),
            Column("Check value", said_check, 112),
            Column("Since", since, 128, muted=True),
            Column("State", lambda key: STATES[key.state], 128, muted=True),
            Column("Shares held by", lambda key: holders(key, self.place), mark=self._mark_of),
        ]
        self.keys: RowsModel[KeyTold] = RowsModel(columns, self)
        self.table = Table(look, self.keys, name="Versions of the master keys", parent=self)
        self.table.shows_focus, self.table.empty = True, ("", "", "")
        self._build_allowances()
        self.back_up = Button(look, "Back up", icon="cloud-arrow-up", parent=self)
        self.key_card = Button(look, "Key card", icon="credit-card", parent=self)
        self.join = Button(look, "Join shares", icon="handshake", parent=self)
        self.share = Button(look, "Share out", icon="share-network", parent=self)
        self.retire = Button(look, "Retire", icon="archive", parent=self)
        self.roll = Button(look, "New version", icon="key", parent=self)
        self.verbs = (self.back_up, self.key_card, self.join, self.share, self.retire, self.roll)
        self.column = ActColumn(look, self)
        self.card = ToldCard(look, title="Version", icon="key")
        self.share_card = ShareCard(look)
        for home in (self.card, self.share_card):
            self.column.add_home(home)

    def _build_allowances(self) -> None:
        look = self.look
        self.desks_card = Surface(look, title="What desks may sell", parent=self)
        columns: list[Column[AllowanceShown]] = [
            Column("Desk", lambda desk: str(desk.desk), 76, strong=True),
            Column("Allowance", said_granted),
            Column("Left", said_left, 150, right=True),
            Column("Until", said_until, 128, right=True, muted=True),
        ]
        self.allowances: RowsModel[AllowanceShown] = RowsModel(columns, self)
        self.desks = Table(look, self.allowances, name="What desks may sell", parent=self)
        self.desks.shows_focus, self.desks.empty = True, ("", "", "")
        self.take = Button(look, "From a file", icon="download-simple", parent=self)
        self.grant = Button(look, "Grant", icon="gauge", parent=self)

    def _connect(self) -> None:
        self.table.selectionModel().currentRowChanged.connect(self._on_row)
        self.desks.opened.connect(lambda _: self._on_grant())
        self.grant.clicked.connect(self._on_grant)
        self.take.clicked.connect(self._on_take)
        self.back_up.clicked.connect(lambda: self.column.open(asks.ask_back_up()))
        self.key_card.clicked.connect(self.key_card_wanted)
        self.join.clicked.connect(self._on_join)
        self.share.clicked.connect(self._on_share)
        self.retire.clicked.connect(self._on_retire)
        self.roll.clicked.connect(self._on_roll)
        self.column.asked.connect(self.asked)
        self.column.done.connect(self._on_done)
        self.column.left.connect(self._leave)
        self.column.moved.connect(self._show_verbs)
        self.share_card.ended.connect(self._on_handed_out)

    # --- shown ------------------------------------------------------------------------------------------

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.table

    @property
    def chosen(self) -> KeyTold | None:
        """The version whose row the cursor is in."""
        found: KeyTold | None = self.table.chosen
        return found

    def begin(self) -> None:
        """As the keys stand now."""
        self.forget()
        self.asked.emit(ShowKeys())
        self.asked.emit(ListAllowances())

    def forget(self) -> None:
        """The desk is left, or somebody else is here: nothing of a ceremony stays on the page."""
        self.share_card.break_off()
        self.column.go_home(self.card)
        self._wipe()

    def show_staff(self, operator: Operator | None, people: Sequence[Operator]) -> None:
        """Who is at work, and who might approve."""
        self.operator = operator
        self.names = {one.name: one.full_name for one in people}
        self.column.show_people(operator, people)
        for button, act in self._acts:
            button.setVisible(may(operator, act))
        self.lay_out_verbs()

    @property
    def _acts(self) -> tuple[tuple[Button, Act], ...]:
        return (
            (self.back_up, Act.BACKUP),
            (self.key_card, Act.KEY_CARD),
            (self.join, Act.VERIFY),
            (self.share, Act.KEYS),
            (self.retire, Act.KEYS),
            (self.roll, Act.KEYS),
            (self.take, Act.ALLOWANCE),
            (self.grant, Act.ALLOWANCE),
        )

    def show_keys(self, shown: KeysShown) -> None:
        """Other rows; the newest is chosen to begin with."""
        wanted = self._wanted or (self.chosen.version if self.chosen else shown.keys[-1].version)
        self._wanted, self.place = None, shown.place
        rows = tuple(reversed(shown.keys))
        self.keys.show_rows(rows)
        self.table.selectRow(next((at for at, key in enumerate(rows) if key.version == wanted), 0))
        held = sum(key.state not in ABSENT for key in rows)
        self.set_title("Keys", f"{counted(held, 'version', 'versions')} {PLACES[shown.place]}")
        self._on_row()

    def show_allowances(self, shown: AllowancesShown) -> None:
        """Every desk; the chosen one stays chosen."""
        at = max(self.desks.currentIndex().row(), 0)
        self.allowances.show_rows(shown.desks)
        if shown.desks:
            self.desks.selectRow(min(at, len(shown.desks) - 1))
        self._show_verbs()

    def show_trouble(self, error: VendingError) -> None:
        """The keys could not be shown."""
        said = trouble(error)
        self.set_title("Keys", f"{said.sentence} {said.remedy}")

    def _mark_of(self, key: KeyTold) -> tuple[str, str]:
        is_open = self.place == SEALED and key.shared is None and key.state is KeyState.CURRENT
        return ("warning-fill", "warn") if is_open or key.state in ABSENT else ("", "")

    def _on_row(self, *_: object) -> None:
        key = self.chosen
        if key is None:
            self.card.show_nothing()
        else:
            self.card.show_facts(f"Version {key.version}", facts_of(key, self.place), TAGS[key.state])
            self.card.show_history(history_of(key, self.names), if_none=said_of_no_history(key))
        self._show_verbs()

    def _show_verbs(self) -> None:
        """Nothing else begins while shares are handed out or typed."""
        key, is_free = self.chosen, not self.share_card.is_going_on
        for button, _ in self._acts:
            button.setEnabled(is_free and bool(self.keys.rows))
        is_here = key is not None and key.state not in ABSENT
        self.share.setEnabled(is_free and is_here and self.place == SEALED)
        self.retire.setEnabled(is_free and key is not None and key.state is KeyState.ACCEPTED)
        in_use = sum(each.state in {KeyState.CURRENT, KeyState.ACCEPTED} for each in self.keys.rows)
        self.key_card.setEnabled(is_free and in_use > 1)
        for button in (self.take, self.grant):
            button.setEnabled(is_free and bool(self.allowances.rows))
        for table in (self.table, self.desks):
            table.setEnabled(is_free)

    # --- what a person does -----------------------------------------------------------------------------

    def _on_share(self) -> None:
        if self.chosen is not None:
            self.column.open(asks.ask_share(self.chosen))

    def _on_retire(self) -> None:
        if self.chosen is not None:
            self.column.open(asks.ask_retire(self.chosen))

    def _on_roll(self) -> None:
        if self.keys.rows:
            self.column.open(asks.ask_roll(self.keys.rows[0], self.place))

    def _on_join(self) -> None:
        self._wipe()
        self.column.open(asks.ask_join(self.place, self.typed, may_restore=may(self.operator, Act.KEYS)))

    def _on_grant(self) -> None:
        desk = self.desks.chosen
        if isinstance(desk, AllowanceShown) and may(self.operator, Act.ALLOWANCE):
            self.column.open(asks.ask_allowance(desk))

    def _on_take(self) -> None:
        path = self.ask(self)
        if not path:
            return
        try:
            self.column.open(asks.ask_take(grant_in(Path(path))))
        except VendingError as error:
            said = trouble(error)
            self.said.emit(Note(said.sentence, f"{said.remedy}  {said.short}", "warn", about="keys"))

    def step_back(self) -> bool:
        """Esc inside the page; False if there is nothing to step back from."""
        return self.share_card.cover() or self.column.leave()

    def _leave(self) -> None:
        self._wipe()
        self.table.setFocus()

    def _on_done(self, done: Finished) -> None:
        answer = done.answer
        self._wipe()
        if isinstance(answer, KeyShared):
            self.column.go_home(self.share_card)
            self.share_card.begin(answer)
            self._show_verbs()
            return
        self.column.go_home(self.card)
        self.table.setFocus()
        if isinstance(answer, KeyEvent):
            self._told(answer)
        elif isinstance(answer, AllowanceShown):
            self.asked.emit(ListAllowances())
            self.said.emit(Note(f"Desk {answer.desk}: {said_granted(answer)}", "It holds at once.", "ok", about="keys"))
        elif isinstance(answer, BackupBegun):
            line = "The log-in page says whether it stands."
            self.said.emit(Note("A backup is being made", line, "ok", about="keys"))

    def _told(self, event: KeyEvent) -> None:
        self._wanted = event.key_version
        self.asked.emit(ShowKeys())
        title = f"Version {event.key_version}: {DEEDS[event.deed].lower()}"
        line = "Share it out, back up, bring it to every desk." if event.deed is KeyDeed.MADE else event.check_value
        self.said.emit(Note(title, line, "ok", about="keys"))

    def _on_handed_out(self, all_have: object) -> None:
        self.column.go_home(self.card)
        self.table.setFocus()
        self.asked.emit(ShowKeys())
        note = Note("Every custodian has his share", "Keep the papers apart.", "ok", about="keys")
        if not all_have:
            note = Note("Not all shares were handed out", "Share the key out anew.", "warn", about="keys")
        self.said.emit(note)

    def _wipe(self) -> None:
        for share in self.typed:
            share.wipe()
        self.typed.clear()

    # --- places -----------------------------------------------------------------------------------------

    def lay_out(self, area: QRectF) -> None:
        side = SIDE if area.width() >= NARROW_BELOW else NARROW_SIDE
        left = area.adjusted(0, 0, -side - 16, 0)
        high = round(left.height() * VERSIONS_SHARE)
        upper = QRectF(left.left(), left.top(), left.width(), high)
        lower = left.adjusted(0, high + 16, 0, 0)
        for card, table, box in ((self.list_card, self.table, upper), (self.desks_card, self.desks, lower)):
            card.setGeometry(box.toRect())
            place_table(table, box.adjusted(5, HEAD, -5, -5))
        right = lower.right() - PADDING
        for button in (self.grant, self.take):
            wide = button.content_width() + 26
            place(button, right - wide, lower.top() + 8, wide, GRANT)
            right -= wide + 8
        self.table.setColumnHidden(SINCE_COLUMN, area.width() < NARROW_BELOW)
        self.column.setGeometry(area.adjusted(area.width() - side, 0, 0, 0).toRect())
