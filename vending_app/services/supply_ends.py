"""How a supply ends (row T3): another meter takes over, or it is settled. What is left on its card goes with the rest.

Energy that goes back or is carried must reach no meter any more. Is the card in the reader, an order takes it off the
card: next sequence, the total that the meter has. It is reserved in the commit of the end itself and written then, so a
torn card is finished like a torn sale, and the end stands whatever the card does. Is the card not there, the meter is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.errors import Code, OperatorError, OutcomeUnknown
from vending_app.domain.ids import SaleId, SupplyNo, ulid
from vending_app.domain.people import Operator, SupplyFile, SupplyState
from vending_app.domain.records import CardAtEnd, EnergyLeft, FinalReading, MeterChange, ReadingHow, Settlement
from vending_app.domain.returned import Bought, Worth, worth_of_owed, worth_of_returned, worth_of_unsold
from vending_app.domain.sale import Purpose, Sale, SaleIntent
from vending_app.domain.verdict import Verdict
from vending_app.ports import CardSession, Entropy, Ledger, Progress
from vending_app.services import supply_cases as ask
from vending_app.services.selling import Selling, next_order
from vending_app.services.till import require_reason
from vending_app.services.use_cases import CardReading
from vending_app.services.writing import Writing

PURCHASES_LOOKED_AT = 400
"""Lines of a history; a meter holds what was bought in the last of them."""
ULID_BYTES = 10
WRITABLE = frozenset(
    {
        Verdict.READY,
        Verdict.ORDER_LOST,
        Verdict.ORDER_BEHIND,
        Verdict.SUPPLY_CLOSED,
        Verdict.SUPPLY_ENDED,
        Verdict.TRIES_UNTOLD,
    }
)
"""What is wrong with the supply keeps nobody from emptying its card; what is wrong with the card does. What only the
reader lacks is refused, before anything is ended: the card goes to another one."""
End = TypeVar("End", MeterChange, Settlement)
TYPED = frozenset({ReadingHow.HAND, ReadingHow.ESTIMATE})


def last_order_waiting(ledger: Ledger, supply: SupplyFile) -> Sale | None:
    """The order that should empty the card of a supply which has ended, while its card has not come back."""
    if supply.state is not SupplyState.CLOSED:
        return None
    waiting = ledger.open_sale(supply=supply.number)
    return waiting if waiting is not None and waiting.intent.purpose is Purpose.CANCELLATION else None


@dataclass(frozen=True, slots=True)
class SupplyEnds:
    """One desk's hand on the ends of supplies; `session` holds the card, None where the registers were typed."""

    ledger: Ledger
    entropy: Entropy
    operator: Operator
    selling: Selling
    writing: Writing

    # --- before it --------------------------------------------------------------------------------------

    def left(self, command: ask.ShowLeft, session: CardSession | None) -> ask.Left:
        """The summary before the act. Raises OperatorError reading-missing, reading-behind, card-wrong-supply."""
        supply = self._supply(command.supply)
        card = self._read(session, supply)
        reading = self._reading(supply, command.reading)
        left = self.ledger.left_of(supply.number, reading)
        worth = self._worth(supply, left.all)
        is_loose = self._is_loose(card, supply, left)
        return ask.Left(supply, reading, left, worth, supply.arrears, self.ledger.stock(), is_loose=is_loose)

    def _read(self, session: CardSession | None, supply: SupplyFile) -> CardReading | None:
        """Its write-back is in the books then: an older one would give away what was used since."""
        if session is None:
            return None
        found = self.selling.reading.read(session)
        if found.record is None or found.record.supply != supply.number:
            raise OperatorError(Code.CARD_WRONG_SUPPLY, supply=supply.number)
        return found

    def _is_loose(self, card: CardReading | None, supply: SupplyFile, left: EnergyLeft) -> bool:
        """Whether a card may give what is left on it although the one that is here, if one is, is emptied.

        A card before this one may still be somewhere; it is dead once the meter has seen this one.
        """
        if left.on_card <= NO_ENERGY or supply.card is None:
            return False
        is_seen = supply.generation == 1 or self.ledger.generation_seen(supply.number) >= supply.generation
        return not (is_seen and self._is_writable(card, supply))

    def _reading(self, supply: SupplyFile, told: FinalReading | None) -> FinalReading:
        """What was told, or the newest write-back. Raises OperatorError reading-missing if there is neither.

        A supply whose first card was never in the meter has used nothing.
        """
        if told is not None and told.how in TYPED:
            return told
        last = self.ledger.last_write_back(supply.number)
        if last is not None:
            return FinalReading(ReadingHow.CARD, last.used_total, last.remaining)
        if supply.card is None:
            return FinalReading(ReadingHow.CARD, supply.meter.initial_reading, NO_ENERGY)
        raise OperatorError(Code.READING_MISSING, supply=supply.number)

    # --- the ends ---------------------------------------------------------------------------------------

    def change_meter(self, command: ask.ChangeMeter, session: CardSession | None, progress: Progress) -> MeterChange:
        """The old meter comes off the wall, so no card reaches it any more; a card that is there is emptied as well."""
        require_reason(command.reason)
        supply = self._supply(command.supply)
        card = self._read(session, supply)
        reading = self._reading(supply, command.reading)
        ending = self._ending(card, supply, self.ledger.left_of(supply.number, reading), reason=command.reason)

        def change() -> MeterChange:
            return self.ledger.change_meter(
                supply.number,
                command.meter,
                reading,
                price=lambda energy: self._worth(supply, energy),
                reason=command.reason,
                at=self.selling.clock(),
                ending=ending,
            )

        if session is None or ending is None:
            return change()
        changed, card_at_end = self._with_card(session, ending, change, progress)
        return replace(changed, card=card_at_end)

    def close(self, command: ask.CloseSupply, session: CardSession | None, progress: Progress) -> Settlement:
        """Raises OperatorError card-still-good if a card could still give to the meter what goes back now."""
        require_reason(command.reason)
        supply = self._supply(command.supply)
        card = self._read(session, supply)
        reading = self._reading(supply, command.reading)
        left = self.ledger.left_of(supply.number, reading)
        if command.price is not None and command.price != self._worth(supply, left.all).total:
            # What was approved was another sum.
            raise OperatorError(Code.RECORD_CHANGED, supply=command.supply)
        is_loose = self._is_loose(card, supply, left)
        if is_loose and not command.is_meter_off:
            raise OperatorError(Code.CARD_STILL_GOOD, supply=supply.number, energy=left.on_card)
        ending = self._ending(card, supply, left, reason=command.reason)

        def settle() -> Settlement:
            return self.ledger.settle(
                supply.number,
                reading,
                price=lambda energy: self._worth(supply, energy),
                reason=command.reason,
                at=self.selling.clock(),
                ending=ending,
            )

        if session is None or ending is None:
            return replace(settle(), card=CardAtEnd.METER_OFF if is_loose else CardAtEnd.NOTHING)
        done, card_at_end = self._with_card(session, ending, settle, progress)
        return replace(done, card=card_at_end)

    def write_off(self, command: ask.WriteOffCard) -> None:
        """Give up the last order of an ended supply: its card will not come back, and its meter is off.

        What it should have taken off the card went back or was carried when the supply ended, so nothing is posted.
        A card that turns up after all is one of a closed supply; what a meter takes from it is told as for any end.
        Raises OperatorError reason-missing, no-card-waited-for, card-still-good.
        """
        require_reason(command.reason)
        waiting = last_order_waiting(self.ledger, self._supply(command.supply))
        if waiting is None:
            raise OperatorError(Code.NO_CARD_WAITED_FOR, supply=command.supply)
        if not command.is_meter_off:
            raise OperatorError(Code.CARD_STILL_GOOD, supply=command.supply, energy=-waiting.intent.carried)
        self.ledger.void(waiting.id, reason=command.reason.strip(), at=self.selling.clock())

    def _with_card(
        self, session: CardSession, ending: SaleIntent, end: Callable[[], End], progress: Progress
    ) -> tuple[End, CardAtEnd]:
        """End it and write the last order. What a chip can refuse it refuses before anything is ended."""
        session.unlock(ending.write)
        done = end()
        try:
            self.writing.write_and_post(session, self._reserved(ending), progress=progress)
        except OutcomeUnknown:
            # The end stands, and the order waits in the books for this card.
            return done, CardAtEnd.WAITS
        return done, CardAtEnd.EMPTIED

    def _reserved(self, ending: SaleIntent) -> Sale:
        sale = self.ledger.sale(ending.id)
        assert sale is not None, "the end reserved it"
        return sale

    def _ending(
        self, card: CardReading | None, supply: SupplyFile, left: EnergyLeft, *, reason: str
    ) -> SaleIntent | None:
        """The order that takes off the card what is left on it; None where nothing is, or the card is not there."""
        newest = self._newest_order(supply)
        if left.on_card <= NO_ENERGY or newest is None or supply.card is None or not self._is_writable(card, supply):
            return None
        order = replace(next_order(supply, -left.on_card, self.selling), last_purchase=NO_ENERGY)
        order = replace(order, purchases=supply.purchases)
        now = self.selling.clock()
        return SaleIntent(
            id=ulid(int(now.timestamp() * 1000), self.entropy(ULID_BYTES)),
            purpose=Purpose.CANCELLATION,
            order=order,
            write=self.selling.card_write(order, supply.card),
            desk=self.selling.desk,
            operator=self.operator.name,
            at=now,
            request=f"end supply={supply.number}",
            undoes=newest,
            reason=reason.strip(),
            carried=-left.on_card,
        )

    def _is_writable(self, card: CardReading | None, supply: SupplyFile) -> bool:
        is_current = card is not None and card.record is not None and card.record.number == supply.card
        return card is not None and is_current and card.verdict in WRITABLE

    def _newest_order(self, supply: SupplyFile) -> SaleId | None:
        """The one that the last order follows."""
        orders = self.ledger.history(supply.number, limit=PURCHASES_LOOKED_AT)
        posted = [entry for entry in orders if entry.sale is not None and entry.state == "posted"]
        return max(posted, key=lambda entry: entry.sequence).sale if posted else None

    # --- what it is worth -------------------------------------------------------------------------------

    def _worth(self, supply: SupplyFile, energy: Energy) -> Worth:
        """What goes back is what was bought last; what was used and not paid costs what the newest purchase did."""
        if energy >= NO_ENERGY:
            return worth_of_returned(energy, self._bought(supply))
        newest = next(self._bought(supply), None)
        if newest is not None:
            return worth_of_owed(-energy, newest)
        return worth_of_unsold(-energy, self.ledger.tariff(supply.tariff, on=self._today()))

    def _bought(self, supply: SupplyFile) -> Iterator[Bought]:
        """Of the sales that stand, newest first; then those under the meter before."""
        for entry in self.ledger.history(supply.number, limit=PURCHASES_LOOKED_AT):
            if entry.kind != "sale" or entry.state != "posted" or entry.sale is None:
                continue
            sale = self.ledger.sale(entry.sale)
            if sale is not None and sale.reversed_by is None and sale.intent.quote is not None:
                quote = sale.intent.quote
                yield quote, self.ledger.tariff(quote.tariff, on=quote.tariff_from)
        if supply.taken_from is not None:
            yield from self._bought(self._supply(supply.taken_from))

    def _supply(self, number: SupplyNo) -> SupplyFile:
        return self.ledger.supply(number, today=self._today())

    def _today(self) -> date:
        return self.selling.reading.today()
