"""Verbs for what went wrong: void, reverse, refund, arrears, tender."""

from __future__ import annotations

import click

from vending_app import app
from vending_app.commands import book_shapes, shapes
from vending_app.commands.common import Verb, approval_option, at_work, do_approved, operator_option, verb, with_reader
from vending_app.commands.output import say
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import ActId, ReaderName, SaleId, SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.payment import Payment
from vending_app.domain.people import Role
from vending_app.domain.reversal import ReversalAdvice
from vending_app.domain.sale import Sale, TenderKind
from vending_app.services.book_cases import (
    CorrectTender,
    FindReceipt,
    PayArrears,
    PayRefund,
    Reversed,
    ReverseSale,
    ShowReversal,
    Voided,
    VoidSale,
)
from vending_app.services.counter import Counter
from vending_app.ui.book_words import METER_HAS

REASON = click.option("--reason", required=True, help="Why, in a few words.")
ID = click.option("--id", "number", default="", help="A ULID; repeating it repeats nothing.")
REFERENCE = click.option("--reference", default="", help="Slip or transaction number of what is not cash.")
TENDERS = [kind.value for kind in TenderKind]


@click.command("void")
@click.option("--sale", required=True, help="Id of the interrupted sale.")
@REASON
@ID
@approval_option
@with_reader
@operator_option(Role.CASHIER)
@verb
def void(
    call: Verb, *, sale: str, reason: str, number: str, approve: str, reader: str, dialect: str, operator: str
) -> None:
    """Undo an interrupted sale whose card, in the reader, does not carry it."""
    command = VoidSale(SaleId(number or app.new_id()), SaleId(sale), reason, ReaderName(reader))
    with at_work(call, operator=operator, dialect=dialect) as counter:
        done = do_approved(counter, command, approver=approve)
    assert isinstance(done, Voided)
    answer = shapes.done(done.done) | {"voided": done.sale.id, "give_back_minor": done.give_back.minor}
    say(answer, f"Sale {done.sale.id} is undone; {_rest_of(done)}", as_json=call.as_json)


def _rest_of(done: Voided) -> str:
    if not done.is_on_card:
        return "nothing was written, and nothing is given back."
    return f"give back {done.give_back}." if done.give_back else "nothing is given back."


@click.command("reverse")
@click.option("--sale", default="", help="Id of the sale.")
@click.option("--receipt", default="", help="Or its receipt number.")
@REASON
@click.option("--pay-by", default="cash", type=click.Choice([*TENDERS, "later"]), help="How the money goes back.")
@ID
@approval_option
@with_reader
@operator_option(Role.CASHIER)
@verb
def reverse(
    call: Verb,
    *,
    reason: str,
    pay_by: str,
    number: str,
    approve: str,
    reader: str,
    dialect: str,
    operator: str,
    **which: str,
) -> None:
    """Take a posted sale back by a new order with the lower total, on the card in the reader."""
    act = number or app.new_id()
    with at_work(call, operator=operator, dialect=dialect) as counter:
        sale = _sale(counter, **which)
        advice = counter.do(ShowReversal(sale))
        command = ReverseSale(
            SaleId(act),
            sale,
            reason,
            # The same for the same --id: the reversal that is repeated gives its money back once.
            refund=ActId(act),
            pay_by=None if pay_by == "later" else TenderKind(pay_by),
            reader=ReaderName(reader),
        )
        done = do_approved(counter, command, approver=approve)
    assert isinstance(done, Reversed)
    assert isinstance(advice, ReversalAdvice)
    answer = shapes.done(done.done) | {
        "reversed": sale,
        "meter_has": advice.meter_has.value,
        "refund": book_shapes.payment(done.refund) if done.refund else None,
        "due_minor": done.due.minor,
    }
    line = f"Sale {sale} is reversed, receipt {done.done.sale.receipt}. {METER_HAS[advice.meter_has]}"
    say(answer, line, as_json=call.as_json)


def _sale(counter: Counter, *, sale: str, receipt: str) -> SaleId:
    """The sale that is meant. Raises OperatorError sale-unknown."""
    if bool(sale) == bool(receipt):
        raise click.UsageError("Give either --sale or --receipt.")
    if sale:
        return SaleId(sale)
    found = counter.do(FindReceipt(receipt))
    if not isinstance(found, Sale):
        raise OperatorError(Code.SALE_UNKNOWN, receipt=receipt)
    return found.id


@click.command("refund")
@click.option("--supply", required=True, help="Number of the supply.")
@click.argument("amount")
@click.option("--by", "tender", default="cash", type=click.Choice(TENDERS), show_default=True)
@REFERENCE
@ID
@approval_option
@operator_option(Role.CASHIER)
@verb
def refund(
    call: Verb, *, supply: str, amount: str, tender: str, reference: str, number: str, approve: str, operator: str
) -> None:
    """Pay out what a reversal left due."""
    act = ActId(number or app.new_id())
    command = PayRefund(act, SupplyNo(supply), Money.parse(amount), TenderKind(tender), reference)
    with at_work(call, operator=operator) as counter:
        paid = do_approved(counter, command, approver=approve)
    _tell(call, paid)


@click.command("arrears")
@click.option("--supply", required=True, help="Number of the supply.")
@click.argument("amount")
@click.option("--by", "tender", default="cash", type=click.Choice(TENDERS), show_default=True)
@REFERENCE
@ID
@operator_option(Role.CASHIER)
@verb
def arrears(call: Verb, *, supply: str, amount: str, tender: str, reference: str, number: str, operator: str) -> None:
    """Take what a customer owes, without a sale."""
    act = ActId(number or app.new_id())
    command = PayArrears(act, SupplyNo(supply), Money.parse(amount), TenderKind(tender), reference)
    with at_work(call, operator=operator) as counter:
        paid = counter.do(command)
    _tell(call, paid)


def _tell(call: Verb, paid: object) -> None:
    assert isinstance(paid, Payment)
    say(book_shapes.payment(paid), f"{paid.kind.value} {paid.amount}, slip {paid.number}.", as_json=call.as_json)


@click.command("tender")
@click.option("--sale", default="", help="Id of the sale.")
@click.option("--receipt", default="", help="Or its receipt number.")
@click.option("--by", "tender", required=True, type=click.Choice(TENDERS), help="How it was paid after all.")
@REFERENCE
@REASON
@approval_option
@operator_option(Role.CASHIER)
@verb
def tender_verb(
    call: Verb, *, tender: str, reference: str, reason: str, approve: str, operator: str, **which: str
) -> None:
    """Correct how a sale of this shift was paid."""
    with at_work(call, operator=operator) as counter:
        sale = _sale(counter, **which)
        command = CorrectTender(ActId(app.new_id()), sale, TenderKind(tender), reason, reference)
        corrected = do_approved(counter, command, approver=approve)
    assert isinstance(corrected, Sale)
    assert corrected.tender is not None
    answer = {"sale": corrected.id, "tender": corrected.tender.kind.value, "reference": corrected.tender.reference}
    say(answer, f"Sale {corrected.receipt} was paid by {corrected.tender.kind.value}.", as_json=call.as_json)
