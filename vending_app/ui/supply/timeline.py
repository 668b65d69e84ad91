"""What the life of a supply looks like on one axis, from facts: bars, events, what was left, what was used."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from vending_app.domain.energy import Energy
from vending_app.domain.ids import masked, spaced
from vending_app.domain.inspection import Outcome
from vending_app.domain.records import CardOfSupply, LifeEvent
from vending_app.services.supply_cases import LifeShown
from vending_app.ui.phrases import local, short_day
from vending_app.ui.supply.entry_words import said_finding
from vending_app.ui.supply.supply_words import CARD_ENDS, change_words

LEAST_DAYS = 28
"""A supply of yesterday has an axis too."""
YEAR_DAYS = 365


@dataclass(frozen=True, slots=True)
class Bar:
    """Something that held from a day to a day."""

    since: date
    until: date
    words: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened on a day."""

    on: date
    icon: str
    tone: str
    title: str
    line: str


@dataclass(frozen=True, slots=True)
class Level:
    """What the meter had left at a moment; `is_purchase` at the top of a step."""

    at: datetime
    energy: Energy
    is_purchase: bool = False


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything on the axis, from `begins` to `today`."""

    begins: date
    today: date
    meters: tuple[Bar, ...]
    cards: tuple[Bar, ...]
    tariffs: tuple[Bar, ...]
    events: tuple[Event, ...]
    levels: tuple[Level, ...]
    months: tuple[tuple[date, Energy], ...]
    alarm: Energy

    @property
    def months_long(self) -> int:
        """How many calendar months it spans."""
        return (self.today.year - self.begins.year) * 12 + self.today.month - self.begins.month + 1


def timeline_of(shown: LifeShown, *, whole: bool) -> Timeline:
    """The whole life, or the last year of it."""
    today = local(shown.now).date()
    opened = min(shown.supply.opened_on, today - timedelta(days=LEAST_DAYS))
    if shown.life.before_since is not None:
        opened = min(opened, shown.life.before_since)
    begins = opened if whole else max(opened, today - timedelta(days=YEAR_DAYS))
    first_month = begins.replace(day=1)
    return Timeline(
        begins=begins,
        today=today,
        meters=_cut(_meters(shown, today), begins),
        cards=_cut(_cards(shown.life.cards, today), begins),
        tariffs=_cut(_tariffs(shown, today), begins),
        events=tuple(event for event in _events(shown, today) if event.on >= begins),
        levels=_since(tuple(_levels(_told_anew(shown.life.events))), begins),
        months=tuple((month, used) for month, used in shown.months if month >= first_month),
        alarm=shown.supply.parameters.alarm_1,
    )


def _cut(bars: Iterable[Bar], begins: date) -> tuple[Bar, ...]:
    """What ended before the axis begins is left out."""
    return tuple(replace(bar, since=max(bar.since, begins)) for bar in bars if bar.until > begins)


def _meters(shown: LifeShown, today: date) -> Iterator[Bar]:
    """The meter of this supply, after the one that it took over from, until it ended."""
    supply, life = shown.supply, shown.life
    if life.before_meter is not None and life.before_since is not None:
        yield Bar(life.before_since, supply.opened_on, spaced(life.before_meter), is_current=False)
    until = supply.closed_on or today
    yield Bar(supply.opened_on, until, spaced(supply.meter.number), is_current=supply.closed_on is None)


def _cards(cards: tuple[CardOfSupply, ...], today: date) -> Iterator[Bar]:
    for card in reversed(cards):
        until = local(card.until).date() if card.until else today
        why = f", {CARD_ENDS[card.why]}" if card.why else ""
        yield Bar(local(card.since).date(), until, f"{masked(card.number)}{why}", is_current=card.until is None)


def _tariffs(shown: LifeShown, today: date) -> Iterator[Bar]:
    held = shown.life.tariffs
    ends = [since for since, _ in held[1:]] + [shown.supply.closed_on or today]
    for at, ((since, code), until) in enumerate(zip(held, ends, strict=True)):
        yield Bar(since, until, code, is_current=at == len(held) - 1 and shown.supply.closed_on is None)


# --- events ----------------------------------------------------------------------------------------------


def _events(shown: LifeShown, today: date) -> Iterator[Event]:
    opened = shown.supply.opened_on
    yield Event(opened, "flag", "accent", "Supply opened", short_day(opened, today=today))
    for event in shown.life.events:
        on = local(event.at).date()
        day = short_day(on, today=today)
        match event.kind:
            case "issue" if event.sequence > 1:
                yield Event(on, "identification-card", "warn", "New card", day)
            case "meter-change":
                yield Event(on, "swap", "accent", f"Meter changed, {day}", event.text)
            case "record":
                title = change_words(event.before, event.after)
                if title:
                    yield Event(on, "sliders-horizontal", "accent", f"{title}, {day}", event.text)
            case "note":
                yield Event(on, "note-pencil", "muted", event.text, day)
            case "reversal":
                yield Event(on, "arrow-u-up-left", "warn", f"Reversal {event.text}", day)
            case "finding":
                yield _visit(event, today)
            case "settlement":
                yield Event(on, "lock-simple", "muted", "Supply closed", day)
            case _:
                pass
    yield from _trips(_told_anew(shown.life.events), today)


def _told_anew(events: Iterable[LifeEvent]) -> Iterator[LifeEvent]:
    """Without write-backs that came in after a newer one: a round from the field is often late."""
    newest = -1
    for event in events:
        if event.kind == "write-back":
            running = _body(event)["running"]
            if running <= newest:
                continue
            newest = running
        yield event


def _visit(event: LifeEvent, today: date) -> Event:
    on, outcome = date.fromisoformat(event.after), Outcome(event.state)
    tone = "bad" if outcome.is_hit else "muted"
    return Event(
        on, "magnifying-glass", tone, f"Inspected, {short_day(on, today=today)}", said_finding(outcome, event.text)
    )


TOLD = (
    ("overload_trips", "lightning-slash", "bad", "Overload"),
    ("tamper_events", "shield-warning", "bad", "Cover or tampering"),
    ("illegal_cards", "prohibit", "warn", "Other cards tried"),
)
"""Counters of a write-back that matter when they rise."""


def _trips(events: Iterable[LifeEvent], today: date) -> Iterator[Event]:
    told = [(local(event.at).date(), _body(event)) for event in events if event.kind == "write-back"]
    for (_, before), (on, after) in pairwise(told):
        for counter, icon, tone, title in TOLD:
            rise = after.get(counter, 0) - before.get(counter, 0)
            if rise > 0:
                times = "once" if rise == 1 else f"{rise} times"
                yield Event(on, icon, tone, f"{title}, {times}", f"told by the card on {short_day(on, today=today)}")


def _body(event: LifeEvent) -> dict[str, int]:
    body = json.loads(event.after)
    return {name: value for name, value in body.items() if isinstance(value, int)}


# --- what was left ---------------------------------------------------------------------------------------


def _levels(events: Iterable[LifeEvent]) -> Iterator[Level]:
    """By write-backs and purchases: what a write-back says is so, what is bought comes on top."""
    left = Energy(0)
    for event in events:
        if event.kind == "write-back" and event.remaining is not None:
            left = event.remaining
            yield Level(event.at, left)
        elif event.kind == "sale" and event.state == "posted":
            yield Level(event.at, left)
            left = left + event.energy
            yield Level(event.at, left, is_purchase=True)


def _since(levels: tuple[Level, ...], begins: date) -> tuple[Level, ...]:
    """With the last one before the axis begins, so that the line comes from somewhere."""
    inside = [at for at, level in enumerate(levels) if local(level.at).date() >= begins]
    if not inside:
        return ()
    return levels[max(0, inside[0] - 1) :] if inside[0] else levels
