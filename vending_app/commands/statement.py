"""A customer's statement: vending-app report statement NUMBER, the same as vending-app supply statement."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from vending_app.commands.common import Verb, at_work, operator_option, verb
from vending_app.commands.files import into_files, write_tables
from vending_app.commands.output import say, write_paper
from vending_app.commands.shapes import Shape
from vending_app.domain.ids import SupplyNo
from vending_app.domain.people import Role
from vending_app.domain.statement import Statement, StatementLine
from vending_app.services.report_cases import TableForm
from vending_app.services.statement_cases import ShowStatement, StatementShown

ON = click.DateTime(["%Y-%m-%d"])


@click.command("statement")
@click.argument("number")
@click.option("--from", "since", type=ON, help="First day; without it a year in whole months.")
@click.option("--to", "until", type=ON, help="Last day; without it today.")
@into_files
@operator_option(Role.TECHNICIAN)
@verb
def statement(call: Verb, *, number: str, since: datetime | None, until: datetime | None, **rest: Any) -> None:
    """What was owed, bought and paid in a period, line by line."""
    asked = ShowStatement(SupplyNo(number), since.date() if since else None, until.date() if until else None)
    pdf: Path | None = rest["pdf"]
    with at_work(call, operator=rest["operator"]) as counter:
        shown = counter.do(asked)
        assert isinstance(shown, StatementShown)
        if pdf is not None:
            write_paper(pdf, shown.pdf)
        write_tables(counter, shown.title, shown.report, {form: rest[form.value] for form in TableForm})
    say(_shape(shown.statement, pdf), _told(shown.statement), as_json=call.as_json)


def _told(of: Statement) -> str:
    lines = [f"{of.since} to {of.until}: {of.opening} owed before"]
    lines += [_line_told(line) for line in of.lines]
    due = f", {of.due} due to the customer" if of.due.minor else ""
    agreed = f"; agreement: {of.agreed_percent} % of each purchase" if of.agreed_percent else ""
    return "\n".join([*lines, f"{of.bought} kWh bought, {of.paid} paid, {of.closing} owed{due}{agreed}"])


def _line_told(of: StatementLine) -> str:
    day = of.at.astimezone().date().isoformat()
    return f"{day}  {of.of.value:<12} {of.document:<10} {of.energy} kWh  {of.paid}  {of.arrears}  {of.text}".rstrip()


def _shape(of: Statement, pdf: Path | None) -> Shape:
    return {
        "supply": of.supply.number,
        "customer": of.supply.customer.number,
        "from": of.since.isoformat(),
        "to": of.until.isoformat(),
        "opening_minor": of.opening.minor,
        "closing_minor": of.closing.minor,
        "due_minor": of.due.minor,
        "bought_wh": of.bought.wh,
        "paid_minor": of.paid.minor,
        "taken_off_minor": of.taken_off.minor,
        "arrears_share_percent": of.agreed_percent,
        "lines": [_line(line) for line in of.lines],
        "pdf": str(pdf) if pdf else None,
    }


def _line(of: StatementLine) -> Shape:
    return {
        "at": of.at.isoformat(),
        "kind": of.of.value,
        "document": of.document,
        "energy_wh": of.energy.wh,
        "paid_minor": of.paid.minor,
        "arrears_minor": of.arrears.minor,
        "due_minor": of.due.minor,
        "used_total_wh": of.used.wh if of.used is not None else None,
        "remaining_wh": of.remaining.wh if of.remaining is not None else None,
        "text": of.text,
    }
