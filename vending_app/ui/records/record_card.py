"""One record beside the list: the whole of it, and everything that was ever changed in it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from vending_app.domain.record_lines import RecordLine
from vending_app.services.record_cases import RecordShown
from vending_app.ui.records.record_words import facts_of, history_of, tag_of, title_of
from vending_app.ui.records.told_card import ToldCard
from vending_app.ui.theme import Look


class RecordCard(ToldCard):
    """Shows what it is given."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Record", icon="address-book", parent=parent)
        self.line: RecordLine | None = None
        self.more: tuple[tuple[str, str], ...] = ()
        """Facts that stand in no record, below its own."""

    def show_line(self, line: RecordLine | None) -> None:
        """What the list knows of it; its history comes a moment later."""
        self.line, self.more = line, ()
        if line is None:
            self.show_nothing()
        else:
            self.show_facts(title_of(line), facts_of(line), tag_of(line))

    def show_record(self, shown: RecordShown) -> None:
        """All of it; what is known besides stays."""
        self.line = shown.line
        self.show_history(history_of(shown))

    def show_more(self, facts: tuple[tuple[str, str], ...]) -> None:
        """What is known besides the record, below its own facts."""
        self.more = facts
        if self.line is not None:
            self.add_facts((*facts_of(self.line), *facts))
