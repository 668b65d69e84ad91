"""Verbs of the drawer and the shift: open, count, x, close, z, sign, drawer, cash."""

from __future__ import annotations

import click

from vending_app import app
from vending_app.commands import book_shapes, shapes
from vending_app.commands.common import Verb, approval_option, at_work, do_approved, operator_option, verb
from vending_app.commands.output import say
from vending_app.commands.shift_report import shift_report, tell
from vending_app.domain.cash import CashKind, CashMovement, Counted
from vending_app.domain.ids import ActId, OperatorName, SaleId
from vending_app.domain.money import Money
from vending_app.domain.people import Role, Shift
from vending_app.services.book_cases import (
    CloseCountedShift,
    CountCash,
    DrawerOpened,
    ListOpenSales,
    MoveCash,
    OpenDrawer,
    OpenSales,
    ShiftClosed,
    ShowX,
    SignOpenSale,
)
from vending_app.services.use_cases import OpenShift

REASON = click.option("--reason", default="", help="Why, in a few words.")


@click.group("shift")
def shift() -> None:
    """The shift of this desk: open, count, X, close with its Z."""


@shift.command("open")
@click.option("--float", "float_cash", required=True, help="Cash in the drawer, such as 100.00.")
@operator_option(Role.CASHIER)
@verb
def shift_open(call: Verb, *, float_cash: str, operator: str) -> None:
    """Open the shift with a float, or with what was handed over."""
    amount = Money.parse(float_cash)
    with at_work(call, operator=operator) as counter:
        opened = counter.do(OpenShift(amount))
    assert isinstance(opened, Shift)
    say(shapes.shift(opened), f"Shift {opened.number} is open with {opened.float_cash}.", as_json=call.as_json)


@shift.command("count")
@click.option("--counted", required=True, help="Cash counted in the drawer.")
@operator_option(Role.CASHIER)
@verb
def shift_count(call: Verb, *, counted: str, operator: str) -> None:
    """Count the drawer; the count is kept, and the expected sum is told only then."""
    with at_work(call, operator=operator) as counter:
        found = counter.do(CountCash(total=Money.parse(counted)))
    assert isinstance(found, Counted)
    line = f"Counted {found.counted}, expected {found.expected}, difference {found.difference}."
    say(book_shapes.counted(found), line, as_json=call.as_json)


@shift.command("close")
@click.option("--counted", required=True, help="Cash counted in the drawer.")
@click.option("--hand-to", default="", help="Who takes the counted drawer over; without it the cash goes to the safe.")
@REASON
@operator_option(Role.CASHIER)
@verb
def shift_close(call: Verb, *, counted: str, hand_to: str, reason: str, operator: str) -> None:
    """Count the drawer and close the shift with its Z; a difference needs a reason."""
    with at_work(call, operator=operator) as counter:
        counter.do(CountCash(total=Money.parse(counted)))
        closed = counter.do(CloseCountedShift(reason, OperatorName(hand_to) if hand_to else None))
    assert isinstance(closed, ShiftClosed)
    line = f"Shift {closed.shift.number} is closed: counted {closed.shift.counted}, expected {closed.shift.expected}."
    z = closed.closing
    answer = shapes.shift(closed.shift) | book_shapes.closing(z)
    say(answer, f"{line}\nZ {z.number}, fingerprint {z.fingerprint}.", as_json=call.as_json)


@shift.command("x")
@operator_option(Role.CASHIER)
@verb
def shift_x(call: Verb, *, operator: str) -> None:
    """The open shift as it stands; nothing is closed."""
    with at_work(call, operator=operator) as counter:
        report = counter.do(ShowX())
    tell(call, report)


shift.add_command(shift_report, "z")


@shift.command("waiting")
@operator_option(Role.CASHIER)
@verb
def shift_waiting(call: Verb, *, operator: str) -> None:
    """Interrupted sales that wait for their cards, with their age."""
    with at_work(call, operator=operator) as counter:
        found = counter.do(ListOpenSales())
    _tell_waiting(call, found)


@shift.command("sign")
@click.option("--sale", required=True, help="Id of the interrupted sale.")
@click.option("--note", required=True, help="What is known of it.")
@approval_option
@operator_option(Role.CASHIER)
@verb
def shift_sign(call: Verb, *, sale: str, note: str, approve: str, operator: str) -> None:
    """Answer for an interrupted sale, so that the shift may close; needs somebody's approval."""
    with at_work(call, operator=operator) as counter:
        found = do_approved(counter, SignOpenSale(SaleId(sale), note), approver=approve)
    _tell_waiting(call, found)


def _tell_waiting(call: Verb, found: object) -> None:
    assert isinstance(found, OpenSales)
    lines = [f"{entry.sale.id}  {entry.minutes} min  {'signed' if entry.is_signed else ''}" for entry in found.sales]
    say(book_shapes.waiting(found), "\n".join(lines) or "Nothing waits for its card.", as_json=call.as_json)


@click.command("cash")
@click.argument("kind", type=click.Choice([kind.value for kind in CashKind]))
@click.argument("amount")
@REASON
@click.option("--id", "number", default="", help="A ULID; repeating it repeats nothing.")
@approval_option
@operator_option(Role.CASHIER)
@verb
def cash(call: Verb, *, kind: str, amount: str, reason: str, number: str, approve: str, operator: str) -> None:
    """Move cash in or out of the drawer without a sale."""
    command = MoveCash(ActId(number or app.new_id()), CashKind(kind), Money.parse(amount), reason)
    with at_work(call, operator=operator) as counter:
        moved = do_approved(counter, command, approver=approve)
    assert isinstance(moved, CashMovement)
    say(book_shapes.movement(moved), f"{moved.amount} {moved.kind.value}.", as_json=call.as_json)


@click.command("drawer")
@click.option("--reason", required=True, help="Why it is opened without a sale.")
@approval_option
@operator_option(Role.CASHIER)
@verb
def drawer(call: Verb, *, reason: str, approve: str, operator: str) -> None:
    """Open the cash drawer; it is noted."""
    with at_work(call, operator=operator) as counter:
        opened = do_approved(counter, OpenDrawer(reason), approver=approve)
    assert isinstance(opened, DrawerOpened)
    say({"opened_at": opened.at.isoformat()}, "The drawer is open.", as_json=call.as_json)
