"""Sales whose outcome is unknown are settled by the card itself, at start and whenever it returns (row C4)."""

from __future__ import annotations

from dataclasses import dataclass

from vending_app.domain.card import ImageState
from vending_app.domain.card_ahead import went_on
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.sale import Sale
from vending_app.ports import CardSession, Ledger, Progress
from vending_app.services.reading import Reading, require_keys
from vending_app.services.writing import Writing


@dataclass(frozen=True, slots=True)
class Recovery:
    """Nothing else in the program resolves doubt (architecture, idea 2)."""

    ledger: Ledger
    reading: Reading
    writing: Writing

    def finish(self, session: CardSession, *, known: Sale | None = None, progress: Progress) -> Sale:
        """Settle the undecided sale of the card in the reader; the `known` one and no other, if that is given.

        One that is followed by a newer order on its card was settled in books that were lost: nothing is written.
        Raises OperatorError sale-unknown if there is none, card-swapped or card-unreadable if the known one is not this
        card's; EnvironmentFault key-version-unknown if the card carries a
        newer order under keys that are missing here, which would be written over.
        """
        found = self.reading.read(session)
        sale = found.open_sale
        if known is not None and (sale is None or sale.id != known.id):
            # Whoever asked again named a sale: what waits for another card is somebody else's.
            is_damaged = found.image.state is ImageState.UNREADABLE
            raise OperatorError(Code.CARD_UNREADABLE if is_damaged else Code.CARD_SWAPPED)
        if sale is None:
            raise OperatorError(Code.SALE_UNKNOWN)
        require_keys(found)
        if went_on(found.image, sale.intent.write, sale.intent.order):
            return self.writing.post(sale)
        return self.writing.finish(session, sale, progress=progress)

    def waiting_for(self, session: CardSession) -> Sale | None:
        """The undecided sale of the card in the reader; its write-back is kept on the way."""
        return self.reading.read(session).open_sale
