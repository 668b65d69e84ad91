"""Balanced entries in two commodities, and the names of the accounts they gather in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from vending_app.domain.energy import Energy
from vending_app.domain.ids import DeskNo, SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.quote import QuoteLine
from vending_app.domain.sale import TenderKind
from vending_app.domain.tariff import LineKind
from vending_app.ledger.journal import Page
from vending_app.ledger.transaction import Books


class Commodity(StrEnum):
    """What is counted; the two are never mixed."""

    MONEY = "money"
    ENERGY = "energy"


@dataclass(frozen=True, slots=True)
class Posting:
    """One signed line: minor units of money, or watt-hours."""

    commodity: Commodity
    account: str
    amount: int


def money(account: str, amount: Money) -> Posting:
    """Money that arrives at an account, or leaves it when negative."""
    return Posting(Commodity.MONEY, account, amount.minor)


def energy(account: str, amount: Energy) -> Posting:
    """Energy that arrives at an account, or leaves it when negative."""
    return Posting(Commodity.ENERGY, account, amount.wh)


# --- accounts --------------------------------------------------------------------------------------------

OFFICE = "office"
"""Energy: what was ever sold leaves here."""
SAFE = "safe"
"""Money: where floats come from and counted cash goes."""
ROUNDING = "rounding"
OPENING = "opening"
"""Money: the other side of what customers owed before these books began."""


def till(desk: DeskNo) -> str:
    return f"till:{desk}"


def cash_difference(desk: DeskNo) -> str:
    return f"cash-difference:{desk}"


def clearing(kind: TenderKind) -> str:
    return f"clearing:{kind.value}"


def suspense(supply: SupplyNo) -> str:
    return f"suspense:{supply}"


def arrears(supply: SupplyNo) -> str:
    return f"arrears:{supply}"


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
    return {
        LineKind.FIXED: "income:fixed",
        LineKind.STEP: "income:energy",
        LineKind.ARREARS: arrears(supply),
        LineKind.LEVY: f"levy:{line.name}",
        LineKind.TAX: f"tax:{line.name}",
        LineKind.ROUNDING: ROUNDING,
    }[line.kind]


# --- writing ---------------------------------------------------------------------------------------------


def post_entry(page: Page, *, kind: str, subject: str, postings: Iterable[Posting]) -> None:
    """Write one entry. It must sum to zero per commodity; lines of nothing are left out."""
    lines = [posting for posting in postings if posting.amount]
    for commodity in Commodity:
        left = sum(line.amount for line in lines if line.commodity is commodity)
        assert left == 0, f"the {kind} entry is {left} out of balance in {commodity.value}"
    if not lines:
        return
    entry = page.insert("entries", {"kind": kind, "subject": subject})
    page.insert_postings(
        [
            {
                "entry": entry,
                "line": number,
                "commodity": line.commodity.value,
                "account": line.account,
                "amount": line.amount,
            }
            for number, line in enumerate(lines, start=1)
        ]
    )


def balance(books: Books, account: str) -> int:
    """What an account holds. No account gathers both commodities."""
    return int(books.value("SELECT coalesce(sum(amount), 0) FROM postings WHERE account = ?", (account,)))
