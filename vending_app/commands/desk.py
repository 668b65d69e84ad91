"""Verbs at the reader: readers, card show, card issue, card retire, sell, recover."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from vending_app import app
from vending_app.commands import card_stock, shapes
from vending_app.commands.card_dump import card_dump, card_repair
from vending_app.commands.common import Verb, approval_option, at_work, do_approved, operator_option, verb, with_reader
from vending_app.commands.output import say
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.ids import CardNo, ReaderName, SaleId, SupplyNo, is_ulid
from vending_app.domain.money import Money
from vending_app.domain.people import Role
from vending_app.domain.sale import Tender, TenderKind
from vending_app.services.counter import Counter
from vending_app.services.stock_cases import CardRetired, RetireCard
from vending_app.services.use_cases import CardReading, IssueCard, ReadCard, Recover, Recovered, SaleDone, Sell
from vending_app.ui.words import verdict_line


@click.command("readers")
@verb
def readers(call: Verb) -> None:
    """List the PC/SC readers and whether a card is in."""
    found = app.pcsc_states()
    lines = "\n".join(f"{state.name}  {'card in' if state.card_present else 'empty'}" for state in found)
    answer = {"readers": [shapes.reader(state) for state in found]}
    say(answer, lines or "No reader is connected.", as_json=call.as_json)


@click.group("card")
def card() -> None:
    """What is on a card; issuing one, and making one blank again."""


card.add_command(card_dump)
card.add_command(card_repair)


@card.command("show")
@with_reader
@operator_option(Role.CASHIER)
@verb
def card_show(call: Verb, *, reader: str, dialect: str, operator: str) -> None:
    """Read the card: verdict, order, write-back. The write-back is kept in the ledger."""
    with at_work(call, operator=operator, dialect=dialect) as counter:
        reading = counter.do(ReadCard(ReaderName(reader)))
    assert isinstance(reading, CardReading)
    say(shapes.card(reading), verdict_line(reading.verdict), as_json=call.as_json)


@card.command("issue")
@click.option("--supply", required=True, help="Number of the supply.")
@click.option("--id", "sale_id", default="", help="A ULID; repeating it repeats nothing.")
@with_reader
@operator_option(Role.TECHNICIAN)
@verb
def card_issue(call: Verb, *, supply: str, sale_id: str, reader: str, dialect: str, operator: str) -> None:
    """Make the blank card in the reader this supply's card."""
    command = IssueCard(_id(sale_id), SupplyNo(supply), ReaderName(reader))
    with at_work(call, operator=operator, dialect=dialect) as counter:
        done = _done(counter, command)
    line = f"Card {done.sale.intent.write.card} is issued to supply {supply}."
    say(shapes.done(done), line, as_json=call.as_json)


@card.command("retire")
@click.option("--card", "number", default="", help="Of a card that is blank already, and broke off then: its number.")
@approval_option
@with_reader
@operator_option(Role.TECHNICIAN)
@verb
def card_retire(call: Verb, *, number: str, approve: str, reader: str, dialect: str, operator: str) -> None:
    """Make the card in the reader blank again, which no supply needs any more; needs somebody's approval."""
    with at_work(call, operator=operator, dialect=dialect) as counter:
        # Alone it is refused, whatever lies in the reader.
        found = _card_in(counter, reader) if approve and not number else None
        asked = RetireCard(CardNo("".join(number.split())) if number else found, ReaderName(reader))
        done = do_approved(counter, asked, approver=approve)
    assert isinstance(done, CardRetired)
    answer = {"card": done.card, "supply": done.supply, "chip": done.chip, "stock": card_stock.shape(done.stock)}
    say(answer, f"Card {done.card} of supply {done.supply} is a blank one again.", as_json=call.as_json)


def _card_in(counter: Counter, reader: str) -> CardNo | None:
    found = counter.do(ReadCard(ReaderName(reader)))
    assert isinstance(found, CardReading)
    return found.card


@click.command("sell")
@click.option("--amount", default="", help="Money to spend, such as 50.00.")
@click.option("--energy", default="", help="kWh to buy, such as 120.")
@click.option("--tender", default="", help="cash:100.00, card:50.00 or mobile:50.00; exact cash without it.")
@click.option("--receipt", type=click.Path(path_type=Path), help="Save the receipt as this PDF.")
@click.option("--id", "sale_id", default="", help="A ULID; repeating it repeats nothing.")
@with_reader
@operator_option(Role.CASHIER)
@verb
def sell(call: Verb, *, receipt: Path | None, dialect: str, operator: str, **asked: str) -> None:
    """Sell to the card in the reader: write it, check it, post it."""
    command = _sell_command(**asked)
    with at_work(call, operator=operator, dialect=dialect) as counter:
        done = _done(counter, command)
        answer = shapes.done(done) | _save_receipt(counter, done, receipt)
    energy = done.sale.intent.quote.energy if done.sale.intent.quote else Energy(0)
    line = f"Sold {energy} kWh for {done.sale.amount}; change {done.sale.change}; receipt {done.sale.receipt}."
    say(answer, line, as_json=call.as_json)


def _sell_command(*, amount: str, energy: str, tender: str, sale_id: str, reader: str) -> Sell:
    if bool(amount) == bool(energy):
        raise click.UsageError("Give either --amount or --energy.")
    return Sell(
        id=_id(sale_id),
        tender=_tender(tender) if tender else None,
        amount=Money.parse(amount) if amount else None,
        energy=Energy.parse(energy) if energy else None,
        reader=ReaderName(reader),
    )


def _tender(text: str) -> Tender:
    kind, _, rest = text.partition(":")
    received, _, reference = rest.partition(":")
    try:
        return Tender(TenderKind(kind), Money.parse(received), reference)
    except ValueError as cause:
        raise OperatorError(Code.TENDER_UNKNOWN, tender=kind, known=", ".join(TenderKind)) from cause


def _id(text: str) -> SaleId:
    if text and not is_ulid(text):
        raise click.UsageError("--id takes a ULID: 26 letters and figures.")
    return SaleId(text) if text else app.new_id()


def _done(counter: Counter, command: Sell | IssueCard) -> SaleDone:
    done = counter.do(command)
    assert isinstance(done, SaleDone)
    return done


def _save_receipt(counter: Counter, done: SaleDone, path: Path | None) -> dict[str, Any]:
    """A receipt that cannot be saved is said, and never undoes the sale."""
    if path is None:
        return {}
    try:
        path.write_bytes(counter.receipts.original(done.sale.id))
    except OSError as cause:
        fault = EnvironmentFault(Code.PRINTER_FAILED, printer=str(path), why=cause.strerror or "")
        return {"receipt_file": None, "receipt_problem": fault.code.value}
    return {"receipt_file": str(path)}


@click.command("recover")
@with_reader
@operator_option(Role.CASHIER)
@verb
def recover(call: Verb, *, reader: str, dialect: str, operator: str) -> None:
    """Settle the interrupted sale of the card in the reader."""
    with at_work(call, operator=operator, dialect=dialect) as counter:
        outcome = counter.do(Recover(ReaderName(reader)))
    assert isinstance(outcome, Recovered)
    answer = {
        "resolved": [shapes.resolved(sale) for sale in outcome.resolved],
        "waiting": [shapes.resolved(sale) for sale in outcome.waiting],
        "give_back": [shapes.given_back(sale) for sale in outcome.voided],
    }
    lines = [f"Sale {sale.id}: {sale.state.value}." for sale in outcome.resolved] or ["Nothing was open for this card."]
    lines += [shapes.said_given_back(sale) for sale in outcome.voided]
    lines += [f"Still waiting for its card: {sale.id}." for sale in outcome.waiting]
    say(answer, "\n".join(lines), as_json=call.as_json)
