"""Reserved once, resolved once, and the money and energy of each step where they belong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.ledger.at_work import ANA, AtWork
from tests.ledger.builders import DESK, METER, NOON, SUPPLY, Counter, add_supply
from vending_app.domain.card import CardWrite
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import CardNo, SaleId, SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.people import CardState
from vending_app.domain.sale import Sale, SaleIntent, SaleState, TenderKind
from vending_app.ledger.books import Store


def refused(ledger: AtWork, intent: SaleIntent) -> OperatorError:
    before = ledger.verify()
    with pytest.raises(OperatorError) as caught:
        ledger.reserve(intent)
    assert ledger.verify() == before, "a refusal leaves no trace"
    return caught.value


def test_a_reserved_intent_comes_back_equal_from_books_opened_anew(counter: Counter, store: Store) -> None:
    ledger = counter.ledger
    intent = counter.intent("50.00")
    ledger.reserve(intent)
    other = AtWork.open(store, desk=DESK)
    found = other.sale(intent.id)
    other.close()
    assert found is not None
    assert found.intent == intent
    assert (found.state, found.receipt, found.resolved_at) == (SaleState.PENDING, None, None)
    assert (found.customer_name, found.operator_name) == ("Amara Okafor", "Ana Moreau")


def test_money_waits_in_suspense_until_the_card_is_written(counter: Counter) -> None:
    counter.ledger.reserve(counter.intent("50.00"))
    proof = counter.ledger.verify()
    assert proof.is_ok
    assert proof.money_minor["till:2"] == 100_00 + 50_00
    assert proof.money_minor[f"suspense:{SUPPLY}"] == -50_00
    assert proof.energy_wh == {}


def test_posting_gives_every_line_to_its_owner_and_the_energy_to_the_card(counter: Counter) -> None:
    posted = counter.sell("50.00")
    proof = counter.ledger.verify()
    assert proof.is_ok
    # 1.80 fixed, 10.00 arrears; of 38.20 less 1.80: (x + 1.80) × 1.08 = 40.00 → 37.04 taxed, 2.96 VAT
    assert proof.money_minor == {
        "till:2": 150_00,
        "safe": -100_00,
        f"suspense:{SUPPLY}": 0,
        "income:fixed": -1_80,
        "income:energy": -35_24,
        "tax:VAT": -2_96,
        f"arrears:{SUPPLY}": 64_30 - 10_00,
        "opening": -64_30,
    }
    sold = posted.intent.order.last_purchase.wh
    assert proof.energy_wh == {"office": -sold, f"card:{SUPPLY}": sold}


def test_the_supply_knows_what_was_posted(counter: Counter) -> None:
    first = counter.sell("50.00")
    second = counter.sell("10.00")
    supply = counter.file()
    bought = first.intent.order.last_purchase + second.intent.order.last_purchase
    assert supply.energy_total == supply.bought_this_month == bought
    assert (supply.sequence, supply.order_sequence, supply.purchases) == (3, 3, 2)
    assert supply.arrears == Money.parse("52.30")
    assert supply.charged_until == NOON.date().replace(day=1)
    next_month = counter.ledger.supply(SUPPLY, today=NOON.date() + timedelta(days=30))
    assert next_month.bought_this_month == Energy(0)


def test_bank_cards_and_mobile_money_do_not_lie_in_the_till(counter: Counter) -> None:
    counter.sell("20.00", tender=TenderKind.BANK_CARD)
    counter.sell("30.00", tender=TenderKind.MOBILE)
    money = counter.ledger.verify().money_minor
    assert (money["clearing:card"], money["clearing:mobile"], money["till:2"]) == (20_00, 30_00, 100_00)


def test_voiding_gives_the_money_back_and_burns_the_sequence(counter: Counter) -> None:
    ledger = counter.ledger
    intent = counter.intent("50.00")
    ledger.reserve(intent)
    voided = ledger.void(intent.id, reason="not on the card", at=counter.tick())
    assert voided.state is SaleState.VOIDED
    assert ledger.verify().money_minor["till:2"] == 100_00
    supply = counter.file()
    assert (supply.sequence, supply.order_sequence, supply.energy_total) == (2, 1, Energy(0))
    assert counter.sell("10.00").intent.order.sequence == 3
    assert ledger.verify().is_ok


def test_repeating_any_step_changes_nothing(counter: Counter) -> None:
    ledger = counter.ledger
    intent = counter.intent("50.00")
    assert ledger.reserve(intent) == ledger.reserve(intent)
    ledger.mark_in_doubt(intent.id, reason="card gone", at=counter.tick())
    assert ledger.mark_in_doubt(intent.id, reason="again", at=counter.tick()).state is SaleState.IN_DOUBT
    assert ledger.reserve(intent).state is SaleState.IN_DOUBT
    posted = ledger.post(intent.id, at=counter.tick())
    before = ledger.verify()
    assert ledger.post(intent.id, at=counter.tick()) == posted == ledger.reserve(intent) == ledger.sale(intent.id)
    assert ledger.verify() == before


def test_a_void_is_repeatable_too(counter: Counter) -> None:
    intent = counter.intent()
    counter.ledger.reserve(intent)
    voided = counter.ledger.void(intent.id, reason="", at=counter.tick())
    assert counter.ledger.void(intent.id, reason="", at=counter.tick()) == voided


def test_what_is_resolved_stays_resolved(counter: Counter) -> None:
    ledger = counter.ledger
    posted = counter.sell()
    voided = counter.intent()
    ledger.reserve(voided)
    ledger.void(voided.id, reason="", at=counter.tick())
    acts: tuple[Callable[[], Sale], ...] = (
        lambda: ledger.void(posted.id, reason="", at=counter.tick()),
        lambda: ledger.mark_in_doubt(posted.id, reason="", at=counter.tick()),
        lambda: ledger.post(voided.id, at=counter.tick()),
        lambda: ledger.mark_in_doubt(voided.id, reason="", at=counter.tick()),
    )
    for act in acts:
        with pytest.raises(OperatorError) as caught:
            act()
        assert caught.value.code is Code.SALE_ALREADY_RESOLVED


def test_a_sale_that_nobody_reserved_cannot_be_posted(counter: Counter) -> None:
    with pytest.raises(OperatorError) as caught:
        counter.ledger.post(SaleId("01HF7YAT020000000000000009"), at=counter.tick())
    assert caught.value.code is Code.SALE_UNKNOWN


def test_the_same_id_for_another_request_is_refused(counter: Counter) -> None:
    intent = counter.intent("50.00")
    counter.ledger.reserve(intent)
    other = replace(counter.intent("20.00"), id=intent.id)
    assert refused(counter.ledger, other).code is Code.SALE_ID_REUSED


def test_one_supply_and_one_card_have_one_open_sale(counter: Counter) -> None:
    ledger = counter.ledger
    add_supply(ledger, "00000018", "000012345679")
    intent = counter.intent("50.00")
    ledger.reserve(intent)
    same_supply = replace(counter.intent("10.00"), write=CardWrite(CardNo("000770000099"), bytes(64)))
    error = refused(ledger, same_supply)
    assert (error.code, error.facts["sale"]) == (Code.SALE_INTERRUPTED, intent.id)
    elsewhere = Counter(ledger, shift=counter.shift, supply=SupplyNo("00000018"), count=50)
    same_card = replace(elsewhere.intent("10.00"), write=intent.write)
    assert refused(ledger, same_card).code is Code.SALE_INTERRUPTED
    assert ledger.open_sale(card=intent.write.card) == ledger.open_sale(supply=SUPPLY) == ledger.sale(intent.id)
    assert [sale.id for sale in ledger.open_sales()] == [intent.id]


@pytest.mark.parametrize(("off_by", "code"), [(-1, Code.LEDGER_BUSY), (1, Code.CARD_AHEAD)])
def test_only_the_next_sequence_is_reserved(counter: Counter, off_by: int, code: Code) -> None:
    intent = counter.intent("50.00")
    order = replace(intent.order, sequence=intent.order.sequence + off_by)
    assert refused(counter.ledger, replace(intent, order=order)).code is code


def test_an_order_made_up_before_another_desk_settled_a_sale_is_made_up_anew(counter: Counter) -> None:
    intent = counter.intent("50.00")
    order = replace(intent.order, energy_total=intent.order.energy_total + Energy(10))
    assert refused(counter.ledger, replace(intent, order=order)).code is Code.LEDGER_BUSY
    assert counter.ledger.open_sales() == ()


def test_without_an_open_shift_nothing_is_sold(counter: Counter) -> None:
    intent = counter.intent("50.00")
    counter.close_shift("100.00")
    assert refused(counter.ledger, intent).code is Code.SHIFT_CLOSED
    assert refused(counter.ledger, replace(intent, shift=None)).code is Code.SHIFT_CLOSED


def test_an_unknown_or_closed_supply_is_sold_nothing(counter: Counter) -> None:
    ledger = counter.ledger
    intent = counter.intent("50.00")
    unknown = replace(intent, order=replace(intent.order, supply=SupplyNo("99999999")))
    assert refused(ledger, unknown).code is Code.SUPPLY_UNKNOWN
    with ledger.setting_up():
        ledger._books.run("UPDATE supplies SET state = 'closed'")
    assert refused(ledger, intent).code is Code.SUPPLY_CLOSED


# --- cards and receipts ----------------------------------------------------------------------------------


def test_an_issued_card_becomes_current_and_the_old_one_replaced(counter: Counter) -> None:
    ledger = counter.ledger
    first = counter.file().card
    assert first is not None
    intent = counter.issue_intent()
    ledger.reserve(intent)
    issuing = ledger.card(intent.write.card)
    assert issuing is not None
    assert (issuing.state, issuing.generation, counter.file().card) == (CardState.ISSUING, 2, first)
    at = counter.tick()
    posted = ledger.post(intent.id, at=at)
    assert posted.receipt is None
    old, new = ledger.card(first), ledger.card(intent.write.card)
    assert old is not None
    assert new is not None
    assert (old.state, old.since, new.state, new.since) == (CardState.REPLACED, at, CardState.ACTIVE, at)
    assert (counter.file().card, counter.file().generation) == (intent.write.card, 2)
    assert ledger.verify().is_ok


def test_a_card_whose_issue_is_voided_is_retired_and_its_number_gone(counter: Counter) -> None:
    ledger = counter.ledger
    intent = counter.issue_intent()
    ledger.reserve(intent)
    ledger.void(intent.id, reason="never written", at=counter.tick())
    record = ledger.card(intent.write.card)
    assert record is not None
    assert record.state is CardState.RETIRED
    assert ledger.card(CardNo("000770009999")) is None
    numbers = [ledger.new_card_number() for _ in range(5)]
    assert len({intent.write.card, *numbers}) == 6
    assert all(len(number) == 12 and number.startswith("00077") for number in numbers)


def test_receipt_numbers_have_no_gap_whatever_is_voided_between(counter: Counter) -> None:
    ledger = counter.ledger
    receipts = []
    for number in range(4):
        receipts.append(counter.sell("10.00").receipt)
        voided = counter.intent("10.00")
        ledger.reserve(voided)
        ledger.void(voided.id, reason=str(number), at=counter.tick())
    assert receipts == ["2-000001", "2-000002", "2-000003", "2-000004"]
    found = ledger.sale_of_receipt("2-000003")
    assert found is not None
    assert found.receipt == "2-000003"


@pytest.mark.parametrize("typed", ["", "2", "2-", "-1", "2-000009", "two-1", "2-٣", "9" * 40 + "-1"])
def test_what_is_no_receipt_number_finds_nothing(counter: Counter, typed: str) -> None:
    counter.sell()
    assert counter.ledger.sale_of_receipt(typed) is None


def test_prints_after_the_first_are_counted_as_copies(counter: Counter) -> None:
    ledger = counter.ledger
    sale = counter.sell()
    assert not sale.is_printed
    assert [ledger.mark_printed(sale.id, at=counter.tick(), is_copy=copy) for copy in (False, True, True)] == [0, 1, 2]
    found = ledger.sale(sale.id)
    assert found is not None
    assert found.is_printed


# --- shifts, history, log-ins ----------------------------------------------------------------------------


def test_recent_sales_and_history_come_newest_first(counter: Counter) -> None:
    ledger = counter.ledger
    sold = [counter.sell(amount) for amount in ("10.00", "20.00", "30.00", "40.00")]
    assert counter.shift is not None
    recent = ledger.recent_sales(shift=counter.shift)
    assert [sale.id for sale in recent] == [sale.id for sale in sold[:0:-1]]
    history = ledger.history(SUPPLY)
    assert [(entry.kind, entry.sequence) for entry in history] == [
        ("sale", 5),
        ("sale", 4),
        ("sale", 3),
        ("sale", 2),
        ("issue", 1),
    ]
    assert (history[0].receipt, history[0].state, str(history[0].money)) == ("2-000004", "posted", "40.00")


def test_failed_log_ins_are_counted_until_one_succeeds(ledger: AtWork) -> None:
    times = [NOON + timedelta(minutes=minute) for minute in range(4)]
    for at in times[:3]:
        ledger.record_login(ANA, succeeded=False, at=at, desk=DESK)
    stored = ledger.secret(ANA)
    assert stored is not None
    assert (stored.attempts.failures, stored.attempts.last_at, stored.operator.name) == (3, times[2], ANA)
    ledger.record_login(ANA, succeeded=True, at=times[3], desk=DESK)
    stored = ledger.secret(ANA)
    assert stored is not None
    assert stored.attempts.failures == 0
    assert stored.hashed == "$argon2id$secret"
    assert METER not in repr(stored)
