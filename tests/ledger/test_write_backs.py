"""What meters tell: stored once each, posted as energy that moved, and what does not add up stands alone."""

from __future__ import annotations

from tests.ledger.builders import SUPPLY, Counter, a_write_back
from vending_app.domain.card import WriteBack
from vending_app.domain.energy import Energy
from vending_app.domain.ids import CardNo

CARD = CardNo("000770000001")


def harvest(counter: Counter, found: WriteBack) -> bool:
    record = repr(found).encode()[:64].ljust(64) + found.running.to_bytes(2, "big")
    return counter.ledger.harvest(found, supply=SUPPLY, card=CARD, record=record, at=counter.tick())


def energy(counter: Counter) -> dict[str, int]:
    proof = counter.ledger.verify()
    assert proof.is_ok
    return {account.split(":")[0]: held for account, held in proof.energy_wh.items()}


def test_accepted_energy_leaves_the_card_and_used_energy_leaves_the_meter(counter: Counter) -> None:
    sold = counter.sell("50.00").intent.order.last_purchase
    found = a_write_back(1, total=sold.plain, used="30.50")
    assert harvest(counter, found)
    assert energy(counter) == {
        "office": -sold.wh,
        "card": 0,
        "meter": sold.wh - 30_500,
        "used": 30_500,
    }
    assert counter.ledger.last_write_back(SUPPLY) == found


def test_the_same_record_is_stored_once(counter: Counter) -> None:
    found = a_write_back(1, total="0", used="0", remaining="0")
    assert harvest(counter, found)
    before = counter.ledger.verify()
    assert not harvest(counter, found)
    assert counter.ledger.verify() == before


def test_only_what_is_new_since_the_last_write_back_moves(counter: Counter) -> None:
    sold = counter.sell("50.00").intent.order.last_purchase.plain
    harvest(counter, a_write_back(1, total=sold, used="30.00"))
    harvest(counter, a_write_back(2, total=sold, used="45.00"))
    assert energy(counter)["used"] == 45_000
    assert [found.running for found in counter.ledger.write_backs(SUPPLY)] == [2, 1]


def test_an_older_card_image_is_kept_but_moves_nothing(counter: Counter) -> None:
    sold = counter.sell("50.00").intent.order.last_purchase.plain
    harvest(counter, a_write_back(7, total=sold, used="45.00"))
    before = energy(counter)
    assert harvest(counter, a_write_back(3, total=sold, used="20.00"))
    assert energy(counter) == before
    newest = counter.ledger.last_write_back(SUPPLY)
    assert newest is not None
    assert newest.running == 7


def test_energy_without_explanation_has_an_account_of_its_own(counter: Counter) -> None:
    sold = counter.sell("50.00").intent.order.last_purchase
    wrong = sold - Energy.parse("30.00") - Energy.parse("12.00")  # 12 kWh are gone and nobody used them
    harvest(counter, a_write_back(1, total=sold.plain, used="30.00", remaining=wrong.plain))
    assert energy(counter)["unexplained"] == 12_000
    assert energy(counter)["meter"] == wrong.wh


def test_use_past_zero_is_a_debt_of_the_meter(counter: Counter) -> None:
    harvest(counter, a_write_back(1, total="0", used="3.00", remaining="-3.00"))
    assert energy(counter) == {"meter": -3_000, "used": 3_000}


def test_a_write_back_stands_in_the_history(counter: Counter) -> None:
    harvest(counter, a_write_back(1, total="0", used="3.00", remaining="-3.00"))
    entry = counter.ledger.history(SUPPLY)[0]
    assert (entry.kind, entry.energy, entry.remaining) == ("write-back", Energy(3_000), Energy(-3_000))
