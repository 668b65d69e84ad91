"""Yesterday's books are put back: the cards tell what was sold since, and books and cards agree again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.services.desk_of import DeskOf, a_desk
from tests.services.test_allowance import Office, a_grant, signed
from tests.services.test_undoing import reverse
from tests.services.whole_loop import Life
from vending_app.bench.world import CASHIER, MOMENT, SUPERVISOR, SUPPLY, TECHNICIAN, built_in, make_world
from vending_app.cardio.emulated.faults import Fault, FaultKind, Residue
from vending_app.cardio.emulated.meter_slot import EmulatedMeterSlot
from vending_app.cardio.emulated.store import FileStore
from vending_app.cardio.totals1_layout import SLOTS
from vending_app.cardio.vault import SealedVault
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OutcomeUnknown, VendingError
from vending_app.domain.ids import DeskNo
from vending_app.domain.money import Money
from vending_app.domain.people import Operator
from vending_app.domain.restoring import PaperReceipt
from vending_app.domain.verdict import Verdict
from vending_app.ledger import DeskLedger, SqliteFile
from vending_app.services.allowance_cases import TakeGrant
from vending_app.services.book_cases import VoidSale
from vending_app.services.counter import Counter
from vending_app.services.keeping_cases import (
    CheckReceipts,
    FinishRestoring,
    ReenterCard,
    Reentered,
    ReenterReceipt,
    RestoringFinished,
    ShowRestoring,
)
from vending_app.services.use_cases import FinishSale, IssueCard, OpenShift, SaleDone, Sell


@pytest.fixture
def lost(tmp_path: Path) -> tuple[DeskOf, list[SaleDone]]:
    """A desk whose books are a copy made after the first sale; two later sales stand on the card only."""
    with a_desk(tmp_path) as desk:
        desk.sell("10.00")
        copy = tmp_path / "copy"
        with closing(DeskLedger.open(SqliteFile(desk.world.ledger_file), desk=desk.counter.outside.desk)) as books:
            books._books.value("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(desk.world.ledger_file, copy)
        later = [desk.sell("20.00"), desk.sell("30.00")]
        moment = desk.counter.outside.clock()
    shutil.copy(copy, desk.world.ledger_file)
    with closing(DeskLedger.open(SqliteFile(desk.world.ledger_file), desk=desk.counter.outside.desk)) as books:
        books.note_restored(backup="3F9A0C22", made_at=moment, at=moment, is_older=False)
    return desk, later


def at(desk: DeskOf, counter: Counter) -> DeskOf:
    counter.operator = CASHIER
    fresh = DeskOf(desk.world, counter, desk.readers, desk.card)
    fresh.reinsert()
    return fresh


def test_the_card_reveals_the_later_sales_and_settles_them(lost: tuple[DeskOf, list[SaleDone]]) -> None:
    desk, later = lost
    with desk.world.open(desk.readers) as counter:
        fresh = at(desk, counter)
        assert fresh.read().verdict is Verdict.CARD_AHEAD
        counter.operator = SUPERVISOR
        done = counter.do(ReenterCard(desk.world.new_id(), amount=Money(5000)))
        assert isinstance(done, Reentered)
        assert done.skipped == 1
        assert done.energy == sum((one.sale.intent.order.last_purchase for one in later), Energy(0))
        assert fresh.read().verdict is Verdict.READY
        finished = counter.do(FinishRestoring((PaperReceipt.parse(later[-1].sale.receipt or ""),)))
        assert isinstance(finished, RestoringFinished)
        assert [paper.receipt for paper in finished.lost] == [one.sale.receipt for one in later]
        counter.operator = CASHIER
        assert fresh.sell("10.00").sale.receipt == "1-000004"
        assert counter.outside.ledger.verify().is_ok


def test_papers_settle_what_no_card_has_told_yet(lost: tuple[DeskOf, list[SaleDone]]) -> None:
    desk, later = lost
    with desk.world.open(desk.readers) as counter:
        fresh = at(desk, counter)
        counter.operator = SUPERVISOR
        for one in later:
            counter.do(paper_of(desk, one))
        assert fresh.read().verdict is Verdict.READY
        counter.do(FinishRestoring((PaperReceipt.parse(later[-1].sale.receipt or ""),)))
        counter.operator = CASHIER
        assert fresh.sell("10.00").sale.receipt == "1-000004"
        assert counter.outside.ledger.verify().is_ok


def paper_of(desk: DeskOf, done: SaleDone) -> ReenterReceipt:
    order = done.sale.intent.order
    return ReenterReceipt(
        desk.world.new_id(),
        paper=PaperReceipt.parse(f"{done.sale.receipt}:0A1B2C3D"),
        supply=SUPPLY,
        sequence=order.sequence,
        energy=order.last_purchase,
        amount=done.sale.amount,
        sold_at=order.sold_at,
    )


def test_the_same_paper_is_entered_once(lost: tuple[DeskOf, list[SaleDone]]) -> None:
    desk, later = lost
    with desk.world.open(desk.readers) as counter:
        fresh = at(desk, counter)
        counter.operator = SUPERVISOR
        counter.do(paper_of(desk, later[0]))
        assert fresh.refusal(paper_of(desk, later[0])) is Code.REENTRY_KNOWN


def test_until_then_nothing_is_sold_and_no_card_is_touched(lost: tuple[DeskOf, list[SaleDone]]) -> None:
    desk, _ = lost
    with desk.world.open(desk.readers) as counter:
        fresh = at(desk, counter)
        before = desk.world.card_file.read_bytes()
        assert fresh.refusal(Sell(desk.world.new_id(), amount=Money(1000))) is Code.CARD_AHEAD
        assert fresh.refusal(ReenterCard(desk.world.new_id())) is Code.PERMISSION_DENIED
        assert fresh.refusal(FinishRestoring((PaperReceipt(DeskNo(1), 1),))) is Code.PERMISSION_DENIED
        assert desk.world.card_file.read_bytes() == before
        assert counter.do(ShowRestoring()) is not None
        assert counter.do(CheckReceipts((PaperReceipt(DeskNo(1), 1),))) is not None


def test_a_paid_order_under_keys_that_came_back_too_old_is_never_written_over(
    lost: tuple[DeskOf, list[SaleDone]],
) -> None:
    """Books and key file were restored, and the last sale is known to neither: only the newest key file can tell."""
    desk, later = lost
    vault, store, codec = desk.world.vault, FileStore(desk.world.card_file), desk.world.codec
    vault.take_over(SealedVault({2: bytearray([2] * 16)}))
    newest = later[-1].sale.intent
    order = newest.order
    paid = replace(order, sequence=order.sequence + 1, energy_total=order.energy_total + Energy(7_000), key_version=2)
    older = min((slot for slot in codec.decode(desk.card.image).slots), key=lambda slot: slot.order.sequence)  # type: ignore[union-attr]
    at_slot = next(area.address for area in SLOTS if area.name == older.name)
    for offset, value in enumerate(codec.encode_order(paid, card=newest.write.card)):
        store.put(at_slot + offset, value)
    second, before = vault._masters.pop(2), desk.world.card_file.read_bytes()
    with desk.world.open(desk.readers) as counter:
        fresh = at(desk, counter)
        counter.operator = SUPERVISOR
        assert fresh.refusal(ReenterCard(desk.world.new_id(), amount=Money(5000))) is Code.KEY_VERSION_UNKNOWN
        for one in later:
            counter.do(paper_of(desk, one))
        counter.do(FinishRestoring((PaperReceipt.parse(later[-1].sale.receipt or ""),)))
        assert fresh.read().verdict is Verdict.KEYS_MISSING
        counter.operator = CASHIER
        assert fresh.refusal(Sell(desk.world.new_id(), amount=Money(1000))) is Code.KEY_VERSION_UNKNOWN
        assert desk.world.card_file.read_bytes() == before
        vault._masters[2] = second
        assert fresh.read().verdict is Verdict.CARD_AHEAD


# --- what was interrupted when the copy was made ------------------------------------------------------------------

BROKEN = {
    "sle4442": Fault(FaultKind.TEAR, 3, Residue.MIXED),
    "classic": Fault(FaultKind.TEAR, 2, Residue.MIXED),
    "desfire-ev2": Fault(FaultKind.PULL_BEFORE, 13),
}


class Restored:
    """An office whose books are a copy from when this was interrupted; usually finished since, and twice sold."""

    def __init__(
        self,
        folder: Path,
        chip: str,
        interrupted: Callable[[Life], None],
        *,
        by: Operator = CASHIER,
        since: Callable[[Life, Operator], None] | None = None,
    ) -> None:
        self.world = make_world(folder / "office", chip=chip)
        self.life = Life(self.world, built_in)
        self.life.does(OpenShift(Money(10_000)))
        interrupted(self.life)
        copy = folder / "copy"
        with closing(self.books()) as books:
            books._books.value("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(self.world.ledger_file, copy)
        (since or finished_and_twice_sold)(self.life, by)
        newest = self.life.reads().image.order
        assert newest is not None
        self.paid = newest
        with closing(self.books()) as books:
            books._books.value("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(copy, self.world.ledger_file)
        with closing(self.books()) as books:
            books.note_restored(backup="3F9A0C22", made_at=MOMENT, at=MOMENT, is_older=False)

    def books(self) -> DeskLedger:
        return DeskLedger.open(SqliteFile(self.world.ledger_file), desk=DeskNo(1))

    def refusal(self, asked: object, *, by: Operator) -> Code:
        with pytest.raises(VendingError) as refused:
            self.life.does(asked, by=by)
        return refused.value.code

    def comes_home(self, paid: int = 9000) -> None:
        """What is on the card tells the rest, and the meter gets all that was paid for."""
        entered = self.life.does(ReenterCard(self.world.new_id(), amount=Money(paid)), by=SUPERVISOR)
        assert isinstance(entered, Reentered)
        assert self.life.reads().verdict is Verdict.READY
        self.world.load_meter()
        assert self.world.meter.view().energy_total == self.paid.energy_total


def finished_and_twice_sold(life: Life, by: Operator) -> None:
    life.does(FinishSale(), by=by)
    for _ in "AB":
        life.sells("30.00")


def a_sale_that_broke(chip: str) -> Callable[[Life], None]:
    def interrupted(life: Life) -> None:
        life.does(IssueCard(life.world.new_id(), SUPPLY), by=TECHNICIAN)
        life.sells("10.00")
        with pytest.raises(OutcomeUnknown):
            life.does(Sell(life.world.new_id(), SUPPLY, amount=Money(2000)), fault=BROKEN[chip])

    return interrupted


def an_issue_that_broke(life: Life) -> None:
    chip = life.world.chip
    fault = Fault(FaultKind.PULL_BEFORE, 50) if chip.startswith("desfire") else Fault(FaultKind.TEAR, 60, Residue.MIXED)
    with pytest.raises(OutcomeUnknown):
        life.does(IssueCard(life.world.new_id(), SUPPLY), by=TECHNICIAN, fault=fault)


@pytest.mark.parametrize("chip", BROKEN)
def test_a_sale_that_others_followed_is_settled_and_nothing_is_written_over_them(tmp_path: Path, chip: str) -> None:
    restored = Restored(tmp_path, chip, a_sale_that_broke(chip), by=CASHIER)
    life, card = restored.life, restored.world.card()
    waiting, before = life.reads().open_sale, card.image
    assert waiting is not None
    void = VoidSale(restored.world.new_id(), waiting.id, "the customer went")
    assert restored.refusal(void, by=SUPERVISOR) is Code.SALE_ON_CARD
    life.does(FinishSale())
    assert restored.world.card().image == before
    assert life.reads().verdict is Verdict.CARD_AHEAD
    restored.comes_home()


@pytest.mark.parametrize("chip", ["sle4442", "desfire-ev2"])
def test_an_issue_that_sales_followed_is_settled_where_it_lies(tmp_path: Path, chip: str) -> None:
    restored = Restored(tmp_path, chip, an_issue_that_broke, by=TECHNICIAN)
    before = restored.world.card().image
    restored.life.does(FinishSale(), by=TECHNICIAN)
    assert restored.world.card().image == before
    restored.comes_home()


def test_a_card_that_the_books_know_has_nothing_to_enter(desk: DeskOf) -> None:
    desk.sell("10.00")
    desk.counter.operator = SUPERVISOR
    assert desk.refusal(ReenterCard(desk.world.new_id())) is Code.REENTRY_KNOWN
    assert desk.refusal(FinishRestoring((PaperReceipt(DeskNo(1), 1),))) is Code.BOOKS_NOT_RESTORED


def test_what_was_entered_again_was_sold_under_the_grant_of_its_desk(lost: tuple[DeskOf, list[SaleDone]]) -> None:
    """A grant that the copy does not know is entered from its file once more: it gives nothing twice."""
    desk, later = lost
    with desk.world.open(desk.readers) as counter:
        fresh = at(desk, counter)
        office = Office(fresh)
        counter.operator = SUPERVISOR
        done = counter.do(ReenterCard(desk.world.new_id(), amount=Money(5000)))
        assert isinstance(done, Reentered)
        counter.do(FinishRestoring((PaperReceipt.parse(later[-1].sale.receipt or ""),)))
        office.does(TakeGrant(signed(office, a_grant(energy=Energy(900_000)))))
        assert office.left == Energy(900_000) - done.energy
        after = a_grant(number=6, granted_at=MOMENT.replace(microsecond=0) + timedelta(minutes=1))
        office.does(TakeGrant(signed(office, after)))
        assert office.left == after.energy, "what was sold before it was granted counts for nothing"


def test_what_another_desk_sold_counts_there(lost: tuple[DeskOf, list[SaleDone]]) -> None:
    desk, later = lost
    DeskLedger.enter_desk(desk.world.store, DeskNo(2))
    with desk.world.open(desk.readers) as counter:
        office = Office(at(desk, counter))
        counter.operator = SUPERVISOR
        paper = replace(paper_of(desk, later[0]), paper=PaperReceipt.parse("2-000001:0A1B2C3D"))
        for number in (DeskNo(1), DeskNo(2)):
            office.does(TakeGrant(signed(office, a_grant(desk=number, energy=Energy(900_000)))))
        counter.operator = SUPERVISOR
        counter.do(paper)
        there = office.ledger.allowance(DeskNo(2))
        assert there is not None
        assert there.left == Energy(900_000) - paper.energy
        assert office.left == Energy(900_000) - paper.energy, (
            "a paper that was typed proves nothing: it counts here too"
        )


def test_a_paper_that_a_limited_desk_types_is_refused_where_its_grant_does_not_hold_it(
    lost: tuple[DeskOf, list[SaleDone]],
) -> None:
    """Else whoever makes up a paper, his own or of another desk, has its energy put on the card by the next order."""
    desk, later = lost
    DeskLedger.enter_desk(desk.world.store, DeskNo(2))
    with desk.world.open(desk.readers) as counter:
        fresh = at(desk, counter)
        office = Office(fresh)
        office.does(TakeGrant(signed(office, a_grant(energy=Energy(1000)))))
        counter.operator = SUPERVISOR
        for receipt in (later[0].sale.receipt, "2-000001"):
            paper = replace(paper_of(desk, later[0]), paper=PaperReceipt.parse(f"{receipt}:0A1B2C3D"))
            assert fresh.refusal(paper) is Code.ALLOWANCE_SPENT
        assert office.left == Energy(1000)
        counter.operator = SUPERVISOR
        assert isinstance(counter.do(ReenterCard(desk.world.new_id(), amount=Money(5000))), Reentered)
        assert office.left is not None
        assert office.left < Energy(0), "what a card proves is entered, and counts"
        assert counter.outside.ledger.verify().is_ok


def test_what_a_card_proves_counts_at_the_desk_whose_order_it_is_alone(lost: tuple[DeskOf, list[SaleDone]]) -> None:
    desk, _ = lost
    DeskLedger.enter_desk(desk.world.store, DeskNo(2))
    with closing(DeskLedger.open(desk.world.store, desk=DeskNo(2))) as ledger:
        counter = Counter(replace(desk.world._outside(desk.readers, ledger), desk=DeskNo(2)))
        office = Office(at(desk, counter))
        for number in (DeskNo(1), DeskNo(2)):
            office.does(TakeGrant(signed(office, a_grant(desk=number, energy=Energy(900_000)))))
        counter.operator = SUPERVISOR
        done = counter.do(ReenterCard(desk.world.new_id(), amount=Money(5000)))
        assert isinstance(done, Reentered)
        first, second = ledger.allowance(DeskNo(1)), ledger.allowance(DeskNo(2))
        assert first is not None
        assert second is not None
        assert (first.used, second.used) == (done.energy, Energy(0))


def test_a_lost_reversal_that_is_entered_again_gives_nothing_back(tmp_path: Path) -> None:
    with a_desk(tmp_path) as desk:
        office = Office(desk)
        office.grants(900)
        sold = desk.sell("20.00").sale
        used = office.ledger.allowance(DeskNo(1))
        assert used is not None
        copy = tmp_path / "copy"
        with closing(DeskLedger.open(SqliteFile(desk.world.ledger_file), desk=DeskNo(1))) as books:
            books._books.value("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copy(desk.world.ledger_file, copy)
        desk.counter.operator = SUPERVISOR
        desk.counter.do(reverse(desk, sold.id))
    shutil.copy(copy, desk.world.ledger_file)
    with desk.world.open(desk.readers) as counter:
        at(desk, counter)
        counter.operator = SUPERVISOR
        done = counter.do(ReenterCard(desk.world.new_id(), amount=Money(-2000)))
        assert isinstance(done, Reentered)
        assert done.energy < Energy(0)
        assert counter.outside.ledger.allowance(DeskNo(1)) == used


def test_a_receipt_that_was_typed_proves_no_keys_of_its_meter(lost: tuple[DeskOf, list[SaleDone]]) -> None:
    """Nobody told under which its order was made: the books took the oldest in use, and the meter has older ones."""
    desk, later = lost
    vault = desk.world.vault
    vault.take_over(SealedVault({2: bytearray([2] * 16)}))
    with desk.world.open(desk.readers) as counter:
        fresh = at(desk, counter)
        counter.operator = SUPERVISOR
        vault.retire([1])
        for one in later:
            counter.do(paper_of(desk, one))
        counter.do(FinishRestoring((PaperReceipt.parse(later[-1].sale.receipt or ""),)))
        vault._retired = frozenset()
        desk.world.meter.insert(EmulatedMeterSlot(desk.card, vault=vault))
        assert fresh.read().verdict is Verdict.READY
        last = counter.outside.ledger.last_write_back(SUPPLY)
        assert last is not None
        assert last.sequence == later[-1].sale.intent.order.sequence
        assert counter.outside.ledger.key_versions_proved(last.meter) == {1}
