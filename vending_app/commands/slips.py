"""Slips to sign: vending-app supply slip NUMBER, vending-app tool slip MANDATE."""

from __future__ import annotations

from pathlib import Path

import click

from vending_app.commands.common import Verb, at_work, operator_option, verb
from vending_app.commands.papers import PDF, tell_paper
from vending_app.domain.ids import JournalRow, SupplyNo
from vending_app.domain.people import Role
from vending_app.services.supply_cases import PrintSlip, ShowSlip
from vending_app.services.tool_cases import PrintToolSlip, ShowToolSlip


@click.command("slip")
@click.argument("number")
@click.option(
    "--row", type=click.IntRange(1), help="Which procedure, by its row in supply show; the newest without it."
)
@PDF
@operator_option(Role.TECHNICIAN)
@verb
def slip(call: Verb, *, number: str, row: int | None, pdf: Path | None, operator: str) -> None:
    """Print the slip of what was done to it, for those to sign who were there."""
    supply, which = SupplyNo(number), JournalRow(row) if row else None
    with at_work(call, operator=operator) as counter:
        made = counter.do(ShowSlip(supply, which) if pdf else PrintSlip(supply, which))
    tell_paper(call, "slip", made, pdf)


@click.command("slip")
@click.argument("mandate", type=int)
@PDF
@operator_option(Role.TECHNICIAN)
@verb
def tool_slip(call: Verb, *, mandate: int, pdf: Path | None, operator: str) -> None:
    """Print the slip by which a carrier has a tool card."""
    with at_work(call, operator=operator) as counter:
        made = counter.do(ShowToolSlip(mandate) if pdf else PrintToolSlip(mandate))
    tell_paper(call, "slip", made, pdf)
