"""Sales whose outcome is unknown are settled by the card itself, at start and whenever it returns (row C4)."""

from __future__ import annotations

from dataclasses import dataclass

from vending_app.domain.card import ImageState
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.overtaken import Fate, Totals, fate_of, went_on
from vending_app.domain.sale import Purpose, Sale
from vending_app.ports import CardSession, Ledger, Progress
from vending_app.services.reading import Reading, require_keys
from vending_app.services.reversible import require_reversible
from vending_app.services.use_cases import CardReading
from vending_app.services.writing import Writing


@dataclass(frozen=True, slots=True)
class Recovery:
    """Nothing else in the program resolves doubt (architecture, idea 2)."""

    ledger: Ledger
    reading: Reading
    writing: Writing

    def finish(self, session: CardSession, *, known: Sale | None = None, progress: Progress) -> Sale:
        """Settle the undecided sale of the card in the reader; the `known` one and no other, if that is given.

        One that is followed by a newer order on its card was settled in books that were lost: nothing is written, and
        it is posted if the card shows that it was. A reversal that its card does not carry is written only if it
        might be begun now; in restored books it may have been given up then, and waits until they are settled.
        Raises OperatorError sale-unknown if there is none, card-swapped or card-unreadable if the known one is not this
        card's, sale-voided-since if the card shows that it was voided then, sale-fate-untold if it shows neither,
        books-restored, or a reversal's own refusal: then it waits until somebody voids it;
        EnvironmentFault key-version-unknown if the card carries a newer order under keys that are missing here, which
        would be written over.
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
        fate = fate_on_card(session, found, sale)
        if fate is None:
            if sale.intent.purpose is Purpose.REVERSAL and not session.carries(sale.intent.write):
                self._check_unwritten(sale)
            return self.writing.finish(session, sale, progress=progress)
        if fate is not Fate.POSTED:
            refusal = Code.SALE_VOIDED_SINCE if fate is Fate.VOIDED else Code.SALE_FATE_UNTOLD
            raise OperatorError(refusal, sale=sale.id, supply=sale.intent.order.supply)
        return self.writing.post(sale)

    def _check_unwritten(self, reversal: Sale) -> None:
        """Whether one that is on no card may still be written and paid; a sale was paid, and is always owed."""
        restoration = self.ledger.restoration()
        if restoration is not None:
            raise OperatorError(Code.BOOKS_RESTORED, made_at=restoration.made_at)
        undone = reversal.intent.undoes
        assert undone is not None, "a reversal takes a sale back"
        # Its card went out without it: the meter may have taken the sale since, and the customer may have used it.
        require_reversible(self.ledger, undone, today=self.reading.today())

    def waiting_for(self, session: CardSession) -> Sale | None:
        """The undecided sale of the card in the reader; its write-back is kept on the way."""
        return self.reading.read(session).open_sale


def fate_on_card(session: CardSession, found: CardReading, sale: Sale) -> Fate | None:
    """What became of an undecided sale in books that were lost, by the card in the reader; None if it did not go on."""
    intent, supply = sale.intent, found.reading.supply if found.reading else None
    if supply is None or not went_on(found.image, intent.write, intent.order):
        return None
    history = session.history()
    # Only a sale and a reversal are voided, and not while their card carries them.
    if not intent.purpose.has_receipt or session.carries(intent.write):
        return Fate.POSTED
    before = Totals(intent.order.sequence - 1, supply.energy_total, supply.purchases)
    return fate_of(intent.order, before, found.image, history)
