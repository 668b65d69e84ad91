"""*What the meter does with a tool card*: check, parameter and clear cards, and each of their refusals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from vending_app.cardio.tool_layout import LIMITS, LIMITS_AREA, MANDATE, MANDATE_AREA, PLACE_SIZE
from vending_app.conformance.cards import (
    LAST_DAY,
    OTHER_AREA,
    OTHER_METER,
    OTHER_SUPPLY,
    SUPPLY,
    Card,
    card,
    order,
    tool,
)
from vending_app.conformance.script import Case, Script
from vending_app.domain.card import CardKind
from vending_app.domain.ids import MeterNo, SupplyNo

KINDS = (CardKind.CHECK, CardKind.PARAMETER, CardKind.CLEAR)
_DONE = {CardKind.CHECK: "collected", CardKind.PARAMETER: "limits-set", CardKind.CLEAR: "cleared"}
_PLACES = {CardKind.CHECK: 5, CardKind.PARAMETER: 4, CardKind.CLEAR: 5}


def cases() -> Iterator[Case]:
    for kind in KINDS:
        yield from _mandates(kind)
        yield from _places(kind)
    yield from _days()
    yield from _areas()
    yield from _parameter()
    yield from _clear()


def _ready(script: Script) -> None:
    """A meter at work whose mains came back just now."""
    script.provision()
    script.insert(card(order("100")), "credited", credited=100_000, writes=True)
    script.use(30_000, remaining_wh=70_000)
    script.mains(on=False)
    script.mains(on=True, power_failures=1)


def _refused(script: Script, spoilt: Card, says: str, *, illegal: int = 1) -> None:
    _ready(script)
    script.insert(spoilt, says, writes=False, illegal_cards=illegal, remaining_wh=70_000, relay="closed")


def _mandates(kind: CardKind) -> Iterator[Case]:
    name = kind.value
    yield Case(
        f"{name}-taken", name, f"a {name} card is taken, and the meter's registers are on it", partial(_taken, kind)
    )
    for state in (0x00, 0xA5, 0xFF):
        about = f"a {name} card whose mandate was never finished (state {state:02X})"
        yield Case(f"{name}-state-{state:02x}", "E-11", about, partial(_state, kind, state))
    at = MANDATE_AREA.address + 1
    for field in MANDATE.fields:
        at += field.size
        if field.name in {"area", "meter"}:
            continue  # another area and another meter are cases of their own
        about = f"a {name} card with one wrong bit in the {field.name} of its mandate"
        yield Case(f"{name}-mandate-{field.name}", "E-11", about, partial(_bit, kind, at - 1))
    yield Case(
        f"{name}-mandate-mac", "E-11", f"a {name} card with a wrong MAC", partial(_bit, kind, MANDATE_AREA.end - 1)
    )
    yield Case(f"{name}-no-mandate", "E-11", f"a {name} card without a mandate", partial(_erased, kind))


def _taken(kind: CardKind, script: Script) -> None:
    _ready(script)
    script.insert(tool(kind), _DONE[kind], writes=True, illegal_cards=0)


def _state(kind: CardKind, state: int, script: Script) -> None:
    _refused(script, tool(kind).put(MANDATE_AREA.address, bytes([state])), "E-11")


def _bit(kind: CardKind, at: int, script: Script) -> None:
    _refused(script, tool(kind).flip(at), "E-11")


def _erased(kind: CardKind, script: Script) -> None:
    _refused(script, tool(kind).put(MANDATE_AREA.address, b"\xff" * PLACE_SIZE), "E-11")


# --- places ----------------------------------------------------------------------------------------------


def _places(kind: CardKind) -> Iterator[Case]:
    name = kind.value
    yield Case(f"{name}-again", name, "its own place is written again, not another one", partial(_again, kind))
    yield Case(
        f"{name}-next-place", name, "other meters' records stay: the first empty place", partial(_next_place, kind)
    )
    yield Case(f"{name}-full", "E-14", "no place is free and none is its own", partial(_full, kind))


def _again(kind: CardKind, script: Script) -> None:
    _ready(script)
    made = tool(kind)
    script.insert(made, _DONE[kind], writes=True)
    first = made.memory
    script.insert(made, _DONE[kind], writes=kind is not CardKind.CLEAR)
    empty = b"\xff" * PLACE_SIZE
    assert first.count(empty) == made.memory.count(empty), "no further place was taken"


def _next_place(kind: CardKind, script: Script) -> None:
    _ready(script)
    script.insert(_filled(kind, taken=2), _DONE[kind], writes=True)


def _full(kind: CardKind, script: Script) -> None:
    _refused(script, _filled(kind, taken=_PLACES[kind]), "E-14", illegal=0)


def _filled(kind: CardKind, *, taken: int) -> Card:
    """A card on which other meters stand already; this one cannot prove them, and need not."""
    made = tool(kind)
    first = LIMITS_AREA.end if kind is CardKind.PARAMETER else MANDATE_AREA.end
    for place in range(taken):
        number = (12_345_700 + place).to_bytes(5, "big")
        made.put(first + place * PLACE_SIZE, number + bytes(range(1, PLACE_SIZE - 4)))
    return made


# --- the last day, and the area --------------------------------------------------------------------------


def _days() -> Iterator[Case]:
    for kind in KINDS:
        for day, says in ((LAST_DAY.replace(day=2), ""), (date(2026, 3, 1), "E-13"), (date(2020, 1, 1), "E-13")):
            about = f"a {kind.value} card of which {day} is the last day, on 2 March 2026"
            yield Case(f"{kind.value}-until-{day}", "E-13", about, partial(_until, kind, day, says))


def _until(kind: CardKind, day: date, says: str, script: Script) -> None:
    if says:
        _refused(script, tool(kind, expires_on=day), says)
        return
    _ready(script)
    script.insert(tool(kind, expires_on=day), _DONE[kind], writes=True)


def _areas() -> Iterator[Case]:
    for kind in (CardKind.CHECK, CardKind.PARAMETER):
        about = f"a {kind.value} card of another area, whose key the meter does not have"
        yield Case(f"{kind.value}-elsewhere", "E-12", about, partial(_elsewhere, kind))
        about = f"a {kind.value} card in a meter that no area provisioned"
        yield Case(f"{kind.value}-no-area", "E-12", about, partial(_no_area, kind))
    yield Case("clear-elsewhere", "E-12", "a clear card of another meter", _other_meter)
    yield Case("clear-no-area", "clear", "a clear card needs no area", _clear_without_area)
    yield Case("check-unopened", "check", "a meter that nobody opened is read too", _unopened)


def _elsewhere(kind: CardKind, script: Script) -> None:
    _refused(script, tool(kind, area=OTHER_AREA), "E-12")


def _no_area(kind: CardKind, script: Script) -> None:
    script.provision(area="")
    script.insert(tool(kind), "E-12", writes=False, illegal_cards=1)


def _other_meter(script: Script) -> None:
    _refused(script, tool(CardKind.CLEAR, meter=MeterNo(OTHER_METER)), "E-12")


def _clear_without_area(script: Script) -> None:
    script.provision(area="")
    script.insert(card(order("100")), "credited", credited=100_000, writes=True)
    script.mains(on=False)
    script.mains(on=True)
    script.insert(tool(CardKind.CLEAR), "cleared", writes=True)


def _unopened(script: Script) -> None:
    script.provision()
    script.insert(tool(CardKind.CHECK), "collected", writes=True, supply="")


# --- parameter -------------------------------------------------------------------------------------------


def _parameter() -> Iterator[Case]:
    at = LIMITS_AREA.address
    for field in LIMITS.fields:
        at += field.size
        about = f"a parameter card with one wrong bit in its {field.name}"
        yield Case(f"limits-{field.name}", "E-11", about, partial(_bit, CardKind.PARAMETER, at - 1))
    yield Case("limits-mac", "E-11", "limits with a wrong MAC", partial(_bit, CardKind.PARAMETER, LIMITS_AREA.end - 1))
    yield Case("limits-moved", "E-11", "limits of another mandate", _moved_limits)
    yield Case("limits-hold", "parameter", "the limits hold until the next order", _limits_hold)


def _moved_limits(script: Script) -> None:
    other = tool(CardKind.PARAMETER, number=18)
    _refused(script, tool(CardKind.PARAMETER).put(LIMITS_AREA.address, LIMITS_AREA.of(other.memory)), "E-11")


def _limits_hold(script: Script) -> None:
    _ready(script)
    script.insert(tool(CardKind.PARAMETER), "limits-set", writes=True, relay="closed")
    script.use(1, power_w=6_001, relay="open", reason="overload")
    made = card(order("100", 1), order("110", 2))
    script.insert(made, "credited", credited=10_000, writes=True, relay="closed")
    script.use(1, power_w=6_001, relay="closed")


# --- clear -----------------------------------------------------------------------------------------------


def _clear() -> Iterator[Case]:
    for seconds, says in ((0, "cleared"), (119, "cleared"), (120, "cleared"), (121, "E-15"), (86_400, "E-15")):
        about = f"a clear card {seconds} seconds after the mains came back"
        yield Case(f"clear-after-{seconds}", "E-15", about, partial(_after, seconds=seconds, says=says))
    yield Case("clear-then-old-supply", "E-04", "the supply that it was cleared of never binds again", _barred)
    yield Case(
        "clear-then-new-supply", "clear", "another supply binds, and use goes on from where it stood", _next_supply
    )
    yield Case("clear-pulled", "clear", "pulled before its record was whole: not cleared, and once more", _clear_pulled)


def _after(script: Script, *, seconds: int, says: str) -> None:
    _ready(script)
    script.wait(seconds=seconds)
    if says == "cleared":
        script.insert(tool(CardKind.CLEAR), says, writes=True, remaining_wh=0, supply="", relay="open")
    else:
        script.insert(tool(CardKind.CLEAR), says, writes=False, remaining_wh=70_000, illegal_cards=0)


def _cleared(script: Script) -> None:
    _ready(script)
    script.insert(tool(CardKind.CLEAR), "cleared", writes=True, supply="")


def _barred(script: Script) -> None:
    _cleared(script)
    script.insert(card(order("150", 2, supply=SupplyNo(SUPPLY))), "E-04", writes=False, energy_total_wh=0)


def _next_supply(script: Script) -> None:
    _cleared(script)
    made = card(order("40", 1, supply=SupplyNo(OTHER_SUPPLY)))
    script.insert(made, "credited", credited=40_000, writes=True, used_total_wh=30_000, remaining_wh=40_000)


def _clear_pulled(script: Script) -> None:
    _ready(script)
    made = tool(CardKind.CLEAR)
    script.insert(made, "not-cleared", writes=True, pulled_at=9, remaining_wh=70_000, supply="00001234")
    script.insert(made, "cleared", writes=True, supply="")
