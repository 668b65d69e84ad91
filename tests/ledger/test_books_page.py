"""docs/books.md shows what is really posted: each of its tables is played here and compared line by line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.ledger.at_work import STAFF, an_approval
from tests.ledger.builders import SUPPLY, TARIFF, Counter, a_write_back
from vending_app.domain.cash import CashKind
from vending_app.domain.energy import Energy
from vending_app.domain.ids import CardNo, MeterNo
from vending_app.domain.money import Money
from vending_app.domain.payment import PaymentKind
from vending_app.domain.people import Meter, Role
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.records import CardEnd, FinalReading, ReadingHow
from vending_app.domain.returned import NOTHING, worth_of_returned
from vending_app.domain.sale import TenderKind

PAGE = (Path(__file__).parents[2] / "docs" / "books.md").read_text()


def sale(counter: Counter) -> None:
    counter.sell("50.00")


def reversal(counter: Counter) -> None:
    counter.reverse(counter.sell("50.00"))


def refund(counter: Counter) -> None:
    reversal(counter)
    counter.ledger.pay(counter.payment(PaymentKind.REFUND, "50.00"), request="refund")


def arrears(counter: Counter) -> None:
    counter.ledger.pay(counter.payment(PaymentKind.ARREARS, "30.00"), request="arrears")


def write_back(counter: Counter) -> None:
    counter.sell("50.00")
    found = a_write_back(1, total=str(counter.file().energy_total), used="60.00", remaining="130.00", sequence=2)
    counter.ledger.harvest(found, supply=SUPPLY, card=CardNo("000770000001"), record=bytes(64), at=counter.tick())


def void(counter: Counter) -> None:
    gone = counter.ledger.reserve(counter.intent("50.00"))
    counter.ledger.cancel(gone.id, counter.cancellation_intent(gone))


def tender(counter: Counter) -> None:
    counter.correct_tender(counter.sell("50.00"), TenderKind.MOBILE)


def cash(counter: Counter) -> None:
    counter.move_cash(CashKind.TO_SAFE, "40.00")


def close(counter: Counter) -> None:
    counter.sell("50.00")
    counter.close_shift("149.00", reason="a coin fell")


def end(counter: Counter) -> FinalReading:
    """Sold, loaded, partly used; what the technician reads from the meter then."""
    write_back(counter)
    return FinalReading(ReadingHow.HAND, Energy.parse("107.60"), Energy.parse("82.40"))


def meter_change(counter: Counter) -> None:
    reading, ledger = end(counter), counter.ledger
    petra = STAFF[Role.TECHNICIAN].name
    with ledger.acting_as(Authority(petra, Act.RECORDS)):
        ledger.enter_meter(Meter(MeterNo("000087654321"), "DDSY", 1_600), reason="", at=counter.tick())
    with ledger.acting_as(Authority(petra, Act.METER_CHANGE)):
        new = MeterNo("000087654321")
        ledger.change_meter(SUPPLY, new, reading, price=lambda _: NOTHING, reason="dark", at=counter.tick())


def closed_supply(counter: Counter) -> None:
    reading, ledger = end(counter), counter.ledger
    petra = STAFF[Role.TECHNICIAN].name
    counter.ledger.pay(counter.payment(PaymentKind.ARREARS, "50.00"), request="arrears")
    newest = ledger.newest_standing(SUPPLY)
    assert newest is not None
    assert newest.intent.quote is not None
    bought = newest.intent.quote, TARIFF
    approval = replace(an_approval(Act.CLOSE_SUPPLY, at=counter.now), operator=petra)
    with ledger.acting_as(Authority(petra, Act.CLOSE_SUPPLY, approval)):
        ledger.settle(
            SUPPLY, reading, price=lambda energy: worth_of_returned(energy, [bought]), reason="moved", at=counter.tick()
        )


def fee(counter: Counter) -> None:
    issue = replace(counter.issue_intent(), fee=Money(5_00), ends=CardEnd.LOST)
    counter.ledger.reserve(issue)
    counter.ledger.post(issue.id, at=counter.tick())


EXAMPLES: dict[str, tuple[Callable[[Counter], None], int]] = {
    "A sale": (sale, 2),
    "A reversal": (reversal, 1),
    "A refund": (refund, 1),
    "An arrears payment": (arrears, 1),
    "A write-back": (write_back, 1),
    "A void": (void, 1),
    "A corrected tender": (tender, 1),
    "Cash to the safe": (cash, 1),
    "A counted till": (close, 1),
    "A meter change": (meter_change, 1),
    "A closed supply": (closed_supply, 1),
    "A new card’s fee": (fee, 1),
}
"""What is done, and how many of the newest entries the page shows."""


def shown(counter: Counter, count: int) -> str:
    """The newest entries as the page draws them."""
    books = counter.ledger._books
    entries = books.all("SELECT DISTINCT journal FROM postings ORDER BY journal DESC LIMIT ?", (count,))
    rows = ["| act | account | amount |", "|---|---|---:|"]
    for entry in reversed(entries):
        kind = books.value("SELECT kind FROM journal WHERE id = ?", (entry["journal"],))
        lines = books.all("SELECT * FROM postings WHERE journal = ? ORDER BY line", (entry["journal"],))
        rows += [f"| {kind} | `{line['account']}` | {_amount(line['commodity'], line['amount'])} |" for line in lines]
    return "\n".join(rows)


def _amount(commodity: str, amount: int) -> str:
    text = str(Money(amount)) if commodity == "money" else f"{Energy(amount)} kWh"
    return text if amount < 0 else f"+{text}"


@pytest.mark.parametrize("title", EXAMPLES)
def test_the_page_shows_what_is_posted(counter: Counter, title: str) -> None:
    act, count = EXAMPLES[title]
    act(counter)
    _, _, after = PAGE.partition(f"### {title}\n")
    assert after, f"the page has no part called {title}"
    assert shown(counter, count) in after.split("\n### ")[0]


def test_every_account_that_is_posted_to_is_on_the_page(counter: Counter) -> None:
    for act in [act for act, _ in EXAMPLES.values() if act not in {meter_change, closed_supply}]:
        if counter.shift is None:
            counter.open_shift()
        if not counter.ledger.open_sales():
            act(counter)
    names = {row["account"] for row in counter.ledger._books.all("SELECT DISTINCT account FROM postings")}
    classes = {name.partition(":")[0] for name in names}
    assert [name for name in sorted(classes) if f"| `{name}" not in PAGE] == []
