"""A card that nobody needs any more becomes a blank one again, and goes back into the box of this desk.

Its write-back is kept first, and the books tell of it before it is touched. A card that a meter would still follow is
never made blank: its supply has another card by now, and the meter has taken what this one carries, or it is closed.
Doing it again, when it was torn out meanwhile, finishes it; if it is blank already, the box counts it then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vending_app.domain.card import CardImage, CardKind, ImageState
from vending_app.domain.card_ahead import hides_order
from vending_app.domain.energy import NO_ENERGY
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.ids import CardNo
from vending_app.domain.people import CardRecord, CardState, Operator, SupplyState
from vending_app.domain.permissions import Act, Authority
from vending_app.ports import CardSession, Clock, KeyVault, Ledger, Progress
from vending_app.ports.progress import told_to
from vending_app.services.reading import Reading
from vending_app.services.stock_cases import CardRetired, RetireCard
from vending_app.services.stock_desk import MOVES_SHOWN
from vending_app.services.use_cases import CardReading
from vending_app.services.verb_tables import VerbTable

if TYPE_CHECKING:
    from vending_app.services.counter import Counter

SET_FREE = frozenset({CardState.REPLACED, CardState.RETIRED})


@dataclass(frozen=True, slots=True)
class CardRetiring:
    """One desk's."""

    ledger: Ledger
    vault: KeyVault
    clock: Clock
    reading: Reading

    def retire(self, session: CardSession, card: CardNo | None, *, by: Operator, progress: Progress) -> CardRetired:
        """The card in the reader, if it is this one. What a meter wrote on it is kept by everybody's right to read.

        Raises as RetireCard says.
        """
        with self.ledger.acting_as(Authority(by.name, Act.LOOK)):
            found = self.reading.read(session)
        torn = self._torn(session, found, card)
        if torn is not None:
            _require_same(torn, card or torn.number)
            return self._boxed(torn, session.chip)
        record = self._set_free(found)
        # Whatever is on it: the books tell nothing that its chip will not let happen.
        session.require_tries()
        _require_same(record, card)
        self.ledger.retire_card(record.number, chip=session.chip, uid=session.uid, at=self.clock())
        progress("writing")
        session.clear(record.number, told=told_to(progress))
        return self._boxed(record, session.chip)

    def _torn(self, session: CardSession, found: CardReading, card: CardNo | None) -> CardRecord | None:
        """What a blank card was before it was retired, if nobody heard that it was done.

        Its chip's own number proves that; of a chip without one, which is like any other in the box, somebody says it.
        """
        if found.image.state is not ImageState.BLANK or not (session.uid or card):
            return None
        return self.ledger.torn_retirement(chip=session.chip, uid=session.uid)

    def _boxed(self, record: CardRecord, chip: str) -> CardRetired:
        self.ledger.receive_retired(record.number, at=self.clock())
        return CardRetired(record.number, record.supply, chip, self.ledger.card_stock(limit=MOVES_SHOWN))

    def _set_free(self, found: CardReading) -> CardRecord:
        """What the books know of it, if nobody needs it."""
        header, record = found.image.header, found.record
        if header is None:
            is_blank = found.image.state is ImageState.BLANK
            raise OperatorError(Code.CARD_BLANK if is_blank else Code.CARD_FOREIGN)
        if header.kind is not CardKind.USER:
            raise OperatorError(Code.CARD_IS_TOOL, kind=header.kind.value)
        if record is None:
            raise OperatorError(Code.CARD_UNKNOWN, card=header.card)
        if found.open_sale is not None:
            raise OperatorError(Code.SALE_INTERRUPTED, sale=found.open_sale.id, supply=record.supply)
        if header.key_version not in self.vault.versions:
            raise EnvironmentFault(Code.KEY_VERSION_UNKNOWN, key_version=header.key_version)
        if not self._is_closed(record):
            self._require_done_with(record, found.image)
        return record

    def _is_closed(self, record: CardRecord) -> bool:
        supply = self.ledger.supply(record.supply, today=self.reading.today())
        return supply.state is SupplyState.CLOSED

    def _require_done_with(self, record: CardRecord, image: CardImage) -> None:
        """Its supply goes on with another card, whose meter has taken at least the order that this one carries."""
        if record.state not in SET_FREE:
            raise OperatorError(Code.CARD_IN_USE, supply=record.supply)
        order, proved = image.order, self.ledger.last_write_back(record.supply)
        if hides_order(image, proved.sequence if proved is not None else -1):
            raise EnvironmentFault(Code.KEY_VERSION_UNKNOWN, card=record.number)
        if order is None or (proved is None and order.energy_total == NO_ENERGY):
            return
        if proved is None or proved.sequence < order.sequence:
            raise OperatorError(Code.CARD_UNPROVED, supply=record.supply)


def _require_same(record: CardRecord, card: CardNo | None) -> None:
    """Whoever approved it saw which card that was. Raises OperatorError card-swapped."""
    if record.number != card:
        raise OperatorError(Code.CARD_SWAPPED)


def verbs(counter: Counter) -> VerbTable:
    return {RetireCard: (Act.RETIRE_CARD, lambda asked, progress: _retire(counter, asked, progress))}


def _retire(counter: Counter, asked: RetireCard, progress: Progress) -> CardRetired:
    out = counter.outside
    with counter.session(asked.reader) as session:
        retiring = CardRetiring(out.ledger, out.vault, out.clock, counter.reading)
        return retiring.retire(session, asked.card, by=counter.at_work, progress=progress)
