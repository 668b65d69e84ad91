"""Procedures come out of the books of either store as they were done, with what was owed then."""

from __future__ import annotations

from dataclasses import replace

from tests.ledger.at_work import STAFF
from tests.ledger.builders import SUPPLY, Counter
from tests.ledger.test_statement import live
from vending_app.domain.energy import Energy
from vending_app.domain.ids import JournalRow, MeterNo
from vending_app.domain.people import Meter, Role
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.procedure import Procedure, TermsChange, TermsVerb
from vending_app.domain.records import FinalReading, MeterChange, ReadingHow
from vending_app.domain.returned import NOTHING
from vending_app.domain.sale import Sale

PETRA = STAFF[Role.TECHNICIAN]
NEW_METER = MeterNo("000087654321")


def told(counter: Counter, row: JournalRow | None = None) -> Procedure:
    return counter.ledger.procedure(SUPPLY, row, today=counter.now.date())


def test_each_is_told_as_it_was_done_whatever_came_after(counter: Counter) -> None:
    live(counter)
    issued, owed = told(counter), counter.file().arrears
    assert isinstance(issued.outcome, Sale)
    assert (issued.outcome.intent.fee.minor, issued.supply.arrears) == (500, owed)
    ledger = counter.ledger
    with ledger.acting_as(Authority(PETRA.name, Act.RECORDS)):
        shared = replace(ledger.terms(SUPPLY), arrears_share_percent=35)
        ledger.change_terms(SUPPLY, shared, reason="agreed", at=counter.tick())
        ledger.enter_meter(Meter(NEW_METER, "RM-2", 1600), reason="", at=counter.tick())
    reading = FinalReading(ReadingHow.HAND, Energy(21_000), Energy(79_000))
    with ledger.acting_as(Authority(PETRA.name, Act.METER_CHANGE)):
        done = ledger.change_meter(
            SUPPLY, NEW_METER, reading, price=lambda _: NOTHING, reason="display dark", at=counter.tick()
        )
    changed = told(counter)
    assert isinstance(changed.outcome, MeterChange)
    assert (changed.outcome, changed.operator) == (done, PETRA.full_name)
    rows = [event.row for event in ledger.life(SUPPLY).procedures]
    agreed = told(counter, rows[1])
    assert isinstance(agreed.outcome, TermsChange)
    assert (agreed.outcome.verb, agreed.outcome.after.arrears_share_percent) == (TermsVerb.AGREEMENT, 35)
    assert agreed.supply.arrears == owed
    assert told(counter, rows[2]) == replace(issued, supply=told(counter, rows[2]).supply)
