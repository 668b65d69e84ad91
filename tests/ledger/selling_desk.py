"""A desk as a process of its own: it sells to supplies that others sell to too, and tells what was acknowledged.

python -m tests.ledger.selling_desk ADDRESS DESK SALES SUPPLIES
"""

from __future__ import annotations

import json
import random
import sys
from contextlib import closing, suppress
from dataclasses import replace

from tests.ledger.at_work import ANA, AtWork
from tests.ledger.builders import Counter, add_supply
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.ids import CardNo, DeskNo, SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.sale import Sale
from vending_app.ledger.postgres_server import PostgresServer

IN_THE_WAY = {Code.SALE_INTERRUPTED, Code.CARD_AHEAD, Code.LEDGER_BUSY, Code.LEDGER_SERVER_GONE}
"""What may happen where many sell to the same customer, on a server that may die."""


def shared_supply(number: int) -> SupplyNo:
    return SupplyNo(f"{20_000_000 + number}")


def add_shared_supplies(ledger: AtWork, count: int) -> None:
    for number in range(count):
        add_supply(ledger, shared_supply(number), f"{200_000_000_000 + number}")


def sell_on(counter: Counter, *, sales: int, supplies: int) -> tuple[list[str], int]:
    """Sell until so many were acknowledged; the receipts, and how often something was in the way."""
    chance = random.Random(counter.count)
    receipts: list[str] = []
    refused = 0
    while len(receipts) < sales:
        counter.supply = shared_supply(chance.randrange(supplies))
        try:
            receipts.append(str(sold(counter).receipt))
        except (OperatorError, EnvironmentFault) as error:
            assert error.code in IN_THE_WAY, error
            refused += 1
    return receipts, refused


def sold(counter: Counter) -> Sale:
    """One sale; begun again from its intent where the server was gone."""
    intent = replace(counter.intent("10.00"), desk=counter.ledger._books.desk)
    card = replace(intent.write, card=CardNo(intent.write.card[:-8] + counter.supply))
    intent = replace(intent, write=card)
    while True:
        try:
            sale = counter.ledger.reserve(intent)
            return counter.ledger.post(sale.id, at=counter.tick())
        except EnvironmentFault as fault:
            assert fault.code in IN_THE_WAY, fault


def tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def work(address: str, desk: DeskNo, *, sales: int, supplies: int) -> None:
    with closing(AtWork.open(PostgresServer(address), desk=desk)) as ledger:
        shift = ledger.open_shift(desk=desk, operator=ANA, float_cash=Money(0), at=Counter(ledger).now)
        counter = Counter(ledger, shift=shift.number, count=desk * 100_000)
        tell("ready")
        sys.stdin.readline()
        receipts, refused = sell_on(counter, sales=sales, supplies=supplies)
        tell(json.dumps({"receipts": receipts, "refused": refused}))


if __name__ == "__main__":
    with suppress(BrokenPipeError):
        work(sys.argv[1], DeskNo(int(sys.argv[2])), sales=int(sys.argv[3]), supplies=int(sys.argv[4]))
