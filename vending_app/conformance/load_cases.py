"""Rule 5 and the alarm levels: what the load, the mains and the cover do to relay, counters and registers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from vending_app.conformance.cards import Card, card, order
from vending_app.conformance.script import Case, Script
from vending_app.domain.energy import NO_ENERGY, Energy


def cases() -> Iterator[Case]:
    yield from _alarms()
    yield from _overload()
    yield from _zero()
    yield from _surroundings()
    yield from _clock()


def _loaded(script: Script, kwh: str, **parameters: object) -> Card:
    script.provision()
    made = card(order(kwh, 1, **parameters))
    script.insert(made, "credited", credited=Energy.parse(kwh).wh, writes=True, relay="closed")
    return made


def _alarms() -> Iterator[Case]:
    for used, alarm in ((79_990, False), (80_000, True), (80_010, True)):
        about = f"{used} Wh of 100 kWh are used: the first alarm level is 20 kWh"
        yield Case(f"alarm-{used}", "alarms", about, partial(_first_level, used=used, alarm=alarm))
    yield Case("trip-at-level", "alarms", "the second level opens the relay exactly there", _second_level)
    yield Case("trip-released", "5", "the meter's card closes it again", _released)
    yield Case("trip-once", "alarms", "and it trips no second time on the way to zero", _once)
    yield Case("trip-again", "alarms", "after credit above the level it trips once more", _again)
    yield Case("trip-none", "alarms", "a second level of nothing trips nowhere before zero", _no_level)
    yield Case("trip-below-level", "alarms", "credited to below the level: no trip on it", _below_level)


def _first_level(script: Script, *, used: int, alarm: bool) -> None:
    _loaded(script, "100")
    script.use(used, remaining_wh=100_000 - used, alarm=alarm, relay="closed")


def _second_level(script: Script) -> None:
    _loaded(script, "100")
    script.use(99_000, remaining_wh=5_000, used_total_wh=95_000, relay="open", reason="low-credit", low_credit_trips=1)
    script.use(1_000, remaining_wh=5_000, relay="open")


def _released(script: Script) -> None:
    made = _loaded(script, "100")
    script.use(99_000, relay="open", reason="low-credit")
    script.insert(made, "nothing-new", writes=True, relay="closed", reason="none", low_credit_trips=1)


def _once(script: Script) -> None:
    made = _loaded(script, "100")
    script.use(99_000, relay="open")
    script.insert(made, "nothing-new", writes=True, relay="closed")
    script.use(4_990, remaining_wh=10, relay="closed", low_credit_trips=1)


def _again(script: Script) -> None:
    made = _loaded(script, "100")
    script.use(99_000, relay="open")
    script.insert(made, "nothing-new", writes=True, relay="closed")
    script.insert(card(order("100", 1), order("200", 2)), "credited", credited=100_000, writes=True)
    script.use(200_000, remaining_wh=5_000, relay="open", reason="low-credit", low_credit_trips=2)


def _no_level(script: Script) -> None:
    _loaded(script, "100", alarm_1=NO_ENERGY, alarm_2=NO_ENERGY)
    script.use(99_990, remaining_wh=10, relay="closed", low_credit_trips=0)


def _below_level(script: Script) -> None:
    _loaded(script, "4")
    script.use(1_000, remaining_wh=3_000, relay="closed", low_credit_trips=0)


# --- overload --------------------------------------------------------------------------------------------


def _overload() -> Iterator[Case]:
    for power_w, relay in ((7_999, "closed"), (8_000, "closed"), (8_001, "open"), (30_000, "open")):
        about = f"a load of {power_w} W, with a limit of 8000 W"
        yield Case(f"overload-{power_w}", "5", about, partial(_power, power_w=power_w, relay=relay))
    yield Case("overload-released", "5", "the meter's card closes it again; nothing was taken", _overload_released)
    yield Case("overload-twice", "5", "each overload is counted", _overload_twice)
    yield Case("overload-none", "5", "a limit of nothing is none", _no_limit)


def _power(script: Script, *, power_w: int, relay: str) -> None:
    _loaded(script, "100")
    trips = int(relay == "open")
    used = 0 if trips else 1_000
    script.use(
        1_000, power_w=power_w, relay=relay, overload_trips=trips, power_max_w=power_w, remaining_wh=100_000 - used
    )


def _overload_released(script: Script) -> None:
    made = _loaded(script, "100")
    script.use(1_000, power_w=9_000, relay="open", reason="overload", used_total_wh=0)
    script.insert(made, "nothing-new", writes=True, relay="closed", reason="none", overload_trips=1)
    script.use(1_000, power_w=500, relay="closed", used_total_wh=1_000)


def _overload_twice(script: Script) -> None:
    made = _loaded(script, "100")
    for trips in (1, 2):
        script.use(1_000, power_w=9_000 + trips, relay="open", overload_trips=trips, power_max_w=9_000 + trips)
        script.insert(made, "nothing-new", writes=True, relay="closed")


def _no_limit(script: Script) -> None:
    _loaded(script, "100", overload_w=0)
    script.use(1_000, power_w=500_000, relay="closed", overload_trips=0, power_max_w=500_000)


# --- zero ------------------------------------------------------------------------------------------------


def _zero() -> Iterator[Case]:
    yield Case("zero", "5", "at zero the relay opens, and a card without credit does not close it", _at_zero)
    yield Case("zero-credited", "5", "credit closes it", _zero_credited)
    for lent in (0, 3, 10):
        about = f"an overdraft limit of {lent} kWh lets the load go that far below zero"
        yield Case(f"overdraft-{lent}", "5", about, partial(_overdraft, lent=lent))
    yield Case("zero-crossing-steps", "5", "used past zero little by little: each part is counted once", _steps)
    for power_w, late in ((1, 1), (3_600, 1), (3_601, 2), (7_200, 2)):
        about = f"a load of {power_w} W draws {late} Wh while the relay opens at zero"
        yield Case(f"zero-at-{power_w}", "5", about, partial(_late, power_w=power_w, late=late))
    yield Case("zero-crossing-adds-up", "5", "all energy past zero is counted, also that bought later", _adds_up)
    yield Case("rounding", "write-back", "energy finer than 0.01 kWh stays with what remains", _rounding)


def _at_zero(script: Script) -> None:
    made = _loaded(script, "3")
    # A load of 3600 W draws one Wh while the relay opens.
    script.use(3_000, power_w=3_600, relay="open", reason="zero", remaining_wh=0, zero_crossing_wh=0)
    script.insert(made, "nothing-new", writes=True, relay="open", reason="zero")


def _zero_credited(script: Script) -> None:
    _loaded(script, "3")
    script.use(5_000, power_w=3_600, relay="open", reason="zero", remaining_wh=-1, zero_crossing_wh=1)
    made = card(order("3", 1), order("13", 2))
    script.insert(made, "credited", credited=10_000, writes=True, relay="closed", remaining_wh=9_999)


def _overdraft(script: Script, *, lent: int) -> None:
    _loaded(script, "3", overdraft=Energy.parse(str(lent)), alarm_2=NO_ENERGY)
    below = -1_000 * lent
    script.use(50_000, power_w=3_600, relay="open", reason="zero", remaining_wh=below - 1, zero_crossing_wh=1 - below)


def _adds_up(script: Script) -> None:
    lent = {"overdraft": Energy.parse("10"), "alarm_2": NO_ENERGY}
    _loaded(script, "3", **lent)
    script.use(8_000, remaining_wh=-5_000, zero_crossing_wh=5_000, relay="closed")
    made = card(order("3", 1, **lent), order("13", 2, **lent))
    script.insert(made, "credited", credited=10_000, writes=True, remaining_wh=5_000, zero_crossing_wh=5_000)
    script.use(7_000, remaining_wh=-2_000, zero_crossing_wh=7_000)


def _steps(script: Script) -> None:
    _loaded(script, "3", overdraft=Energy.parse("10"), alarm_2=NO_ENERGY)
    script.use(4_000, remaining_wh=-1_000, zero_crossing_wh=1_000)
    script.use(1_000, remaining_wh=-2_000, zero_crossing_wh=2_000)
    script.use(3_000, remaining_wh=-5_000, zero_crossing_wh=5_000, relay="closed")


def _late(script: Script, *, power_w: int, late: int) -> None:
    _loaded(script, "3")
    script.use(4_000, power_w=power_w, relay="open", remaining_wh=-late, zero_crossing_wh=late)


def _rounding(script: Script) -> None:
    made = _loaded(script, "100")
    for used in (1, 4, 5, 3):
        script.use(used)
        script.insert(made, "nothing-new", writes=True)


# --- mains, cover, clock ---------------------------------------------------------------------------------


def _surroundings() -> Iterator[Case]:
    yield Case("mains-off", "mains", "without mains no card is read, and nothing flows", _no_mains)
    yield Case("mains-counted", "mains", "each failure is counted once, and the relay stays as it was", _failures)
    yield Case("cover", "cover", "an opened cover is counted once, and its flag stays until it is closed", _cover)
    yield Case("cover-without-mains", "cover", "it is counted without mains too", _cover_in_the_dark)


def _no_mains(script: Script) -> None:
    made = _loaded(script, "100")
    script.mains(on=False, power_failures=1)
    script.insert(made, "no-power", writes=False)
    script.use(1_000, used_total_wh=0)
    script.mains(on=True, power_failures=1, relay="closed")
    script.insert(made, "nothing-new", writes=True)


def _failures(script: Script) -> None:
    _loaded(script, "100")
    script.use(1, power_w=9_000, relay="open", reason="overload")
    for failures in (1, 2, 3):
        script.mains(on=False, power_failures=failures)
        script.mains(on=False, power_failures=failures)
        script.mains(on=True, relay="open", reason="overload")


def _cover(script: Script) -> None:
    made = _loaded(script, "100")
    script.cover(is_open=True, tamper_events=1, relay="closed")
    script.cover(is_open=True, tamper_events=1)
    script.insert(made, "nothing-new", writes=True)
    script.cover(is_open=False, tamper_events=1)
    script.insert(made, "nothing-new", writes=True)
    script.cover(is_open=True, tamper_events=2)


def _cover_in_the_dark(script: Script) -> None:
    _loaded(script, "100")
    script.mains(on=False)
    script.cover(is_open=True, tamper_events=1)
    script.cover(is_open=False)
    script.mains(on=True, tamper_events=1)


def _clock() -> Iterator[Case]:
    for days, last in ((20, 0), (30, 7_000), (61, 2_000), (92, 0)):
        about = f"{days} days later: what was used in the last whole month"
        yield Case(f"month-{days}", "write-back", about, partial(_month, days=days, last=last))
    yield Case("month-goes-on", "write-back", "the last month stays as it was while the next one goes on", _goes_on)
    for used, seen, last in (("2026-12", "2027-01", 4_000), ("2026-03", "2027-03", 0), ("2026-03", "2027-04", 0)):
        about = f"4 kWh are used in {used}, and the card comes back in {seen}"
        yield Case(f"month-{used}-{seen}", "write-back", about, partial(_seen, used=used, seen=seen, last=last))
    yield Case("clock-back", "write-back", "a clock that is set back changes nothing", _set_back)
    yield Case("clock-end", "write-back", "the meter's time stays at the end of its field", _end_of_time)


def _month(script: Script, *, days: int, last: int) -> None:
    """7 kWh in March, 2 kWh in April, nothing after it."""
    made = _loaded(script, "100")
    script.use(7_000)
    if days > 30:
        script.wait(days=31)
        script.use(2_000, last_month_wh=7_000)
        script.wait(days=days - 31)
    else:
        script.wait(days=days)
    script.insert(made, "nothing-new", writes=True, last_month_wh=last)


def _goes_on(script: Script) -> None:
    made = _loaded(script, "100")
    script.use(7_000)
    script.wait(days=31)
    script.use(1_000, last_month_wh=7_000)
    script.wait(days=1)
    script.use(2_000, last_month_wh=7_000)
    script.wait(days=30)
    script.insert(made, "nothing-new", writes=True, last_month_wh=3_000)


def _seen(script: Script, *, used: str, seen: str, last: int) -> None:
    made = _loaded(script, "100")
    script.now = _in_month(used)
    script.use(4_000)
    script.now = _in_month(seen)
    script.insert(made, "nothing-new", writes=True, last_month_wh=last)
    script.bears(made, last_month=last // 10)


def _in_month(month: str) -> datetime:
    return datetime.fromisoformat(f"{month}-20T12:00:00+00:00")


def _set_back(script: Script) -> None:
    made = _loaded(script, "100")
    script.use(5_000)
    script.wait(days=35)
    script.insert(made, "nothing-new", writes=True, last_month_wh=5_000)
    script.wait(days=-35)
    script.insert(made, "nothing-new", writes=True, last_month_wh=5_000)


def _end_of_time(script: Script) -> None:
    made = _loaded(script, "100")
    script.wait(days=365 * 120)
    script.insert(made, "nothing-new", writes=True)
