"""Verbs of tariffs: list, show, try, and put in force by the word of two people."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from vending_app import app
from vending_app.commands import tariff_shapes as shapes
from vending_app.commands.common import Verb, approval_option, at_work, do_approved, operator_option, verb
from vending_app.commands.output import say
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.money import Money
from vending_app.domain.people import Role
from vending_app.domain.tariff import LineKind, Price, Step, Tariff, Tax
from vending_app.domain.tariff_entry import TariffLife
from vending_app.domain.tariff_file import LARGEST_FILE, fields_of_tariff, read_tariff
from vending_app.domain.tariff_preview import USUAL, compared
from vending_app.services import tariff_cases as ask
from vending_app.services.counter import Counter
from vending_app.ui.phrases import day_and_year
from vending_app.ui.tariffs import tariff_words as words

FILE = click.option(
    "--file", "path", required=True, type=click.Path(path_type=Path), help="A tariff in the form of `tariff template`."
)


@click.group("tariff")
def tariff() -> None:
    """Prices: what is in force, what comes, and new ones for a day to come."""


@tariff.command("list")
@operator_option(Role.SUPERVISOR)
@verb
def tariff_list(call: Verb, *, operator: str) -> None:
    """Every tariff, with what is in force and what comes next."""
    with at_work(call, operator=operator) as counter:
        shown = _shown(counter)
    lines = [_line(life, shown) for life in shown.lives] or ["No tariff is entered yet."]
    say({"tariffs": [shapes.life(life, shown) for life in shown.lives]}, "\n".join(lines), as_json=call.as_json)


@tariff.command("show")
@click.argument("code")
@operator_option(Role.SUPERVISOR)
@verb
def tariff_show(call: Verb, *, code: str, operator: str) -> None:
    """All versions of one, part by part, and who entered and approved each."""
    with at_work(call, operator=operator) as counter:
        shown = _shown(counter)
    life = next((life for life in shown.lives if life.code == code), None)
    if life is None:
        raise OperatorError(Code.TARIFF_MISSING, tariff=code)
    say(shapes.life(life, shown), "\n".join(_whole(life, shown)), as_json=call.as_json)


@tariff.command("preview")
@FILE
@click.option("--buying", multiple=True, metavar="KWH", help="Another amount besides the usual ones; again for more.")
@operator_option(Role.SUPERVISOR)
@verb
def tariff_preview(call: Verb, *, path: Path, buying: tuple[str, ...], operator: str) -> None:
    """What households would pay by the prices of a file; nothing is written."""
    asked = ask.PreviewTariff(_read(path), (*USUAL, *map(Energy.parse, buying)))
    with at_work(call, operator=operator) as counter:
        found = counter.do(asked)
    assert isinstance(found, ask.TariffPreviewed)
    lines = [words.said_household(line, asked.tariff.valid_from) for line in found.lines]
    now, follows = (each.tariff if each else None for each in (found.now, found.follows))
    lines += [f"{versions[0].upper()}{versions[1:]}."] if (versions := words.said_versions(now, follows)) else []
    if follows is not None:
        lines.append(f"What changes, {words.said_beside(follows, app.now().astimezone().date())}:")
    lines += [_change(words.said_part(change)) for change in found.changes]
    say(shapes.previewed(found), "\n".join(lines), as_json=call.as_json)


@tariff.command("put")
@FILE
@approval_option
@operator_option(Role.SUPERVISOR)
@verb
def tariff_put(call: Verb, *, path: Path, approve: str, operator: str) -> None:
    """Put the prices of a file in force for a day to come; somebody else approves them."""
    asked = ask.PutTariff(_read(path))
    with at_work(call, operator=operator) as counter:
        shown = do_approved(counter, asked, approver=approve)
    assert isinstance(shown, ask.TariffsShown)
    life = next(life for life in shown.lives if life.code == asked.tariff.code)
    line = f"Tariff {life.code} has new prices from {day_and_year(asked.tariff.valid_from)}. {words.STAYS}"
    say(shapes.life(life, shown), line, as_json=call.as_json)


@tariff.command("withdraw")
@click.argument("code")
@click.option(
    "--from", "day", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day on which they would begin."
)
@approval_option
@operator_option(Role.SUPERVISOR)
@verb
def tariff_withdraw(call: Verb, *, code: str, day: datetime, approve: str, operator: str) -> None:
    """Take back prices that have not begun; somebody else approves it. They stay in the books, and never count."""
    with at_work(call, operator=operator) as counter:
        shown = do_approved(counter, ask.WithdrawTariff(code, day.date()), approver=approve)
    assert isinstance(shown, ask.TariffsShown)
    line = f"The prices of tariff {code} from {day_and_year(day.date())} are withdrawn."
    say({"tariffs": [shapes.life(life, shown) for life in shown.lives]}, line, as_json=call.as_json)


@tariff.command("template")
@verb
def tariff_template(call: Verb) -> None:
    """A tariff as a file, to be changed and put in force: its form, with invented prices."""
    # Read by programs and by people alike: the file itself is the answer.
    say(fields_of_tariff(TEMPLATE), json.dumps(fields_of_tariff(TEMPLATE), indent=1), as_json=call.as_json)


TEMPLATE = Tariff(
    code="H2",
    name="Household, steps",
    valid_from=shapes.FAR_DAY,
    steps=(Step(Energy(60_000), Price(105_000)), Step(Energy(150_000), Price(148_000)), Step(None, Price(215_000))),
    fixed_per_month=Money(180),
    taxes=(Tax("VAT", 800, frozenset({LineKind.FIXED, LineKind.STEP, LineKind.LEVY})),),
    levies=(),
    minimum=Money(100),
    maximum=Money(200_000),
    card_fee=Money(500),
)


def _read(path: Path) -> Tariff:
    """Raises EnvironmentFault file-unreadable, OperatorError tariff-refused."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as cause:
        raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(path)) from cause
    return read_tariff(content)


def _shown(counter: Counter) -> ask.TariffsShown:
    shown = counter.do(ask.ShowTariffs())
    assert isinstance(shown, ask.TariffsShown)
    return shown


def _line(life: TariffLife, shown: ask.TariffsShown) -> str:
    today = shapes.today(shown)
    held, coming = life.on(today), words.said_next(life, today)
    since = f"in force since {day_and_year(held.tariff.valid_from)}" if held else "not in force yet"
    then = f", then from {coming}" if coming else ""
    return f"{life.code:<12} {life.versions[-1].tariff.name}: {since}{then}, {life.supplies} supplies"


def _whole(life: TariffLife, shown: ask.TariffsShown) -> list[str]:
    lines = []
    for version in reversed(life.versions):
        before = life.before(version.tariff) or version
        standing = words.said_standing(life, version, shapes.today(shown))
        lines.append(f"From {day_and_year(version.tariff.valid_from)}, {standing}. {words.signed(version, {})}")
        lines += [_change(words.said_part(part)) for part in compared(before.tariff, version.tariff)]
    return lines


def _change(part: words.Part) -> str:
    before = f"{part.before} → " if part.is_changed else ""
    return f"  {part.label}: {before}{part.after}"
