"""What a supervisor is asked on the inspection page: which criterion, how many points; and what was found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.inspection import MOST_SEED, Criteria, Criterion, Finding, KeptSample, Outcome
from vending_app.domain.money import grouped
from vending_app.services import inspection_cases as ask
from vending_app.services.inspection_cases import InspectionShown, Listed
from vending_app.ui.books.ask import Ask, Deed, Fact, Filled
from vending_app.ui.components.choice_list import Option
from vending_app.ui.inspect.inspect_words import CRITERIA, said_hits
from vending_app.ui.phrases import WEEKDAYS, counted, short_day
from vending_app.ui.supply.entry_words import OUTCOMES

SIZE, BY_LOT, SEED, PROPOSED = "size", "by-lot", "seed", "proposed"


def ask_criteria(shown: InspectionShown) -> Ask:
    """Which of them to set; each with what it is now, and what visits speak for."""
    criteria = shown.criteria

    def make(filled: Filled) -> Deed | Ask:
        if filled.choice == PROPOSED:
            return Deed(ask.SetCriteria(replace(criteria, weights=dict(shown.proposed))), "")
        return _ask_figure(shown, filled.choice)

    return Ask(
        title="Criteria",
        button="Next",
        make=make,
        sentence="Points of 100 that each gives at most; those of several add up. A new list is counted then.",
        choices=(*_proposal(shown), _by_lot(shown), *map(_option_of(shown), criteria.weights), *_sizes(criteria)),
        choice="What to set",
    )


def _proposal(shown: InspectionShown) -> tuple[Option, ...]:
    if dict(shown.proposed) == dict(shown.criteria.weights):
        return ()
    note = f"after {counted(shown.visits, 'visit', 'visits')}"
    return (Option(PROPOSED, "All as visits propose", "sliders-horizontal", note),)


def _option_of(shown: InspectionShown) -> Callable[[Criterion], Option]:
    def option(criterion: Criterion) -> Option:
        points = shown.criteria.weights[criterion]
        proposed = shown.proposed.get(criterion, points)
        told = f"{points} points" if proposed == points else f"{points}, proposed {proposed}"
        return Option(criterion.value, CRITERIA[criterion], "shield-warning", _with_hits(told, shown, criterion))

    return option


def _by_lot(shown: InspectionShown) -> Option:
    """Beside the criteria: what they find more often than the lot is what they are good for."""
    told = _with_hits(f"{shown.criteria.by_chance_percent} %", shown, Criterion.CHANCE)
    return Option(BY_LOT, CRITERIA[Criterion.CHANCE], "path", told)


def _with_hits(told: str, shown: InspectionShown, criterion: Criterion) -> str:
    return ", ".join(part for part in (told, said_hits(shown, criterion)) if part)


def _sizes(criteria: Criteria) -> tuple[Option, ...]:
    return (
        Option(SIZE, "Size of the list", "path", counted(criteria.size, "meter", "meters")),
        Option(SEED, "Number of the lot", "path", str(criteria.seed)),
    )


def _ask_figure(shown: InspectionShown, what: str) -> Ask:
    criteria = shown.criteria

    def make(filled: Filled) -> Deed:
        return Deed(ask.SetCriteria(_changed(criteria, what, _whole(filled.reference, title.lower()))), "")

    names = {SIZE: "Size of the list", BY_LOT: CRITERIA[Criterion.CHANCE], SEED: "Number of the lot"}
    whole = f"A whole number, 0 to {grouped(MOST_SEED, digits=0)}"
    labels = {SIZE: "Meters, 1 to 1000", BY_LOT: "Per cent of the list, 0 to 100", SEED: whole}
    title = names.get(what) or CRITERIA[Criterion(what)]
    return Ask(
        title=title,
        button="Set, and count anew",
        icon="sliders-horizontal",
        make=make,
        reference=labels.get(what, "Points, 0 to 100"),
        sentence="It holds for the lists that follow; those that were counted stay as they are.",
    )


def _whole(text: str, what: str) -> int:
    """Raises OperatorError criteria-refused."""
    figures = text.strip()
    if not (figures.isascii() and figures.isdecimal() and len(figures) <= len(str(MOST_SEED))):
        raise OperatorError(Code.CRITERIA_REFUSED, field=what)
    return int(figures)


def _changed(criteria: Criteria, what: str, value: int) -> Criteria:
    match what:
        case "size":
            return replace(criteria, size=value)
        case "by-lot":
            return replace(criteria, by_chance_percent=value)
        case "seed":
            return replace(criteria, seed=value)
    return replace(criteria, weights={**criteria.weights, Criterion(what): value})


DAY_OF_VISIT = "Day of the visit"
MOST_DAYS = 31
"""So many days back a visit is entered on the page; the command line takes any day since the list was counted."""


def ask_finding(sample: KeptSample, row: Listed, *, today: date) -> Ask:
    """What somebody saw at the meter; of a list that was not counted today, first on which day."""
    days = _days(sample, row, today=today)
    if len(days) == 1:
        return _ask_found(sample.number, row, (_who(row),), on=days[0])

    def make(filled: Filled) -> Ask:
        on = date.fromisoformat(filled.choice)
        seen = (DAY_OF_VISIT, short_day(on, today=today), "")
        return _ask_found(sample.number, row, (_who(row), seen), on=on)

    return Ask(
        title="What was found",
        button="Next",
        icon="note-pencil",
        make=make,
        sentence="A finding tells of the day of the visit, not of the day on which it is entered.",
        facts=(_who(row),),
        choices=tuple(
            Option(day.isoformat(), WEEKDAYS[day.weekday()], "calendar-check", short_day(day, today=today))
            for day in days
        ),
        choice=DAY_OF_VISIT,
    )


def _days(sample: KeptSample, row: Listed, *, today: date) -> tuple[date, ...]:
    """Days since the list was counted, the likeliest first: of the finding that stands, of a check card, or today."""
    found, read = row.line.finding, row.read
    told = found.on if found is not None else read.on if read is not None else today
    likely = told if sample.on <= told <= today else today
    since = [today - timedelta(days=back) for back in range(min((today - sample.on).days, MOST_DAYS) + 1)]
    return (likely, *(day for day in since if day != likely))


def _ask_found(sample: int, row: Listed, facts: tuple[Fact, ...], *, on: date) -> Ask:
    read = row.read

    def make(filled: Filled) -> Deed:
        used = Energy.parse(filled.reference) if filled.reference.strip() else None
        finding = Finding(row.line.supply, Outcome(filled.choice), on, used, filled.reason)
        return Deed(ask.EnterFinding(sample, finding), "")

    icons = {Outcome.NOTHING: "check-circle", Outcome.NO_ACCESS: "house-line"}
    return Ask(
        title="What was found",
        button="Enter finding",
        icon="note-pencil",
        make=make,
        facts=facts,
        choices=tuple(Option(each.value, OUTCOMES[each], icons.get(each, "warning-circle")) for each in Outcome),
        choice="At the meter",
        reference="Register of use, kWh, if it was read",
        reference_is=str(read.used).replace("\u202f", "") if read is not None and read.on == on else "",
        reason="What was seen",
    )


def _who(row: Listed) -> Fact:
    return row.customer, row.address, ""
