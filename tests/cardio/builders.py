"""Cards, orders and desks to test with, and a vault that needs no passphrase."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

from vending_app.cardio.builtin import BUILT_IN, BuiltInReaders
from vending_app.cardio.desk import Desk
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.faults import Fault, FaultKind, Residue
from vending_app.cardio.emulated.kinds import counting
from vending_app.cardio.emulated.software_card import SoftwareCard
from vending_app.cardio.refused import KnownTries
from vending_app.cardio.session import Session
from vending_app.cardio.totals1 import Totals1
from vending_app.cardio.vault import SealedVault
from vending_app.domain.card import (
    CardHeader,
    CardImage,
    CardKind,
    CardWrite,
    MeterParameters,
    MeterStatus,
    Order,
    WriteBack,
)
from vending_app.domain.energy import Energy
from vending_app.domain.errors import VendingError
from vending_app.domain.ids import CardNo, DeskNo, MeterNo, SupplyNo

UTILITY = 7
MASTER = bytes(range(16))
CARD = CardNo("550000000042")
OTHER_CARD = CardNo("550000000099")
METER = MeterNo("000012345678")

AN_ORDER = Order(
    meter=METER,
    supply=SupplyNo("00001234"),
    generation=1,
    sequence=42,
    energy_total=Energy(5_026_880),
    last_purchase=Energy(125_500),
    purchases=37,
    parameters=MeterParameters(
        alarm_1=Energy(20_000),
        alarm_2=Energy(5_000),
        overload_w=8000,
        overdraft=Energy(0),
        hoarding=Energy(3_000_000),
        constant_imp_per_kwh=1600,
    ),
    sold_at=datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
    desk=DeskNo(2),
    key_version=1,
)

A_WRITE_BACK = WriteBack(
    meter=METER,
    sequence=42,
    used_total=Energy(4_900_000),
    remaining=Energy(126_880),
    energy_total=Energy(5_026_880),
    zero_crossing=Energy(0),
    purchases=37,
    illegal_cards=1,
    overload_trips=2,
    low_credit_trips=3,
    tamper_events=0,
    power_failures=9,
    power_max_w=7350,
    status=MeterStatus.COVER_OPEN,
    last_month=Energy(310_000),
    meter_time=datetime(2026, 3, 2, 18, 0, tzinfo=UTC),
    running=12,
    key_version=1,
)


def a_vault(*versions: int) -> SealedVault:
    """Version 1 with the master key of the published check value, or these versions."""
    return SealedVault({version: bytearray(MASTER) for version in versions or (1,)})


def a_codec(vault: SealedVault | None = None) -> Totals1:
    return Totals1(vault or a_vault(), utility=UTILITY)


def a_header(card: CardNo = CARD) -> CardHeader:
    return CardHeader(CardKind.USER, UTILITY, card, 1)


def an_order(sequence: int = 42, **changes: object) -> Order:
    return replace(AN_ORDER, sequence=sequence, **changes)  # type: ignore[arg-type]


def a_write(sequence: int = 42, *, card: CardNo = CARD, **changes: object) -> CardWrite:
    """The bytes of a sale on an issued card."""
    return CardWrite(card, a_codec().encode_order(an_order(sequence, **changes), card=card))


def an_issue(card: CardNo = CARD, *, sequence: int = 1) -> CardWrite:
    """The bytes that make a blank card this one."""
    record = a_codec().encode_order(an_order(sequence), card=card)
    return CardWrite(card, record, a_codec().encode_header(a_header(card)))


class Counter:
    """A desk with one built-in reader, and a hand that puts cards in."""

    def __init__(
        self, *, known: KnownTries | None = None, vault: SealedVault | None = None, tries_from_books: bool = False
    ) -> None:
        self.vault = vault or a_vault()
        self.codec = a_codec(self.vault)
        self.readers = BuiltInReaders()
        self.desk = Desk(
            self.readers,
            codec=self.codec,
            vault=self.vault,
            entropy=counting(),
            tries_from_books=tries_from_books,
            known=known,
        )

    @contextmanager
    def session(self, card: SoftwareCard) -> Iterator[Session]:
        """The card is put in, held, and taken out again."""
        self.readers.insert(card)
        try:
            with self.desk.session(BUILT_IN) as session:
                yield session
        finally:
            self.readers.pull()

    def carry_out(self, card: SoftwareCard, write: CardWrite) -> None:
        """The whole of a sale or an issue, as far as the card goes."""
        with self.session(card) as session:
            carried(session, write)

    def broken(self, card: SoftwareCard, write: CardWrite, fault: Fault | None = None) -> VendingError | None:
        """Carry out with the fault armed; what the desk said of it."""
        card.arm(fault)
        try:
            self.carry_out(card, write)
        except VendingError as error:
            return error
        return None

    def cost(self, trial: SoftwareCard, write: CardWrite) -> tuple[int, int]:
        """Commands and programmed bytes, or blocks, of an undisturbed run on a card that is not needed any more."""
        self.carry_out(trial, write)
        return trial.apdus, trial.all_bytes_programmed

    def issued_card(self, write: CardWrite | None = None) -> EmulatedCard:
        """A blank card made into a customer's card."""
        card = EmulatedCard.blank()
        self.carry_out(card, write or an_issue())
        card.reset_counters()
        return card


def carried(session: Session, write: CardWrite) -> CardImage:
    """Read, unlocked, written and read back."""
    session.read()
    session.unlock(write)
    session.write(write)
    return session.verify(write)


def every_fault(*, apdus: int, programmed: int) -> Iterator[Fault]:
    """Each way a card can leave during so many commands and programmed bytes."""
    for at, kind in product(range(1, apdus + 1), (FaultKind.PULL_BEFORE, FaultKind.ANSWER_LOST)):
        yield Fault(kind, at)
    for at, residue in product(range(1, programmed + 1), Residue):
        yield Fault(FaultKind.TEAR, at, residue)
