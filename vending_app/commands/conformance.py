"""The verb conformance: a kit for whoever builds a meter, and the trial of one against it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from vending_app.commands.common import Verb, verb
from vending_app.commands.output import REFUSED, say
from vending_app.conformance import kit, runner
from vending_app.conformance.door import Door


@click.group("conformance")
def conformance() -> None:
    """Whether a meter keeps the card contract."""


@conformance.command("export")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@verb
def export(call: Verb, *, folder: Path) -> None:
    """Write vectors, runner and documents into FOLDER; they need nothing of this program."""
    cases = kit.export(folder)
    line = f"{cases} cases are in {folder}. Begin with {kit.GUIDE}."
    say({"folder": str(folder), "cases": cases}, line, as_json=call.as_json)


@conformance.command("run")
@click.option("--meter", "command", help="The command that answers for a meter; else the reference meter.")
@click.option("--only", default="", help="Only the case of this name.")
@click.option("--rule", default="", help="Only the cases of this rule, such as E-07.")
@verb
def run(call: Verb, *, command: str | None, only: str, rule: str) -> None:
    """Play the vectors against a program over its input and output. Exit 1 if a case does not pass."""
    try:
        asked = kit.REFERENCE if command is None else runner.words(command)
    except runner.NothingToAsk as cause:
        raise click.UsageError(str(cause)) from cause
    outcomes = kit.run(asked, only=only, rule=rule)
    if not outcomes:
        raise click.UsageError("There is no such case.")
    say(runner.shape(outcomes), "\n".join(runner.lines(outcomes)), as_json=call.as_json)
    if not all(outcome.is_passed for outcome in outcomes):
        raise SystemExit(REFUSED)


@conformance.command("meter")
def meter() -> None:
    """The reference meter behind the door: one answer for each line, until the input ends."""
    for line in Door().answers(sys.stdin):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
