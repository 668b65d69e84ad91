"""The verbs of what went wrong: voids, reversals, refunds, arrears, corrected tenders (row C3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from vending_app.domain.money import ZERO
from vending_app.domain.permissions import Act
from vending_app.domain.sale import Sale
from vending_app.ports import Progress
from vending_app.services import book_cases as book
from vending_app.services.till_verbs import reports_of
from vending_app.services.undoing import Undoing, reversal_request, void_request
from vending_app.services.verb_tables import VerbTable

if TYPE_CHECKING:
    from vending_app.services.counter import Counter


def verbs(counter: Counter) -> VerbTable:
    return {
        book.FindReceipt: (Act.LOOK, lambda asked, _: _undoing(counter).find(asked.receipt)),
        book.ShowReversal: (Act.LOOK, lambda asked, _: _undoing(counter).advice(asked.sale)),
        book.VoidSale: (Act.VOID, lambda asked, progress: _void(counter, asked, progress)),
        book.ReverseSale: (Act.REVERSAL, lambda asked, progress: _reverse(counter, asked, progress)),
        book.PayRefund: (Act.REFUND, lambda asked, _: _undoing(counter).pay_refund(asked)),
        book.PayArrears: (Act.SELL, lambda asked, _: _undoing(counter).pay_arrears(asked)),
        book.PrintPayment: (Act.PRINT, lambda asked, _: reports_of(counter).print_payment(asked.payment)),
        book.CorrectTender: (Act.TENDER_CORRECTION, lambda asked, _: _undoing(counter).correct_tender(asked)),
    }


def _undoing(counter: Counter) -> Undoing:
    out = counter.outside
    return Undoing(out.ledger, out.clock, out.desk, counter.at_work, counter.selling, counter.writing)


def _void(counter: Counter, command: book.VoidSale, progress: Progress) -> book.Voided:
    started = counter.outside.clock()
    known = _undone(counter, command, void_request(command.sale), _undoing(counter).void, progress=progress)
    voided = counter.outside.ledger.sale(command.sale)
    assert voided is not None, "a cancellation follows a sale that was voided"
    # Where nothing was written, books that were lost voided it, and the money went back then if it was paid at all.
    # A reversal had paid nothing out yet.
    give_back = voided.amount if known.id != voided.id and voided.tender is not None else ZERO
    return book.Voided(voided, give_back, counter.done(known, started))


def _reverse(counter: Counter, command: book.ReverseSale, progress: Progress) -> book.Reversed:
    started = counter.outside.clock()
    undoing = _undoing(counter)
    known = _undone(counter, command, reversal_request(command), undoing.reverse, progress=progress)
    refund = undoing.give_back(command, known)
    due = counter.outside.ledger.refund_due(known.intent.order.supply)
    return book.Reversed(counter.done(known, started), refund, due)


def _undone(
    counter: Counter,
    command: book.VoidSale | book.ReverseSale,
    request: str,
    begin: Callable[..., Sale],
    *,
    progress: Progress,
) -> Sale:
    """The order that undoes: begun now, finished if it waits for its card, or as it was when asked before."""
    known = counter.known(command.id, request=request)
    if known is None:
        with counter.session(command.reader) as session:
            return begin(session, command, progress=progress)
    return known if known.state.is_final else counter.finish(command.reader, progress, known=known)
