"""*Parameter card*: whose limits hold until when, and what they do to the one trip at the second level."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from vending_app.cardio.tool_layout import LIMITS as LIMITS_LAYOUT
from vending_app.cardio.tool_layout import LIMITS_AREA
from vending_app.conformance.cards import LIMITS, card, order, tool
from vending_app.conformance.script import Case, Script
from vending_app.conformance.tool_cases import ready, refused
from vending_app.conformance.trip_cases import loaded, tripped
from vending_app.domain.card import CardKind
from vending_app.domain.energy import NO_ENERGY, Energy


def cases() -> Iterator[Case]:
    yield from _limits()
    yield from _trips()


def _limits() -> Iterator[Case]:
    at = LIMITS_AREA.address
    for field in LIMITS_LAYOUT.fields:
        at += field.size
        about = f"a parameter card with one wrong bit in its {field.name}"
        yield Case(f"limits-{field.name}", "E-11", about, partial(_bit, at=at - 1))
    yield Case("limits-mac", "E-11", "limits with a wrong MAC", partial(_bit, at=LIMITS_AREA.end - 1))
    yield Case("limits-moved", "E-11", "limits of another mandate", _moved_limits)
    yield Case("limits-hold", "parameter", "the limits hold until the next order", _limits_hold)
    for says, about, play in (
        ("nothing-new", "the order that was there before", _hold_same),
        ("old-order", "an old image of the card", _hold_old),
        ("E-07", "an order that is refused for hoarding", _hold_refused),
    ):
        yield Case(f"limits-hold-{says}", "parameter", f"{about} does not set the limits back", play)
    yield Case("limits-next-card", "parameter", "another parameter card sets the limits over", _limits_over)
    yield Case("limits-pulled", "parameter", "pulled before the acknowledgment: the limits hold", _limits_pulled)
    yield Case("limits-then-hoarding", "parameter", "the hoarding limit is that of the order all the same", _by_order)


def _bit(script: Script, *, at: int) -> None:
    refused(script, tool(CardKind.PARAMETER).flip(at), "E-11")


def _moved_limits(script: Script) -> None:
    other = tool(CardKind.PARAMETER, number=18)
    refused(script, tool(CardKind.PARAMETER).put(LIMITS_AREA.address, LIMITS_AREA.of(other.memory)), "E-11")


def _hold_same(script: Script) -> None:
    script.provision()
    made = card(order("100"))
    script.insert(made, "credited", credited=100_000, writes=True)
    script.insert(tool(CardKind.PARAMETER), "limits-set", writes=True)
    script.insert(made, "nothing-new", writes=True)
    _opens_at_7_kw(script)


def _hold_old(script: Script) -> None:
    script.provision()
    script.insert(card(order("150", 2)), "credited", credited=150_000, writes=True)
    script.insert(tool(CardKind.PARAMETER), "limits-set", writes=True)
    script.insert(card(order("100", 1)), "old-order", writes=True)
    _opens_at_7_kw(script)


def _hold_refused(script: Script) -> None:
    script.provision()
    script.insert(card(order("100", 1)), "credited", credited=100_000, writes=True)
    script.insert(tool(CardKind.PARAMETER), "limits-set", writes=True)
    script.insert(card(order("9000", 2)), "E-07", writes=True)
    _opens_at_7_kw(script)


def _opens_at_7_kw(script: Script) -> None:
    """The orders say 8 kW, the parameter card 6 kW."""
    script.use(1, power_w=7_000, relay="open", reason="overload", overload_trips=1)


def _limits_over(script: Script) -> None:
    ready(script)
    script.insert(tool(CardKind.PARAMETER), "limits-set", writes=True)
    wider = replace(LIMITS, overload_w=12_000, alarm_1=Energy.parse("70"))
    next_one = tool(CardKind.PARAMETER, number=18, limits=wider)
    script.insert(next_one, "limits-set", writes=True, relay="closed", alarm=True)
    script.use(1_000, power_w=12_000, relay="closed")
    script.use(1_000, power_w=12_001, relay="open", reason="overload")


def _limits_pulled(script: Script) -> None:
    ready(script)
    made = tool(CardKind.PARAMETER)
    script.insert(made, "limits-set", writes=True, pulled_at=9)
    script.insert(card(order("100")), "nothing-new", writes=True)
    script.use(1, power_w=7_000, relay="open", reason="overload")
    script.insert(made, "limits-set", writes=True)
    # Each record counts, also the one that never became whole.
    script.bears(made, running=4)


def _by_order(script: Script) -> None:
    """5000 kWh by the parameter card, 3000 kWh by the order; the order that comes decides."""
    ready(script)
    script.insert(tool(CardKind.PARAMETER), "limits-set", writes=True)
    made = card(order("100", 1), order("3030.01", 2))
    script.insert(made, "E-07", writes=True, remaining_wh=70_000)
    made = card(order("3030", 3), order("3030.01", 2))
    script.insert(made, "credited", credited=2_930_000, writes=True, remaining_wh=3_000_000)


def _limits_hold(script: Script) -> None:
    ready(script)
    script.insert(tool(CardKind.PARAMETER), "limits-set", writes=True, relay="closed")
    script.use(1, power_w=6_001, relay="open", reason="overload")
    made = card(order("100", 1), order("110", 2))
    script.insert(made, "credited", credited=10_000, writes=True, relay="closed")
    script.use(1, power_w=6_001, relay="closed")


# --- the one trip at the second level ---------------------------------------------------------------------


def _trips() -> Iterator[Case]:
    about = "a parameter card that leaves the meter at the level gives no trip back"
    yield Case("limits-trip-spent", "parameter", about, _spent_limits)
    yield Case("limits-trip-back", "parameter", "limits with a lower second level: it trips once there", _lower_limits)
    yield Case("limits-trip-unspent", "parameter", "limits whose second level is what remains: it trips", _unspent)
    yield Case("limits-trip-above", "parameter", "limits whose second level is above what remains: no trip", _above)
    about = "limits that take the overdraft away: the next load opens the relay, and nothing is given back"
    yield Case("limits-overdraft-ends", "parameter", about, _overdraft_ends)


def _spent_limits(script: Script) -> None:
    tripped(script, "10")
    script.insert(tool(CardKind.PARAMETER), "limits-set", writes=True, relay="closed")
    script.use(1_000, remaining_wh=9_000, relay="closed", low_credit_trips=1)


def _lower_limits(script: Script) -> None:
    tripped(script, "15")
    script.insert(tool(CardKind.PARAMETER), "limits-set", writes=True, relay="closed")
    script.use(15_000, remaining_wh=10_000, relay="open", reason="low-credit", low_credit_trips=2)


def _unspent(script: Script) -> None:
    loaded(script, "10")
    script.insert(tool(CardKind.PARAMETER), "limits-set", writes=True, relay="closed")
    script.use(1_000, remaining_wh=10_000, relay="open", reason="low-credit", low_credit_trips=1)


def _above(script: Script) -> None:
    loaded(script, "8")
    script.insert(tool(CardKind.PARAMETER), "limits-set", writes=True, relay="closed", alarm=True)
    script.use(7_000, remaining_wh=1_000, relay="closed", low_credit_trips=0)


def _overdraft_ends(script: Script) -> None:
    loaded(script, "3", overdraft=Energy.parse("10"), alarm_2=NO_ENERGY)
    script.use(8_000, remaining_wh=-5_000, zero_crossing_wh=5_000, relay="closed")
    none = replace(LIMITS, alarm_2=NO_ENERGY, overdraft=NO_ENERGY)
    script.insert(tool(CardKind.PARAMETER, limits=none), "limits-set", writes=True, relay="closed")
    script.use(1_000, power_w=3_600, relay="open", reason="zero", remaining_wh=-5_001, used_total_wh=8_001)
