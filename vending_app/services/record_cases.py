"""Use cases of looking records up, and of what is done to them there."""

from __future__ import annotations

from dataclasses import dataclass

from vending_app.domain.energy import Energy
from vending_app.domain.ids import MeterNo
from vending_app.domain.people import SupplyLine
from vending_app.domain.record_lines import RecordKind, RecordLine
from vending_app.domain.records import RecordChange


@dataclass(frozen=True, slots=True)
class FindRecords:
    """Search as you type; without a text the first ones. Answer: RecordsFound."""

    kind: RecordKind
    text: str = ""


@dataclass(frozen=True, slots=True)
class RecordsFound:
    """What was found for this text."""

    kind: RecordKind
    text: str
    lines: tuple[RecordLine, ...]
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class ShowRecord:
    """A whole record. Answer: RecordShown. Refused: customer-unknown, meter-unknown, card-unknown, area-unknown."""

    kind: RecordKind
    key: str


@dataclass(frozen=True, slots=True)
class RecordShown:
    """A record, all its changes, and the supplies that it has or had."""

    kind: RecordKind
    line: RecordLine
    changes: tuple[RecordChange, ...]
    """Newest first."""
    supplies: tuple[SupplyLine, ...] = ()


@dataclass(frozen=True, slots=True)
class ReturnMeter:
    """A removed meter was tested and comes back to stock. Answer: RecordShown.

    Refused: reason-missing, record-refused, meter-unknown, meter-not-removed.
    """

    meter: MeterNo
    reading: Energy
    """What it shows now: where its next supply begins."""
    reason: str
