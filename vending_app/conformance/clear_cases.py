"""*Clear card*: when a meter is cleared, what it forgets, what it keeps, and what it refuses from then on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from vending_app.conformance.cards import NEXT_CARD, OTHER_SUPPLY, SUPPLY, Card, card, order, tool
from vending_app.conformance.script import BEGINS, Case, Script
from vending_app.conformance.tool_cases import ready
from vending_app.domain.card import CardKind
from vending_app.domain.ids import CardNo, SupplyNo
from vending_app.meter.registers import EPOCH

OTHER_TOOL = CardNo("550000000901")
MANY = 12


def cases() -> Iterator[Case]:
    for seconds, says in ((0, "cleared"), (119, "cleared"), (120, "cleared"), (121, "E-15"), (86_400, "E-15")):
        about = f"a clear card {seconds} seconds after the mains came back"
        yield Case(f"clear-after-{seconds}", "E-15", about, partial(_after, seconds=seconds, says=says))
    yield Case("clear-pulled", "clear", "pulled before its record was whole: not cleared, and once more", _pulled)
    yield Case("clear-pulled-works-on", "clear", "a meter that was not cleared works on", _works_on)
    yield from _again()
    yield from _barred()
    yield from _kept()


def _after(script: Script, *, seconds: int, says: str) -> None:
    ready(script)
    script.wait(seconds=seconds)
    if says == "cleared":
        script.insert(tool(CardKind.CLEAR), says, writes=True, remaining_wh=0, supply="", relay="open")
    else:
        script.insert(tool(CardKind.CLEAR), says, writes=False, remaining_wh=70_000, illegal_cards=0)


def _pulled(script: Script) -> None:
    ready(script)
    made = tool(CardKind.CLEAR)
    script.insert(made, "not-cleared", writes=True, pulled_at=9, remaining_wh=70_000, supply=SUPPLY)
    script.insert(made, "cleared", writes=True, supply="")


def _works_on(script: Script) -> None:
    ready(script)
    script.insert(tool(CardKind.CLEAR), "not-cleared", writes=True, pulled_at=9, relay="closed")
    script.use(1_000, remaining_wh=69_000)
    made = card(order("100", 1), order("120", 2))
    script.insert(made, "credited", credited=20_000, writes=True, remaining_wh=89_000)
    # The record that never became whole has its running number all the same.
    script.bears(made, running=3)


def _cleared(script: Script) -> Card:
    """30 of 100 kWh were used, the cards counted: the purchase, and the clear card."""
    ready(script)
    made = tool(CardKind.CLEAR)
    script.insert(made, "cleared", writes=True, supply="")
    return made


def _other_clear() -> Card:
    return tool(CardKind.CLEAR, on=OTHER_TOOL, number=18)


def _next(kwh: str = "40", sequence: int = 1, **fields: Any) -> Card:
    """The first card of the supply that the meter serves next."""
    return card(order(kwh, sequence, supply=SupplyNo(OTHER_SUPPLY), **fields), number=NEXT_CARD)


def _on_and_off(script: Script) -> None:
    script.mains(on=False)
    script.mains(on=True)


# --- the same record, until another supply binds ---------------------------------------------------------


def _again() -> Iterator[Case]:
    about = "another clear card gets the same record from a meter that is cleared already"
    yield Case("clear-again-other-card", "clear", about, _same_record)
    yield Case("clear-again-counts-once", "clear", "the same record has no further running number", _counted_once)
    yield Case("clear-mains-on", "E-15", "mains that return while they are on begin no two minutes", _mains_on)
    yield Case("clear-again-late", "E-15", "two minutes hold for a meter that is cleared already too", _again_late)
    about = "another supply was bound, and is cleared: its own record, not that of the first one"
    yield Case("clear-next-record", "clear", about, _next_record)


def _same_record(script: Script) -> None:
    made = _cleared(script)
    other = _other_clear()
    script.insert(other, "cleared", writes=True, supply="")
    for each in (made, other):
        script.bears(each, running=2, sequence=1, used_total=3_000, remaining=7_000)


def _counted_once(script: Script) -> None:
    made = _cleared(script)
    script.insert(made, "cleared", writes=False)
    first = _next()
    script.insert(first, "credited", credited=40_000, writes=True)
    script.bears(first, running=3)


def _again_late(script: Script) -> None:
    _cleared(script)
    script.wait(seconds=121)
    script.insert(_other_clear(), "E-15", writes=False, illegal_cards=0)


def _mains_on(script: Script) -> None:
    ready(script)
    script.wait(seconds=121)
    script.mains(on=True, power_failures=1)
    script.insert(tool(CardKind.CLEAR), "E-15", writes=False, remaining_wh=70_000)


def _next_record(script: Script) -> None:
    made = _cleared(script)
    script.insert(_next(sequence=7), "credited", credited=40_000, writes=True)
    script.use(5_000, remaining_wh=35_000, used_total_wh=35_000)
    _on_and_off(script)
    script.insert(made, "cleared", writes=True, supply="", remaining_wh=0, used_total_wh=35_000)
    script.bears(made, running=4, sequence=7, used_total=3_500, remaining=3_500)


# --- the supply that it was cleared of -------------------------------------------------------------------


def _barred() -> Iterator[Case]:
    for name, about, play in (
        ("clear-then-old-supply", "the supply that it was cleared of never binds again", _old_supply),
        ("clear-twice-old-supply", "nor after a second clear card", _twice),
        ("clear-next-too", "nor after another supply was bound and cleared too: the meter was cleared of both", _both),
        ("clear-all-of-many", "nor after many were: it forgets none that it was ever cleared of", _many),
        ("clear-then-replaced", "nor by a card that replaced the one before", _replaced),
    ):
        yield Case(name, "E-04", about, play)
    about = "another supply binds, and use goes on from where it stood"
    yield Case("clear-then-new-supply", "clear", about, _next_supply)


def _old_supply(script: Script) -> None:
    _cleared(script)
    script.insert(card(order("150", 2)), "E-04", writes=False, energy_total_wh=0, illegal_cards=0)
    script.insert(_next(), "credited", credited=40_000, writes=True)


def _twice(script: Script) -> None:
    made = _cleared(script)
    script.insert(made, "cleared", writes=False)
    script.insert(card(order("100", 1)), "E-04", writes=False, energy_total_wh=0)
    script.insert(_other_clear(), "cleared", writes=True)
    script.insert(card(order("100", 1)), "E-04", writes=False, energy_total_wh=0)


def _both(script: Script) -> None:
    made = _cleared(script)
    script.insert(_next(), "credited", credited=40_000, writes=True)
    _on_and_off(script)
    script.insert(made, "cleared", writes=True)
    for old in (card(order("100", 1)), _next()):
        script.insert(old, "E-04", writes=False, energy_total_wh=0, supply="")
    third = card(order("20", 1, supply=SupplyNo("00001236")))
    script.insert(third, "credited", credited=20_000, writes=True)


def _many(script: Script) -> None:
    """More supplies than a meter sees in its life, so that nobody keeps a short list."""
    made = _cleared(script)
    old = [card(order("100", 1))]
    for number in range(MANY):
        old.append(card(order("40", 1, supply=SupplyNo(f"{int(OTHER_SUPPLY) + number:08d}")), number=NEXT_CARD))
        script.insert(old[-1], "credited", credited=40_000, writes=True)
        _on_and_off(script)
        script.insert(made, "cleared", writes=True)
    for each in old:
        script.insert(each, "E-04", writes=False, energy_total_wh=0, supply="")


def _replaced(script: Script) -> None:
    _cleared(script)
    script.insert(card(order("150", 2, generation=2), number=NEXT_CARD), "E-04", writes=False, energy_total_wh=0)


def _next_supply(script: Script) -> None:
    _cleared(script)
    made = _next()
    script.insert(made, "credited", credited=40_000, writes=True, used_total_wh=30_000, remaining_wh=40_000)
    script.bears(made, sequence=1, used_total=3_000, remaining=4_000, energy_total=4_000, purchases=1)


# --- what a cleared meter keeps, and still does ----------------------------------------------------------


def _kept() -> Iterator[Case]:
    cases: tuple[tuple[str, str, Callable[[Script], None]], ...] = (
        ("rounding", "use goes on from what the card says, in 0.01 kWh", _rounding),
        ("check", "a check card gets the registers as they are now, not the last record", _check),
        ("limits", "a parameter card is taken, with a running number of its own", _limits),
        ("key", "a key card is taken: the next supply's order may be under the new keys", _key),
        ("key-again", "the key card that brought the newest keys gets its record again", _key_again),
        ("version", "it writes back under the newest keys that were proved to it", _version),
        ("cover", "the cover stays open", _cover),
        ("month", "what the supply before used is not counted in the next one's month", _month),
        ("clock", "its clock stays where it was, when it is set back", _clock),
        ("pulled", "pulled at the next supply's first visit: credited once", _next_pulled),
    )
    for name, about, play in cases:
        yield Case(f"cleared-{name}", "clear", f"cleared: {about}", play)


def _rounding(script: Script) -> None:
    ready(script)
    script.use(2_345, used_total_wh=32_345)
    made = tool(CardKind.CLEAR)
    script.insert(made, "cleared", writes=True, used_total_wh=32_340)
    script.bears(made, used_total=3_234, remaining=6_766)


def _check(script: Script) -> None:
    _cleared(script)
    script.insert(card(), "E-02", writes=False, illegal_cards=1)
    made = tool(CardKind.CHECK)
    script.insert(made, "collected", writes=True)
    script.bears(made, running=3, sequence=0, used_total=3_000, remaining=0, illegal_cards=1)


def _limits(script: Script) -> None:
    _cleared(script)
    made = tool(CardKind.PARAMETER)
    script.insert(made, "limits-set", writes=True, relay="open")
    script.bears(made, running=3)
    script.insert(_next(), "credited", credited=40_000, writes=True)
    script.use(1, power_w=7_000, relay="closed")


def _before_keys(script: Script) -> None:
    script.provision(versions=(1,))
    script.insert(card(order("100")), "credited", credited=100_000, writes=True)
    _on_and_off(script)


def _key(script: Script) -> None:
    _before_keys(script)
    script.insert(tool(CardKind.CLEAR), "cleared", writes=True)
    script.insert(tool(CardKind.KEY), "keys-learnt", writes=True)
    made = _next(key_version=2)
    script.insert(made, "credited", credited=40_000, writes=True)
    script.bears(made, running=4, key_version=2)


def _key_again(script: Script) -> None:
    _before_keys(script)
    made = tool(CardKind.KEY)
    script.insert(made, "keys-learnt", writes=True)
    script.insert(tool(CardKind.CLEAR), "cleared", writes=True)
    script.insert(made, "keys-learnt", writes=True)


def _version(script: Script) -> None:
    script.provision()
    script.insert(card(order("100", key_version=2)), "credited", credited=100_000, writes=True)
    _on_and_off(script)
    script.insert(tool(CardKind.CLEAR), "cleared", writes=True)
    made = _next(key_version=1)
    script.insert(made, "credited", credited=40_000, writes=True)
    script.bears(made, key_version=2)


def _cover(script: Script) -> None:
    ready(script)
    script.cover(is_open=True, tamper_events=1)
    script.insert(tool(CardKind.CLEAR), "cleared", writes=True, tamper_events=0)
    made = _next()
    script.insert(made, "credited", credited=40_000, writes=True, relay="closed")
    script.bears(made, status=0x20, tamper_events=0)


def _month(script: Script) -> None:
    ready(script)
    script.wait(days=31)
    _on_and_off(script)
    script.insert(tool(CardKind.CLEAR, expires_on=script.now.date()), "cleared", writes=True)
    script.insert(_next(), "credited", credited=40_000, writes=True)
    script.use(10_000)
    script.wait(days=31)
    made = _next()
    script.insert(made, "nothing-new", writes=True, last_month_wh=10_000)
    script.bears(made, last_month=1_000)


def _clock(script: Script) -> None:
    _cleared(script)
    script.wait(hours=-1)
    made = _next()
    script.insert(made, "credited", credited=40_000, writes=True)
    script.bears(made, meter_time=int((BEGINS - EPOCH).total_seconds()))


def _next_pulled(script: Script) -> None:
    _cleared(script)
    made = _next()
    script.insert(made, "credited", credited=40_000, writes=True, pulled_at=5)
    script.insert(made, "nothing-new", writes=True, remaining_wh=40_000)
    # What the clear card took is kept no longer, and the supply before stays barred.
    script.insert(card(order("100", 1)), "E-04", writes=False, energy_total_wh=40_000)
