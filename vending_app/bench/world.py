"""A throw-away office with one customer: ledger, keys, card and meter in a folder, to be copied and opened again."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

from vending_app.cardio.builtin import BuiltInReaders
from vending_app.cardio.desk import Desk
from vending_app.cardio.emulated.kinds import EVERY_KIND, PLAIN, Hooks
from vending_app.cardio.emulated.meter_slot import EmulatedMeterSlot
from vending_app.cardio.emulated.software_card import SoftwareCard
from vending_app.cardio.link import Readers
from vending_app.cardio.totals1 import Totals1
from vending_app.cardio.vault import SealedVault
from vending_app.documents.papers import Papers
from vending_app.domain.card import MeterParameters
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.ids import DeskNo, MeterNo, OperatorName, SaleId, SupplyNo, ulid
from vending_app.domain.meter import Insertion
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import Customer, Meter, Office, Operator, Role
from vending_app.domain.tariff import LineKind, Price, Step, Tariff, Tax
from vending_app.ledger import DeskLedger, SqliteFile
from vending_app.ledger.books import Store
from vending_app.meter.foresee import foresee
from vending_app.meter.reference import MeterInFile
from vending_app.meter.registers import RegisterFile
from vending_app.ports import Ledger
from vending_app.printing.drawer import DeviceDrawer
from vending_app.printing.folder import FolderPrinter
from vending_app.services.card_tries import TriesInBooks
from vending_app.services.counter import Counter
from vending_app.services.outside import Outside

MASTER_KEY = bytes(range(16))
"""The published test key of docs/card-format.md: nothing of a campaign is real."""
SUPPLY = SupplyNo("00417726")
METER = MeterNo("000012345678")
DESK = DeskNo(1)
CARD = "card.bin"
"""The customer's first card."""
MOMENT = datetime(2026, 3, 2, 10, 31, tzinfo=UTC)
"""Time stands still, so that two runs of a case leave the same bytes."""
OFFICE = Office("Campaign", "Test Street 1", "0", "", "", utility=7)
CASHIER = Operator(OperatorName("cashier"), "Cashier", Role.CASHIER)
TECHNICIAN = Operator(OperatorName("technician"), "Technician", Role.TECHNICIAN)
SUPERVISOR = Operator(OperatorName("supervisor"), "Supervisor", Role.SUPERVISOR)
ADMINISTRATOR = Operator(OperatorName("administrator"), "Administrator", Role.ADMINISTRATOR)
TARIFF = Tariff(
    code="H2",
    name="Household",
    valid_from=date(2024, 1, 1),
    steps=(Step(Energy(60_000), Price(105_000)), Step(None, Price(148_000))),
    fixed_per_month=Money(180),
    taxes=(Tax("VAT", 800, frozenset({LineKind.FIXED, LineKind.STEP})),),
    levies=(),
    minimum=Money(100),
    maximum=Money(200_000),
)
PARAMETERS = MeterParameters(Energy(20_000), Energy(10_000), 8000, NO_ENERGY, Energy(2_000_000), 1600)
WrapLedger = Callable[[DeskLedger], Ledger]


def new_vault() -> SealedVault:
    """The campaign's keys, in memory only."""
    return SealedVault({1: bytearray(MASTER_KEY)})


def as_it_is(ledger: DeskLedger) -> Ledger:
    """No wrapper around the books."""
    return ledger


def make_world(
    folder: Path, *, server: Store | None = None, chip: str = PLAIN, tries_from_books: bool = False
) -> World:
    """A new office with one supply and a blank card, its books in the folder or on a server."""
    folder.mkdir(parents=True)
    world = World(folder, new_vault(), server=server, chip=chip, tries_from_books=tries_from_books)
    with closing(DeskLedger.create(world.store, office=OFFICE, desk=DESK, at=MOMENT)) as ledger:
        for operator in (CASHIER, TECHNICIAN, SUPERVISOR, ADMINISTRATOR):
            ledger.add_operator(operator, "no password opens this")
        ledger.add_tariff(TARIFF)
        ledger.add_supply(
            SUPPLY,
            customer=Customer("000001", "Amara Okafor", "14 Mill Lane"),
            meter=Meter(METER, "RM-1", 1600),
            tariff=TARIFF.code,
            parameters=PARAMETERS,
            opened_on=date(2024, 1, 1),
            arrears=ZERO,
            arrears_share_percent=0,
        )
    world.take_blank_card()
    return world


@dataclass(frozen=True, slots=True)
class World:
    """The folder of one case."""

    folder: Path
    vault: SealedVault
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    server: Store | None = None
    chip: str = PLAIN
    """The kind of all cards, by its name in `EVERY_KIND`."""
    tries_from_books: bool = False
    """What was decided for its desk where a reader does not tell the tries."""
    card_name: str = CARD
    """The card that is in somebody's hand now, by its file."""

    @property
    def ledger_file(self) -> Path:
        return self.folder / "ledger.sqlite3"

    @property
    def store(self) -> Store:
        return self.server or SqliteFile(self.ledger_file)

    @property
    def card_file(self) -> Path:
        return self.folder / self.card_name

    @property
    def codec(self) -> Totals1:
        return Totals1(self.vault, utility=OFFICE.utility)

    def copy(self, folder: Path) -> World:
        """The same office somewhere else, with its numbering begun anew."""
        shutil.copytree(self.folder, folder)
        by_books = self.tries_from_books
        return World(folder, self.vault, chip=self.chip, tries_from_books=by_books, card_name=self.card_name)

    def holding(self, card_name: str) -> World:
        """The same office with another of its cards in hand."""
        return replace(self, card_name=card_name)

    def remove(self) -> None:
        shutil.rmtree(self.folder)

    def new_id(self) -> SaleId:
        """Ids in order, the same in every run."""
        return ulid(1_772_000_000_000, next(self.ids).to_bytes(10, "big"))

    def entropy(self, size: int) -> bytes:
        """Not random at all, and never the same twice."""
        return next(self.ids).to_bytes(size, "big")

    def card(self, hooks: Hooks | None = None) -> SoftwareCard:
        """The customer's card, as its file has it now."""
        return EVERY_KIND[self.chip].open(self.card_file, hooks or Hooks())

    def take_blank_card(self) -> SoftwareCard:
        """Another blank card, when the first is spoilt."""
        EVERY_KIND[self.chip].make_blank(self.card_file)
        return self.card()

    @contextmanager
    def open(self, readers: Readers, *, wrap: WrapLedger = as_it_is) -> Iterator[Counter]:
        """The counter at work on this office."""
        with closing(DeskLedger.open(self.store, desk=DESK)) as ledger:
            yield Counter(self._outside(readers, wrap(ledger)))

    def _outside(self, readers: Readers, ledger: Ledger) -> Outside:
        return Outside(
            cards=Desk(
                readers,
                codec=self.codec,
                vault=self.vault,
                entropy=self.entropy,
                tries_from_books=self.tries_from_books,
                known=TriesInBooks(ledger, lambda: MOMENT),
            ),
            ledger=ledger,
            vault=self.vault,
            paper=Papers(),
            printer=FolderPrinter(self.folder / "receipts"),
            drawer=DeviceDrawer(""),
            clock=lambda: MOMENT,
            desk=DESK,
            health=tuple,
            entropy=self.entropy,
            foresee=foresee,
        )

    @property
    def meter(self) -> MeterInFile:
        """The customer's meter."""
        return MeterInFile(RegisterFile(self.folder / "meter.json", METER), self.codec, lambda: MOMENT)

    def load_meter(self) -> Insertion:
        """Put the card, as its file has it, into the meter."""
        return self.meter.insert(EmulatedMeterSlot(self.card(), vault=self.vault))


@contextmanager
def built_in(card: SoftwareCard) -> Iterator[BuiltInReaders]:
    """The built-in reader with a card in it."""
    readers = BuiltInReaders()
    readers.insert(card)
    yield readers


class Stepping:
    """The books with a hook before and after every durable step: `on_step` is told 1, 2, 3 …"""

    STEPS = frozenset(
        {
            "reserve",
            "mark_in_doubt",
            "post",
            "void",
            "cancel",
            "reissue",
            "retire_card",
            "receive_retired",
            "issue_tool",
            "tool_written",
            "pay",
            "harvest",
            "open_shift",
            "close_shift",
            "record_login",
            "mark_printed",
        }
    )

    def __init__(self, ledger: DeskLedger, on_step: Callable[[int], None]) -> None:
        self._ledger = ledger
        self._on_step = on_step
        self._count = itertools.count(1)

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._ledger, name)
        return self._stepped(found) if name in self.STEPS else found

    def _stepped(self, method: Callable[..., object]) -> Callable[..., object]:
        def stepped(*positional: object, **named: object) -> object:
            self._on_step(next(self._count))
            result = method(*positional, **named)
            self._on_step(next(self._count))
            return result

        return stepped


def stepping(on_step: Callable[[int], None]) -> WrapLedger:
    """Wrap the books so that a campaign can stop at every durable step."""
    return lambda ledger: cast(Ledger, Stepping(ledger, on_step))
