"""A small office for the tests of the services: real ledger, real card format, emulated cards, built-in reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tests.quick_books import QuickFile
from vending_app.bench.world import (
    ADMINISTRATOR,
    CASHIER,
    MOMENT,
    SUPERVISOR,
    SUPPLY,
    TECHNICIAN,
    World,
    make_world,
)
from vending_app.cardio.builtin import BUILT_IN, BuiltInReaders
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.faults import Fault
from vending_app.domain.errors import Code, OutcomeUnknown, VendingError
from vending_app.domain.ids import ApprovalId, ReaderName
from vending_app.domain.money import Money
from vending_app.domain.permissions import Act, Approval, Authority
from vending_app.domain.sale import Sale
from vending_app.ledger.books import Store
from vending_app.services.counter import Counter
from vending_app.services.use_cases import CardReading, IssueCard, OpenShift, ReadCard, SaleDone, Sell


def by_two(act: Act, *, number: int = 1) -> Authority:
    """The administrator's right with the supervisor's word; each word is taken once."""
    # Far from the ids that a desk of the tests makes by counting.
    word = Approval(
        ApprovalId(f"{number:x}".rjust(32, "f")), act, SUPERVISOR.name, ADMINISTRATOR.name, bytes(32), MOMENT, MOMENT
    )
    return Authority(ADMINISTRATOR.name, act, word)


@dataclass
class DeskOf:
    """A cashier at an open shift, and Amara's card in the tray."""

    world: World
    counter: Counter
    readers: BuiltInReaders
    card: EmulatedCard

    def insert(self) -> None:
        self.readers.insert(self.card)

    def reinsert(self) -> None:
        self.readers.pull()
        self.insert()

    def sell(self, amount: str, **options: object) -> SaleDone:
        done = self.counter.do(replace(Sell(self.world.new_id(), amount=Money.parse(amount)), **options))  # type: ignore[arg-type]
        assert isinstance(done, SaleDone)
        return done

    def read(self) -> CardReading:
        reading = self.counter.do(ReadCard())
        assert isinstance(reading, CardReading)
        return reading

    def issue(self) -> SaleDone:
        self.counter.operator = TECHNICIAN
        done = self.counter.do(IssueCard(self.world.new_id(), SUPPLY))
        assert isinstance(done, SaleDone)
        self.counter.operator = CASHIER
        return done

    def interrupt(self, fault: Fault, amount: str = "50.00") -> Sale:
        """Sell to a card that is torn out on the way, and put it back."""
        self.card.arm(fault)
        try:
            self.sell(amount)
        except OutcomeUnknown:
            self.reinsert()
        waiting = self.counter.outside.ledger.open_sale(supply=SUPPLY)
        assert waiting is not None, "the fault did not strike"
        return waiting

    def refusal(self, use_case: object) -> Code:
        """The code with which a use case is refused."""
        try:
            self.counter.do(use_case)
        except VendingError as error:
            return error.code
        raise AssertionError("it was not refused")

    def nothing_happened(self) -> bool:
        """No sale in the books, none undecided, and everything adds up."""
        ledger = self.counter.outside.ledger
        shift = ledger.shift(desk=self.counter.outside.desk)
        sales = ledger.recent_sales(shift=shift.number) if shift else ()
        return not sales and not ledger.open_sales() and ledger.verify().is_ok


@contextmanager
def a_desk(
    folder: Path,
    *,
    issued: bool = True,
    shift: bool = True,
    server: Store | None = None,
    names: Sequence[ReaderName] = (BUILT_IN,),
) -> Iterator[DeskOf]:
    """By default a card is issued, in the reader, and the shift is open."""
    office = folder / "office"
    world = make_world(office, server=server or QuickFile(office / "ledger.sqlite3"))
    card, readers = EmulatedCard.of_file(world.card_file), BuiltInReaders(names)
    with world.open(readers) as counter:
        desk = DeskOf(world, counter, readers, card)
        desk.insert()
        counter.operator = CASHIER
        if shift:
            counter.do(OpenShift(Money(10_000)))
        if issued:
            desk.issue()
        yield desk
