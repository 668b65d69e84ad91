"""Verbs of an office that was restored from a backup: restore status, check, reenter, finish."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from vending_app import app, kept, office_books
from vending_app.commands.common import Verb, at_work, operator_option, verb, with_reader
from vending_app.commands.output import REFUSED, say
from vending_app.domain.energy import Energy
from vending_app.domain.ids import CardNo, ReaderName, SupplyNo
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import Role
from vending_app.domain.restoring import Found, PaperReceipt
from vending_app.services.keeping_cases import (
    FinishRestoring,
    ReenterCard,
    Reentered,
    ReenterReceipt,
    RestoringFinished,
)

FOUND = {
    Found.KNOWN: "is in these books",
    Found.OTHER: "is another one in these books: keep the paper and ask the administrator",
    Found.LATER: "was sold after the copy was made: enter it again",
    Found.MISSING: "was given up when the books were restored",
}


@click.group("restore")
def restored() -> None:
    """Put right what a restored copy of the books does not know, so that selling may begin."""


@restored.command("status")
@verb
def status(call: Verb) -> None:
    """Whether these books come from a copy, and the last receipt of every desk in them."""
    with office_books.open_books(call.data) as books:
        pending = books.restoration()
    if pending is None:
        say({"restored": False}, "These books may sell.", as_json=call.as_json)
        return
    last = [{"receipt": paper.receipt, "mark": paper.mark} for paper in pending.last_receipts]
    lines = [f"These books are a copy of {pending.made_at:%Y-%m-%d %H:%M} UTC. Nothing is sold until they are settled."]
    lines += [f"Desk {p.desk}: the last receipt in them is {p.receipt}  {p.mark}" for p in pending.last_receipts]
    answer = {"restored": True, "made_at": pending.made_at.isoformat(), "backup": pending.backup, "last_receipts": last}
    say(answer, "\n".join(lines), as_json=call.as_json)


@restored.command("check")
@click.option("--receipt", "receipts", multiple=True, required=True, help="As printed, such as 2-004518:3F9A0C22.")
@verb
def check(call: Verb, *, receipts: tuple[str, ...]) -> None:
    """Hold receipts on paper against the books; exit 1 if one of them is not in there."""
    papers = [PaperReceipt.parse(text) for text in receipts]
    with office_books.open_books(call.data) as books:
        findings = [books.check_receipt(paper) for paper in papers]
    lines = [f"{finding.paper.receipt} {FOUND[finding.found]}." for finding in findings]
    answer = {
        "receipts": [{"receipt": f.paper.receipt, "mark": f.paper.mark, "found": f.found.value} for f in findings]
    }
    say(answer, "\n".join(lines), as_json=call.as_json)
    if any(finding.found is not Found.KNOWN for finding in findings):
        raise SystemExit(REFUSED)


@restored.command("reenter")
@click.option("--receipt", default="", help="Number and mark of the paper; without it the card alone is the proof.")
@click.option("--amount", default="", help="Money paid, as the paper tells.")
@click.option("--arrears", default="", help="The part of it that the paper shows for arrears.")
@click.option("--supply", default="", help="Only the paper is there: the number of the supply.")
@click.option("--order", "sequence", default=0, type=click.IntRange(0), help="Only the paper: its order number.")
@click.option("--energy", default="", help="Only the paper: kWh bought.")
@click.option("--sold-at", "sold_at", default=None, type=click.DateTime(["%Y-%m-%dT%H:%M"]), help="Only the paper.")
@click.option("--card", default="", help="Only the paper: the card, if it is not the supply's current one.")
@with_reader
@operator_option(Role.SUPERVISOR)
@verb
def reenter(call: Verb, *, operator: str, dialect: str, **told: Any) -> None:
    """Enter a later sale again: by the card in the reader, or with --supply by its receipt alone."""
    command = _by_paper(**told) if told["supply"] else _by_card(**told)
    with at_work(call, operator=operator, dialect=dialect) as counter:
        done = counter.do(command)
    assert isinstance(done, Reentered)
    order = done.sale.intent.order
    answer = {
        "sale": done.sale.id,
        "supply": order.supply,
        "sequence": order.sequence,
        "energy_wh": done.energy.wh,
        "energy_total_wh": order.energy_total.wh,
        "receipt": done.sale.receipt,
        "skipped": done.skipped,
    }
    line = f"Order {order.sequence} of supply {order.supply} is in the books again: {done.energy} kWh."
    say(answer, line, as_json=call.as_json)


def _by_card(*, receipt: str, amount: str, arrears: str, reader: str, **_: object) -> ReenterCard:
    return ReenterCard(
        app.new_id(),
        amount=_money(amount),
        arrears=_money(arrears),
        paper=PaperReceipt.parse(receipt) if receipt else None,
        reader=ReaderName(reader),
    )


def _by_paper(
    *,
    receipt: str,
    amount: str,
    arrears: str,
    supply: str,
    sequence: int,
    energy: str,
    sold_at: datetime | None,
    card: str,
    **_: object,
) -> ReenterReceipt:
    if not (receipt and sequence and energy and sold_at):
        raise click.UsageError("With --supply, give --receipt, --order, --energy and --sold-at too.")
    return ReenterReceipt(
        app.new_id(),
        paper=PaperReceipt.parse(receipt),
        supply=SupplyNo(supply),
        sequence=sequence,
        energy=Energy.parse(energy),
        amount=_money(amount),
        sold_at=sold_at.astimezone(),
        arrears=_money(arrears),
        card=CardNo(card) if card else None,
    )


def _money(text: str) -> Money:
    return Money.parse(text) if text else ZERO


@restored.command("finish")
@click.option("--last", "receipts", multiple=True, required=True, help="The last paper of each desk; 3-0 for none.")
@operator_option(Role.SUPERVISOR)
@verb
def finish(call: Verb, *, receipts: tuple[str, ...], operator: str) -> None:
    """The last receipt of every desk is told: numbers that nobody brought are given up, and selling may begin."""
    command = FinishRestoring(tuple(PaperReceipt.parse(text) for text in receipts))
    with at_work(call, operator=operator) as counter:
        done = counter.do(command)
    assert isinstance(done, RestoringFinished)
    gaps = list(zip(done.lost[::2], done.lost[1::2], strict=True))
    lines = ["These books may sell again."]
    lines += [f"Given up: {first.receipt} to {last.receipt}." for first, last in gaps]
    answer = {"lost": [{"first": first.receipt, "last": last.receipt} for first, last in gaps]}
    say(answer, "\n".join(lines), as_json=call.as_json)


@restored.command("accept")
@verb
def accept(call: Verb) -> None:
    """The server of the books was restored: let this desk open them again. Nothing is sold before restore finish."""
    kept.accept_older_server(call.data)
    line = "This desk opens the restored books. Next: vending-app restore status."
    say({"accepted": True}, line, as_json=call.as_json)
