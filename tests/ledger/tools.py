"""A tool card of the tests of the books: its bytes mean nothing there."""

from __future__ import annotations

from datetime import date

from tests.ledger.at_work import STAFF
from tests.ledger.builders import METER, NOON, Counter
from vending_app.domain.card import CardKind, CardWrite, MeterStatus
from vending_app.domain.energy import Energy
from vending_app.domain.field_reading import FieldReading
from vending_app.domain.ids import ActId, CardNo, MeterNo
from vending_app.domain.people import Role
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.tool_card import FieldRecord, Mandate, ToolCard, ToolDraft

TOOL = CardNo("000770000900")
PETRA = STAFF[Role.TECHNICIAN].name


def a_tool_card(counter: Counter, area: str) -> ToolCard:
    """A check card, issued and proved."""
    ledger = counter.ledger
    with ledger.acting_as(Authority(PETRA, Act.CHECK_CARD)):
        mandate = Mandate(ledger.new_mandate_number(), area, None, date(2025, 11, 20), ledger.carrier_number(PETRA), 1)
        draft = ToolDraft(
            id=ActId(counter.new_id()),
            request=f"tool {mandate.number}",
            kind=CardKind.CHECK,
            mandate=mandate,
            limits=None,
            carrier=PETRA,
            issued_by=PETRA,
            write=CardWrite(TOOL, bytes(32), bytes(16)),
            at=counter.tick(),
        )
        issued = ledger.issue_tool(draft)
        ledger.tool_written(issued.number, at=counter.tick())
        return issued


def a_field_record(running: int, *, used_wh: int, remaining_wh: int, meter: MeterNo = METER) -> FieldRecord:
    return FieldRecord(
        meter=meter,
        running_low=running,
        sequence_low=1,
        used_total=Energy(used_wh),
        remaining=Energy(remaining_wh),
        zero_crossing=Energy(0),
        illegal_low=0,
        overload_low=1,
        tamper_low=0,
        status=MeterStatus(0),
        hour=NOON,
    )


def reads_in(counter: Counter, tool: ToolCard, record: FieldRecord) -> FieldReading:
    ledger = counter.ledger
    with ledger.acting_as(Authority(PETRA, Act.READ_TOOL)):
        raw = record.running_low.to_bytes(2, "big") * 16
        found = ledger.read_in(tool, raw, record, at=counter.tick())
        ledger.tool_read(tool.number, at=counter.tick())
        return found
