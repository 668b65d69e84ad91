"""The verb report: what the office did, for people, programs, paper and spreadsheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click

from vending_app.commands.common import Verb, at_work, operator_option, verb
from vending_app.commands.files import into_files, write_tables
from vending_app.commands.output import say, write_paper
from vending_app.commands.shift_report import shift_report
from vending_app.commands.statement import statement
from vending_app.domain.day import DayOddity, DayReport
from vending_app.domain.energy import Energy
from vending_app.domain.ids import DeskNo
from vending_app.domain.money import Money
from vending_app.domain.office_rules import Limits
from vending_app.domain.people import Role
from vending_app.domain.report import Cell, Column, Report, Row, Unit
from vending_app.domain.report_asked import OF_A_DESK, SPANS, ReportAsked, ReportKind, Span, period_of
from vending_app.domain.said_report import SaidReport, SaidTable
from vending_app.services.counter import Counter
from vending_app.services.day_cases import DayShown, ShowDay
from vending_app.services.report_cases import (
    ReportPaperShown,
    ShowReport,
    ShowReportPaper,
    TableForm,
)
from vending_app.services.rule_cases import ShowLimits
from vending_app.ui.day.day_words import beside_usual, said_oddity
from vending_app.ui.reports.report_words import TITLES, file_name, said_report


@click.group("report")
def report() -> None:
    """What the office did."""


def _report_verb(kind: ReportKind, about: str) -> None:
    """One verb for each kind: the option that its span needs, and where it may be written."""

    @operator_option(Role.SUPERVISOR)
    @verb
    def run(call: Verb, *, operator: str, pdf: Path | None, csv: Path | None, xlsx: Path | None, **span: Any) -> None:
        with at_work(call, operator=operator) as counter:
            asked = _asked(kind, span, counter)
            day = _day_of(counter, asked)
            asked = replace(asked, period=day.day.isoformat()) if day is not None else asked
            made = counter.do(ShowReport(asked))
            assert isinstance(made, Report)
            _write_files(counter, made, pdf=pdf, tables={TableForm.CSV: csv, TableForm.XLSX: xlsx})
        shape = {**report_shape(made), **(_day_shape(day) if day is not None else {})}
        lines = [*_report_lines(said_report(made)), *(["", *day_lines(day)] if day is not None else [])]
        say(shape, "\n".join(lines), as_json=call.as_json)

    command = into_files(run)
    for option in (*_OF_SPAN[SPANS.get(kind, Span.MONTH)], *_OF_KIND.get(kind, ())):
        command = option(command)
    report.command(kind.value, help=about)(command)


def _asked(kind: ReportKind, span: Mapping[str, Any], counter: Counter) -> ReportAsked:
    by, _, of = (span.get("shared") or "").partition("=")
    for shared, name in (("cashier", "who"), ("act", "act")):
        if span.get(name):
            by, of = shared, span[name]
    asked = ReportAsked(kind, span.get("period") or "", by=by, of=of, desk=span.get("desk"), area=span.get("area"))
    if asked.span is not Span.DAYS:
        today = counter.outside.clock().astimezone().date()
        # The day that runs is found by the books.
        return asked if asked.period or kind is ReportKind.DAY else replace(asked, period=period_of(today, asked.span))
    days = span.get("days")
    return replace(asked, days=_usual_days(counter) if days is None else days)


def _usual_days(counter: Counter) -> int:
    limits = counter.do(ShowLimits())
    assert isinstance(limits, Limits)
    return limits.silent_days


def _day_of(counter: Counter, asked: ReportAsked) -> DayReport | None:
    """The supervisor's day beside the tables of a day; today if none is named."""
    if asked.kind is not ReportKind.DAY:
        return None
    if asked.period:
        asked.require_sound()
    desk = DeskNo(asked.desk) if asked.desk is not None else None
    shown = counter.do(ShowDay(date.fromisoformat(asked.period) if asked.period else None, desk))
    assert isinstance(shown, DayShown)
    return shown.report


def _write_files(counter: Counter, made: Report, *, pdf: Path | None, tables: Mapping[TableForm, Path | None]) -> None:
    name = file_name(made.asked)
    if pdf is not None:
        paper = counter.do(ShowReportPaper(name, said_report(made)))
        assert isinstance(paper, ReportPaperShown)
        write_paper(pdf, paper.pdf)
    write_tables(counter, name, made, tables)


_DESK = click.option("--desk", type=int, help="Of one desk alone.")
_OF_SPAN = {
    Span.DAY: (
        click.option("--date", "period", help="YYYY-MM-DD; without it, today."),
        _DESK,
    ),
    Span.ANY: (
        click.option("--period", help="YYYY-MM-DD, YYYY-MM or YYYY; without it, today."),
        click.option(
            "--of",
            "shared",
            help="Only what shares it: cashier=NAME, tariff=H2, tender=cash, hour=9, account=tax:VAT.",
        ),
        _DESK,
    ),
    Span.MONTH: (click.option("--month", "period", help="YYYY-MM; without it, this month."),),
    Span.YEAR: (click.option("--year", "period", help="YYYY; without it, this year."),),
    Span.DAYS: (click.option("--days", type=int, help="Without a sign; else as the office has it."),),
    Span.NOW: (),
}
_AREA = click.option("--area", help='One area by its code, down to its supplies; "" for those that hang in none.')
_OF_KIND = {
    ReportKind.ENERGY: (_AREA,),
    ReportKind.LOSSES: (_AREA, click.option("--month", "period", help="Of one area: YYYY-MM, one of its months.")),
    ReportKind.APPROVALS: (click.option("--of", "act", help="Of one act alone: void, reversal, supply-close, …."),),
    ReportKind.OPERATORS: (click.option("--of", "who", help="One person by his log-in name, act by act."),),
}
for _kind, (_, _, _about) in TITLES.items():
    _report_verb(_kind, f"{_about}.")
for _paper in (shift_report, statement):
    report.add_command(_paper)


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


def report_shape(made: Report) -> dict[str, object]:
    """Keys of columns end with their unit where the figure alone would not tell it."""
    return {
        "report": made.asked.kind.value,
        "period": made.asked.period or None,
        "days": made.asked.days if made.asked.span is Span.DAYS else None,
        "of": f"{made.asked.by}={made.asked.of}" if made.asked.by else None,
        **({"desk": made.asked.desk} if made.asked.kind in OF_A_DESK else {}),
        **({"area": made.asked.area} if made.asked.kind in {ReportKind.ENERGY, ReportKind.LOSSES} else {}),
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


def _day_shape(day: DayReport) -> dict[str, object]:
    """What the supervisor's day shows beside its tables: its sums beside the usual, and what is odd."""
    usual = day.usual
    return {
        "number": day.number,
        "takings_minor": day.sums.takings.minor,
        "energy_wh": day.sums.energy.wh,
        "sales": day.sums.sales,
        "average_minor": day.sums.average.minor,
        "arrears_minor": day.sums.arrears.minor,
        "usual_takings_minor": usual.takings.minor if usual else None,
        "usual_sales": usual.sales if usual else None,
        "exceptions": [_odd(odd, of=day.day) for odd in day.oddities],
    }


def day_lines(day: DayReport) -> list[str]:
    """Its Z if it is closed, its sums, and its exceptions, each in a line."""
    sums, usual = day.sums, day.usual
    beside = f"  ({beside_usual(sums.takings.minor, usual.takings.minor)[1]})" if usual else ""
    lines = [
        *([f"Z {day.number}"] if day.is_closed else []),
        f"Takings {sums.takings}{beside}; {sums.energy} kWh; {sums.sales} sales; arrears recovered {sums.arrears}",
    ]
    return lines + [
        f"{'! ' if odd.needs_somebody else '  '}{', '.join(said_oddity(odd, of=day.day))}" for odd in day.oddities
    ]


def _odd(odd: DayOddity, *, of: date) -> dict[str, object]:
    return {
        "kind": odd.kind.value,
        "at": odd.at.isoformat(),
        "needs_somebody": odd.needs_somebody,
        "amount_minor": odd.amount.minor,
        "says": ", ".join(said_oddity(odd, of=of)),
        "sale": odd.sale,
        "supply": odd.supply,
    }
