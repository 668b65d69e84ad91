"""Verbs of the inspection list: count it, look at it, set its criteria, mark the route, enter findings."""

from __future__ import annotations

from datetime import date
from typing import Any

import click

from vending_app import app
from vending_app.commands.common import Verb, at_work, operator_option, verb
from vending_app.commands.output import say
from vending_app.domain.energy import Energy
from vending_app.domain.ids import SupplyNo
from vending_app.domain.inspection import Criteria, Criterion, Finding, Outcome, Reason
from vending_app.domain.people import Role
from vending_app.services import inspection_cases as ask
from vending_app.ui.inspect.inspect_words import CRITERIA, sentence_of


@click.group("inspect")
def inspect() -> None:
    """Which meters to inspect, why, and what was found there."""


@inspect.command("count")
@operator_option(Role.SUPERVISOR)
@verb
def count(call: Verb, *, operator: str) -> None:
    """Count a new list from all books, and keep it."""
    _do(call, operator, ask.CountSample())


@inspect.command("show")
@operator_option(Role.SUPERVISOR)
@verb
def show(call: Verb, *, operator: str) -> None:
    """The newest list with its reasons, and how well each criterion did."""
    _do(call, operator, ask.ShowInspection())


@inspect.command("criteria")
@click.option("--points", "weights", multiple=True, metavar="NAME=POINTS", help="Of one criterion; again for others.")
@click.option("--size", type=int, help="Meters in the sample.")
@click.option("--by-lot", "by_chance", type=int, help="Per cent of them drawn by lot.")
@click.option("--seed", type=int, help="The lot is drawn from it and the day; 0 to 4294967295.")
@operator_option(Role.SUPERVISOR)
@verb
def criteria(
    call: Verb, *, weights: tuple[str, ...], size: int | None, by_chance: int | None, seed: int | None, operator: str
) -> None:
    """Show the criteria, or set some of them for the lists that follow."""
    with at_work(call, operator=operator) as counter:
        shown = counter.do(ask.ShowInspection())
        assert isinstance(shown, ask.InspectionShown)
        now = shown.criteria
        changed = Criteria(
            weights={**now.weights, **dict(map(_weight, weights))},
            size=now.size if size is None else size,
            by_chance_percent=now.by_chance_percent if by_chance is None else by_chance,
            seed=now.seed if seed is None else seed,
        )
        if changed != now:
            shown = counter.do(ask.SetCriteria(changed))
    assert isinstance(shown, ask.InspectionShown)
    say(_shape(shown), "\n".join(_criteria_lines(shown)), as_json=call.as_json)


def _weight(told: str) -> tuple[Criterion, int]:
    name, _, points = told.partition("=")
    if name not in set(Criterion) or not points.removeprefix("-").isdecimal():
        raise click.BadParameter(f"NAME=POINTS, NAME being one of {', '.join(Criterion)}", param_hint="--points")
    return Criterion(name), int(points)


@inspect.command("route")
@click.argument("supply")
@click.option("--off", is_flag=True, help="Take it off.")
@operator_option(Role.SUPERVISOR)
@verb
def route(call: Verb, *, supply: str, off: bool, operator: str) -> None:
    """Put a supply of the newest list on the route."""
    _to_newest(call, operator, lambda number: ask.MarkRoute(number, SupplyNo(supply), is_on=not off))


@inspect.command("finding")
@click.argument("supply")
@click.argument("outcome", type=click.Choice([outcome.value for outcome in Outcome]))
@click.option("--used", help="kWh that its register of use showed.")
@click.option("--note", default="", help="What was seen.")
@click.option("--on", "day", help="YYYY-MM-DD; without it, today.")
@operator_option(Role.SUPERVISOR)
@verb
def finding(
    call: Verb, *, supply: str, outcome: str, used: str | None, note: str, day: str | None, operator: str
) -> None:
    """Enter what was found at a supply of the newest list."""
    energy = Energy.parse(used) if used is not None else None

    def entered(number: int) -> ask.EnterFinding:
        on = _day(day) if day else app.now().astimezone().date()
        return ask.EnterFinding(number, Finding(SupplyNo(supply), Outcome(outcome), on, energy, note))

    _to_newest(call, operator, entered)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as cause:
        raise click.BadParameter("a day is YYYY-MM-DD", param_hint="--on") from cause


@inspect.command("repeat")
@click.argument("sample", type=int)
@operator_option(Role.SUPERVISOR)
@verb
def repeat(call: Verb, *, sample: int, operator: str) -> None:
    """Count a kept list again by what the books knew then; exit 1 if another one comes out."""
    with at_work(call, operator=operator) as counter:
        done = counter.do(ask.RepeatSample(sample))
    assert isinstance(done, ask.Repeated)
    word = "The same list comes out." if done.is_equal else "ANOTHER list comes out."
    say({"sample": sample, "is_equal": done.is_equal}, word, as_json=call.as_json)
    if not done.is_equal:
        raise SystemExit(1)


def _to_newest(call: Verb, operator: str, made: Any) -> None:
    with at_work(call, operator=operator) as counter:
        shown = counter.do(ask.ShowInspection())
        assert isinstance(shown, ask.InspectionShown)
        number = shown.sample.number if shown.sample else 0
        shown = counter.do(made(number))
    _tell(call, shown)


def _do(call: Verb, operator: str, use_case: object) -> None:
    with at_work(call, operator=operator) as counter:
        shown = counter.do(use_case)
    _tell(call, shown)


def _tell(call: Verb, shown: object) -> None:
    assert isinstance(shown, ask.InspectionShown)
    lines = list(map(_line, shown.lines)) or ["No list is counted yet, or nothing stands out."]
    say(_shape(shown), "\n".join(lines), as_json=call.as_json)


def _line(listed: ask.Listed) -> str:
    line = listed.line
    mark = "route " if line.is_on_route else ""
    found = f" [{line.finding.outcome.value}]" if line.finding else ""
    return f"{line.priority:>3}  {line.supply}  {listed.customer}, {listed.address}: {mark}{sentence_of(line)}{found}"


def _criteria_lines(shown: ask.InspectionShown) -> list[str]:
    lines = [
        f"{shown.criteria.size} meters, {shown.criteria.by_chance_percent} % by lot, seed {shown.criteria.seed}",
    ]
    for criterion, points in shown.criteria.weights.items():
        found, made = shown.hits.get(criterion, (0, 0))
        hits = f", found something at {found} of {made}, proposed {shown.proposed[criterion]}" if made else ""
        lines.append(f"{points:>3}  {criterion.value:<14} {CRITERIA[criterion]}{hits}")
    return lines


def _shape(shown: ask.InspectionShown) -> dict[str, object]:
    sample = shown.sample
    return {
        "criteria": {
            "points": {criterion.value: points for criterion, points in shown.criteria.weights.items()},
            "size": shown.criteria.size,
            "by_chance_percent": shown.criteria.by_chance_percent,
            "seed": shown.criteria.seed,
        },
        "hits": {criterion.value: {"found": found, "visits": made} for criterion, (found, made) in shown.hits.items()},
        "proposed": {criterion.value: points for criterion, points in shown.proposed.items()},
        "sample": sample.number if sample else None,
        "on": sample.on.isoformat() if sample else None,
        "looked_at": sample.looked_at if sample else 0,
        "standing_out": sample.standing_out if sample else 0,
        "lines": [_listed_shape(listed) for listed in shown.lines],
    }


def _listed_shape(listed: ask.Listed) -> dict[str, object]:
    line, finding = listed.line, listed.line.finding
    return {
        "supply": line.supply,
        "meter": listed.meter,
        "customer": listed.customer,
        "area": listed.area,
        "priority": line.priority,
        "missing_wh": line.gap.missing.wh if line.gap else 0,
        "at_stake_minor": listed.at_stake.minor,
        "check_card": listed.card.mandate if listed.card else None,
        "read": {"mandate": listed.read.mandate, "on": listed.read.on.isoformat(), "used_wh": listed.read.used.wh}
        if listed.read
        else None,
        "reasons": [_reason_shape(reason) for reason in line.reasons],
        "says": sentence_of(line),
        "is_on_route": line.is_on_route,
        "finding": {"outcome": finding.outcome.value, "on": finding.on.isoformat(), "note": finding.note}
        if finding
        else None,
    }


def _reason_shape(reason: Reason) -> dict[str, object]:
    facts = {name: fact.isoformat() if isinstance(fact, date) else fact for name, fact in reason.facts.items()}
    return {"criterion": reason.criterion.value, "points": reason.points, **facts}
