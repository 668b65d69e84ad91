"""Verbs of the blank cards of this desk: vending-app card-stock receive, spoil, count, show."""

from __future__ import annotations

import click

from vending_app.commands.common import Verb, approval_option, at_work, do_approved, operator_option, verb
from vending_app.commands.output import say
from vending_app.commands.shapes import Shape
from vending_app.domain.card_stock import CardStock, StockMove
from vending_app.domain.people import Role
from vending_app.services.stock_cases import CountCards, ReceiveCards, ShowCardStock, SpoilCards
from vending_app.ui.records.stock_words import said_level

NUMBER = click.argument("number", type=click.IntRange(0))


@click.group("card-stock")
def card_stock() -> None:
    """Blank cards in the box of this desk."""


@card_stock.command("show")
@operator_option(Role.TECHNICIAN)
@verb
def show(call: Verb, *, operator: str) -> None:
    """How many there are, here and in the office, and what moved them, the newest first."""
    _do(call, ShowCardStock(), operator)


@card_stock.command("receive")
@NUMBER
@click.option("--reference", default="", help="Of the delivery note.")
@approval_option
@operator_option(Role.TECHNICIAN)
@verb
def receive(call: Verb, *, number: int, reference: str, approve: str, operator: str) -> None:
    """So many were delivered."""
    _do(call, ReceiveCards(number, reference), operator, approve)


@card_stock.command("spoil")
@NUMBER
@click.option("--reason", required=True, help="Why, in a few words.")
@approval_option
@operator_option(Role.TECHNICIAN)
@verb
def spoil(call: Verb, *, number: int, reason: str, approve: str, operator: str) -> None:
    """So many were thrown away."""
    _do(call, SpoilCards(number, reason), operator, approve)


@card_stock.command("count")
@NUMBER
@click.option("--reason", default="", help="Why it is another number than the books say.")
@approval_option
@operator_option(Role.TECHNICIAN)
@verb
def count(call: Verb, *, number: int, reason: str, approve: str, operator: str) -> None:
    """So many lie in the box."""
    _do(call, CountCards(number, reason), operator, approve)


def _do(
    call: Verb, asked: ShowCardStock | ReceiveCards | SpoilCards | CountCards, operator: str, approve: str = ""
) -> None:
    with at_work(call, operator=operator) as counter:
        stock = counter.do(asked) if isinstance(asked, ShowCardStock) else do_approved(counter, asked, approver=approve)
    assert isinstance(stock, CardStock)
    lines = [said_level(stock)]
    lines += [f"{move.at:%Y-%m-%d %H:%M}  {_told(move)}".rstrip() for move in stock.moves]
    say(shape(stock), "\n".join(lines), as_json=call.as_json)


def _told(move: StockMove) -> str:
    return f"{move.verb.value:<8}{move.change:+6d}{move.level:7d}  {move.reference or move.reason}"


def shape(of: CardStock) -> Shape:
    """The JSON of `card-stock`."""
    return {
        "desk": of.desk,
        "here": of.here,
        "office": of.office,
        "is_counted": of.is_counted,
        "is_low": of.is_low,
        "needs_count": of.needs_count,
        "moves": [_move(move) for move in of.moves],
    }


def _move(of: StockMove) -> Shape:
    return {
        "at": of.at.isoformat(),
        "verb": of.verb.value,
        "change": of.change,
        "level": of.level,
        "reference": of.reference,
        "reason": of.reason,
        "sale": of.sale,
        "mandate": of.mandate,
        "operator": of.operator,
    }
