"""Restored books: nothing is sold from them until papers and cards have told what they do not know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.ledger.at_work import STAFF, AtWork, an_approval
from tests.ledger.builders import DESK, SUPPLY, Counter, a_reentry
from vending_app.domain.closing import ClosingKind
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import CardNo, MeterNo
from vending_app.domain.keeping import ChainHead
from vending_app.domain.money import Money
from vending_app.domain.payment import PaymentKind
from vending_app.domain.people import CardState, Meter, Role
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.quote import QuoteLine
from vending_app.domain.records import FinalReading, ReadingHow
from vending_app.domain.restoring import Found, PaperReceipt, Reentry
from vending_app.domain.returned import NOTHING
from vending_app.domain.tariff import LineKind


def restore(counter: Counter) -> None:
    counter.ledger.note_restored(backup="3F9A0C22", made_at=counter.now, at=counter.tick(), is_older=False)


def paper_of(ledger: AtWork, receipt: str) -> PaperReceipt:
    """The paper as the printer made it."""
    sale = ledger.sale_of_receipt(receipt)
    assert sale is not None
    return PaperReceipt.parse(f"{receipt}:{sale.fingerprint}")


def test_nothing_is_reserved_until_the_restoration_is_ended(counter: Counter) -> None:
    counter.sell("10.00")
    restore(counter)
    with pytest.raises(OperatorError) as caught:
        counter.sell("10.00")
    assert caught.value.code is Code.BOOKS_RESTORED
    counter.ledger.end_restoration([paper_of(counter.ledger, "2-000001")], at=counter.tick())
    assert counter.sell("10.00").receipt == "2-000002"
    assert counter.ledger.verify().is_ok


def pays(kind: PaymentKind, amount: str) -> Callable[[Counter], object]:
    return lambda counter: counter.ledger.pay(counter.payment(kind, amount), request=f"{kind} {amount}")


def closes(counter: Counter) -> None:
    petra = STAFF[Role.TECHNICIAN].name
    approval = replace(an_approval(Act.CLOSE_SUPPLY, at=counter.now), operator=petra)
    with counter.ledger.acting_as(Authority(petra, Act.CLOSE_SUPPLY, approval)):
        counter.ledger.settle(SUPPLY, NOTHING_LEFT, price=lambda _: NOTHING, reason="moved", at=counter.tick())


def changes_meter(counter: Counter) -> None:
    with counter.ledger.acting_as(Authority(STAFF[Role.TECHNICIAN].name, Act.METER_CHANGE)):
        counter.ledger.change_meter(
            SUPPLY, NEW_METER, NOTHING_LEFT, price=lambda _: NOTHING, reason="dark", at=counter.tick()
        )


NOTHING_LEFT = FinalReading(ReadingHow.HAND, Energy(0), Energy(0))
NEW_METER = MeterNo("000087654321")


@pytest.mark.parametrize(
    "act",
    [pays(PaymentKind.REFUND, "30.00"), pays(PaymentKind.ARREARS, "5.00"), closes, changes_meter],
    ids=["refund", "arrears", "closing", "meter change"],
)
def test_nothing_that_was_settled_after_the_copy_is_settled_again(
    counter: Counter, act: Callable[[Counter], object]
) -> None:
    """The copy does not know that it was paid: the same money would go out, or be asked for, a second time."""
    with counter.ledger.acting_as(Authority(STAFF[Role.TECHNICIAN].name, Act.RECORDS)):
        counter.ledger.enter_meter(Meter(NEW_METER, "DDSY", 1_600), reason="delivered", at=counter.tick())
    counter.reverse(counter.sell("30.00"))
    restore(counter)
    with pytest.raises(OperatorError) as caught:
        act(counter)
    assert caught.value.code is Code.BOOKS_RESTORED
    counter.ledger.end_restoration([paper_of(counter.ledger, "2-000002")], at=counter.tick())
    act(counter)
    assert counter.ledger.verify().is_ok


def test_a_payment_that_the_copy_knows_is_told_again(counter: Counter) -> None:
    payment = counter.payment(PaymentKind.ARREARS, "30.00")
    first = counter.ledger.pay(payment, request="arrears")
    restore(counter)
    assert counter.ledger.pay(payment, request="arrears") == first


def test_no_payment_number_of_after_the_copy_is_given_again(counter: Counter) -> None:
    def paid() -> str | None:
        return counter.ledger.pay(counter.payment(PaymentKind.ARREARS, "1.00"), request="arrears").number

    assert (paid(), paid()) == ("2-P000001", "2-P000002")
    for _ in "AB":
        restore(counter)
    counter.ledger.end_restoration([PaperReceipt.parse("2-0")], at=counter.tick())
    assert (paid(), paid()) == ("2-P002003", "2-P002004")
    restore(counter)
    counter.ledger.end_restoration([PaperReceipt.parse("2-0")], at=counter.tick())
    assert (paid(), paid()) == ("2-P003005", "2-P003006")
    assert counter.ledger.verify().problems == ()


def test_two_restorations_are_ended_together(counter: Counter) -> None:
    restore(counter)
    restore(counter)
    counter.ledger.end_restoration([PaperReceipt.parse("2-0")], at=counter.tick())
    assert counter.ledger.restoration() is None
    assert counter.sell("10.00").receipt == "2-000001"


def test_the_mark_of_a_receipt_is_the_beginning_of_its_rows_hash(counter: Counter) -> None:
    sale = counter.sell("10.00")
    row = counter.ledger._books.one("SELECT hash FROM journal WHERE kind = 'post' ORDER BY id DESC")
    assert row is not None
    assert sale.fingerprint == row["hash"].hex()[:8].upper()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2-000001", Found.KNOWN),
        ("2-000001:00000000", Found.OTHER),
        ("2-000002:00000000", Found.LATER),
        ("9-000001", Found.LATER),
    ],
)
def test_a_receipt_is_known_or_later_or_another_one(counter: Counter, text: str, found: Found) -> None:
    counter.sell("10.00")
    assert counter.ledger.check_receipt(PaperReceipt.parse(text)).found is found
    assert counter.ledger.check_receipt(paper_of(counter.ledger, "2-000001")).found is Found.KNOWN


@pytest.mark.parametrize("text", ["", "2", "2-", "2-4518:XYZ", "2-4518:3F9A0C2", "-1-2", "2-4518:3F9A 0C22 1", "٢-٣"])
def test_what_is_no_receipt_is_refused(text: str) -> None:
    with pytest.raises(OperatorError) as caught:
        PaperReceipt.parse(text)
    assert caught.value.code is Code.RECEIPT_NOT_READ


def test_a_later_sale_on_paper_is_entered_with_its_number_and_the_desk_goes_on_after_it(counter: Counter) -> None:
    counter.sell("50.00")
    before = counter.file()
    restore(counter)
    entry = a_reentry(counter, "20.00", receipt="2-000002:0A1B2C3D")
    counter.ledger.reenter(entry, at=counter.tick())
    after = counter.file()
    assert entry.intent.quote is not None
    assert after.energy_total == before.energy_total + entry.intent.quote.energy
    assert after.sequence == after.order_sequence == before.sequence + 1
    assert counter.ledger.check_receipt(PaperReceipt.parse("2-2:0a1b 2c3d")).found is Found.KNOWN
    counter.ledger.end_restoration([PaperReceipt.parse("2-000002:0A1B2C3D")], at=counter.tick())
    assert counter.sell("10.00").receipt == "2-000003"
    proof = counter.ledger.verify()
    assert proof.is_ok
    assert proof.money_minor["reentered"] == 2000


def test_what_a_paper_shows_for_arrears_reduces_them(counter: Counter) -> None:
    restore(counter)
    entry = a_reentry(counter, "20.00", receipt="2-000001")
    lines = (QuoteLine(LineKind.ARREARS, "Arrears", Money(400)), QuoteLine(LineKind.STEP, "Entered again", Money(1600)))
    assert entry.intent.quote is not None
    told = replace(entry, intent=replace(entry.intent, quote=replace(entry.intent.quote, lines=lines)))
    before = counter.file().arrears
    counter.ledger.reenter(told, at=counter.tick())
    assert counter.file().arrears == before - Money(400)
    assert counter.ledger.verify().is_ok


def test_a_card_three_orders_ahead_stands_for_all_of_them(counter: Counter) -> None:
    counter.sell("50.00")
    restore(counter)
    counter.ledger.reenter(a_reentry(counter, "90.00", skips=2), at=counter.tick())
    assert counter.file().sequence == 5
    assert counter.ledger.verify().is_ok
    counter.ledger.end_restoration([PaperReceipt.parse("2-000004")], at=counter.tick())
    assert counter.sell("10.00").receipt == "2-000005"
    assert counter.file().sequence == 6
    assert counter.ledger.verify().is_ok


def test_a_card_issued_after_the_copy_becomes_the_current_one_and_its_number_is_never_given_again(
    counter: Counter,
) -> None:
    counter.sell("50.00")
    restore(counter)
    later = "000770000002"
    counter.ledger.reenter(a_reentry(counter, "30.00", card=later), at=counter.tick())
    record = counter.ledger.card(CardNo(later))
    assert record is not None
    assert record.state is CardState.ACTIVE
    assert counter.file().card == later
    assert counter.ledger.new_card_number() > CardNo("000770001000")
    assert counter.ledger.find_supplies(later)[0].number == SUPPLY
    assert counter.ledger.verify().is_ok


def test_numbers_that_nobody_brought_are_given_up_and_never_given_again(counter: Counter) -> None:
    counter.sell("50.00")
    restore(counter)
    counter.ledger.reenter(a_reentry(counter, "20.00", receipt="2-000004:0A1B2C3D"), at=counter.tick())
    lost = counter.ledger.end_restoration([PaperReceipt.parse("2-000007")], at=counter.tick())
    assert [paper.receipt for paper in lost] == ["2-000002", "2-000003", "2-000005", "2-000007"]
    assert counter.ledger.check_receipt(PaperReceipt.parse("2-000003")).found is Found.MISSING
    assert counter.sell("10.00").receipt == "2-000008"
    assert counter.ledger.verify().is_ok


def test_every_desk_must_tell_its_last_paper(counter: Counter) -> None:
    counter.ledger.add_desk(DESK + 1, name="Desk 3")  # type: ignore[arg-type]
    counter.sell("10.00")
    restore(counter)
    with pytest.raises(OperatorError) as caught:
        counter.ledger.end_restoration([paper_of(counter.ledger, "2-000001")], at=counter.tick())
    assert caught.value.facts == {"desk": 3}
    counter.ledger.end_restoration([paper_of(counter.ledger, "2-000001"), PaperReceipt.parse("3-0")], at=counter.tick())
    assert counter.ledger.restoration() is None


def test_a_last_paper_with_another_mark_ends_nothing(counter: Counter) -> None:
    counter.sell("10.00")
    restore(counter)
    with pytest.raises(OperatorError) as caught:
        counter.ledger.end_restoration([PaperReceipt.parse("2-000001:FFFFFFFF")], at=counter.tick())
    assert caught.value.code is Code.RECEIPT_OTHER
    assert counter.ledger.restoration() is not None


def changed(entry: Reentry, **order: object) -> Reentry:
    return replace(entry, intent=replace(entry.intent, order=replace(entry.intent.order, **order)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda e: changed(e, sequence=2), Code.REENTRY_KNOWN),
        (lambda e: changed(e, meter="000000000001"), Code.REENTRY_DIFFERS),
        (lambda e: changed(e, energy_total=Energy(10)), Code.REENTRY_DIFFERS),
        (lambda e: changed(e, supply="99999999"), Code.SUPPLY_UNKNOWN),
        (lambda e: replace(e, paper=PaperReceipt.parse("2-000001:FFFFFFFF")), Code.RECEIPT_OTHER),
    ],
)
def test_what_does_not_fit_the_books_is_not_entered(counter: Counter, spoil: object, code: Code) -> None:
    counter.sell("10.00")
    restore(counter)
    entry = spoil(a_reentry(counter, "20.00", receipt="2-000002"))  # type: ignore[operator]
    with pytest.raises(OperatorError) as caught:
        counter.ledger.reenter(entry, at=counter.tick())
    assert caught.value.code is code
    assert counter.ledger.verify().is_ok


def test_books_that_go_on_know_the_heads_of_their_past_and_no_others(counter: Counter) -> None:
    row = counter.ledger._books.one("SELECT number, hash FROM journal WHERE desk = ? ORDER BY number DESC", (DESK,))
    assert row is not None
    head = ChainHead(DESK, row["number"], row["hash"])
    counter.sell("10.00")
    assert counter.ledger.knows([head])
    assert not counter.ledger.knows([head, replace(head, number=head.number + 1)])
    assert not counter.ledger.knows([replace(head, hash=bytes(32))])


def test_a_sale_that_was_entered_again_stands_in_the_closings_and_can_be_reversed(counter: Counter) -> None:
    restore(counter)
    sale = counter.ledger.reenter(a_reentry(counter, "20.00", receipt="2-000001"), at=counter.tick())
    counter.ledger.end_restoration([PaperReceipt.parse("2-000001")], at=counter.tick())
    stored = counter.ledger.sale(sale.id)
    assert stored is not None
    assert stored.receipt == "2-000001"
    counter.reverse(stored)
    assert counter.file().energy_total == Energy(0)
    counter.close_shift("100.00")
    counter.ledger.close_period(ClosingKind.DAY, "2025-11-14", at=counter.tick())
    proof = counter.ledger.verify()
    assert proof.problems == ()
    assert proof.money_minor[f"refund-due:{SUPPLY}"] == -2000
