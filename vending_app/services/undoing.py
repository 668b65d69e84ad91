"""When a sale was wrong: void, reversal, refund, arrears paid, another tender (row C3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from vending_app.domain.energy import NO_ENERGY
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import ActId, DeskNo, SaleId, ShiftNo, SupplyNo
from vending_app.domain.money import ZERO, Money
from vending_app.domain.overtaken import Fate
from vending_app.domain.payment import Payment, PaymentKind, TenderCorrection
from vending_app.domain.people import Operator, SupplyFile
from vending_app.domain.reversal import ReversalAdvice
from vending_app.domain.sale import Purpose, Sale, SaleIntent, TenderKind
from vending_app.ports import CardSession, Clock, Ledger, Progress
from vending_app.services import book_cases as ask
from vending_app.services.reading import require_keys
from vending_app.services.recovery import fate_on_card
from vending_app.services.reversible import advice_on, require_reversible
from vending_app.services.selling import Selling, next_order
from vending_app.services.till import require_reason
from vending_app.services.writing import Writing

NEEDS_REFERENCE = frozenset({TenderKind.BANK_CARD, TenderKind.MOBILE, TenderKind.CHEQUE})
"""Money that is not in the drawer must be found again somewhere."""


@dataclass(frozen=True, slots=True)
class Undoing:
    """Takes back what was sold; one per desk and operator."""

    ledger: Ledger
    clock: Clock
    desk: DeskNo
    operator: Operator
    selling: Selling
    writing: Writing

    # --- an interrupted sale ---

    def void(self, session: CardSession, command: ask.VoidSale, *, progress: Progress) -> Sale:
        """Undo an interrupted sale that its card does not carry; the cancellation that makes sure of it is answered.

        A reversal is undone whatever the meter did: it paid nothing back, and the cancellation has the full total.

        Where newer orders of books that were lost stand on the card, nothing is written over them: the books alone are
        told, if the card does not show that the sale was finished, and the sale itself is answered.

        Raises OperatorError sale-unknown if this card waits for another sale or none, sale-on-card, sale-in-meter,
        shift-closed and cash-not-there where money goes back, reason-missing, card-…; EnvironmentFault
        key-version-unknown if the card carries a newer order under keys that are missing here; OutcomeUnknown
        sale-in-doubt if the card left: then the cancellation waits for it.
        """
        require_reason(command.reason)
        found = self.selling.reading.read(session)
        waiting = found.open_sale
        if waiting is None or waiting.id != command.sale or not waiting.intent.purpose.has_receipt:
            raise OperatorError(Code.SALE_UNKNOWN, sale=command.sale)
        require_keys(found)
        intent = waiting.intent
        fate = fate_on_card(session, found, waiting)
        if fate is Fate.POSTED or (fate is None and session.carries(intent.write)):
            raise OperatorError(Code.SALE_ON_CARD, sale=command.sale)
        if fate is not None:
            return self.ledger.void(waiting.id, reason=command.reason.strip(), at=self.clock())
        self._require_unused(waiting)
        if intent.tender is not None:
            # Its money goes back out of a shift, as a refund does; what was settled in lost books moved its own then.
            self.selling.open_shift()
        supply = self.ledger.supply(waiting.intent.order.supply, today=self._today())
        cancellation = self._cancellation(command, waiting, supply)
        return self.writing.cancel_and_write(session, waiting, cancellation, progress=progress)

    def _require_unused(self, waiting: Sale) -> None:
        """A card may have lost the order that its meter took from it; the meter's own word of it stays."""
        order, last = waiting.intent.order, self.ledger.last_write_back(waiting.intent.order.supply)
        if last is None or waiting.intent.purpose is not Purpose.SALE:
            return
        if last.sequence >= order.sequence and last.energy_total >= order.energy_total:
            raise OperatorError(Code.SALE_IN_METER, sale=waiting.id)

    def _cancellation(self, command: ask.VoidSale, voided: Sale, supply: SupplyFile) -> SaleIntent:
        order = next_order(supply, NO_ENERGY, self.selling)
        order = replace(order, last_purchase=NO_ENERGY, purchases=supply.purchases)
        return SaleIntent(
            id=command.id,
            purpose=Purpose.CANCELLATION,
            order=order,
            write=self.selling.card_write(order, voided.intent.write.card),
            desk=self.desk,
            operator=self.operator.name,
            at=self.clock(),
            request=void_request(command.sale),
            undoes=voided.id,
            reason=command.reason.strip(),
        )

    # --- a posted sale ---

    def advice(self, sale_id: SaleId) -> ReversalAdvice:
        """Whether a sale may be reversed, from the books alone. Raises OperatorError sale-unknown."""
        return advice_on(self.ledger, sale_id, today=self._today())

    def reverse(self, session: CardSession, command: ask.ReverseSale, *, progress: Progress) -> Sale:
        """Write the lower total and post the reversal. Raises as the use case says, OutcomeUnknown sale-in-doubt."""
        require_reason(command.reason)
        wrong = self.ledger.sale(command.sale)
        if wrong is None:
            raise OperatorError(Code.SALE_UNKNOWN, sale=command.sale)
        card = self.selling.sellable(session, expected=wrong.intent.order.supply)
        shift = self.selling.open_shift()
        self._check_card(wrong, card.supply)
        # After the reading: the write-back that this card brought is in the books now.
        require_reversible(self.ledger, command.sale, today=self._today())
        intent = self._reversal(command, wrong, card.supply, shift=shift)
        return self.writing.reserve_and_write(session, intent, progress=progress)

    def _check_card(self, wrong: Sale, supply: SupplyFile) -> None:
        """A purchase that a replaced card may still carry is not paid back until the meter has the newer card."""
        carried = wrong.intent.write.card
        last = self.ledger.last_write_back(supply.number)
        knows_newer = last is not None and last.sequence > wrong.intent.order.sequence
        if carried != supply.card and not knows_newer:
            raise OperatorError(Code.REVERSAL_OLD_CARD, sale=wrong.id)

    def _reversal(self, command: ask.ReverseSale, wrong: Sale, supply: SupplyFile, *, shift: ShiftNo) -> SaleIntent:
        assert wrong.intent.quote is not None, "a sale has a price"
        quote = wrong.intent.quote.reversed()
        order = replace(
            next_order(supply, quote.energy, self.selling),
            last_purchase=NO_ENERGY,
            purchases=max(0, supply.purchases - 1),
        )
        assert supply.card is not None, "a card that may be sold to is the supply's"
        return SaleIntent(
            id=command.id,
            purpose=Purpose.REVERSAL,
            order=order,
            write=self.selling.card_write(order, supply.card),
            desk=self.desk,
            operator=self.operator.name,
            at=self.clock(),
            shift=shift,
            quote=quote,
            request=reversal_request(command),
            undoes=command.sale,
            reason=command.reason.strip(),
        )

    # --- money without energy ---

    def pay_refund(self, command: ask.PayRefund) -> Payment:
        """Raises OperatorError amount-not-positive, payment-too-much, cash-not-there, shift-closed, books-restored."""
        given = command.supply, command.amount, command.tender
        return self._pay(command.id, PaymentKind.REFUND, *given, reference=command.reference, reason="")

    def give_back(self, command: ask.ReverseSale, reversal: Sale) -> Payment | None:
        """Pay out what a posted reversal owes, if that was asked.

        Cash that is not in the drawer stays due; asked again after its shift was closed, nothing is paid a second time.
        In restored books it stays due until the restoration is ended: it may have been paid since the copy was made.
        """
        if command.pay_by is None:
            return None
        given = reversal.intent.order.supply, -reversal.amount, command.pay_by
        try:
            return self._pay(command.refund, PaymentKind.REFUND, *given, reference="", reason=command.reason)
        except OperatorError as trouble:
            if trouble.code not in {Code.CASH_NOT_THERE, Code.SHIFT_CLOSED, Code.BOOKS_RESTORED}:
                raise
            return None

    def find(self, receipt: str) -> Sale:
        """Raises OperatorError sale-unknown."""
        sale = self.ledger.sale_of_receipt(receipt)
        if sale is None:
            raise OperatorError(Code.SALE_UNKNOWN, receipt=receipt)
        return sale

    def pay_arrears(self, command: ask.PayArrears) -> Payment:
        """Raises OperatorError amount-not-positive, payment-too-much, shift-closed, books-restored."""
        kind = PaymentKind.ARREARS
        given = command.supply, command.amount, command.tender
        return self._pay(command.id, kind, *given, reference=command.reference, reason="")

    def _pay(
        self,
        number: ActId,
        kind: PaymentKind,
        supply: SupplyNo,
        amount: Money,
        tender: TenderKind,
        *,
        reference: str,
        reason: str,
    ) -> Payment:
        if amount <= ZERO:
            raise OperatorError(Code.AMOUNT_NOT_POSITIVE, amount=amount)
        payment = Payment(
            id=number,
            kind=kind,
            supply=supply,
            amount=amount,
            tender=tender,
            desk=self.desk,
            shift=self.selling.open_shift(),
            operator=self.operator.name,
            at=self.clock(),
            reference=reference,
            reason=reason,
        )
        request = f"{kind.value} supply={supply} minor={amount.minor} {tender.value} ref={reference}"
        return self.ledger.pay(payment, request=request)

    def correct_tender(self, command: ask.CorrectTender) -> Sale:
        """Raises OperatorError as the use case says."""
        require_reason(command.reason)
        if command.tender in NEEDS_REFERENCE and not command.reference.strip():
            raise OperatorError(Code.TENDER_NEEDS_REFERENCE, tender=command.tender.value)
        correction = TenderCorrection(
            id=command.id,
            sale=command.sale,
            tender=command.tender,
            shift=self.selling.open_shift(),
            operator=self.operator.name,
            at=self.clock(),
            reason=command.reason.strip(),
            reference=command.reference.strip(),
        )
        request = f"tender sale={command.sale} {command.tender.value} ref={correction.reference}"
        return self.ledger.correct_tender(correction, request=request)

    def _today(self) -> date:
        return self.selling.reading.today()


def void_request(sale: SaleId) -> str:
    """What was asked, canonically."""
    return f"void sale={sale}"


def reversal_request(command: ask.ReverseSale) -> str:
    """What was asked, canonically; whether and how the money goes back is part of it."""
    return f"reverse sale={command.sale} pay={command.pay_by.value if command.pay_by else 'later'}"
