"""The verb office: what holds in this office, changed by two people (row P2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import click

from vending_app.commands.common import Verb, approval_option, at_work, do_approved, operator_option, verb
from vending_app.commands.output import say
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.money import Money
from vending_app.domain.office_rules import (
    Calendar,
    Demands,
    DeskNames,
    DeskTold,
    Holiday,
    Limits,
    Rule,
    RuleChange,
    Subject,
)
from vending_app.domain.people import Role
from vending_app.domain.permissions import DEMANDABLE, Act
from vending_app.domain.rule_texts import body_of
from vending_app.services import rule_cases as ask
from vending_app.ui.office.rule_words import SUBJECTS, facts_of, facts_of_desk, said_change, said_subject
from vending_app.ui.phrases import WEEKDAYS

DAYS = {name[:3].lower(): at for at, name in enumerate(WEEKDAYS)}
Making = Callable[[ask.RulesShown], tuple[Rule, Rule]]
"""From what holds: the rule that is meant, and what it takes the place of."""


def by_two(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--operator` and `--approve`."""
    return approval_option(operator_option(Role.SUPERVISOR)(verb(function)))


@click.group("office")
def office() -> None:
    """What holds in this office; every change is two people's word."""


@office.command("show")
@operator_option(Role.SUPERVISOR)
@verb
def show(call: Verb, *, operator: str) -> None:
    """Every rule as it holds now."""
    with at_work(call, operator=operator) as counter:
        _tell(call, counter.do(ask.ShowRules()))


@office.command("set")
@click.option("--name")
@click.option("--address")
@click.option("--tax-number")
@click.option("--help-hours")
@click.option("--help-phone")
@click.option(
    "--above", multiple=True, help="A line at the top of receipts, up to three; one empty line takes them off."
)
@click.option("--below", multiple=True, help="A line at the foot, up to four.")
@click.option("--drawer-most", help="Cash of a drawer above which some belongs in the safe; 0 for no limit.")
@click.option("--count-difference", help="A count that differs by more is odd; 0 for any.")
@click.option("--silent-days", type=int, help="A customer without a sign for so long is silent.")
@click.option("--low-cards", type=int, help="Blank cards of a desk below which somebody should order.")
@click.option("--blind-count", type=click.Choice(["yes", "no"]), help="Count a drawer before its sum is told.")
@click.option("--lock-minutes", type=int, help="Without a touch, until a desk locks itself; 0 never.")
@click.option("--desk-name", "names", type=(int, str), multiple=True, help="Number and name of a desk.")
@click.option("--give-up-desk", "given_up", type=int, multiple=True, help="Number of a desk where nobody works now.")
@click.option("--use-desk", "used", type=int, multiple=True, help="Number of a desk that is in use again.")
@click.option("--weekdays", help="On which the office works: mon,tue,wed.")
@by_two
def set_verb(call: Verb, *, approve: str, operator: str, **given: Any) -> None:
    """Change one rule: the office on paper, its receipts, its limits, its desks or its weekdays."""
    wanted = {name: value for name, value in given.items() if value not in (None, ())}
    subjects = {_SUBJECT_OF[name] for name in wanted}
    if len(subjects) != 1:
        raise click.UsageError("Give options of one rule: each rule is approved by itself.")
    values: dict[str, Any] = {name: _READ[name](value) if name in _READ else value for name, value in wanted.items()}
    part = _PART_OF[subjects.pop()]

    def make(now: ask.RulesShown) -> tuple[Rule, Rule]:
        was = getattr(now, part)
        if isinstance(was, DeskNames):
            return _desks_of(was, values), was
        return replace(was, **values), was

    _do(call, make, operator=operator, approve=approve)


def _desks_of(was: DeskNames, values: dict[str, Any]) -> DeskNames:
    names = dict(was.names) | dict(values.get("names", ()))
    given_up = (set(was.given_up) | set(values.get("given_up", ()))) - set(values.get("used", ()))
    return DeskNames(tuple(names.items()), tuple(given_up))


_SUBJECT_OF = {
    **dict.fromkeys(("name", "address", "tax_number", "help_hours", "help_phone"), Subject.IDENTITY),
    **dict.fromkeys(("above", "below"), Subject.RECEIPT),
    **dict.fromkeys(Limits.__slots__, Subject.LIMITS),
    **dict.fromkeys(("names", "given_up", "used"), Subject.DESKS),
    "weekdays": Subject.CALENDAR,
}
_PART_OF = {
    Subject.IDENTITY: "identity",
    Subject.RECEIPT: "texts",
    Subject.LIMITS: "limits",
    Subject.DESKS: "desk_names",
    Subject.CALENDAR: "calendar",
}


def _weekdays(text: str) -> tuple[int, ...]:
    names = text.lower().split(",")
    if not set(names) <= DAYS.keys():
        raise click.BadParameter(f"days are {', '.join(DAYS)}", param_hint="--weekdays")
    return tuple(DAYS[name] for name in names)


_READ: dict[str, Callable[[Any], object]] = {
    "drawer_most": Money.parse,
    "count_difference": Money.parse,
    "weekdays": _weekdays,
    "blind_count": lambda said: said == "yes",
}


@office.command("logo")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--none", "is_none", is_flag=True, help="Back to the usual mark.")
@by_two
def logo(call: Verb, *, file: Path | None, is_none: bool, approve: str, operator: str) -> None:
    """The picture at the head of papers: a PNG of at most 64 KiB."""
    if is_none == (file is not None):
        raise click.UsageError("Give either FILE or --none.")
    png = _read(file) if file is not None else b""

    def make(now: ask.RulesShown) -> tuple[Rule, Rule]:
        return replace(now.texts, logo=sha256(png).hexdigest() if png else ""), now.texts

    _do(call, make, operator=operator, approve=approve, png=png)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as cause:
        raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(file)) from cause


@office.command("demand")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.argument("act", type=click.Choice([act.value for act in DEMANDABLE]))
@click.option("--off", "is_off", is_flag=True, help="One person is enough again.")
@by_two
def demand(call: Verb, *, role: str, act: str, is_off: bool, approve: str, operator: str) -> None:
    """A second person for what this role might do alone."""
    pair = (Role(role), Act(act))

    def make(now: ask.RulesShown) -> tuple[Rule, Rule]:
        others = tuple(each for each in now.demands.pairs if each != pair)
        return Demands(others if is_off else (*others, pair)), now.demands

    _do(call, make, operator=operator, approve=approve)


@office.group("holidays")
def holidays() -> None:
    """Days on which the office is closed."""


@holidays.command("add")
@click.argument("day")
@click.argument("name")
@by_two
def add_holiday(call: Verb, *, day: str, name: str, approve: str, operator: str) -> None:
    """DAY is YYYY-MM-DD; another name for a day that is one takes its place."""
    _set_holiday(call, day, name, operator=operator, approve=approve)


@holidays.command("remove")
@click.argument("day")
@by_two
def remove_holiday(call: Verb, *, day: str, approve: str, operator: str) -> None:
    """The office works on it again."""
    _set_holiday(call, day, "", operator=operator, approve=approve)


def _set_holiday(call: Verb, text: str, name: str, *, operator: str, approve: str) -> None:
    try:
        day = date.fromisoformat(text)
    except ValueError as cause:
        raise click.BadParameter("a day is YYYY-MM-DD", param_hint="DAY") from cause

    def make(now: ask.RulesShown) -> tuple[Rule, Rule]:
        others = tuple(each for each in now.calendar.holidays if each.day != day)
        return Calendar(now.calendar.weekdays, (*others, *([Holiday(day, name)] if name else []))), now.calendar

    _do(call, make, operator=operator, approve=approve)


@office.command("desks")
@operator_option(Role.SUPERVISOR)
@verb
def desks(call: Verb, *, operator: str) -> None:
    """Every desk: its name, when it was last at work, and what it chose for itself."""
    with at_work(call, operator=operator) as counter:
        shown = counter.do(ask.ShowRules())
    assert isinstance(shown, ask.RulesShown)
    lines = [_desk_line(desk) for desk in shown.desks]
    say({"desks": [_desk_shape(desk) for desk in shown.desks]}, "\n".join(lines), as_json=call.as_json)


@office.command("changes")
@click.option("--limit", default=200, show_default=True, type=click.IntRange(1))
@operator_option(Role.SUPERVISOR)
@verb
def changes(call: Verb, *, limit: int, operator: str) -> None:
    """What was changed, by whom, and who approved it: rules, what desks chose for themselves, inspection criteria."""
    with at_work(call, operator=operator) as counter:
        found = counter.do(ask.ListRuleChanges(limit))
    assert isinstance(found, ask.RuleChanges)
    lines = [_change_line(change) for change in found.changes] or ["Nothing was changed yet."]
    say({"changes": [_change_shape(change) for change in found.changes]}, "\n".join(lines), as_json=call.as_json)


def _do(call: Verb, make: Making, *, operator: str, approve: str, png: bytes = b"") -> None:
    with at_work(call, operator=operator) as counter:
        now = counter.do(ask.ShowRules())
        assert isinstance(now, ask.RulesShown)
        wanted, was = make(now)
        shown = do_approved(counter, ask.SetRule(wanted, was, png), approver=approve)
    _tell(call, shown)


def _rules(shown: ask.RulesShown) -> dict[Subject, Rule]:
    return {
        Subject.IDENTITY: shown.identity,
        Subject.RECEIPT: shown.texts,
        Subject.LIMITS: shown.limits,
        Subject.APPROVALS: shown.demands,
        Subject.DESKS: shown.desk_names,
        Subject.CALENDAR: shown.calendar,
    }


NOTHING_OF = {
    Subject.APPROVALS: "Nothing but what the table of permissions asks",
    Subject.DESKS: "Each is called by its number",
}
"""What is told of a rule that says nothing."""


def _tell(call: Verb, shown: object) -> None:
    assert isinstance(shown, ask.RulesShown)
    lines: list[str] = []
    for subject, rule in _rules(shown).items():
        facts = facts_of(rule) or ((NOTHING_OF[subject], ""),)
        lines += [SUBJECTS[subject], *(f"  {label}: {value}".rstrip(": ") for label, value in facts)]
    say(
        {subject.value: body_of(rule) for subject, rule in _rules(shown).items()},
        "\n".join(lines),
        as_json=call.as_json,
    )


def _desk_line(desk: DeskTold) -> str:
    told = "; ".join(f"{label}: {value}" for label, value in facts_of_desk(desk))
    return f"{desk.number:>3}  {desk.name}. {told}"


def _desk_shape(desk: DeskTold) -> dict[str, object]:
    last = desk.last_act.isoformat() if desk.last_act else None
    return {
        "desk": desk.number,
        "name": desk.name,
        "last_act": last,
        "given_up": desk.is_given_up,
        "chosen": dict(desk.chosen),
    }


def _change_line(change: RuleChange) -> str:
    approved = f", approved by {change.approver}" if change.approver else ""
    who = change.operator or "nobody logged in"
    return f"{change.at:%Y-%m-%d %H:%M}  {said_subject(change.subject)}, {who}{approved}: {said_change(change)}"


def _change_shape(change: RuleChange) -> dict[str, object]:
    return {
        "at": change.at.isoformat(),
        "subject": change.subject,
        "operator": change.operator,
        "approver": change.approver,
        "before": _value(change.before),
        "after": _value(change.after),
    }


def _value(rule: Any) -> object:
    return rule if rule is None or isinstance(rule, dict) else body_of(rule)
