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
    yield from _hoarding()


def _binding() -> Iterator[Case]:
    yield Case("binds-once", "2", "the first order binds the supply; one of another supply is refused", _other_supply)
    yield Case("replacement", "3", "a card of the next generation takes over, and the old one is dead", _replacement)
    yield Case("generation-skips", "3", "a card two generations later takes over too", _skips)
    yield Case("second-card", "E-06", "another card of the same generation", _second_card)
    yield Case("lost-card-found", "3", "the old card was not loaded: the new one carries its credit", _lost)
    yield Case(
        "old-card-first", "3", "the old card is loaded before the new one: nothing is credited twice", _old_first
    )


def _other_supply(script: Script) -> None:
    script.provision()
    script.insert(card(order("100")), "credited", credited=100_000, writes=True, supply="00001234")
    other = order("500", 9, supply=SupplyNo(OTHER_SUPPLY))
    script.insert(card(other), "E-04", writes=False, illegal_cards=0, energy_total_wh=100_000)


def _replacement(script: Script) -> None:
    script.provision()
    old = card(order("100"))
    script.insert(old, "credited", credited=100_000, writes=True)
    new = card(order("100", 2, generation=2, purchases=1), number=NEXT_CARD)
    script.insert(new, "credited", credited=0, writes=True)
    script.insert(old, "E-05", writes=False, illegal_cards=0)


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
    yield Case("largest-total", "4", "the largest total that a card can carry", _largest)
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
    script.insert(card(back, order("150", 2)), "credited", credited=-50_000, writes=True, remaining_wh=100_000)


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


def _largest(script: Script) -> None:
    script.provision()
    most = Energy.from_card_units(2**32 - 1)
    made = card(order(str(most), 1, last_purchase=NO_ENERGY, **TRAVEL))
    script.insert(made, "credited", credited=most.wh, writes=True)
    # Remaining is a signed field: it stays at its highest value.
    told = WRITE_BACK_AREA.of(made.memory)
    assert told[14:18] == b"\x7f\xff\xff\xff", "as the document says"


def _last_sequence(script: Script) -> None:
    script.provision()
    script.insert(card(order("10", 2**32 - 2, purchases=1)), "credited", credited=10_000, writes=True)
    script.insert(card(order("20", 2**32 - 1, purchases=2)), "credited", credited=10_000, writes=True)
    script.insert(card(order("30", 1, purchases=3)), "old-order", writes=True, energy_total_wh=20_000)


def _amount(script: Script, *, kwh: str) -> None:
    script.provision()
    bought = Energy.parse(kwh)
    script.insert(card(order(kwh)), "credited", credited=bought.wh, writes=True, remaining_wh=bought.wh)


# --- hoarding --------------------------------------------------------------------------------------------


def _hoarding() -> Iterator[Case]:
    for bought, limit, says in (
        ("2999.99", "3000", "credited"),
        ("3000", "3000", "credited"),
        ("3000.01", "3000", "E-07"),
        ("0.02", "0.01", "E-07"),
        ("5000", "0", "credited"),
    ):
        about = f"{bought} kWh on a meter without any, with a hoarding limit of {limit} kWh"
        yield Case(f"hoarding-{bought}-{limit}", "E-07", about, partial(_limit, bought=bought, limit=limit, says=says))
    yield Case("hoarding-stays-on-card", "E-07", "refused for now: taken once enough is used", _later)
    yield Case("hoarding-at-once", "E-07", "the limit counts what remains, and is that of the new order", _by_new_order)
    yield Case("hoarding-reversal", "E-07", "what is taken back is never hoarding", _taken_back)
    yield Case("hoarding-past-zero", "E-07", "what was used past zero makes room", _past_zero_room)
    yield Case("hoarding-keeps-parameters", "E-07", "a refused order changes no parameter", _keeps_parameters)


def _limit(script: Script, *, bought: str, limit: str, says: str) -> None:
    script.provision()
    told = order(bought, 1, hoarding=Energy.parse(limit))
    credited = 0 if says == "E-07" else Energy.parse(bought).wh
    # The card is bound and the registers are written in either case.
    script.insert(card(told), says, credited=credited, writes=True, remaining_wh=credited, illegal_cards=0)


def _later(script: Script) -> None:
    script.provision()
    script.insert(card(order("2500", 1)), "credited", credited=2_500_000, writes=True)
    made = card(order("2500", 1), order("3500", 2))
    script.insert(made, "E-07", credited=0, writes=True, purchases=1)
    script.use(499_990, remaining_wh=2_000_010)
    script.insert(made, "E-07", credited=0, writes=True)
    script.use(10, remaining_wh=2_000_000)
    script.insert(made, "credited", credited=1_000_000, writes=True, remaining_wh=3_000_000, purchases=2)


def _by_new_order(script: Script) -> None:
    script.provision()
    script.insert(card(order("1000", 1, **TRAVEL)), "credited", credited=1_000_000, writes=True)
    lower = order("1100", 2, hoarding=Energy.parse("1050"))
    script.insert(card(order("1000", 1, **TRAVEL), lower), "E-07", credited=0, writes=True)


def _taken_back(script: Script) -> None:
    script.provision()
    script.insert(card(order("1000", 1, **TRAVEL)), "credited", credited=1_000_000, writes=True)
    back = order("900", 2, last_purchase=Energy.parse("-100"), hoarding=Energy.parse("500"), purchases=1)
    script.insert(card(order("1000", 1, **TRAVEL), back), "credited", credited=-100_000, writes=True)


def _past_zero_room(script: Script) -> None:
    script.provision()
    lent = {"overdraft": Energy.parse("10"), "hoarding": Energy.parse("100"), "alarm_2": NO_ENERGY}
    script.insert(card(order("50", 1, **lent)), "credited", credited=50_000, writes=True)
    script.use(58_000, remaining_wh=-8_000)
    made = card(order("50", 1, **lent), order("158", 2, **lent))
    script.insert(made, "credited", credited=108_000, writes=True, remaining_wh=100_000)


def _keeps_parameters(script: Script) -> None:
    script.provision()
    script.insert(card(order("2500", 1)), "credited", credited=2_500_000, writes=True)
    refused = order("6000", 2, overload_w=20_000)
    script.insert(card(order("2500", 1), refused), "E-07", credited=0, writes=True)
    script.use(1, power_w=8001, relay="open", reason="overload")
