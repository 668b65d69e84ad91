"""Rule 4, `E-07`: what is hoarding, and what a refused order leaves as it was."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from vending_app.conformance.cards import card, order
from vending_app.conformance.order_cases import TRAVEL
from vending_app.conformance.script import Case, Script
from vending_app.domain.energy import NO_ENERGY, Energy


def cases() -> Iterator[Case]:
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
    yield Case("hoarding-no-difference", "E-07", "an order without a difference is never hoarding", _no_difference)
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


def _no_difference(script: Script) -> None:
    script.provision()
    script.insert(card(order("1000", 1, **TRAVEL)), "credited", credited=1_000_000, writes=True)
    lower = order("1000", 2, hoarding=Energy.parse("500"), overload_w=6_000, purchases=1)
    made = card(order("1000", 1, **TRAVEL), lower)
    script.insert(made, "credited", credited=0, writes=True, remaining_wh=1_000_000)
    script.bears(made, sequence=2)
    script.use(1, power_w=7_000, relay="open", reason="overload")


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
