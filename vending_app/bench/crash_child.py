"""The process that is made to fail: one more sale and the close of its shift, each step said when it is durable."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

from vending_app.bench.flows import THE_ID
from vending_app.bench.world import CASHIER, DESK, MOMENT, SUPPLY, new_vault
from vending_app.domain.cash import CashCount
from vending_app.domain.energy import Energy
from vending_app.domain.errors import EnvironmentFault
from vending_app.domain.ids import SaleId
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.sale import SaleIntent
from vending_app.ledger import DeskLedger, SqliteFile

NEXT: SaleId = SaleId(f"{THE_ID[:-1]}Z")
"""Asked for again by whoever repeats the work, so that it must not be sold twice."""
STEPS = ("reserved", "posted", "closed")


def say(step: str) -> None:
    """At once: what is not said was not acknowledged."""
    sys.stdout.write(f"{step}\n")
    sys.stdout.flush()


def in_silence(step: str) -> None:
    """For whoever repeats the work and asks the books."""


def work(file: Path, tell: Callable[[str], None] = in_silence) -> None:
    """Do whatever is not done yet, and tell each step once it is durable."""
    with closing(DeskLedger.open(SqliteFile(file), desk=DESK)) as ledger:
        with ledger.acting_as(Authority(CASHIER.name, Act.SELL)):
            ledger.reserve(next_intent(ledger))
            tell("reserved")
            ledger.post(NEXT, at=MOMENT)
            tell("posted")
        close(ledger)
        tell("closed")


def next_intent(ledger: DeskLedger) -> SaleIntent:
    """The sale after the first, under an id that stays the same."""
    known = ledger.sale(NEXT)
    if known is not None:
        return known.intent
    first = ledger.newest_standing(SUPPLY)
    assert first is not None, "the office was prepared with one sale"
    order = first.intent.order
    total = Energy(order.energy_total.wh + order.last_purchase.wh)
    following = replace(order, sequence=order.sequence + 1, purchases=order.purchases + 1, energy_total=total)
    return replace(first.intent, id=NEXT, order=following)


def close(ledger: DeskLedger) -> None:
    """Count the drawer and close the shift, unless that is done."""
    shift = ledger.shift(desk=DESK)
    if shift is None:
        return
    with ledger.acting_as(Authority(CASHIER.name, Act.SHIFT)):
        expected = ledger.count_cash(shift.number, CashCount(shift.float_cash), at=MOMENT).expected
        ledger.count_cash(shift.number, CashCount(expected), at=MOMENT)
        ledger.close_shift(
            shift.number, operator=CASHIER.name, reason="", handed_to=None, at=MOMENT, signer=new_vault()
        )


if __name__ == "__main__":
    # A fault of the disk is told by its end; what was said before stands.
    with suppress(EnvironmentFault):
        work(Path(sys.argv[1]), say)
        say("all")
