"""The counter sale and every reason to refuse it; after each refusal the books and the card are as they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.services.desk_of import DeskOf, a_desk
from vending_app.bench.world import MASTER_KEY, MOMENT, PARAMETERS, SUPPLY, TARIFF, World
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.cardio.emulated.store import FileStore
from vending_app.cardio.totals1 import Totals1
from vending_app.cardio.vault import SealedVault
from vending_app.domain.card import CardHeader, CardKind
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError, OutcomeUnknown, VendingError
from vending_app.domain.ids import CardNo, MeterNo, OperatorName, SupplyNo
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import Customer, Meter, Operator, Role
from vending_app.domain.sale import SaleState, Tender, TenderKind
from vending_app.domain.verdict import Verdict
from vending_app.services.counter import Counter
from vending_app.services.use_cases import SaleDone, Sell

HEADER_AT, SLOT_A, SLOT_B = 0x20, 0x30, 0x70


def test_a_sale_is_on_the_card_in_the_books_and_in_the_drawer(desk: DeskOf) -> None:
    done = desk.sell("50.00", tender=Tender(TenderKind.CASH, Money(10_000)))
    order = desk.read().image.order
    assert done.sale.state is SaleState.POSTED
    assert done.sale.receipt == "1-000001"
    assert done.sale.change == Money(5000)
    assert order is not None
    assert order.energy_total == done.supply.energy_total
    assert order.sequence == 2
    balances = desk.counter.outside.ledger.verify().money_minor
    assert balances["till:1"] == 10_000 + 5_000


def test_energy_can_be_bought_instead_of_money(desk: DeskOf) -> None:
    done = desk.counter.do(Sell(desk.world.new_id(), energy=Energy.parse("120")))
    assert isinstance(done, SaleDone)
    quote = done.sale.intent.quote
    assert quote is not None
    assert quote.energy == Energy(120_000)
    assert sum((line.amount for line in quote.lines), ZERO) == done.sale.amount


def test_the_same_id_gives_the_first_result_and_writes_nothing(desk: DeskOf) -> None:
    sale_id = desk.world.new_id()
    first = desk.sell("20.00", id=sale_id)
    before = desk.card.image
    again = desk.sell("20.00", id=sale_id)
    assert again.was_repeated
    assert again.sale == first.sale
    assert desk.card.image == before


def test_the_same_id_with_other_content_is_refused(desk: DeskOf) -> None:
    sale_id = desk.world.new_id()
    desk.sell("20.00", id=sale_id)
    assert desk.refusal(Sell(sale_id, amount=Money(3000))) is Code.SALE_ID_REUSED


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("0", Code.AMOUNT_NOT_POSITIVE),
        ("-5.00", Code.AMOUNT_NOT_POSITIVE),
        ("0.99", Code.AMOUNT_BELOW_MINIMUM),
        ("1.50", Code.AMOUNT_BELOW_CHARGES),
        ("2000.01", Code.AMOUNT_OVER_MAXIMUM),
        ("1500.00", Code.AMOUNT_OVER_HOARDING),
    ],
)
def test_an_amount_that_cannot_be_sold_is_refused(desk: DeskOf, amount: str, code: Code) -> None:
    before = desk.card.image
    assert desk.refusal(Sell(desk.world.new_id(), amount=Money.parse(amount))) is code
    assert desk.card.image == before
    assert desk.nothing_happened()


@pytest.mark.parametrize(
    ("text", "code"),
    [("1.234", Code.AMOUNT_TOO_PRECISE), ("ten", Code.AMOUNT_NOT_A_NUMBER), ("1.2.3", Code.AMOUNT_NOT_A_NUMBER)],
)
def test_what_is_no_amount_is_refused_where_it_is_typed(text: str, code: Code) -> None:
    with pytest.raises(OperatorError) as refused:
        Money.parse(text)
    assert refused.value.code is code


def test_too_little_cash_is_refused(desk: DeskOf) -> None:
    tender = Tender(TenderKind.CASH, Money(4999))
    assert desk.refusal(Sell(desk.world.new_id(), amount=Money(5000), tender=tender)) is Code.TENDER_SHORT
    assert desk.nothing_happened()


def test_a_bank_card_pays_exactly(desk: DeskOf) -> None:
    tender = Tender(TenderKind.BANK_CARD, Money(6000))
    assert desk.refusal(Sell(desk.world.new_id(), amount=Money(5000), tender=tender)) is Code.TENDER_NOT_EXACT
    assert desk.nothing_happened()


def test_a_number_read_into_the_cash_field_is_no_cash(desk: DeskOf) -> None:
    tender = Tender(TenderKind.CASH, Money(4_117_000_000_100))
    assert desk.refusal(Sell(desk.world.new_id(), amount=Money(5000), tender=tender)) is Code.TENDER_TOO_MUCH
    assert desk.nothing_happened()


def test_nothing_is_sold_without_an_open_shift(tmp_path: Path) -> None:
    with a_desk(tmp_path, shift=False) as desk:
        assert desk.refusal(Sell(desk.world.new_id(), amount=Money(5000))) is Code.SHIFT_CLOSED


def test_nothing_is_sold_by_somebody_who_may_not(desk: DeskOf) -> None:
    desk.counter.operator = Operator(OperatorName("technician"), "T", Role.TECHNICIAN)
    assert desk.refusal(Sell(desk.world.new_id(), amount=Money(5000))) is Code.PERMISSION_DENIED
    assert desk.nothing_happened()


def test_no_card_no_sale(desk: DeskOf) -> None:
    desk.readers.pull()
    assert desk.refusal(Sell(desk.world.new_id(), amount=Money(5000))) is Code.CARD_ABSENT
    assert desk.nothing_happened()


def test_a_blank_card_is_not_sold_to(tmp_path: Path) -> None:
    with a_desk(tmp_path, issued=False) as desk:
        assert desk.read().verdict is Verdict.BLANK
        assert desk.refusal(Sell(desk.world.new_id(), amount=Money(5000))) is Code.CARD_BLANK
        assert desk.nothing_happened()


def _overwrite(world: World, at: int, data: bytes) -> None:
    """Change the card behind the program's back."""
    store = FileStore(world.card_file)
    for offset, value in enumerate(data):
        store.put(at + offset, value)


def _expect(desk: DeskOf, verdict: Verdict, code: Code) -> None:
    before = desk.card.image
    assert desk.read().verdict is verdict
    assert desk.refusal(Sell(desk.world.new_id(), amount=Money(5000))) is code
    assert desk.card.image == before
    assert desk.nothing_happened()


def test_a_foreign_card_is_not_touched(desk: DeskOf) -> None:
    _overwrite(desk.world, HEADER_AT, b"LAUNDRY-CARD 001")
    _expect(desk, Verdict.NOT_OURS, Code.CARD_FOREIGN)


def test_a_card_of_ours_that_is_not_in_these_books_is_refused(desk: DeskOf) -> None:
    header = CardHeader(CardKind.USER, 7, CardNo("000000009999"), 1)
    _overwrite(desk.world, HEADER_AT, desk.world.codec.encode_header(header))
    _expect(desk, Verdict.UNKNOWN_CARD, Code.CARD_UNKNOWN)


def test_a_check_card_is_not_sold_to(desk: DeskOf) -> None:
    header = CardHeader(CardKind.CHECK, 7, CardNo("000000009999"), 1)
    _overwrite(desk.world, HEADER_AT, desk.world.codec.encode_header(header))
    _expect(desk, Verdict.NOT_A_CUSTOMER_CARD, Code.CARD_IS_TOOL)


def test_an_order_with_a_wrong_mac_is_refused(desk: DeskOf) -> None:
    _overwrite(desk.world, SLOT_A + 60, bytes(3))
    _expect(desk, Verdict.MAC_WRONG, Code.CARD_MAC_WRONG)


def test_an_order_made_under_another_master_key_is_refused(desk: DeskOf) -> None:
    order = desk.read().image.order
    assert order is not None
    stranger = SealedVault({1: bytearray(reversed(MASTER_KEY))})
    card = desk.read().card
    assert card is not None
    _overwrite(desk.world, SLOT_A, Totals1(stranger, utility=7).encode_order(order, card=card))
    _expect(desk, Verdict.MAC_WRONG, Code.CARD_MAC_WRONG)


def test_a_card_ahead_of_the_ledger_is_refused(desk: DeskOf) -> None:
    reading = desk.read()
    order, card = reading.image.order, reading.card
    assert order is not None
    assert card is not None
    ahead = type(order)(**{**{f: getattr(order, f) for f in order.__slots__}, "sequence": order.sequence + 5})
    _overwrite(desk.world, SLOT_B, desk.world.codec.encode_order(ahead, card=card))
    _expect(desk, Verdict.CARD_AHEAD, Code.CARD_AHEAD)


def test_a_card_whose_orders_are_both_torn_gets_its_credit_back_with_the_next_sale(desk: DeskOf) -> None:
    first = desk.sell("50.00")
    _overwrite(desk.world, SLOT_A, b"\xff")
    _overwrite(desk.world, SLOT_B, b"\xff")
    assert desk.read().verdict is Verdict.ORDER_LOST
    second = desk.sell("20.00")
    insertion = desk.world.load_meter()
    quotes = [done.sale.intent.quote for done in (first, second)]
    assert insertion.credited.wh == sum(quote.energy.wh for quote in quotes if quote)


def test_an_old_image_put_back_on_the_card_gains_and_loses_nothing(desk: DeskOf) -> None:
    old = desk.card.image
    first = desk.sell("50.00")
    _overwrite(desk.world, SLOT_A, old[SLOT_A:0xB0])
    assert desk.read().verdict is Verdict.ORDER_BEHIND
    second = desk.sell("20.00")
    assert desk.world.load_meter().credited == second.supply.energy_total
    assert second.supply.energy_total > first.supply.energy_total


def test_the_card_of_another_supply_is_refused_while_one_is_open(desk: DeskOf) -> None:
    other = SupplyNo("00417799")
    desk.counter.outside.ledger.add_supply(
        other,
        customer=Customer("000002", "Lin Wei", "5 Lantern Court"),
        meter=Meter(MeterNo("000099999999"), "RM-1", 1600),
        tariff=TARIFF.code,
        parameters=PARAMETERS,
        opened_on=TARIFF.valid_from,
        arrears=ZERO,
        arrears_share_percent=0,
    )
    assert desk.refusal(Sell(desk.world.new_id(), other, amount=Money(5000))) is Code.CARD_WRONG_SUPPLY
    assert desk.nothing_happened()


def test_a_clock_set_back_sells_nothing_at_the_prices_of_then(desk: DeskOf) -> None:
    back = Counter(
        replace(desk.counter.outside, clock=lambda: MOMENT - timedelta(days=200)), operator=desk.counter.operator
    )
    with pytest.raises(EnvironmentFault) as refused:
        back.do(Sell(desk.world.new_id(), amount=Money(5000)))
    assert refused.value.code is Code.CLOCK_WRONG
    assert desk.nothing_happened()


def test_a_card_with_all_tries_used_is_locked_and_nothing_is_reserved(desk: DeskOf) -> None:
    for wrong in (b"\x01\x02\x03",) * 3:
        desk.card.chip.present(wrong)
    assert desk.read().verdict is Verdict.LOCKED
    assert desk.refusal(Sell(desk.world.new_id(), amount=Money(5000))) is Code.CARD_LOCKED
    assert desk.nothing_happened()


def test_a_card_with_one_try_left_is_never_tried(desk: DeskOf) -> None:
    for wrong in (b"\x01\x02\x03",) * 2:
        desk.card.chip.present(wrong)
    assert desk.refusal(Sell(desk.world.new_id(), amount=Money(5000))) is Code.CARD_LAST_TRY
    assert desk.card.chip.error_counter.bit_count() == 1
    assert desk.nothing_happened()


def test_a_wrong_code_costs_one_try_and_no_money(desk: DeskOf) -> None:
    desk.card.chip.present(desk.world.vault.psc(card=desk.read().card or CardNo(""), key_version=1))
    desk.card.chip.update_psc(b"\x0a\x0b\x0c")
    desk.card.power_off()
    assert desk.refusal(Sell(desk.world.new_id(), amount=Money(5000))) is Code.PSC_WRONG
    assert desk.card.chip.error_counter.bit_count() == 2
    assert desk.nothing_happened()


def test_a_card_pulled_before_anything_was_written_is_simply_refused(desk: DeskOf) -> None:
    desk.card.arm(Fault(FaultKind.PULL_BEFORE, 2))
    with pytest.raises(VendingError) as refused:
        desk.sell("50.00")
    assert refused.value.code is Code.CARD_REMOVED
    assert desk.nothing_happened()


def test_a_card_pulled_while_it_is_written_leaves_the_sale_in_doubt_and_returning_finishes_it(desk: DeskOf) -> None:
    desk.card.arm(Fault(FaultKind.TEAR, 5))
    with pytest.raises(OutcomeUnknown) as unknown:
        desk.sell("50.00")
    assert unknown.value.code is Code.SALE_IN_DOUBT
    desk.reinsert()
    assert desk.read().verdict is Verdict.FINISH_SALE
    assert desk.refusal(Sell(desk.world.new_id(), amount=Money(1000))) is Code.SALE_INTERRUPTED
    assert desk.counter.outside.ledger.open_sale(supply=SUPPLY) is not None


def test_an_unreadable_card_is_not_sold_to(desk: DeskOf) -> None:
    mute = EmulatedCard(FileStore(desk.world.card_file))
    mute.exchange = lambda apdu: bytes.fromhex("6F00")  # type: ignore[method-assign]
    desk.readers.insert(mute)
    assert desk.read().verdict is Verdict.UNREADABLE
    assert desk.refusal(Sell(desk.world.new_id(), amount=Money(5000))) is Code.CARD_UNREADABLE
    assert desk.nothing_happened()
