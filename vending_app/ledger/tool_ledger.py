"""The part of the ledger that keeps tool cards: each method a line into the room that knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vending_app.when_needed import WhenNeeded

if TYPE_CHECKING:
    from datetime import datetime

    from vending_app.domain.field_reading import FieldReading
    from vending_app.domain.ids import ActId, MeterNo, OperatorName
    from vending_app.domain.records import MeterState
    from vending_app.domain.tool_card import FieldRecord, ToolCard, ToolDraft, ToolIssue
    from vending_app.ledger import field_readings, procedures, tool_cards
    from vending_app.ledger.books import Books
else:
    field_readings = WhenNeeded("vending_app.ledger.field_readings")
    procedures = WhenNeeded("vending_app.ledger.procedures")
    tool_cards = WhenNeeded("vending_app.ledger.tool_cards")


class ToolLedger:
    """`ports.tool_keeping.ToolKeeping`."""

    _books: Books

    def new_mandate_number(self) -> int:
        return tool_cards.new_number(self._books)

    def carrier_number(self, operator: OperatorName) -> int:
        return tool_cards.carrier_number(self._books, operator)

    def issue_tool(self, draft: ToolDraft) -> ToolCard:
        return tool_cards.issue(self._books, draft)

    def tool_written(self, mandate: int, *, at: datetime) -> None:
        tool_cards.mark(self._books, mandate, tool_cards.WRITTEN, at=at)

    def tool_read(self, mandate: int, *, at: datetime) -> None:
        tool_cards.mark(self._books, mandate, tool_cards.READ, at=at)

    def tool_by_id(self, number: ActId) -> ToolCard | None:
        return tool_cards.by_id(self._books, number)

    def tool_card(self, mandate: int) -> ToolCard | None:
        return tool_cards.by_mandate(self._books, mandate)

    def tool_cards(self) -> tuple[ToolCard, ...]:
        return tool_cards.all_cards(self._books)

    def tool_issue(self, card: ToolCard) -> ToolIssue:
        return procedures.tool_issue(self._books, card)

    def unfinished_tools(self) -> tuple[ToolCard, ...]:
        return tool_cards.unfinished(self._books)

    def read_in(self, tool: ToolCard, raw: bytes, record: FieldRecord, *, at: datetime) -> FieldReading:
        return field_readings.read_in(self._books, tool, raw, record, at=at)

    def field_readings(self, mandate: int) -> tuple[FieldReading, ...]:
        return field_readings.readings(self._books, mandate)

    def meter_state(self, meter: MeterNo) -> MeterState | None:
        return tool_cards.meter_state(self._books, meter)
