"""What may be asked about tool cards, and the answers; frozen values, as every use case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vending_app.domain.card import CardKind
from vending_app.domain.field_reading import FieldReading
from vending_app.domain.ids import ActId, ApprovalId, MeterNo, OperatorName, ReaderName
from vending_app.domain.people import Operator
from vending_app.domain.records import Area
from vending_app.domain.tool_card import Limits, ToolCard

USUAL_DAYS = 7
LONGEST_DAYS = 31
"""A card that opens meters is not out for long."""


@dataclass(frozen=True, slots=True)
class IssueToolCard:
    """Make the card in the reader a tool card. The same id again finishes an issue that was interrupted."""

    id: ActId
    kind: CardKind
    area: str = ""
    """Of a check or parameter card."""
    meter: MeterNo | None = None
    """Of a clear or key card."""
    limits: Limits | None = None
    """Of a parameter card."""
    days: int = USUAL_DAYS
    """How many days the card is taken, today among them."""
    carrier: OperatorName | None = None
    """Who carries it; None is whoever asks."""
    reader: ReaderName | None = None
    approval: ApprovalId | None = None


@dataclass(frozen=True, slots=True)
class ToolIssued:
    """The card carries its mandate."""

    card: ToolCard
    was_repeated: bool = False
    """Whether it was complete already."""


@dataclass(frozen=True, slots=True)
class ReadToolCard:
    """Take in what meters left on the card in the reader; an interrupted issue of it is finished instead."""

    reader: ReaderName | None = None


@dataclass(frozen=True, slots=True)
class ToolRead:
    """A tool card, and everything that ever came in under its mandate."""

    card: ToolCard
    readings: tuple[FieldReading, ...]
    stocked: MeterNo | None = None
    """The meter that waits in stock since this reading."""
    was_finished: bool = False
    """Whether an interrupted issue was finished, and nothing read."""

    @property
    def fresh(self) -> tuple[FieldReading, ...]:
        """What came in just now."""
        return tuple(reading for reading in self.readings if reading.is_new)


@dataclass(frozen=True, slots=True)
class ShowToolCard:
    """What came in under a mandate."""

    mandate: int


@dataclass(frozen=True, slots=True)
class PrintToolSlip:
    """Print the slip by which a carrier has a tool card. Answer: ReportPrinted.

    Refused: tool-card-unknown, procedure-unknown (its issue was never finished). Fails with printer-failed.
    """

    mandate: int


@dataclass(frozen=True, slots=True)
class ShowToolSlip:
    """The same to look at. Answer: ReportPdf. Refused as PrintToolSlip."""

    mandate: int


@dataclass(frozen=True, slots=True)
class ListToolCards:
    """Every tool card, and what one is issued with."""


@dataclass(frozen=True, slots=True)
class ToolCards:
    """For the page: the cards, newest first, and the choices."""

    cards: tuple[ToolCard, ...]
    areas: tuple[Area, ...]
    """Those whose code fits a tool card."""
    carriers: tuple[Operator, ...]
    now: datetime
