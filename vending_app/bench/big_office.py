"""A ledger of years: a million customers, ten million sales, closed day by day by the real program.

The sales are poured (`mould.py`) with true chains and balanced entries; shifts and closings are the program's own.
"""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from vending_app.bench.flows import THE_ID, world_of_one_sale
from vending_app.bench.mould import Mould, rows_about
from vending_app.bench.speed import FIRST_NAMES, LAST_NAMES, STREETS
from vending_app.bench.world import CASHIER, DESK, MOMENT, SUPERVISOR, SUPPLY, World, new_vault
from vending_app.domain.cash import CashCount
from vending_app.domain.closing import ClosingKind
from vending_app.domain.folding import folded
from vending_app.domain.ids import DeskNo, ShiftNo, ulid
from vending_app.domain.money import Money
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.sale import Sale
from vending_app.ledger import DeskLedger, SqliteFile
from vending_app.ledger.books import Books
from vending_app.ledger.codec import time_text
from vending_app.ledger.driver import sqlite3
from vending_app.ledger.journal import digest

BEGINS = date(2023, 10, 1)
"""Three months before a year ends, so that a small office closes one too."""
DESKS = 4
FLOAT = Money(10_000)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Size:
    """How large an office is built."""

    customers: int
    sales: int
    days: int

    @property
    def sales_a_shift(self) -> int:
        """At each desk, each day."""
        return self.sales // (self.days * DESKS)


@dataclass
class Pourer:
    """Writes rows of poured sales at one desk after the other."""

    books: Books
    size: Size
    serial: int = 0
    next_id: int = 0
    tips: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    receipts: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    bought: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    _rows: dict[str, list[list[object]]] = field(default_factory=lambda: defaultdict(list))

    def look(self, books: Books) -> None:
        """Take up where the program left the chains of these books."""
        self.books = books
        self.next_id = int(self.books.value("SELECT max(id) FROM journal")) + 1
        newest = "SELECT number, hash FROM journal WHERE desk = ? ORDER BY number DESC LIMIT 1"
        for desk in range(1, DESKS + 2):
            row = self.books.one(newest, (desk,))
            if row is not None:
                self.tips[desk] = (row["number"], bytes(row["hash"]))

    def pour(self, mould: Mould, values: dict[str, object], *, desk: int, at: str) -> None:
        """One journal row and what it brings."""
        number, previous = self.tips.get(desk, (0, bytes(32)))
        row: dict[str, object] = {
            "id": self.next_id, "desk": desk, "number": number + 1, "at": at, "kind": mould.kind,
            "body": mould.text(values), "previous": previous,
            "operator": mould.operator, "act": mould.act, "approval": None,
        }  # fmt: skip
        row["hash"] = digest(row)
        self._rows["journal"].append(list(row.values()))
        for table in mould.tables:
            self._rows[table] += mould.rows(table, self.next_id, values)
        self.tips[desk] = (number + 1, row["hash"])  # type: ignore[assignment]
        self.next_id += 1

    def flush(self, moulds: tuple[Mould, ...]) -> None:
        """Everything poured so far, in one statement a row."""
        columns = {table: names for mould in moulds for table, names in mould.headings.items()}
        connection = self.books._connection  # type: ignore[attr-defined]
        for table, rows in self._rows.items():
            names = _JOURNAL if table == "journal" else ["journal", *(columns[table] or _POSTING)]
            marks = ", ".join("?" * len(names))
            connection.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows)
            rows.clear()


_JOURNAL = ["id", "desk", "number", "at", "kind", "body", "previous", "operator", "act", "approval", "hash"]
_POSTING = ["line", "commodity", "account", "amount"]


def build(folder: Path, size: Size) -> World:
    """The whole office; the last day is left running, its shifts closed. Minutes and gigabytes for millions."""
    world = world_of_one_sale(folder)
    moulds = _moulds(world)
    with _unguarded(world):
        with _pouring(world) as ledger:
            _enter_customers(ledger._books, size)
            pourer = Pourer(ledger._books, size)
            pourer.look(ledger._books)
            _issue_cards(pourer, moulds, size)
        desks = [DeskNo(number) for number in range(2, DESKS + 2)]
        with _opened(world, DESK) as ledger:
            for desk in desks:
                ledger.add_desk(desk, name=f"Desk {desk}")
        for day in range(size.days):
            _play_day(world, pourer, moulds, desks, BEGINS + timedelta(days=day), is_last=day == size.days - 1)
    return world


def built(folder: Path, size: Size) -> World:
    """An office of this size: the one that was built in this folder before, or a new one."""
    note = folder / "built.json"
    told = asdict(size)
    if note.exists() and json.loads(note.read_text()) == told:
        return _again(folder)
    world = build(folder, size)
    note.write_text(json.dumps(told))
    return world


def _again(folder: Path) -> World:
    """With ids that none of its sales has."""
    world = World(folder, new_vault())
    with _opened(world, DESK) as ledger:
        newest = int(ledger._books.value("SELECT max(journal) FROM sales"))
    return World(folder, world.vault, ids=itertools.count(newest << 32))


def _moulds(world: World) -> tuple[Mould, ...]:
    """Issue and sale, reserved and posted, as the real program wrote them."""
    with _opened(world, DESK) as ledger:
        _close(ledger, world, ShiftNo(1), MOMENT)
        known = {entry.kind: entry.sale for entry in ledger.history(SUPPLY)}
        sales = [ledger.sale(known[kind] or THE_ID) for kind in ("issue", "sale")]
        return tuple(mould for sale in sales if sale for mould in _moulds_of(ledger._books, sale))


def _moulds_of(books: Books, sale: Sale) -> list[Mould]:
    order = sale.intent.order
    texts = {"id": sale.id, "supply": order.supply, "meter": order.meter, "card": sale.intent.write.card}
    texts |= {"at": time_text(sale.intent.at), "till": f"till:{DESK}"}
    return [Mould.of(row, {**texts, **dict.fromkeys(_NUMBERS, 0)}) for row in rows_about(books, sale.id)]


_NUMBERS = (
    "sequence",
    "energy_total_wh",
    "purchases",
    "desk",
    "shift",
    "receipt_number",
    "receipt_desk",
    "order_desk",
    "level",
)
"""Columns and keys whose numbers differ from sale to sale."""


@contextmanager
def _opened(world: World, desk: DeskNo) -> Iterator[DeskLedger]:
    ledger = DeskLedger.open(SqliteFile(world.ledger_file), desk=desk)
    try:
        yield ledger
    finally:
        ledger.close()


@contextmanager
def _unguarded(world: World) -> Iterator[None]:
    """Books without triggers: for building only, and put right afterwards."""
    with closing(sqlite3.connect(str(world.ledger_file), isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
    yield
    with closing(sqlite3.connect(str(world.ledger_file), isolation_level=None)) as connection:
        for _, sql in triggers:
            connection.execute(sql)


@contextmanager
def _pouring(world: World, desk: DeskNo = DESK) -> Iterator[DeskLedger]:
    """One transaction that does not wait for the disk."""
    with _opened(world, desk) as ledger:
        connection = ledger._books._connection  # type: ignore[attr-defined]
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -1500000")
        connection.execute("BEGIN IMMEDIATE")
        yield ledger
        connection.execute("COMMIT")


def _enter_customers(books: Books, size: Size) -> None:
    connection = books._connection  # type: ignore[attr-defined]
    parameters, tariff = connection.execute("SELECT parameters, tariff FROM supplies").fetchone()
    fields = [_customer(at) for at in range(1, size.customers)]
    connection.executemany(
        "INSERT INTO customers (number, name, address, phone) VALUES (?, ?, ?, ?)", ((f[0], *f[3:]) for f in fields)
    )
    columns = "model, constant_imp_per_kwh, phases, ct_ratio, pt_ratio, initial_reading_wh"
    meter = f"INSERT INTO meters (number, {columns}) SELECT ?, {columns}"
    connection.executemany(f"{meter} FROM meters LIMIT 1", ((f[2],) for f in fields))
    columns = "id, number, customer, meter, tariff, state, parameters, opened_on, arrears_share_percent"
    supply = f"INSERT INTO supplies ({columns}) VALUES (?, ?, ?, ?, ?, 'open', ?, '2022-01-01', 0)"
    rows = ((at + 2, f[1], f[0], f[2], tariff, parameters) for at, f in enumerate(fields))
    connection.executemany(supply, rows)
    texts = ((at + 2, "\n".join(map(folded, (f[1], f[3], f[4], f[2], f[0], f[5])))) for at, f in enumerate(fields))
    connection.executemany("INSERT INTO supply_search (rowid, folded) VALUES (?, ?)", texts)


def _customer(at: int) -> tuple[str, str, str, str, str, str]:
    """Number, supply, meter, name, address, phone."""
    name = f"{FIRST_NAMES[at % 12]} {LAST_NAMES[at // 12 % 10]} {at}"
    return f"{at:07d}", f"{10_000_000 + at}", f"{at:012d}", name, f"{at % 200} {STREETS[at % 7]}", f"0170 555 {at:07d}"


def _issue_cards(pourer: Pourer, moulds: tuple[Mould, ...], size: Size) -> None:
    at = datetime(2023, 9, 29, 8, tzinfo=UTC)
    for customer in range(1, size.customers):
        values = _values(pourer, customer, at, desk=DESK, shift=0, sequence=1, total=0)
        for mould in moulds[:2]:
            pourer.pour(mould, values, desk=DESK, at=str(values["at"]))
        if customer % 20_000 == 0:
            pourer.flush(moulds)
    pourer.flush(moulds)


def _values(
    pourer: Pourer, customer: int, at: datetime, *, desk: int, shift: int, sequence: int, total: int
) -> dict[str, object]:
    pourer.serial += 1
    milliseconds = (at - EPOCH) // timedelta(milliseconds=1)
    return {
        "id": ulid(milliseconds, pourer.serial.to_bytes(10, "big")), "supply": f"{10_000_000 + customer}",
        "meter": f"{customer:012d}", "card": f"{90_000_000_000 + customer:012d}", "at": time_text(at),
        "sequence": sequence, "energy_total_wh": total, "purchases": sequence - 1, "desk": desk, "shift": shift,
        "level": -1 - customer,
        "receipt_number": pourer.receipts[desk] + 1, "receipt_desk": desk, "order_desk": desk, "till": f"till:{desk}",
    }  # fmt: skip


def _play_day(
    world: World, pourer: Pourer, moulds: tuple[Mould, ...], desks: list[DeskNo], day: date, *, is_last: bool
) -> None:
    """A shift at each desk, and the day before closed, the month and year with it when they are over."""
    opens = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    for desk in desks:
        with _pouring(world, desk) as ledger:
            shift = _open(ledger, desk, opens)
            pourer.look(ledger._books)
            _sell(pourer, moulds, desk, shift, opens)
            _close(ledger, world, shift, opens + timedelta(hours=10))
    if not is_last:
        with _opened(world, desks[0]) as ledger:
            _close_periods(ledger, world, day, opens + timedelta(hours=11))


def _open(ledger: DeskLedger, desk: DeskNo, at: datetime) -> ShiftNo:
    with ledger.acting_as(Authority(CASHIER.name, Act.SHIFT)):
        return ledger.open_shift(desk=desk, operator=CASHIER.name, float_cash=FLOAT, at=at).number


def _sell(pourer: Pourer, moulds: tuple[Mould, ...], desk: DeskNo, shift: ShiftNo, opens: datetime) -> None:
    step = timedelta(hours=9) / max(1, pourer.size.sales_a_shift)
    energy = _energy_of(moulds[2])
    for at in range(pourer.size.sales_a_shift):
        # A step that shares no factor with the count visits every customer before any comes again.
        customer = 1 + (pourer.serial * 7_919) % (pourer.size.customers - 1)
        pourer.bought[customer] += 1
        count = pourer.bought[customer]
        values = _values(
            pourer, customer, opens + step * at, desk=desk, shift=shift, sequence=count + 1, total=count * energy
        )
        for mould in moulds[2:]:
            pourer.pour(mould, values, desk=desk, at=str(values["at"]))
        pourer.receipts[desk] += 1
    pourer.flush(moulds)


def _energy_of(reserved: Mould) -> int:
    """What each poured sale sells, in Wh."""
    sold = dict(zip(reserved.headings["sales"], reserved.tables["sales"][0], strict=True))["energy_wh"]({})
    assert isinstance(sold, int)
    return sold


def _close(ledger: DeskLedger, world: World, shift: ShiftNo, at: datetime) -> None:
    with ledger.acting_as(Authority(CASHIER.name, Act.SHIFT)):
        counted = ledger.count_cash(shift, CashCount(FLOAT), at=at)
        ledger.count_cash(shift, CashCount(counted.expected), at=at)
        ledger.close_shift(shift, operator=CASHIER.name, reason="", handed_to=None, at=at, signer=world.vault)


def _close_periods(ledger: DeskLedger, world: World, day: date, at: datetime) -> None:
    after = day + timedelta(days=1)
    periods = [(ClosingKind.DAY, day.isoformat())]
    periods += [(ClosingKind.MONTH, day.isoformat()[:7])] if after.month != day.month else []
    periods += [(ClosingKind.YEAR, day.isoformat()[:4])] if after.year != day.year else []
    with ledger.acting_as(Authority(SUPERVISOR.name, Act.CLOSE_DAY)):
        for kind, period in periods:
            ledger.close_period(kind, period, operator=SUPERVISOR.name, at=at, signer=world.vault)
