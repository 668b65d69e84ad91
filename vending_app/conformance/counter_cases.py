"""*Write-back*: each register that outgrows its field stays at the field's highest value instead of turning over.

A counter of two bytes begins full (`counted` of the protocol) and counts once more. A register of energy gets there
by loads. Sequence, energy total and purchases are fields of the order too, which holds no more than they do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from vending_app.conformance.cards import Card, card, order, tool
from vending_app.conformance.script import Case, Script
from vending_app.domain.card import CardKind
from vending_app.domain.energy import CARD_UNIT_WH, NO_ENERGY, Energy

FULL = {size: 256**size - 1 for size in (1, 2, 3, 4)}
"""The highest value of an unsigned field of so many bytes."""
MOST = Energy.from_card_units(FULL[4])
"""The largest total that an order carries."""
BOUGHT = Energy.parse("100")
LENT = Energy.from_card_units(FULL[3])
"""The largest overdraft that it carries."""


def cases() -> Iterator[Case]:
    yield from _counters()
    yield from _energies()
    yield from _low_bits()


def _loaded(script: Script, total: Energy = BOUGHT, **fields: object) -> Card:
    unlimited = {"hoarding": NO_ENERGY, "last_purchase": NO_ENERGY, "alarm_2": NO_ENERGY, **fields}
    made = card(order(str(total), 1, **unlimited))
    script.insert(made, "credited", credited=total.wh, writes=True)
    return made


# --- counters --------------------------------------------------------------------------------------------


def _counters() -> Iterator[Case]:
    happens: dict[str, Callable[[Script], None]] = {
        "illegal_cards": lambda script: script.insert(card(), "E-02", writes=False),
        "overload_trips": lambda script: script.use(1, power_w=9_000, relay="open"),
        "low_credit_trips": lambda script: script.use(100_000, relay="open", reason="low-credit"),
        "tamper_events": _cover,
        "power_failures": _failure,
    }
    for name, happen in happens.items():
        for begins in (FULL[2] - 1, FULL[2]):
            about = f"{name} stands at {begins} and is counted once more"
            yield Case(f"full-{name}-{begins}", "write-back", about, partial(_counter, name, begins, happen))
    yield Case("full-running", "write-back", "the running number stays at its highest value", _running)


def _cover(script: Script) -> None:
    script.cover(is_open=True)
    script.cover(is_open=False)


def _failure(script: Script) -> None:
    script.mains(on=False)
    script.mains(on=True)


def _counter(name: str, begins: int, happen: Callable[[Script], None], script: Script) -> None:
    script.provision(counted={name: begins})
    made = _loaded(script, alarm_2=Energy(5_000))
    script.bears(made, **{name: begins})
    happen(script)
    script.insert(made, "nothing-new", writes=True, **{name: FULL[2]})
    script.bears(made, **{name: FULL[2]})


def _running(script: Script) -> None:
    script.provision(counted={"running": FULL[4] - 2})
    made = _loaded(script)
    script.bears(made, running=FULL[4] - 1)
    for _ in range(2):
        script.wait(seconds=1)
        script.insert(made, "nothing-new", writes=True)
        script.bears(made, running=FULL[4])


# --- energy and power ------------------------------------------------------------------------------------


def _energies() -> Iterator[Case]:
    yield Case("full-used", "write-back", "more is used than its register holds, by the overdraft", _used)
    yield Case("full-last-month", "write-back", "more is used in a month than its register holds", _last_month)
    yield Case("full-remaining-below", "write-back", "more is taken back than remaining can be below zero", _below)
    for begins in (FULL[4] - 1, FULL[4]):
        about = f"zero crossing stands at {begins} units, and 2 more are used past zero"
        yield Case(f"full-zero-crossing-{begins}", "write-back", about, partial(_crossed, begins=begins))
    for power_w in (FULL[3], FULL[3] + 1):
        about = f"a load of {power_w} W: the highest power has three bytes"
        yield Case(f"full-power-{power_w}", "write-back", about, partial(_power, power_w=power_w))


def _used_up(script: Script) -> Card:
    """All that an order can carry, and 1000 kWh past it."""
    script.provision()
    made = _loaded(script, MOST, overdraft=LENT)
    script.use(MOST.wh + 1_000_000, remaining_wh=-1_000_000, used_total_wh=MOST.wh, relay="closed")
    return made


def _used(script: Script) -> None:
    made = _used_up(script)
    script.insert(made, "nothing-new", writes=True, relay="closed")
    script.bears(made, used_total=FULL[4], remaining=-100_000, energy_total=FULL[4], zero_crossing=100_000)
    collecting = tool(CardKind.CHECK)
    script.insert(collecting, "collected", writes=True)
    script.bears(collecting, used_total=FULL[4], remaining=-100_000, zero_crossing=100_000)


def _last_month(script: Script) -> None:
    made = _used_up(script)
    script.wait(days=31)
    script.insert(made, "nothing-new", writes=True, last_month_wh=MOST.wh)
    script.bears(made, last_month=FULL[4])


def _below(script: Script) -> None:
    """And nothing of it is lost: what is bought next counts from where the meter really stands."""
    script.provision()
    _loaded(script, MOST)
    script.use(MOST.wh - 10, relay="closed", remaining_wh=10)
    back = card(order("0", 2, purchases=0, last_purchase=NO_ENERGY))
    script.insert(back, "credited", credited=-MOST.wh, writes=True, relay="open", remaining_wh=10 - MOST.wh)
    script.bears(back, remaining=-(2**31), energy_total=0)
    collecting = tool(CardKind.CHECK)
    script.insert(collecting, "collected", writes=True, relay="open")
    script.bears(collecting, remaining=-(2**31))
    again = card(order(str(MOST), 3, last_purchase=NO_ENERGY, hoarding=NO_ENERGY))
    script.insert(again, "credited", credited=MOST.wh, writes=True, relay="closed", remaining_wh=10)
    script.bears(again, remaining=1)


def _crossed(script: Script, *, begins: int) -> None:
    script.provision(counted={"zero_crossing_wh": begins * CARD_UNIT_WH})
    made = _loaded(script, overdraft=Energy(10_000))
    script.use(100_020, remaining_wh=-20, zero_crossing_wh=FULL[4] * CARD_UNIT_WH)
    script.insert(made, "nothing-new", writes=True)
    script.bears(made, zero_crossing=FULL[4])


def _power(script: Script, *, power_w: int) -> None:
    script.provision()
    made = _loaded(script, overload_w=0)
    script.use(1_000, power_w=power_w, relay="closed", power_max_w=FULL[3])
    script.insert(made, "nothing-new", writes=True)
    script.bears(made, power_max=FULL[3])


# --- a collected record has low bits ---------------------------------------------------------------------


def _low_bits() -> Iterator[Case]:
    for name, size in (("running", 2), ("illegal_cards", 1), ("overload_trips", 1), ("tamper_events", 1)):
        for begins in (FULL[size], 0xFFFE if size == 2 else 0x1FE):
            about = f"a check card gets the low bits of {name}, which begins at {begins}"
            yield Case(f"low-{name}-{begins}", "check", about, partial(_low, name, begins, FULL[size]))
    yield Case("low-sequence", "check", "a check card gets the low 16 bits of the sequence", _sequence)
    for units in (FULL[3], FULL[3] + 1):
        about = f"a check card's zero crossing has three bytes, where {units} units were used past zero"
        yield Case(f"low-zero-crossing-{units}", "check", about, partial(_crossed_low, units=units))


def _low(name: str, begins: int, mask: int, script: Script) -> None:
    script.provision(counted={name: begins})
    made, counted = tool(CardKind.CHECK), int(name == "running")
    for visit in (1, 2):
        script.insert(made, "collected", writes=True)
        script.bears(made, **{name: (begins + visit * counted) & mask})


def _sequence(script: Script) -> None:
    script.provision()
    script.insert(card(order("100", 0x1FFFE, purchases=1)), "credited", credited=100_000, writes=True)
    made = tool(CardKind.CHECK)
    script.insert(made, "collected", writes=True)
    script.bears(made, sequence=0xFFFE)


def _crossed_low(script: Script, *, units: int) -> None:
    script.provision(counted={"zero_crossing_wh": units * CARD_UNIT_WH})
    made = tool(CardKind.CHECK)
    script.insert(made, "collected", writes=True, zero_crossing_wh=units * CARD_UNIT_WH)
    script.bears(made, zero_crossing=FULL[3])
