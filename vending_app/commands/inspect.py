"""Verbs of the inspection list: count it, look at it, set its criteria, mark the route, enter findings."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import click

from vending_app import app
from vending_app.commands.common import Verb, at_work, operator_option, verb
from vending_app.commands.inspect_shapes import criteria_lines, list_lines, shape_of
from vending_app.commands.output import say
from vending_app.commands.papers import PDF, tell_paper
from vending_app.domain.energy import Energy
from vending_app.domain.ids import SupplyNo
from vending_app.domain.inspection import Criteria, Criterion, Finding, Outcome
from vending_app.domain.people import Role
from vending_app.services import inspection_cases as ask
from vending_app.ui.inspect.inspect_words import said_why


@click.group("inspect")
def inspect() -> None:
    """Which meters to inspect, why, and what was found there."""


@inspect.command("count")
@operator_option(Role.SUPERVISOR)
@verb
def count(call: Verb, *, operator: str) -> None:
    """Count a new list from all books, and keep it."""
    _do(call, operator, ask.CountSample())


list_option = click.option("--list", "number", type=int, help="Of the list with this number.")


@inspect.command("show")
@list_option
@operator_option(Role.SUPERVISOR)
@verb
def show(call: Verb, *, number: int | None, operator: str) -> None:
    """A list with its reasons, which others wait for findings, and how often each criterion was right."""
    _do(call, operator, ask.ShowInspection(number))


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
    say(shape_of(shown), "\n".join(criteria_lines(shown)), as_json=call.as_json)


def _weight(told: str) -> tuple[Criterion, int]:
    name, _, points = told.partition("=")
    if name not in set(Criterion) or not points.removeprefix("-").isdecimal():
        raise click.BadParameter(f"NAME=POINTS, NAME being one of {', '.join(Criterion)}", param_hint="--points")
    return Criterion(name), int(points)


@inspect.command("route")
@click.argument("supply")
@click.option("--off", is_flag=True, help="Take it off.")
@list_option
@operator_option(Role.SUPERVISOR)
@verb
def route(call: Verb, *, supply: str, off: bool, number: int | None, operator: str) -> None:
    """Put a supply of the newest list on the route, or take it off the list where it waits."""

    def mark(shown: ask.InspectionShown) -> ask.MarkRoute:
        known = number if number is not None or not off else _waits_on(shown, supply)
        return ask.MarkRoute(_or_newest(shown, known), SupplyNo(supply), is_on=not off)

    _to_list(call, operator, mark)


@inspect.command("sheet")
@list_option
@PDF
@operator_option(Role.SUPERVISOR)
@verb
def sheet(call: Verb, *, number: int | None, pdf: Path | None, operator: str) -> None:
    """Print the route sheet of the newest list, or of another: by area, with room for what is found."""
    with at_work(call, operator=operator) as counter:
        shown = counter.do(ask.ShowInspection(number))
        assert isinstance(shown, ask.InspectionShown)
        make = ask.ShowRouteSheet if pdf else ask.PrintRouteSheet
        made = counter.do(make(shown.sample.number if shown.sample else 0, said_why(shown)))
    tell_paper(call, "sheet", made, pdf)


@inspect.command("finding")
@click.argument("supply")
@click.argument("outcome", type=click.Choice([outcome.value for outcome in Outcome]))
@click.option("--used", help="kWh that its register of use showed.")
@click.option("--note", default="", help="What was seen.")
@click.option("--on", "day", help="YYYY-MM-DD; without it, today.")
@list_option
@operator_option(Role.SUPERVISOR)
@verb
def finding(
    call: Verb,
    *,
    supply: str,
    outcome: str,
    used: str | None,
    note: str,
    day: str | None,
    number: int | None,
    operator: str,
) -> None:
    """Enter what was found at a supply: of the newest list on whose route it waits, else of the newest list."""
    energy = Energy.parse(used) if used is not None else None

    def entered(shown: ask.InspectionShown) -> ask.EnterFinding:
        known = number if number is not None else _waits_on(shown, supply)
        on = _day(day) if day else app.now().astimezone().date()
        found = Finding(SupplyNo(supply), Outcome(outcome), on, energy, note)
        return ask.EnterFinding(_or_newest(shown, known), found)

    _to_list(call, operator, entered)


def _waits_on(shown: ask.InspectionShown, supply: str) -> int | None:
    """The number of the newest list on whose route it waits."""
    return next((route.number for route in shown.open_routes if supply in route.waiting), None)


def _or_newest(shown: ask.InspectionShown, number: int | None) -> int:
    return (shown.newest or 0) if number is None else number


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


def _to_list(call: Verb, operator: str, made: Callable[[ask.InspectionShown], object]) -> None:
    with at_work(call, operator=operator) as counter:
        shown = counter.do(ask.ShowInspection())
        assert isinstance(shown, ask.InspectionShown)
        shown = counter.do(made(shown))
    _tell(call, shown)


def _do(call: Verb, operator: str, use_case: object) -> None:
    with at_work(call, operator=operator) as counter:
        shown = counter.do(use_case)
    _tell(call, shown)


def _tell(call: Verb, shown: object) -> None:
    assert isinstance(shown, ask.InspectionShown)
    say(shape_of(shown), "\n".join(list_lines(shown)), as_json=call.as_json)
