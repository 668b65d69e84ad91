"""The heart of a sale: an intent that is durable is written on the card, checked, and posted."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from vending_app.domain.errors import Code, EnvironmentFault, OutcomeUnknown, VendingError
from vending_app.domain.sale import Sale, SaleIntent
from vending_app.ports import CardSession, Clock, Ledger, Progress
from vending_app.ports.progress import told_to


@dataclass(frozen=True, slots=True)
class Writing:
    """Reserve → write → verify → post. Nothing else in the program writes a card."""

    ledger: Ledger
    clock: Clock

    def reserve_and_write(self, session: CardSession, intent: SaleIntent, *, progress: Progress) -> Sale:
        """Make the intent durable, then carry it out.

        Whatever a chip can refuse it refuses in `unlock`, before anything is reserved.
        Raises OutcomeUnknown sale-in-doubt for anything that breaks after the reservation.
        """
        session.unlock(intent.write)
        sale = self.ledger.reserve(intent)
        return self.write_and_post(session, sale, progress=progress)

    def cancel_and_write(
        self, session: CardSession, voided: Sale, cancellation: SaleIntent, *, progress: Progress
    ) -> Sale:
        """Void a sale and reserve its cancellation in one commit, then carry that out. Raises as reserve_and_write."""
        session.unlock(cancellation.write)
        sale = self.ledger.cancel(voided.id, cancellation)
        return self.write_and_post(session, sale, progress=progress)

    def reissue_and_write(self, session: CardSession, waiting: Sale, issue: SaleIntent, *, progress: Progress) -> Sale:
        """Settle what waits for a card and reserve the one that replaces it in one commit, then carry that out.

        Raises as reserve_and_write; then it waits as before.
        """
        session.unlock(issue.write)
        sale = self.ledger.reissue(waiting.id, issue, at=self.clock())
        return self.write_and_post(session, sale, progress=progress)

    def finish(self, session: CardSession, sale: Sale, *, progress: Progress) -> Sale:
        """Settle an undecided sale by what the card shows: there already → post; absent → the same bytes again."""
        if session.carries(sale.intent.write):
            return self.post(sale)
        session.unlock(sale.intent.write)
        return self.write_and_post(session, sale, progress=progress)

    def post(self, sale: Sale) -> Sale:
        """Its card is known to have taken it."""
        return self.ledger.post(sale.id, at=self.clock())

    def write_and_post(self, session: CardSession, sale: Sale, *, progress: Progress) -> Sale:
        """Write, read back, post; every break leaves the sale in doubt until this card is seen again."""
        try:
            progress("writing")
            session.write(sale.intent.write, told=told_to(progress))
            progress("checking")
            session.verify(sale.intent.write)
            return self.post(sale)
        except VendingError as cause:
            self._doubt(sale, cause)
            raise OutcomeUnknown(Code.SALE_IN_DOUBT, sale=sale.id, cause=cause.code.value) from cause

    def _doubt(self, sale: Sale, cause: VendingError) -> None:
        # A ledger that cannot be written to leaves the sale pending, which recovery treats alike.
        with suppress(EnvironmentFault):
            self.ledger.mark_in_doubt(sale.id, reason=cause.code.value, at=self.clock())
