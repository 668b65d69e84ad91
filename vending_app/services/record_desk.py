"""Looking records up: while somebody types, and one of them whole with everything that ever changed in it."""

from __future__ import annotations

from dataclasses import dataclass

from vending_app.domain.energy import NO_ENERGY
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.record_lines import RecordKind
from vending_app.domain.records import RecordChange, Subject
from vending_app.ports import Clock, Ledger
from vending_app.services import record_cases as ask
from vending_app.services.till import require_reason

FOUND_SHOWN = 50
"""Of a search; whoever wants more types more."""
SUPPLIES_SHOWN = 20
_SUBJECTS = {
    RecordKind.CUSTOMER: Subject.CUSTOMER,
    RecordKind.METER: Subject.METER,
    RecordKind.AREA: Subject.AREA,
}
"""What is changed by hand; a card is what its supply’s orders made of it."""


@dataclass(frozen=True, slots=True)
class RecordDesk:
    """One desk's look at the records."""

    ledger: Ledger
    clock: Clock

    def find(self, asked: ask.FindRecords) -> ask.RecordsFound:
        found = self.ledger.find_records(asked.kind, asked.text, limit=FOUND_SHOWN + 1)
        return ask.RecordsFound(asked.kind, asked.text, found[:FOUND_SHOWN], has_more=len(found) > FOUND_SHOWN)

    def show(self, kind: RecordKind, key: str) -> ask.RecordShown:
        """Raises OperatorError customer-unknown, meter-unknown, card-unknown, area-unknown."""
        line = self.ledger.record_line(kind, key)
        supplies = self.ledger.supplies_of(line, limit=SUPPLIES_SHOWN)
        return ask.RecordShown(kind, line, self._changes(kind, key), supplies)

    def _changes(self, kind: RecordKind, key: str) -> tuple[RecordChange, ...]:
        subject = _SUBJECTS.get(kind)
        return tuple(reversed(self.ledger.record_changes(subject, key))) if subject else ()

    def return_meter(self, command: ask.ReturnMeter) -> ask.RecordShown:
        """Raises OperatorError as the use case says."""
        require_reason(command.reason)
        if command.reading < NO_ENERGY:
            raise OperatorError(Code.RECORD_REFUSED, field="reading")
        self.ledger.return_meter(command.meter, command.reading, reason=command.reason, at=self.clock())
        return self.show(RecordKind.METER, command.meter)
