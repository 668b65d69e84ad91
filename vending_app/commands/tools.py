"""Verbs of tool cards: what an inspector carries through the field."""

from __future__ import annotations

import click

from vending_app import app
from vending_app.commands import tool_shapes
from vending_app.commands.common import Verb, approval_option, at_work, do_approved, operator_option, verb, with_reader
from vending_app.commands.output import say
from vending_app.commands.slips import tool_slip
from vending_app.commands.supply import limit_options, limits_typed
from vending_app.domain.card import CardKind
from vending_app.domain.ids import ActId, MeterNo, OperatorName, ReaderName, is_ulid
from vending_app.domain.people import Role
from vending_app.domain.records import USUAL_LIMITS
from vending_app.domain.tool_card import OF_ONE_METER, TOOL_KINDS, limits_of
from vending_app.services.counter import Counter
from vending_app.services.tool_cases import (
    USUAL_DAYS,
    IssueToolCard,
    ListToolCards,
    ReadToolCard,
    ShowToolCard,
    ToolCards,
    ToolIssued,
    ToolRead,
)
from vending_app.ui.tools.tool_words import card_line, read_line

KINDS = [kind.value for kind in TOOL_KINDS]


@click.group("tool")
def tool() -> None:
    """Tool cards: issued for the field, and read in when they come back."""


@tool.command("issue")
@click.argument("kind", type=click.Choice(KINDS))
@click.option("--area", default="", help="Code of the area, for a check or parameter card.")
@click.option("--meter", default="", help="The one meter of a clear or key card.")
@limit_options
@click.option("--days", type=int, default=USUAL_DAYS, show_default=True, help="How many days it is taken, with today.")
@click.option("--carrier", default="", metavar="NAME", help="Who carries it; without it whoever issues it.")
@click.option("--id", "act_id", default="", help="A ULID; repeating it finishes the same issue.")
@approval_option
@with_reader
@operator_option(Role.TECHNICIAN)
@verb
def issue(
    call: Verb,
    *,
    kind: str,
    area: str,
    meter: str,
    days: int,
    carrier: str,
    act_id: str,
    approve: str,
    reader: str,
    dialect: str,
    operator: str,
    **typed: str,
) -> None:
    """Make the card in the reader a tool card: a blank one, or one of ours whose records were read in."""
    if act_id and not is_ulid(act_id):
        raise click.UsageError("--id takes a ULID: 26 letters and figures.")
    wanted = CardKind(kind)
    _require_fitting(wanted, area=area, meter=meter, has_limits=any(typed.values()))
    limits = limits_of(limits_typed(USUAL_LIMITS, typed)) if wanted is CardKind.PARAMETER else None
    command = IssueToolCard(
        ActId(act_id or app.new_id()),
        wanted,
        area=area,
        meter=MeterNo(meter) if meter else None,
        limits=limits,
        days=days,
        carrier=OperatorName(carrier) if carrier else None,
        reader=ReaderName(reader) if reader else None,
    )
    with at_work(call, operator=operator, dialect=dialect) as counter:
        done = do_approved(counter, command, approver=approve)
        today = counter.reading.today()
    assert isinstance(done, ToolIssued)
    say(tool_shapes.tool_card(done.card, today=today), card_line(done.card), as_json=call.as_json)


def _require_fitting(kind: CardKind, *, area: str, meter: str, has_limits: bool) -> None:
    """What belongs to another kind is a slip of whoever typed it."""
    is_of_meter = kind in OF_ONE_METER
    if is_of_meter is not bool(meter) or is_of_meter is bool(area):
        raise click.UsageError("A clear or key card takes --meter, the others take --area.")
    if has_limits and kind is not CardKind.PARAMETER:
        raise click.UsageError("Only a parameter card takes limits.")


@tool.command("read")
@with_reader
@operator_option(Role.TECHNICIAN)
@verb
def read(call: Verb, *, reader: str, dialect: str, operator: str) -> None:
    """Read in what meters left on the card in the reader; each record counts once."""
    with at_work(call, operator=operator, dialect=dialect) as counter:
        _tell(call, counter, ReadToolCard(ReaderName(reader) if reader else None))


@tool.command("show")
@click.argument("mandate", type=int)
@operator_option(Role.TECHNICIAN)
@verb
def show(call: Verb, *, mandate: int, operator: str) -> None:
    """Everything that came in under a mandate."""
    with at_work(call, operator=operator) as counter:
        _tell(call, counter, ShowToolCard(mandate))


def _tell(call: Verb, counter: Counter, asked: ReadToolCard | ShowToolCard) -> None:
    answer, today = counter.do(asked), counter.reading.today()
    assert isinstance(answer, ToolRead)
    say(tool_shapes.tool_read(answer, today=today), read_line(answer), as_json=call.as_json)


@tool.command("list")
@operator_option(Role.TECHNICIAN)
@verb
def list_verb(call: Verb, *, operator: str) -> None:
    """Every tool card and where it stands."""
    with at_work(call, operator=operator) as counter:
        answer, today = counter.do(ListToolCards()), counter.reading.today()
    assert isinstance(answer, ToolCards)
    lines = "\n".join(card_line(card, today=today) for card in answer.cards) or "No tool card was ever issued."
    say(tool_shapes.tool_cards(answer, today=today), lines, as_json=call.as_json)


tool.add_command(tool_slip)
