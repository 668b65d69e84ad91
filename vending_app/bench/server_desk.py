"""A process of its own: one desk that sells to its own customers at a server, as fast as it can.

    python -m vending_app.bench.server_desk ADDRESS DESK FOLDER

A line on its input is how many milliseconds to sell; the answer is a line of JSON: microseconds of each sale, and of
the processor.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from vending_app.bench.world import CASHIER, MOMENT, OFFICE, PARAMETERS, TARIFF
from vending_app.domain.card import CardWrite, Order
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.ids import CardNo, DeskNo, MeterNo, ShiftNo, SupplyNo, ulid
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import Customer, Meter
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.quote import Buyer, Quote, quote_for_money
from vending_app.domain.sale import Purpose, SaleIntent, Tender, TenderKind
from vending_app.ledger import DeskLedger
from vending_app.ledger.postgres_server import PostgresServer

CUSTOMERS = 50
"""Of one desk."""
AMOUNT = Money(300)
AHEAD = 2_500
"""Sales that are made up before a round begins, so that only the books are timed."""


def customers_of(desk: DeskNo) -> tuple[SupplyNo, ...]:
    """Nobody else sells to them."""
    return tuple(SupplyNo(f"{desk * 1000 + at:08d}") for at in range(CUSTOMERS))


def enter_customers(ledger: DeskLedger, desk: DeskNo) -> None:
    """A desk and those who buy there."""
    with ledger.setting_up():
        ledger.add_desk(desk, name=f"Desk {desk}")
        for number in customers_of(desk):
            ledger.add_supply(
                number,
                customer=Customer(f"C{number}", f"Amara Okafor {number}", f"{desk} Mill Lane"),
                meter=Meter(MeterNo(f"{number:>012}"), "RM-1", 1600),
                tariff=TARIFF.code,
                parameters=PARAMETERS,
                opened_on=MOMENT.date(),
                arrears=ZERO,
                arrears_share_percent=0,
            )


def _the_quote() -> Quote:
    """A fixed charge, one step, and the tax on both."""
    buyer = Buyer(MOMENT.date(), NO_ENERGY, None, ZERO, 0)
    return quote_for_money(TARIFF, buyer, AMOUNT)


@dataclass
class SellingDesk:
    """One shift, whose sales follow each other without end."""

    ledger: DeskLedger
    desk: DeskNo
    shift: ShiftNo
    waiting: list[SaleIntent] = field(default_factory=list)
    """Made up already; the next one last."""

    def __post_init__(self) -> None:
        self._endless = self._intents()

    def _intents(self) -> Iterator[SaleIntent]:
        quote, count = _the_quote(), 0
        while True:
            for supply in customers_of(self.desk):
                yield self._intent(supply, quote, sequence=count // CUSTOMERS + 1, count=count)
                count += 1

    def _intent(self, supply: SupplyNo, quote: Quote, *, sequence: int, count: int) -> SaleIntent:
        order = Order(
            meter=MeterNo(f"{supply:>012}"),
            supply=supply,
            generation=1,
            sequence=sequence,
            energy_total=Energy(quote.energy.wh * sequence),
            last_purchase=quote.energy,
            purchases=sequence,
            parameters=PARAMETERS,
            sold_at=MOMENT,
            desk=self.desk,
            key_version=1,
        )
        record = bytes([OFFICE.utility]) + sequence.to_bytes(4, "big") * 16
        return SaleIntent(
            id=ulid(1_772_000_000_000 + count, self.desk.to_bytes(10, "big")),
            purpose=Purpose.SALE,
            order=order,
            write=CardWrite(CardNo(f"{7:04d}{supply}"), record),
            desk=self.desk,
            operator=CASHIER.name,
            at=MOMENT,
            shift=self.shift,
            quote=quote,
            tender=Tender(TenderKind.CASH, quote.total),
            request=f"sell {supply} {AMOUNT.minor}",
        )

    def make_up(self) -> None:
        """As many sales as a round may need."""
        missing = AHEAD - len(self.waiting)
        self.waiting = [next(self._endless) for _ in range(missing)][::-1] + self.waiting

    def sell_for(self, milliseconds: int) -> list[int]:
        """Microseconds of each sale, reserved and posted."""
        until = time.perf_counter_ns() + milliseconds * 1_000_000
        taken, started = [], time.perf_counter_ns()
        with self.ledger.acting_as(Authority(CASHIER.name, Act.SELL)):
            while started < until:
                intent = self.waiting.pop() if self.waiting else next(self._endless)
                self.ledger.reserve(intent)
                self.ledger.post(intent.id, at=MOMENT)
                taken.append((time.perf_counter_ns() - started) // 1000)
                started = time.perf_counter_ns()
        return taken


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(address: str, desk: DeskNo, folder: Path) -> None:
    """Open a shift, and sell whenever told to."""
    with closing(DeskLedger.open(PostgresServer(address, folder), desk=desk)) as ledger:
        with ledger.acting_as(Authority(CASHIER.name, Act.SHIFT)):
            shift = ledger.open_shift(desk=desk, operator=CASHIER.name, float_cash=ZERO, at=MOMENT)
        selling = SellingDesk(ledger, desk, shift.number)
        selling.make_up()
        _tell("ready")
        for line in sys.stdin:
            used = time.process_time_ns()
            taken = selling.sell_for(int(line))
            used = time.process_time_ns() - used
            _tell(json.dumps({"taken_us": taken, "cpu_us": used // 1000}))
            selling.make_up()
            _tell("ready")


if __name__ == "__main__":
    main(sys.argv[1], DeskNo(int(sys.argv[2])), Path(sys.argv[3]))
