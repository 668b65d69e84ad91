"""Balanced entries in two commodities, and the names of the accounts they gather in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from vending_app.domain.energy import Energy
from vending_app.domain.ids import DeskNo, SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.quote import QuoteLine
from vending_app.domain.sale import TenderKind
from vending_app.domain.tariff import LineKind
from vending_app.ledger.books import Books
from vending_app.ledger.journal import Line, Page

Commodity = Literal["money", "energy"]
"""What is counted; the two are never mixed."""


class Posting(NamedTuple):
    """One signed line: minor units of money, or watt-hours."""

    commodity: Commodity
    account: str
    amount: int


def money(account: str, amount: Money) -> Posting:
    """Money that arrives at an account, or leaves it when negative."""
    return Posting("money", account, amount.minor)


def energy(account: str, amount: Energy) -> Posting:
    """Energy that arrives at an account, or leaves it when negative."""
    return Posting("energy", account, amount.wh)


# --- accounts --------------------------------------------------------------------------------------------

OFFICE = "office"
"""Energy: what was ever sold leaves here."""
SAFE = "safe"
"""Money: where floats come from and counted cash goes."""
ROUNDING = "rounding"
INCOME_ENERGY, INCOME_FIXED, INCOME_FEE = "income:energy", "income:fixed", "income:fee"
"""Money: what was earned, below nothing."""
REENTERED = "reentered"
"""Money that was taken after a backup and lost from the books with it; it lies in the till or at the bank."""
OPENING = "opening"
"""Money: the other side of what customers owed before these books began."""


PAID_IN = "paid-in"
PAID_OUT = "paid-out"
"""Money: the other sides of cash that came or went without a customer."""


def till(desk: DeskNo) -> str:
    return f"till:{desk}"


def handover(desk: DeskNo) -> str:
    """Counted cash that waits in the drawer for the next cashier."""
    return f"handover:{desk}"


def refund_due(supply: SupplyNo) -> str:
    """What a reversal owes a customer until it is paid out."""
    return f"refund-due:{supply}"


def cash_difference(desk: DeskNo) -> str:
    return f"cash-difference:{desk}"


def clearing(kind: TenderKind) -> str:
    return f"clearing:{kind.value}"


def suspense(supply: SupplyNo) -> str:
    return f"suspense:{supply}"


def arrears(supply: SupplyNo) -> str:
    return f"arrears:{supply}"


OF_ARREARS = "account >= 'arrears:' AND account < 'arrears;'"
"""The condition that a posting is on the arrears of any supply, as their index finds it."""


def on_card(supply: SupplyNo) -> str:
    return f"card:{supply}"


def in_meter(supply: SupplyNo) -> str:
    return f"meter:{supply}"


def used(supply: SupplyNo) -> str:
    return f"used:{supply}"


def unexplained(supply: SupplyNo) -> str:
    return f"unexplained:{supply}"


def paid_in(kind: TenderKind, desk: DeskNo) -> str:
    """Where a customer's money lies."""
    return till(desk) if kind is TenderKind.CASH else clearing(kind)


def earned(line: QuoteLine, supply: SupplyNo) -> str:
    """Where one line of a price belongs."""
    match line.kind:
        case LineKind.ARREARS:
            return arrears(supply)
        case LineKind.LEVY:
            return f"levy:{line.name}"
        case LineKind.TAX:
            return f"tax:{line.name}"
    return _EARNED[line.kind]


_EARNED = {LineKind.FIXED: INCOME_FIXED, LineKind.STEP: INCOME_ENERGY, LineKind.ROUNDING: ROUNDING}


# --- writing ---------------------------------------------------------------------------------------------


def post_entry(page: Page, postings: Iterable[Posting]) -> None:
    """Write the entry of an act. It must sum to zero per commodity; lines of nothing are left out."""
    left = {"money": 0, "energy": 0}
    lines: list[Line] = []
    for commodity, account, amount in postings:
        if amount:
            left[commodity] += amount
            lines.append((len(lines) + 1, commodity, account, amount))
    assert not any(left.values()), f"the entry of {page.kind.value} is out of balance by {left}"
    if lines:
        page.insert_postings(lines)


def balance(books: Books, account: str) -> int:
    """What one of the accounts `of_one_supply` holds."""
    held = f"SELECT coalesce(sum(amount), 0) FROM postings WHERE account = ? AND {books.of_one_supply}"
    return int(books.value(held, (account,)))


def till_balance(books: Books, desk: DeskNo) -> int:
    """What a till holds: what went in since it was last counted, because counting leaves it empty."""
    counted = "SELECT coalesce(max(c.journal), 0) FROM shift_closings AS c JOIN shifts ON number = shift WHERE desk = ?"
    since = f"SELECT coalesce(sum(amount), 0) FROM postings WHERE journal > ({counted}) AND account = ?"
    return int(books.value(since, (desk, till(desk))))
