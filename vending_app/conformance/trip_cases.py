"""*Alarm levels* and rule 5: what spends the one trip and gives it back, and which cards close the relay."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from vending_app.conformance.cards import (
    NEXT_CARD,
    OTHER_METER,
    OTHER_SUPPLY,
    Card,
    card,
    header_with,
    order,
    tool,
)
from vending_app.conformance.script import Case, Script
from vending_app.domain.card import CardKind
from vending_app.domain.energy import Energy
from vending_app.domain.ids import MeterNo, SupplyNo


def cases() -> Iterator[Case]:
    yield from _levels()
    yield from _by_order()
    yield from _releases()
    yield from _refused()


def loaded(script: Script, kwh: str, **fields: object) -> Card:
    """A meter with so much credit, and its card."""
    script.provision()
    made = card(order(kwh, 1, **fields))
    script.insert(made, "credited", credited=Energy.parse(kwh).wh, writes=True, relay="closed")
    return made


def tripped(script: Script, kwh: str = "5") -> None:
    """A meter that has opened once at its second level, and was closed again by its card."""
    level = Energy.parse(kwh)
    made = loaded(script, "100", alarm_2=level)
    script.use(100_000, relay="open", reason="low-credit", remaining_wh=level.wh, low_credit_trips=1)
    script.insert(made, "nothing-new", writes=True, relay="closed")


# --- reaching the level ----------------------------------------------------------------------------------


def _levels() -> Iterator[Case]:
    yield Case("trip-reached", "alarms", "the load takes just what was left above the second level", _reached)
    yield Case("trip-credited-to-level", "alarms", "credited to the second level: the next load opens it", _at_level)


def _reached(script: Script) -> None:
    loaded(script, "100")
    script.use(95_000, remaining_wh=5_000, relay="open", reason="low-credit", low_credit_trips=1)


def _at_level(script: Script) -> None:
    loaded(script, "5")
    script.use(1, remaining_wh=5_000, relay="open", reason="low-credit", low_credit_trips=1)


# --- the trip that is spent, and comes back --------------------------------------------------------------


def _by_order() -> Iterator[Case]:
    about = "an order that leaves the meter at the level gives no trip back"
    yield Case("trip-spent-order", "alarms", about, _spent_order)
    yield Case("trip-back-order", "alarms", "an order with a lower second level: it trips once there", _lower_order)


def _spent_order(script: Script) -> None:
    tripped(script)
    script.insert(card(order("100", 2, purchases=1)), "credited", credited=0, writes=True)
    script.use(1_000, remaining_wh=4_000, relay="closed", low_credit_trips=1)


def _lower_order(script: Script) -> None:
    tripped(script)
    lower = order("100", 2, purchases=1, alarm_2=Energy.parse("3"))
    script.insert(card(lower), "credited", credited=0, writes=True)
    script.use(3_000, remaining_wh=3_000, relay="open", reason="low-credit", low_credit_trips=2)


# --- which cards close the relay -------------------------------------------------------------------------


def _releases() -> Iterator[Case]:
    yield Case("old-order-releases", "5", "an old image of the card closes the relay too", _old_order)
    yield Case("hoarding-releases", "5", "a card that is refused for hoarding closes it too", _hoarding)
    yield Case("credited-releases", "5", "credit closes a relay that opened on overload", _credited)


def _overloaded(script: Script) -> None:
    script.use(1, power_w=9_000, relay="open", reason="overload", overload_trips=1)


def _old_order(script: Script) -> None:
    script.provision()
    script.insert(card(order("150", 2)), "credited", credited=150_000, writes=True)
    _overloaded(script)
    script.insert(card(order("100", 1)), "old-order", writes=True, relay="closed", reason="none")


def _hoarding(script: Script) -> None:
    loaded(script, "100")
    _overloaded(script)
    script.insert(card(order("9000", 2)), "E-07", writes=True, relay="closed", reason="none")


def _credited(script: Script) -> None:
    loaded(script, "100")
    _overloaded(script)
    script.insert(card(order("150", 2)), "credited", credited=50_000, writes=True, relay="closed", reason="none")


def _refused() -> Iterator[Case]:
    spoilt: dict[str, Callable[[], Card]] = {
        "E-01": lambda: header_with(4, b"\x00\x08", mends_crc=True),
        "E-02": lambda: card(order("150", 3)).flip(0x6F),
        "E-03": lambda: card(order("150", 3, meter=MeterNo(OTHER_METER))),
        "E-04": lambda: card(order("150", 3, supply=SupplyNo(OTHER_SUPPLY))),
        "E-05": lambda: card(order("150", 3, generation=1)),
        "E-06": lambda: card(order("150", 3, generation=2), number=NEXT_CARD),
        "E-12": lambda: tool(CardKind.CLEAR, meter=MeterNo(OTHER_METER)),
    }
    for code, make in spoilt.items():
        about = f"a card refused with {code} leaves the relay open, and the registers alone"
        yield Case(f"stays-open-{code}", code, about, partial(_stays_open, says=code, make=make))
    for kind, says in (
        (CardKind.CHECK, "collected"),
        (CardKind.PARAMETER, "limits-set"),
        (CardKind.KEY, "keys-learnt"),
    ):
        about = f"a {kind.value} card leaves the relay as it is"
        yield Case(f"stays-open-{kind.value}", kind.value, about, partial(_tool_stays_open, kind=kind, says=says))


def _stays_open(script: Script, *, says: str, make: Callable[[], Card]) -> None:
    loaded(script, "100", generation=2)
    _overloaded(script)
    script.insert(make(), says, writes=False, relay="open", reason="overload", energy_total_wh=100_000, purchases=1)
    script.use(1_000, used_total_wh=0, relay="open")
    mine = card(order("100", 1, generation=2))
    script.insert(mine, "nothing-new", writes=True, relay="closed")
    script.bears(mine, running=2, sequence=1, energy_total=10_000)


def _tool_stays_open(script: Script, *, kind: CardKind, says: str) -> None:
    script.provision(versions=(1,))
    made = card(order("100"))
    script.insert(made, "credited", credited=100_000, writes=True, relay="closed")
    _overloaded(script)
    script.insert(tool(kind), says, writes=True, relay="open", reason="overload")
    script.insert(made, "nothing-new", writes=True, relay="closed", reason="none")
    script.use(100_000, relay="open", reason="low-credit")
    script.insert(tool(kind), says, writes=True, relay="open", reason="low-credit")
