"""The words of the inspection list: why a meter is on it, in sentences, and the figure that convinces. No Qt here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from vending_app.domain.energy import Energy
from vending_app.domain.ids import SupplyNo
from vending_app.domain.inspection import Criterion, OpenRoute, Reason, SampleLine
from vending_app.domain.money import grouped
from vending_app.services.inspection_cases import InspectionShown, Listed
from vending_app.ui.phrases import LONG_MONTHS, counted, day_and_month, long_day, short_day

CRITERIA = {
    Criterion.UNEXPLAINED: "Energy does not add up",
    Criterion.PAST_ZERO: "Used past zero",
    Criterion.FELL: "Use fell, neighbours’ did not",
    Criterion.BELOW_PEERS: "Uses less than neighbours",
    Criterion.SILENT: "No purchase for long",
    Criterion.UNREAD: "Buys, but is not read",
    Criterion.ILLEGAL_CARDS: "Illegal cards tried",
    Criterion.COVER: "Cover opened",
    Criterion.OVERLOAD: "Tripped on overload",
    Criterion.REISSUES: "Cards replaced",
    Criterion.TAKEN_BACK: "Reversed after loading",
    Criterion.CHANCE: "Drawn by lot",
}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
HIGH, MEDIUM = 70, 50
MOST_CLAUSES = 3
NEVER_SEEN = "was ever seen"
"""Days are counted from the last write-back: none at all is 0 days."""


def in_words(number: int) -> str:
    """`four`, and figures above twelve."""
    return NUMBERS[number] if 0 <= number < len(NUMBERS) else str(number)


def times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{in_words(number)} times")


def kwh(wh: int) -> str:
    """Whole kWh, grouped."""
    return grouped(abs(Energy(wh).whole_kwh), digits=0)


def urgency(priority: int) -> tuple[str, str]:
    """The word and the tone of a priority."""
    if priority >= HIGH:
        return "High", "bad"
    return ("Medium", "warn") if priority >= MEDIUM else ("Low", "muted")


# --- sentences -------------------------------------------------------------------------------------------


def _fell(reason: Reason) -> str:
    """Beside the same months of the year before, where those are known."""
    peers = _number(reason, "peers")
    who = "its neighbours" if peers < 2 else f"its {peers} neighbours"
    if "own_percent" not in reason.facts:
        return f"{_fell_shortly(reason)}, while {who} do not"
    own, others = _number(reason, "own_percent"), _number(reason, "peers_percent")
    alike = "did not" if own < 0 else "used as much as before"
    beside = f"used {_more_or_less(others)}" if abs(others) >= 3 else alike
    its = f"{_more_or_less(own)} than" if own else "as much as"
    return f"used {its} a year before, while {who} {beside}"


def _more_or_less(percent: int) -> str:
    return f"{abs(percent)} % {'more' if percent > 0 else 'less'}"


def _fell_shortly(reason: Reason) -> str:
    since = reason.facts["since"]
    assert isinstance(since, date), "a fall has its month"
    return f"uses {_number(reason, 'percent')} % less since {LONG_MONTHS[since.month - 1]} {since.year}"


def _unexplained(reason: Reason) -> str:
    energy = _number(reason, "energy_wh")
    if energy > 0:
        return f"{kwh(energy)} kWh are gone without having been counted"
    return f"the meter has {kwh(energy)} kWh more than was ever bought"


def _unread(reason: Reason) -> str:
    bought, days = _number(reason, "times"), _number(reason, "days")
    for_long = f"has been seen for {counted(days, 'day', 'days')}" if days else NEVER_SEEN
    return f"bought {times(bought)}, but no write-back {for_long}"


def _unread_shortly(reason: Reason) -> str:
    days = _number(reason, "days")
    for_long = f"for {counted(days, 'day', 'days')}" if days else NEVER_SEEN
    return f"no write-back {for_long}"


def _silent(reason: Reason) -> str:
    days = counted(_number(reason, "days"), "day", "days")
    match reason.facts.get("ever"):
        case 0:
            return f"never bought and never read since it was opened {days} ago"
        case 1:
            return f"neither a purchase nor a write-back for {days}"
    return f"no purchase for {days}"


_CLAUSES: dict[Criterion, Callable[[Reason], str]] = {
    Criterion.FELL: _fell,
    Criterion.UNEXPLAINED: _unexplained,
    Criterion.UNREAD: _unread,
    Criterion.PAST_ZERO: lambda r: f"ran past zero {times(_number(r, 'times'))}, {kwh(_number(r, 'energy_wh'))} kWh",
    Criterion.BELOW_PEERS: lambda r: f"uses {_number(r, 'percent')} % less than its neighbours",
    Criterion.SILENT: _silent,
    Criterion.ILLEGAL_CARDS: lambda r: _plural(r, "illegal card was tried", "illegal cards were tried"),
    Criterion.COVER: lambda r: f"the cover was opened {times(_number(r, 'times'))}",
    Criterion.OVERLOAD: lambda r: f"tripped {times(_number(r, 'times'))} above its power limit",
    Criterion.REISSUES: lambda r: _plural(r, "card was replaced", "cards were replaced"),
    Criterion.TAKEN_BACK: lambda r: _plural(r, "loaded sale was reversed", "loaded sales were reversed"),
    Criterion.CHANCE: lambda _: "drawn by lot",
}


def _plural(reason: Reason, one: str, many: str) -> str:
    number = _number(reason, "times")
    return f"{in_words(number)} {one if number == 1 else many}"


def _number(reason: Reason, fact: str) -> int:
    told = reason.facts[fact]
    assert isinstance(told, int), "this fact is a number"
    return told


def clause_of(reason: Reason) -> str:
    """One reason as a part of a sentence."""
    return _CLAUSES[reason.criterion](reason)


def sentences_of(line: SampleLine) -> tuple[str, ...]:
    """The heaviest reasons in one sentence, from the longest to one that has room everywhere."""
    if not line.reasons:
        return ("Nothing stands out.",)
    clauses = [clause_of(reason) for reason in line.reasons[:MOST_CLAUSES]]
    longer = ["; ".join(clauses[:count]) for count in range(len(clauses), 0, -1)]
    shortest = _SHORT.get(line.reasons[0].criterion, clause_of)(line.reasons[0])
    return tuple(f"{said[:1].upper()}{said[1:]}." for said in (*longer, shortest))


def sentence_of(line: SampleLine) -> str:
    """All of it, for whoever has room."""
    return sentences_of(line)[0]


def said_why(shown: InspectionShown | None) -> dict[SupplyNo, str]:
    """The reasons of each stop of a route, for its sheet."""
    return {each.line.supply: sentence_of(each.line) for each in (shown.route if shown else ())}


_SHORT: dict[Criterion, Callable[[Reason], str]] = {
    Criterion.FELL: _fell_shortly,
    Criterion.UNREAD: _unread_shortly,
    Criterion.UNEXPLAINED: lambda r: f"{kwh(_number(r, 'energy_wh'))} kWh do not add up",
    Criterion.SILENT: lambda r: f"silent for {counted(_number(r, 'days'), 'day', 'days')}",
}


_FIGURES: dict[Criterion, tuple[str, str]] = {
    Criterion.UNREAD: ("days", "days unread"),
    Criterion.SILENT: ("days", "days silent"),
    Criterion.BELOW_PEERS: ("percent", "% below others"),
    Criterion.ILLEGAL_CARDS: ("times", "cards tried"),
    Criterion.COVER: ("times", "times opened"),
    Criterion.OVERLOAD: ("times", "trips"),
    Criterion.REISSUES: ("times", "new cards"),
    Criterion.TAKEN_BACK: ("times", "taken back"),
}


def figure_of(line: SampleLine) -> tuple[str, str]:
    """The figure that convinces, and its unit, of the heaviest reason."""
    if not line.reasons:
        return "", ""
    reason = line.reasons[0]
    if reason.criterion is Criterion.FELL and line.gap is not None:
        return kwh(line.gap.missing.wh), "kWh missing"
    if reason.criterion is Criterion.UNEXPLAINED:
        energy = _number(reason, "energy_wh")
        return kwh(energy), "kWh gone" if energy > 0 else "kWh too many"
    if reason.criterion is Criterion.PAST_ZERO:
        return kwh(_number(reason, "energy_wh")), "kWh past zero"
    if reason.criterion is Criterion.UNREAD and not _number(reason, "days"):
        return grouped(_number(reason, "times"), digits=0), "purchases unread"
    fact, unit = _FIGURES.get(reason.criterion, ("", "by lot"))
    return (grouped(_number(reason, fact), digits=0) if fact else "–"), unit


def said_field(row: Listed, *, today: date) -> str:
    """What is under way for it: `read 12 Nov`, `on the route of 28 Nov`, `check card 17, Petra Lind`, or nothing."""
    if row.read is not None:
        return f"read {day_and_month(row.read.on)}"
    if row.waits_since is not None and not row.line.is_on_route:
        return f"on the route of {short_day(row.waits_since, today=today)}"
    if row.card is None:
        return ""
    has_expired = f", expired {short_day(row.card.expires_on, today=today)}" if row.card.expires_on < today else ""
    return f"check card {row.card.mandate}, {row.card.carrier}{has_expired}"


def reason_row(reason: Reason) -> str:
    """Its name, with how often: `Illegal cards tried, 4 times`."""
    name = CRITERIA[reason.criterion]
    if reason.criterion in {Criterion.ILLEGAL_CARDS, Criterion.COVER, Criterion.OVERLOAD, Criterion.REISSUES}:
        number = _number(reason, "times")
        return f"{name}, {'once' if number == 1 else f'{number} times'}"
    return name


# --- lists and what they taught --------------------------------------------------------------------------


def said_list(on: date, *, today: date) -> str:
    """`List of 28 November`, with its year when that is another."""
    day = long_day(on)
    return f"List of {day if on.year != today.year else day.rpartition(' ')[0]}"


def said_findings(route: int, to_come: int) -> str:
    """`3 of 12 findings still to come`, of a list with a route."""
    if to_come:
        return f"{to_come} of {counted(route, 'finding', 'findings')} still to come"
    return f"all {counted(route, 'finding', 'findings')} are in" if route > 1 else "its finding is in"


def said_waiting(route: OpenRoute, *, today: date) -> str:
    """`List of 28 November, 3 findings still to come`, of another list."""
    return f"{said_list(route.on, today=today)}, {counted(len(route.waiting), 'finding', 'findings')} still to come"


def said_hits(shown: InspectionShown, criterion: Criterion) -> str:
    """`14 of 20 right`: how often something was found where it spoke for the visit; nothing before the first."""
    found, made = shown.hits.get(criterion, (0, 0))
    return f"{found} of {made} right" if made else ""
