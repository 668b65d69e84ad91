"""Where a working day begins: what is open for this person at this desk (rows P1, S15)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from vending_app.domain.day import DayReport, Oddity
from vending_app.domain.people import Operator, Shift
from vending_app.domain.permissions import Act, may
from vending_app.domain.start import CARED_FOR, OpenEnd, Todo, by_urgency
from vending_app.services.start_cases import ShowStart, StartShown
from vending_app.services.verb_tables import VerbTable

if TYPE_CHECKING:
    from vending_app.services.counter import Counter


def show(counter: Counter) -> StartShown:
    """What is open, from the books and from what stands around them."""
    out, operator = counter.outside, counter.at_work
    now = out.clock()
    today = now.astimezone().date()
    shift = out.ledger.shift(desk=out.desk)
    day = out.ledger.day_report(today, desk=None, today=today) if may(operator, Act.CLOSE_DAY) else None
    asked = CARED_FOR[operator.role]
    found = [
        *out.ledger.open_ends(asked, today=today),
        *_unwell(counter),
        *(_odd(day) if day is not None else ()),
        *_unprinted(counter, operator, shift, today),
    ]
    sold = shift.sales if shift is not None else 0
    return StartShown(operator, shift, by_urgency(tuple(found), operator.role), now, day, sold)


def _unwell(counter: Counter) -> Iterator[OpenEnd]:
    """What the log-in page shows at its bottom too."""
    for each in counter.outside.health():
        if not each.is_ok:
            yield OpenEnd(Todo.HEALTH, name=each.detail, key=each.name)


def _odd(day: DayReport) -> Iterator[OpenEnd]:
    """What the page of the day shows as open; sales that wait are told by themselves."""
    odd = [each for each in day.oddities if each.needs_somebody and each.kind is not Oddity.INTERRUPTED]
    if odd:
        yield OpenEnd(Todo.ODD, len(odd), on=day.day)


def _unprinted(counter: Counter, operator: Operator, shift: Shift | None, today: date) -> Iterator[OpenEnd]:
    """Receipts of this desk's shift; nobody else asks for them."""
    if shift is None or Todo.UNPRINTED not in CARED_FOR[operator.role]:
        return
    out = counter.outside
    day = out.ledger.day_report(today, desk=out.desk, today=today)
    odd = [each for each in day.oddities if each.kind is Oddity.UNPRINTED and each.sale is not None]
    if odd:
        key = odd[0].sale if len(odd) == 1 and odd[0].sale else ""
        yield OpenEnd(Todo.UNPRINTED, len(odd), odd[0].amount, odd[0].name, today, key)


def verbs(counter: Counter) -> VerbTable:
    return {ShowStart: (Act.LOOK, lambda _, __: show(counter))}
