"""Verbs that look records up: vending-app record find, record show."""

from __future__ import annotations

import click

from vending_app.commands import record_shapes
from vending_app.commands.common import Verb, at_work, operator_option, verb
from vending_app.commands.output import say
from vending_app.domain.people import Role
from vending_app.domain.record_lines import RecordKind
from vending_app.services.record_cases import FindRecords, RecordsFound, RecordShown, ShowRecord

KIND = click.argument("kind", type=click.Choice([kind.value for kind in RecordKind]))


@click.group("record")
def record() -> None:
    """Customers, meters, cards and areas, with everything that was changed in them."""


@record.command("find")
@KIND
@click.argument("text", default="")
@operator_option(Role.TECHNICIAN)
@verb
def find(call: Verb, *, kind: str, text: str, operator: str) -> None:
    """Those that have every word somewhere; without a word the first ones, of cards the newest."""
    with at_work(call, operator=operator) as counter:
        found = counter.do(FindRecords(RecordKind(kind), text))
    assert isinstance(found, RecordsFound)
    lines = "\n".join(map(record_shapes.told, found.lines)) or "Nothing was found."
    answer = {"found": [record_shapes.line(each) for each in found.lines], "has_more": found.has_more}
    say(answer, lines, as_json=call.as_json)


@record.command("show")
@KIND
@click.argument("key")
@operator_option(Role.TECHNICIAN)
@verb
def show(call: Verb, *, kind: str, key: str, operator: str) -> None:
    """One of them by its number or code, with its supplies and its changes, the newest first."""
    with at_work(call, operator=operator) as counter:
        shown = counter.do(ShowRecord(RecordKind(kind), key))
    tell(call, shown)


def tell(call: Verb, shown: object) -> None:
    """A whole record."""
    assert isinstance(shown, RecordShown)
    lines = [record_shapes.told(shown.line)]
    lines += [f"supply {each.number}  {each.state.value}  {each.customer}" for each in shown.supplies]
    lines += [
        f"{change.at:%Y-%m-%d %H:%M}  {change.verb.value:<7} {change.operator}  {change.reason}".rstrip()
        for change in shown.changes
    ]
    say(record_shapes.shown(shown), "\n".join(lines), as_json=call.as_json)
