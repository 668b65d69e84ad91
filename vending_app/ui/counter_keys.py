"""What the keys of the counter do: F1 to F12 and Esc, here and now."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from vending_app.domain.ids import SaleId
from vending_app.ui.components.rail import CARDS, SELL, SHIFT, START, SUPPLIES, TOOLS
from vending_app.ui.components.toast import Note
from vending_app.ui.counter_pages import CounterPages
from vending_app.ui.details_flow import DETAILS

KEYS = ("F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "F10", "F11", "F12", "Esc", "Alt+Home")


class CounterKeys(CounterPages):
    """The pages with their keys."""

    def make_keys(self) -> None:
        """Once what they act on is there."""
        for name in KEYS:
            shortcut = QShortcut(QKeySequence(name), self)
            shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
            shortcut.setObjectName(name)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(self._on_shortcut)

    def _on_shortcut(self) -> None:
        sender = self.sender()
        if sender is not None:
            self.press(sender.objectName())

    def press(self, key: str) -> None:
        """What a function key does here and now."""
        if self.is_locked or (self.is_busy and key != "F1") or not self._is_on(key):
            return
        verbs: dict[str, Callable[[], None]] = {
            "F1": self._on_help,
            "F2": self._on_amount,
            "F3": lambda: self.go(SUPPLIES.key),
            "F4": self._on_unit,
            "F5": self._on_read_again,
            "F6": self._on_history,
            "F7": self._on_reprint,
            "F8": self._on_drawer,
            "F9": self._on_new,
            "F10": self.rooms.report_flow.open_reports,
            "F11": self.lock,
            "F12": self._on_write,
            "Esc": self.go_back,
            "Alt+Home": lambda: self.go(START.key),
        }
        verb = verbs.get(key)
        if verb is not None:
            verb()

    def _is_on(self, key: str) -> bool:
        return key in {"F2", "F4", "F12", "Esc", "Alt+Home"} or self.shell.key_bar.is_on(key)

    def _on_help(self) -> None:
        if not self.is_busy:
            self.open_page("errors" if self.shell.current == "help" else "help")
        else:
            self.say(Note("Leave the card in", "It is being written and checked.", "accent", about="help"))

    def _on_amount(self) -> None:
        if self.shell.current != SELL.key:
            self.go(SELL.key)
        self._focus_sell()

    def _on_read_again(self) -> None:
        """Where a card is looked at, this card; else the one to sell to."""
        if self.shell.current == DETAILS:
            self.rooms.details_flow.look()
        else:
            self.flow.read_again()

    def _on_unit(self) -> None:
        if self.shell.current == SELL.key and self.sell.amount.field.isEnabled():
            self.sell.amount.toggle_unit()

    def _on_history(self) -> None:
        supply = self.supply_at_hand()
        if supply is not None:
            self.show_history(supply)

    def _on_reprint(self) -> None:
        chosen = self._chosen_sale()
        if chosen is not None:
            self._show_receipt(chosen)
            return
        unprinted = self.flow.unprinted_last()
        if unprinted is not None:
            self._print(unprinted)
        elif self.flow.last_sale is not None:
            self._show_receipt(self.flow.last_sale)

    def _chosen_sale(self) -> SaleId | None:
        """The sale that a list or page at hand is about."""
        advice = self.sale.advice
        return {
            SHIFT.key: self.shifts.sales.chosen_sale,
            "history": self.history.chosen_sale,
            "sale": advice.sale.id if advice is not None and advice.sale.receipt else None,
        }.get(self.shell.current)

    def _on_new(self) -> None:
        if self.shell.current != SUPPLIES.key:
            self.go(SUPPLIES.key)
        self.supplies.begin_new()

    def _on_drawer(self) -> None:
        if self.shell.current != SHIFT.key:
            self.go(SHIFT.key)
        self.shifts.open_drawer()

    def _on_write(self) -> None:
        sale, cards, sell = self.sale.write, self.cards.issue, self.flow.write
        verbs = {"sale": sale, CARDS.key: cards, TOOLS.key: self.tools.read_in, SELL.key: sell}
        if self.shell.current in verbs:
            verbs[self.shell.current]()

    def _on_toast(self, note: Note) -> None:
        self.shell.toasts.solve(note.about)
        if note.about == "print":
            self._on_reprint()
