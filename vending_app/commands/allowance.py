"""Verbs about vending allowances: show, grant, take."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from vending_app import office_files
from vending_app.commands.common import Verb, approval_option, at_work, do_approved, verb
from vending_app.commands.output import say
from vending_app.domain.allowance import MOST_GRANTS
from vending_app.domain.energy import Energy
from vending_app.domain.ids import DeskNo
from vending_app.services.allowance_cases import AllowanceShown, Approvable, GrantAllowance, ShowAllowance, TakeGrant
from vending_app.ui.keys.grant_file import grant_in

by = click.option("--operator", default="supervisor", show_default=True, help="Who does it.")
desk_number = click.IntRange(1, 65_535)


@click.group("allowance")
def allowance() -> None:
    """How much energy a desk may sell, and until when; without a grant it is not limited."""


@allowance.command("show")
@click.option("--desk", type=desk_number, help="Without it this desk.")
@by
@verb
def allowance_show(call: Verb, *, desk: int | None, operator: str) -> None:
    """Where a desk stands under its newest grant."""
    with at_work(call, operator=operator) as counter:
        shown = counter.do(ShowAllowance(DeskNo(desk) if desk else None))
    assert isinstance(shown, AllowanceShown)
    say(_shape(shown), _line(shown), as_json=call.as_json)


@allowance.command("grant")
@click.option("--desk", required=True, type=desk_number)
@click.option("--energy", default="", help="kWh that it may sell from now on.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day.")
@click.option("--no-limit", is_flag=True, help="Lift the limit of this desk.")
@click.option("--out", type=click.Path(path_type=Path), help="Only write the signed grant, into this new file.")
@click.option(
    "--number", type=click.IntRange(1, MOST_GRANTS), help="With --out: more than `allowance show` tells at that desk."
)
@by
@approval_option
@verb
def allowance_grant(
    call: Verb,
    *,
    desk: int,
    energy: str,
    until: date | None,
    no_limit: bool,
    out: Path | None,
    number: int | None,
    operator: str,
    approve: str,
) -> None:
    """Let a desk sell so much until a day, signed with the key of the office."""
    if no_limit is bool(energy) or no_limit is (until is not None):
        raise click.UsageError("Give --energy and --until, or --no-limit alone.")
    if (out is None) is not (number is None):
        raise click.UsageError("--out and --number go together: the number is 1 more than that desk tells of its last.")
    if out is not None and out.exists():
        raise click.UsageError("--out takes a file that is not there yet.")
    last = date(until.year, until.month, until.day) if until else date.max
    asked = GrantAllowance(DeskNo(desk), Energy.parse(energy) if energy else None, last, number)
    shown = _do(call, asked, operator=operator, approve=approve)
    if out is not None:
        assert shown.allowance is not None, "it was just signed"
        office_files.write_text(out, shown.allowance.signed.text)
    answer = _shape(shown) | ({"file": str(out)} if out else {})
    say(answer, _line(shown), as_json=call.as_json)


@allowance.command("take")
@click.argument("file", type=click.Path(path_type=Path))
@by
@approval_option
@verb
def allowance_take(call: Verb, *, file: Path, operator: str, approve: str) -> None:
    """Enter a grant that came in a file."""
    shown = _do(call, TakeGrant(grant_in(file)), operator=operator, approve=approve)
    say(_shape(shown), _line(shown), as_json=call.as_json)


def _do(call: Verb, asked: Approvable, *, operator: str, approve: str) -> AllowanceShown:
    with at_work(call, operator=operator) as counter:
        shown = do_approved(counter, asked, approver=approve)
    assert isinstance(shown, AllowanceShown)
    return shown


def _line(shown: AllowanceShown) -> str:
    left = shown.allowance.left if shown.allowance else None
    if shown.allowance is None or left is None:
        return f"Desk {shown.desk} is not limited."
    return f"Desk {shown.desk} may sell {left} kWh more, until {shown.allowance.signed.grant.until.isoformat()}."


def _shape(shown: AllowanceShown) -> dict[str, object]:
    allowance = shown.allowance
    grant = allowance.signed.grant if allowance else None
    left = allowance.left if allowance else None
    is_limited = left is not None
    return {
        "desk": shown.desk,
        "is_limited": is_limited,
        "number": grant.number if grant else None,
        "energy_wh": grant.energy.wh if grant and grant.energy is not None else None,
        "used_wh": allowance.used.wh if allowance else None,
        "left_wh": left.wh if left is not None else None,
        "until": grant.until.isoformat() if grant and is_limited else None,
        "granted_at": grant.granted_at.isoformat() if grant else None,
    }
