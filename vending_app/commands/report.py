"""The verb report: what the office did, for people, programs, paper and spreadsheets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click

from vending_app.commands.common import Verb, at_work, operator_option, verb
from vending_app.commands.output import say, write_paper
from vending_app.domain.day import DayOddity, DayReport
from vending_app.domain.energy import Energy
from vending_app.domain.ids import DeskNo
from vending_app.domain.money import Money
from vending_app.domain.people import Role
from vending_app.domain.report import (
    SPANS,
    USUAL_DAYS,
    Cell,
    Column,
    Report,
    ReportAsked,
    ReportKind,
    Row,
    SaidReport,
    SaidTable,
    Span,
    Unit,
)
from vending_app.services.day_cases import DayPaperShown, DayShown, ShowDay, ShowDayPaper
from vending_app.services.report_cases import (
    MakeTables,
    ReportPaperShown,
    ShowReport,
    ShowReportPaper,
    TableForm,
    TablesMade,
)
from vending_app.ui.day.day_words import beside_usual, hour_span, said_oddity
from vending_app.ui.reports.report_words import CAPTIONS, TITLES, file_name, said_report
from vending_app.ui.words import TENDERS


@click.group("report")
def report() -> None:
    """What the office did."""


@report.command("day")
@click.option("--date", "day", help="YYYY-MM-DD; without it, today.")
@click.option("--desk", type=int, help="Of one desk alone.")
@click.option("--pdf", type=click.Path(path_type=Path), help="Also as A4 paper, here.")
@operator_option(Role.SUPERVISOR)
@verb
def day_verb(call: Verb, *, day: str | None, desk: int | None, pdf: Path | None, operator: str) -> None:
    """A day: sums beside the usual weekday, hours, cashiers, tenders, and what is odd about it."""
    asked = ShowDay(_day(day) if day else None, DeskNo(desk) if desk is not None else None)
    with at_work(call, operator=operator) as counter:
        shown = counter.do(asked)
        assert isinstance(shown, DayShown)
        if pdf is not None:
            paper = counter.do(ShowDayPaper(shown.report.day, asked.desk))
            assert isinstance(paper, DayPaperShown)
            write_paper(pdf, paper.pdf)
    say(_shape(shown.report), "\n".join(_lines(shown.report)), as_json=call.as_json)


# --- other reports ---------------------------------------------------------------------------------------


def _report_verb(kind: ReportKind, about: str) -> None:
    """One verb for each kind: the option that its span needs, and where it may be written."""

    @operator_option(Role.SUPERVISOR)
    @verb
    def run(call: Verb, *, operator: str, pdf: Path | None, csv: Path | None, xlsx: Path | None, **span: Any) -> None:
        asked = ReportAsked(kind, span.get("period") or "", span.get("days", USUAL_DAYS), span.get("area") or "")
        files = {TableForm.CSV: csv, TableForm.XLSX: xlsx}
        with at_work(call, operator=operator) as counter:
            made = counter.do(ShowReport(asked))
            assert isinstance(made, Report)
            said, name = said_report(made), file_name(asked)
            if pdf is not None:
                paper = counter.do(ShowReportPaper(name, said))
                assert isinstance(paper, ReportPaperShown)
                write_paper(pdf, paper.pdf)
            for form, path in files.items():
                if path is not None:
                    tables = counter.do(MakeTables(name, made, CAPTIONS, form))
                    assert isinstance(tables, TablesMade)
                    write_paper(path, tables.content)
        say(_report_shape(made), "\n".join(_report_lines(said)), as_json=call.as_json)

    command = run
    for option in (*_OF_SPAN[SPANS.get(kind, Span.MONTH)], *_OF_KIND.get(kind, ()), *_INTO):
        command = option(command)
    report.command(kind.value, help=about)(command)


_OF_SPAN = {
    Span.MONTH: (click.option("--month", "period", required=True, help="YYYY-MM."),),
    Span.YEAR: (click.option("--year", "period", required=True, help="YYYY."),),
    Span.DAYS: (click.option("--days", type=int, default=USUAL_DAYS, show_default=True, help="Without a sign."),),
    Span.NOW: (),
}
_OF_KIND = {
    ReportKind.LOSSES: (click.option("--area", default="", help="One area by its code, down to its supplies."),),
}
_INTO = (
    click.option("--xlsx", type=click.Path(path_type=Path), help="Also as sheets of Excel, here."),
    click.option("--csv", type=click.Path(path_type=Path), help="Also as text for other programs, here."),
    click.option("--pdf", type=click.Path(path_type=Path), help="Also as A4 paper, here."),
)
for _kind, (_, _, _about) in TITLES.items():
    _report_verb(_kind, f"{_about}.")


def _report_lines(said: SaidReport) -> list[str]:
    """Tables with their columns under each other; what has no rows is left out, but for the first."""
    lines = [f"{said.title}: {said.about}"]
    for at in said.filled:
        table = said.tables[at]
        lines += ["", table.title, *_aligned(table)] if table.rows else ["", said.empty]
    told = (*said.alerts, *said.notes)
    return [*lines, "", *told] if told else lines


def _aligned(table: SaidTable) -> list[str]:
    rows = [table.heads, *table.rows, *([table.sums] if table.sums else [])]
    wides = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell.rjust(wide) if is_figure else cell.ljust(wide)
            for cell, wide, is_figure in zip(row, wides, table.is_figure, strict=True)
        ).rstrip()
        for row in rows
    ]


def _report_shape(made: Report) -> dict[str, object]:
    """Keys of columns end with their unit where the figure alone would not tell it."""
    return {
        "report": made.asked.kind.value,
        "period": made.asked.period or None,
        "days": made.asked.days if made.asked.span is Span.DAYS else None,
        **({"area": made.asked.area or None} if made.asked.kind is ReportKind.LOSSES else {}),
        "is_closed": made.is_closed,
        "currency": made.currency,
        **{table.key: [_row_shape(row, table.columns) for row in table.rows] for table in made.tables},
    }


def _row_shape(row: Row, columns: Sequence[Column]) -> dict[str, object]:
    return {
        f"{column.key.replace('-', '_')}{_SUFFIX.get(column.unit, '')}": _plain(cell)
        for cell, column in zip(row, columns, strict=True)
    }


_SUFFIX = {Unit.MONEY: "_minor", Unit.ENERGY: "_wh", Unit.PERCENT: "_bp"}
"""Basis points: hundredths of a per cent."""


def _plain(cell: Cell) -> object:
    match cell:
        case Money():
            return cell.minor
        case Energy():
            return cell.wh
        case date():
            return cell.isoformat()
    return cell


# --- a day -----------------------------------------------------------------------------------------------


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as cause:
        raise click.BadParameter("a day is YYYY-MM-DD", param_hint="--date") from cause


def _lines(report: DayReport) -> list[str]:
    sums, usual = report.sums, report.usual
    beside = f"  ({beside_usual(sums.takings.minor, usual.takings.minor)[1]})" if usual else ""
    lines = [
        f"{report.day.isoformat()}, {'all desks' if report.desk is None else f'desk {report.desk}'}, "
        f"{'closed, ' if report.is_closed else 'running, '}Z {report.number}",
        f"Takings {sums.takings}{beside}; {sums.energy} kWh; {sums.sales} sales; arrears recovered {sums.arrears}",
    ]
    lines += [f"{hour_span(hour.hour)}  {hour.sales:>5}  {hour.takings!s:>12}" for hour in report.hours]
    lines += [f"{row.name:<24} desk {row.desk}  {row.sales:>5}  {row.takings!s:>12}" for row in report.cashiers]
    lines += [f"{TENDERS[kind]:<24} {amount!s:>21}" for kind, amount in report.tenders.items()]
    return lines + [f"{'! ' if odd.needs_somebody else '  '}{', '.join(said_oddity(odd))}" for odd in report.oddities]


def _shape(report: DayReport) -> dict[str, object]:
    usual = report.usual
    return {
        "day": report.day.isoformat(),
        "desk": report.desk,
        "number": report.number,
        "is_closed": report.is_closed,
        "takings_minor": report.sums.takings.minor,
        "energy_wh": report.sums.energy.wh,
        "sales": report.sums.sales,
        "average_minor": report.sums.average.minor,
        "arrears_minor": report.sums.arrears.minor,
        "usual_takings_minor": usual.takings.minor if usual else None,
        "usual_sales": usual.sales if usual else None,
        "hours": [
            {"hour": hour.hour, "takings_minor": hour.takings.minor, "sales": hour.sales, "energy_wh": hour.energy.wh}
            for hour in report.hours
        ],
        "cashiers": [
            {
                "operator": row.operator,
                "name": row.name,
                "desk": row.desk,
                "sales": row.sales,
                "energy_wh": row.energy.wh,
                "takings_minor": row.takings.minor,
            }
            for row in report.cashiers
        ],
        "tenders": {kind.value: amount.minor for kind, amount in report.tenders.items()},
        "exceptions": [_odd(odd) for odd in report.oddities],
    }


def _odd(odd: DayOddity) -> dict[str, object]:
    return {
        "kind": odd.kind.value,
        "at": odd.at.isoformat(),
        "needs_somebody": odd.needs_somebody,
        "amount_minor": odd.amount.minor,
        "says": ", ".join(said_oddity(odd)),
        "sale": odd.sale,
        "supply": odd.supply,
    }
