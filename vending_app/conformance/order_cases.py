"""Rules 2 to 4: binding, what is credited, and what is not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from vending_app.cardio.totals1_layout import WRITE_BACK_AREA
from vending_app.conformance.cards import NEXT_CARD, OTHER_SUPPLY, card, order
from vending_app.conformance.script import Case, Script
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.ids import SupplyNo

TRAVEL = {"hoarding": NO_ENERGY}


def cases() -> Iterator[Case]:
    yield from _binding()
    yield from _sequences()


def _binding() -> Iterator[Case]:
    yield Case("binds-once", "2", "the first order binds the supply; one of another supply is refused", _other_supply)
    yield Case("first-generation-0", "2", "the first card's generation is 0: it is bound like any other", _generation_0)
    yield Case("replacement", "3", "a card of the next generation takes over, and the old one is dead", _replacement)
    for says, total in (("nothing-new", "100"), ("E-07", "9000")):
        about = f"a card of the next generation takes over although it says {says}"
        yield Case(f"replacement-{says}", "3", about, partial(_replaced_all_the_same, says=says, total=total))
    yield Case("generation-skips", "3", "a card two generations later takes over too", _skips)
    yield Case("second-card", "E-06", "another card of the same generation", _second_card)
    yield Case("lost-card-found", "3", "the old card was not loaded: the new one carries its credit", _lost)
    yield Case(
        "old-card-first", "3", "the old card is loaded before the new one: nothing is credited twice", _old_first
    )


def _other_supply(script: Script) -> None:
    script.provision()
    script.insert(card(order("100")), "credited", credited=100_000, writes=True, supply="00001234")
    for generation in (0, 1, 2):
        other = order("500", 9, supply=SupplyNo(OTHER_SUPPLY), generation=generation)
        script.insert(card(other), "E-04", writes=False, illegal_cards=0, energy_total_wh=100_000)


def _generation_0(script: Script) -> None:
    script.provision()
    script.insert(card(order("100", generation=0)), "credited", credited=100_000, writes=True)
    script.insert(card(order("150", 2, generation=0), number=NEXT_CARD), "E-06", writes=False)


def _replacement(script: Script) -> None:
    script.provision()
    old = card(order("100"))
    script.insert(old, "credited", credited=100_000, writes=True)
    new = card(order("100", 2, generation=2, purchases=1), number=NEXT_CARD)
    script.insert(new, "credited", credited=0, writes=True)
    script.insert(old, "E-05", writes=False, illegal_cards=0)


def _replaced_all_the_same(script: Script, *, says: str, total: str) -> None:
    script.provision()
    old = card(order("100", 1))
    script.insert(old, "credited", credited=100_000, writes=True)
    new = order(total, 1 if says == "nothing-new" else 2, generation=2)
    script.insert(card(new, number=NEXT_CARD), says, writes=True, energy_total_wh=100_000)
    script.insert(card(order("100", 1), order("150", 3)), "E-05", writes=False, energy_total_wh=100_000)


def _skips(script: Script) -> None:
    script.provision()
    script.insert(card(order("100")), "credited", credited=100_000, writes=True)
    script.insert(card(order("130", 4, generation=3), number=NEXT_CARD), "credited", credited=30_000, writes=True)


def _second_card(script: Script) -> None:
    script.provision()
    script.insert(card(order("100")), "credited", credited=100_000, writes=True)
    script.insert(card(order("150", 2), number=NEXT_CARD), "E-06", writes=False, energy_total_wh=100_000)


def _lost(script: Script) -> None:
    script.provision()
    script.insert(card(order("100", 1)), "credited", credited=100_000, writes=True)
    found = card(order("100", 1), order("180", 2))
    new = card(order("180", 3, generation=2, purchases=2), number=NEXT_CARD)
    script.insert(new, "credited", credited=80_000, writes=True, purchases=2)
    script.insert(found, "E-05", writes=False, energy_total_wh=180_000)


def _old_first(script: Script) -> None:
    script.provision()
    script.insert(card(order("100", 1), order("180", 2)), "credited", credited=180_000, writes=True)
    new = card(order("180", 3, generation=2, purchases=2), number=NEXT_CARD)
    script.insert(new, "credited", credited=0, writes=True, energy_total_wh=180_000)


# --- sequences -------------------------------------------------------------------------------------------


def _sequences() -> Iterator[Case]:
    yield Case("again", "4", "the same card again: nothing to credit, the registers are written", _again)
    yield Case("copy", "4", "a copy of the card from before it was loaded", _copy)
    yield Case("old-image", "4", "an old image of the card after a later purchase", _old_image)
    for missing in (1, 5, 200):
        about = f"{missing} orders were never loaded: the difference of the totals is credited"
        yield Case(f"missed-{missing}", "4", about, partial(_missed, missing=missing))
    yield Case("reversal", "4", "the newer order has a lower total: the difference is taken back", _reversal)
    yield Case("reversal-past-zero", "4", "taken back after it was used: the meter is below zero", _past_zero)
    yield Case("reversal-not-loaded", "4", "bought and taken back before the card went home", _never_home)
    yield Case("parameters-only", "4", "the same total under the next sequence: only parameters change", _parameters)
    yield Case("zero-order", "4", "a first card without any energy", _nothing_bought)
    yield Case("same-sequence-more", "4", "a higher total under the sequence that was accepted: nothing", _same_more)
    yield Case("old-order-more", "4", "an older sequence with a higher total and other parameters: nothing", _old_more)
    yield Case("largest-total", "4", "the largest total that a card can carry", _largest)
    yield Case("largest-purchases", "4", "the largest number of purchases that a card can carry", _most_purchases)
    yield Case("largest-sequence", "4", "the largest sequence that a card can carry", _last_sequence)
    for kwh in ("0.01", "0.1", "1", "12.34", "999.99", "2999.99"):
        yield Case(f"amount-{kwh}", "4", f"{kwh} kWh are bought", partial(_amount, kwh=kwh))


def _again(script: Script) -> None:
    script.provision()
    made = card(order("100"))
    script.insert(made, "credited", credited=100_000, writes=True)
    script.wait(hours=1)
    script.insert(made, "nothing-new", writes=True, energy_total_wh=100_000)
    script.insert(made, "nothing-new", writes=True, illegal_cards=0)


def _copy(script: Script) -> None:
    script.provision()
    made = card(order("100"))
    copied = made.copy()
    script.insert(made, "credited", credited=100_000, writes=True)
    script.insert(copied, "nothing-new", writes=True, energy_total_wh=100_000)


def _old_image(script: Script) -> None:
    script.provision()
    before = card(order("100", 1))
    script.insert(card(order("100", 1), order("150", 2)), "credited", credited=150_000, writes=True)
    script.insert(before, "old-order", writes=True, energy_total_wh=150_000, purchases=2)


def _missed(script: Script, *, missing: int) -> None:
    script.provision()
    script.insert(card(order("100", 1)), "credited", credited=100_000, writes=True)
    last = 2 + missing
    total = str(100 + 10 * (missing + 1))
    newer = card(order(total, last - 1, **TRAVEL), order(total, last, **TRAVEL))
    script.insert(newer, "credited", credited=10_000 * (missing + 1), writes=True, purchases=last)


def _reversal(script: Script) -> None:
    script.provision()
    script.insert(card(order("100", 1), order("150", 2)), "credited", credited=150_000, writes=True)
    back = order("100", 3, last_purchase=Energy.parse("-50"), purchases=2)
    made = card(back, order("150", 2))
    script.insert(made, "credited", credited=-50_000, writes=True, remaining_wh=100_000, last_purchase_wh=-50_000)


def _past_zero(script: Script) -> None:
    script.provision()
    script.insert(card(order("50", 1)), "credited", credited=50_000, writes=True)
    script.use(40_000, remaining_wh=10_000)
    back = order("0", 2, last_purchase=Energy.parse("-50"), purchases=1)
    script.insert(card(back, order("50", 1)), "credited", credited=-50_000, writes=True, remaining_wh=-40_000)
    script.use(1_000, relay="open", reason="zero", remaining_wh=-40_000)
    script.insert(card(order("100", 3), back), "credited", credited=100_000, writes=True, remaining_wh=60_000)


def _never_home(script: Script) -> None:
    script.provision()
    back = order("0", 2, last_purchase=Energy.parse("-50"), purchases=1)
    script.insert(card(order("50", 1), back), "credited", credited=0, writes=True, energy_total_wh=0, relay="open")


def _parameters(script: Script) -> None:
    script.provision()
    script.insert(card(order("100", 1)), "credited", credited=100_000, writes=True)
    script.use(1, power_w=8001, relay="open", reason="overload")
    wider = order("100", 2, purchases=1, overload_w=12_000)
    script.insert(card(order("100", 1), wider), "credited", credited=0, writes=True, relay="closed")
    script.use(1, power_w=8001, relay="closed")


def _nothing_bought(script: Script) -> None:
    script.provision()
    script.insert(card(order("0", 1, purchases=0)), "credited", credited=0, writes=True, relay="open", reason="zero")


def _same_more(script: Script) -> None:
    script.provision()
    script.insert(card(order("100", 1)), "credited", credited=100_000, writes=True)
    more = order("150", 1, purchases=2, overload_w=20_000)
    script.insert(card(more), "nothing-new", writes=True, energy_total_wh=100_000, purchases=1, remaining_wh=100_000)
    script.use(1, power_w=8_001, relay="open", reason="overload")


def _old_more(script: Script) -> None:
    script.provision()
    script.insert(card(order("150", 2)), "credited", credited=150_000, writes=True)
    more = order("500", 1, overload_w=20_000)
    script.insert(card(more), "old-order", writes=True, energy_total_wh=150_000, purchases=2, remaining_wh=150_000)
    script.use(1, power_w=8_001, relay="open", reason="overload")


def _largest(script: Script) -> None:
    script.provision()
    most = Energy.from_card_units(2**32 - 1)
    made = card(order(str(most), 1, last_purchase=NO_ENERGY, **TRAVEL))
    script.insert(made, "credited", credited=most.wh, writes=True)
    # Remaining is a signed field: it stays at its highest value.
    told = WRITE_BACK_AREA.of(made.memory)
    assert told[14:18] == b"\x7f\xff\xff\xff", "as the document says"


def _most_purchases(script: Script) -> None:
    script.provision()
    made = card(order("100", 1, purchases=2**24 - 1))
    script.insert(made, "credited", credited=100_000, writes=True, purchases=2**24 - 1)
    script.bears(made, purchases=2**24 - 1)


def _last_sequence(script: Script) -> None:
    script.provision()
    script.insert(card(order("10", 2**32 - 2, purchases=1)), "credited", credited=10_000, writes=True)
    script.insert(card(order("20", 2**32 - 1, purchases=2)), "credited", credited=10_000, writes=True)
    script.insert(card(order("30", 1, purchases=3)), "old-order", writes=True, energy_total_wh=20_000)


def _amount(script: Script, *, kwh: str) -> None:
    script.provision()
    bought = Energy.parse(kwh)
    script.insert(card(order(kwh)), "credited", credited=bought.wh, writes=True, remaining_wh=bought.wh)
