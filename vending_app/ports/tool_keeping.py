"""What the technician's desk needs of the books for tool cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from vending_app.domain.field_reading import FieldReading
    from vending_app.domain.ids import ActId, MeterNo, OperatorName
    from vending_app.domain.records import MeterState
    from vending_app.domain.tool_card import FieldRecord, ToolCard, ToolDraft, ToolIssue


class ToolKeeping(Protocol):
    """Mandates before their cards are touched, and each record from the field once."""

    def new_mandate_number(self) -> int:
        """A number that no mandate of this office has had."""

    def carrier_number(self, operator: OperatorName) -> int:
        """By which tool cards name whoever carries them."""

    def issue_tool(self, draft: ToolDraft) -> ToolCard:
        """Store the mandate. The same id and request returns it as it is now. Raises OperatorError sale-id-reused."""

    def tool_written(self, mandate: int, *, at: datetime) -> None:
        """The card was proved to carry it."""

    def tool_read(self, mandate: int, *, at: datetime) -> None:
        """Everything on the card was read in."""

    def tool_by_id(self, number: ActId) -> ToolCard | None: ...
    def tool_card(self, mandate: int) -> ToolCard | None: ...
    def tool_cards(self) -> tuple[ToolCard, ...]:
        """Newest first."""

    def tool_issue(self, card: ToolCard) -> ToolIssue:
        """By whom a card of these books went out, and by whose word."""

    def unfinished_tools(self) -> tuple[ToolCard, ...]:
        """Whose issue was interrupted, newest first."""

    def read_in(self, tool: ToolCard, raw: bytes, record: FieldRecord, *, at: datetime) -> FieldReading:
        """Keep a record and whatever follows from it; one that is known changes nothing."""

    def field_readings(self, mandate: int) -> tuple[FieldReading, ...]:
        """Everything that came in under a mandate, as it came."""

    def meter_state(self, meter: MeterNo) -> MeterState | None:
        """None for a meter that the books do not know."""
