"""The verb report: a day of the office for people, programs, and paper."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from vending_app.commands.common import Verb, at_work, operator_option, verb
from vending_app.commands.output import say, write_paper
from vending_app.domain.day import DayOddity, DayReport
from vending_app.domain.ids import DeskNo
from vending_app.domain.people import Role
from vending_app.services.day_cases import DayPaperShown, DayShown, ShowDay, ShowDayPaper
from vending_app.ui.day.day_words import TENDERS, beside_usual, hour_span, said_oddity


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
