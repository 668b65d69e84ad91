"""*What the meter does with a tool card*: mandates, places, days and areas of check, parameter and clear cards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

from vending_app.cardio.tool_layout import LIMITS_AREA, MANDATE, MANDATE_AREA, PLACE_SIZE
from vending_app.conformance.cards import (
    AREA,
    LAST_DAY,
    METER,
    OTHER_AREA,
    OTHER_METER,
    Card,
    bound,
    card,
    order,
    tool,
)
from vending_app.conformance.script import Case, Script
from vending_app.domain.card import CardKind
from vending_app.domain.ids import MeterNo
from vending_app.meter.registers import EPOCH

KINDS = (CardKind.CHECK, CardKind.PARAMETER, CardKind.CLEAR)
_DONE = {CardKind.CHECK: "collected", CardKind.PARAMETER: "limits-set", CardKind.CLEAR: "cleared"}
_PLACES = {CardKind.CHECK: 5, CardKind.PARAMETER: 4, CardKind.CLEAR: 5}


def cases() -> Iterator[Case]:
    for kind in KINDS:
        yield from _mandates(kind)
        yield from _places(kind)
    yield from _days()
    yield from _areas()


def ready(script: Script) -> None:
    """A meter at work whose mains came back just now."""
    script.provision()
    script.insert(card(order("100")), "credited", credited=100_000, writes=True)
    script.use(30_000, remaining_wh=70_000)
    script.mains(on=False)
    script.mains(on=True, power_failures=1)


def refused(script: Script, spoilt: Card, says: str, *, illegal: int = 1) -> None:
    """Nothing is written, and nothing but the counter changes."""
    ready(script)
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
    about = f"a {name} card whose mandate is bound to what its kind is not, under a right MAC"
    yield Case(f"{name}-bound-otherwise", "E-11", about, partial(_bound, kind))
    about = f"a {name} card whose mandate names an area and a meter, under a right MAC"
    yield Case(f"{name}-bound-twice", "E-11", about, partial(_bound_twice, kind))
    yield Case(f"{name}-no-power", "mains", f"a {name} card is not read without mains", partial(_no_power, kind))


def _taken(kind: CardKind, script: Script) -> None:
    ready(script)
    script.insert(tool(kind), _DONE[kind], writes=True, illegal_cards=0)


def _state(kind: CardKind, state: int, script: Script) -> None:
    refused(script, tool(kind).put(MANDATE_AREA.address, bytes([state])), "E-11")


def _bit(kind: CardKind, at: int, script: Script) -> None:
    refused(script, tool(kind).flip(at), "E-11")


def _erased(kind: CardKind, script: Script) -> None:
    refused(script, tool(kind).put(MANDATE_AREA.address, b"\xff" * PLACE_SIZE), "E-11")


def _bound(kind: CardKind, script: Script) -> None:
    is_of_meter = kind is CardKind.CLEAR
    area, meter = (AREA, None) if is_of_meter else ("", MeterNo(METER))
    refused(script, bound(kind, area=area, meter=meter), "E-11")


def _bound_twice(kind: CardKind, script: Script) -> None:
    refused(script, bound(kind, area=AREA, meter=MeterNo(METER)), "E-11")


def _no_power(kind: CardKind, script: Script) -> None:
    ready(script)
    script.mains(on=False)
    made = tool(kind)
    script.insert(made, "no-power", writes=False, illegal_cards=0, supply="00001234")
    script.mains(on=True)
    script.insert(made, _DONE[kind], writes=True)
    script.bears(made, running=2)


# --- places ----------------------------------------------------------------------------------------------


def _places(kind: CardKind) -> Iterator[Case]:
    name = kind.value
    yield Case(f"{name}-again", name, "its own place is written again, not another one", partial(_again, kind))
    yield Case(
        f"{name}-next-place", name, "other meters' records stay: the first empty place", partial(_next_place, kind)
    )
    yield Case(f"{name}-full", "E-14", "no place is free and none is its own", partial(_full, kind))


def _again(kind: CardKind, script: Script) -> None:
    ready(script)
    made = tool(kind)
    script.insert(made, _DONE[kind], writes=True)
    first = made.memory
    script.insert(made, _DONE[kind], writes=kind is not CardKind.CLEAR)
    empty = b"\xff" * PLACE_SIZE
    assert first.count(empty) == made.memory.count(empty), "no further place was taken"


def _next_place(kind: CardKind, script: Script) -> None:
    ready(script)
    script.insert(_filled(kind, taken=2), _DONE[kind], writes=True)


def _full(kind: CardKind, script: Script) -> None:
    refused(script, _filled(kind, taken=_PLACES[kind]), "E-14", illegal=0)


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
    for clock, says in (("2026-03-31T23:59:59", "collected"), ("2026-04-01T00:00:00", "E-13")):
        about = f"a check card of which 2026-03-31 is the last day, at {clock}Z"
        yield Case(f"check-at-{clock}", "E-13", about, partial(_at, clock=clock, says=says))


def _until(kind: CardKind, day: date, says: str, script: Script) -> None:
    if says:
        refused(script, tool(kind, expires_on=day), says)
        return
    ready(script)
    script.insert(tool(kind, expires_on=day), _DONE[kind], writes=True)


def _at(script: Script, *, clock: str, says: str) -> None:
    """The day is that of UTC; the record's hour is the one that has begun."""
    ready(script)
    script.now = datetime.fromisoformat(f"{clock}+00:00")
    made = tool(CardKind.CHECK)
    script.insert(made, says, writes=says == "collected", illegal_cards=int(says == "E-13"))
    if says == "collected":
        script.bears(made, meter_hour=(script.now - EPOCH) // timedelta(hours=1))


def _areas() -> Iterator[Case]:
    for kind in (CardKind.CHECK, CardKind.PARAMETER):
        about = f"a {kind.value} card of another area, whose key the meter does not have"
        yield Case(f"{kind.value}-elsewhere", "E-12", about, partial(_elsewhere, kind))
        about = f"a {kind.value} card in a meter that no area provisioned"
        yield Case(f"{kind.value}-no-area", "E-12", about, partial(_no_area, kind))
    yield Case("clear-elsewhere", "E-12", "a clear card of another meter", _other_meter)
    yield Case("clear-no-area", "clear", "a clear card needs no area", _clear_without_area)
    yield Case("check-rounding", "check", "energy finer than 0.01 kWh stays with what remains", _rounding)
    yield Case("check-unopened", "check", "a meter that nobody opened is read too", _unopened)


def _elsewhere(kind: CardKind, script: Script) -> None:
    refused(script, tool(kind, area=OTHER_AREA), "E-12")


def _no_area(kind: CardKind, script: Script) -> None:
    script.provision(area="")
    script.insert(tool(kind), "E-12", writes=False, illegal_cards=1)


def _other_meter(script: Script) -> None:
    refused(script, tool(CardKind.CLEAR, meter=MeterNo(OTHER_METER)), "E-12")


def _clear_without_area(script: Script) -> None:
    script.provision(area="")
    script.insert(card(order("100")), "credited", credited=100_000, writes=True)
    script.mains(on=False)
    script.mains(on=True)
    script.insert(tool(CardKind.CLEAR), "cleared", writes=True)


def _rounding(script: Script) -> None:
    ready(script)
    script.use(2_345, remaining_wh=67_655)
    made = tool(CardKind.CHECK)
    script.insert(made, "collected", writes=True)
    script.bears(made, used_total=3_234, remaining=6_766)


def _unopened(script: Script) -> None:
    script.provision()
    script.insert(tool(CardKind.CHECK), "collected", writes=True, supply="")
