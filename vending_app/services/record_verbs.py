"""The verbs of the records: for each the act that must be permitted, and who does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vending_app.domain.permissions import Act
from vending_app.services import record_cases as ask
from vending_app.services.record_desk import RecordDesk
from vending_app.services.verb_tables import VerbTable

if TYPE_CHECKING:
    from vending_app.services.counter import Counter


def verbs(counter: Counter) -> VerbTable:
    desk = RecordDesk(counter.outside.ledger, counter.outside.clock)
    return {
        ask.FindRecords: (Act.LOOK, lambda asked, _: desk.find(asked)),
        ask.ShowRecord: (Act.LOOK, lambda asked, _: desk.show(asked.kind, asked.key)),
        ask.ReturnMeter: (Act.RECORDS, lambda asked, _: desk.return_meter(asked)),
    }
