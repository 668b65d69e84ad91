"""An X or a Z once more: vending-app report shift [NUMBER], the same as vending-app shift z."""

from __future__ import annotations

from pathlib import Path

import click

from vending_app.commands import book_shapes
from vending_app.commands.common import Verb, at_work, operator_option, verb
from vending_app.commands.files import into_files, write_tables
from vending_app.commands.output import say, write_paper
from vending_app.domain.closing import ShiftReport
from vending_app.domain.ids import ShiftNo
from vending_app.domain.people import Role
from vending_app.services.book_cases import ShowZ
from vending_app.services.report_cases import TableForm
from vending_app.services.shift_tables import as_report
from vending_app.ui.reports.shift_words import said_shift


@click.command("shift")
@click.argument("number", type=int, required=False)
@into_files
@operator_option(Role.CASHIER)
@verb
def shift_report(
    call: Verb, *, number: int | None, operator: str, pdf: Path | None, csv: Path | None, xlsx: Path | None
) -> None:
    """The Z of a closed shift, the X of one that is open; without NUMBER the newest Z of this desk."""
    with at_work(call, operator=operator) as counter:
        report = counter.do(ShowZ(ShiftNo(number) if number is not None else None))
        assert isinstance(report, ShiftReport)
        out = counter.outside
        made = as_report(report, currency=out.ledger.office().currency, at=out.clock())
        if pdf is not None:
            said = said_shift(report, made)
            write_paper(pdf, out.paper.report(said, office=out.ledger.letterhead(), at=out.clock()))
        write_tables(counter, f"Shift-{report.shift.number}", made, {TableForm.CSV: csv, TableForm.XLSX: xlsx})
    tell(call, report)


def tell(call: Verb, report: object) -> None:
    """An X or a Z in a line, or whole as JSON; no sum of cash while the count is to be blind."""
    assert isinstance(report, ShiftReport)
    name = f"Z {report.closing.number}" if report.closing else "X"
    totals = report.totals
    sold = f"{totals.sold}, " if report.expected is not None else ""
    line = f"{name} of shift {report.shift.number}: {totals.count} sales, {sold}{totals.energy_sold} kWh."
    say(book_shapes.report(report), line, as_json=call.as_json)
