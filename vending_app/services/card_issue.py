"""Making a blank card a customer's card (rows T1, T2): header, the totals as they stand, and the card's own code."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vending_app.domain.card import CardHeader, CardKind, CardWrite, ImageState, MeterParameters, Order
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import CardNo, DeskNo, SaleId, SupplyNo
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import Operator, SupplyFile, SupplyState
from vending_app.domain.records import CardEnd, Stake, stake_of
from vending_app.domain.sale import Purpose, Sale, SaleIntent
from vending_app.domain.tariff import Tariff
from vending_app.ports import CardDesk, CardSession, Clock, KeyVault, Ledger, Progress
from vending_app.services.meter_keys import known_to_meter
from vending_app.services.reading import Reading, expected_remaining
from vending_app.services.supply_cases import ReissueCard
from vending_app.services.use_cases import IssueCard
from vending_app.services.writing import Writing


@dataclass(frozen=True, slots=True)
class CardIssue:
    """Issues first cards and cards that replace others; one per desk."""

    cards: CardDesk
    ledger: Ledger
    vault: KeyVault
    clock: Clock
    desk: DeskNo
    reading: Reading
    writing: Writing

    def issue(self, session: CardSession, command: IssueCard, *, operator: Operator, progress: Progress) -> Sale:
        """Issue the supply's first card onto the blank one in the reader.

        An issue of this supply that was interrupted is finished instead: the same order and number, on the
        same card or, if that one is spoilt, on another blank one. Nothing is ever sold twice by it.
        Raises OperatorError card-not-blank, supply-has-card, supply-closed.
        """
        supply = self.ledger.supply(command.supply, today=self.reading.today())
        interrupted = self.ledger.open_sale(supply=supply.number)
        if interrupted is not None and interrupted.intent.write.issues_card:
            return self._finish(session, interrupted, progress=progress)
        self._require_fit(supply)
        self._require_blank(session)
        fee = self._tariff(supply).connection_fee if self._is_first_connection(supply) else ZERO
        intent = self._intent(command.id, issue_request(command.supply), supply, operator=operator, fee=fee)
        return self.writing.reserve_and_write(session, intent, progress=progress)

    def reissue(self, session: CardSession, command: ReissueCard, *, operator: Operator, progress: Progress) -> Sale:
        """Make the blank card in the reader the supply's card, with the same totals and the next generation.

        Whatever the old card still carried the new one carries too; whichever reaches the meter first, the meter
        takes each purchase once. What waits for the old card is settled with the reservation of the new one: a sale
        was paid, and the new card has it; a reversal paid nothing back, and the new card has the full total.
        Raises OperatorError card-not-blank, supply-has-no-card, supply-closed, display-ahead.
        """
        supply = self.ledger.supply(command.supply, today=self.reading.today())
        waiting = self.ledger.open_sale(supply=supply.number)
        if waiting is not None and waiting.intent.write.issues_card:
            if waiting.intent.ends is not command.why or (command.is_free and waiting.intent.fee):
                # Whoever finishes it finishes what was asked then.
                raise OperatorError(Code.SALE_INTERRUPTED, sale=waiting.id, supply=supply.number)
            return self._finish(session, waiting, progress=progress)
        self._require_replaceable(supply, command)
        self._require_blank(session)
        if waiting is not None:
            supply = _once_settled(supply, waiting)
        fee = ZERO if command.is_free else self._tariff(supply).card_fee
        request = reissue_request(command)
        intent = self._intent(command.id, request, supply, operator=operator, fee=fee, ends=command.why)
        if waiting is not None:
            return self.writing.reissue_and_write(session, waiting, intent, progress=progress)
        return self.writing.reserve_and_write(session, intent, progress=progress)

    def _require_replaceable(self, supply: SupplyFile, command: ReissueCard) -> None:
        if supply.card is None:
            raise OperatorError(Code.SUPPLY_HAS_NO_CARD, supply=supply.number)
        if supply.state is not SupplyState.OPEN:
            raise OperatorError(Code.SUPPLY_CLOSED, supply=supply.number, state=supply.state.value)
        last, told = self.ledger.last_write_back(supply.number), command.told
        found = stake_of(supply, last, told, self.ledger.totals_after(supply.number, last))
        if found.stake is Stake.IMPOSSIBLE:
            is_count = told.purchases is not None and told.purchases > supply.purchases
            by_count = {"purchases": told.purchases, "known": supply.purchases} if is_count else {}
            raise OperatorError(Code.DISPLAY_AHEAD, **by_count)

    def _is_first_connection(self, supply: SupplyFile) -> bool:
        """A supply that took over from one that had a card is connected already."""
        if supply.taken_from is None:
            return True
        before = self.ledger.supply(supply.taken_from, today=self.reading.today())
        return before.card is None and self._is_first_connection(before)

    def _require_blank(self, session: CardSession) -> None:
        if session.read().state is not ImageState.BLANK:
            raise OperatorError(Code.CARD_NOT_BLANK)
        # A number that is given is used up, whatever the chip says then.
        session.require_tries()

    def _tariff(self, supply: SupplyFile) -> Tariff:
        return self.ledger.tariff(supply.tariff, on=self.reading.today())

    def _finish(self, session: CardSession, sale: Sale, *, progress: Progress) -> Sale:
        if not self.cards.codec.may_become(session.read(), sale.intent.write):
            raise OperatorError(Code.CARD_NOT_BLANK)
        return self.writing.finish(session, sale, progress=progress)

    def _require_fit(self, supply: SupplyFile) -> None:
        if supply.card is not None:
            raise OperatorError(Code.SUPPLY_HAS_CARD, supply=supply.number, card=supply.card)
        if supply.state not in {SupplyState.OPEN, SupplyState.PREPARED}:
            raise OperatorError(Code.SUPPLY_CLOSED, supply=supply.number, state=supply.state.value)

    def _intent(
        self,
        number: SaleId,
        request: str,
        supply: SupplyFile,
        *,
        operator: Operator,
        fee: Money,
        ends: CardEnd | None = None,
    ) -> SaleIntent:
        card = self.ledger.new_card_number()
        carried = supply.carried if supply.sequence == 0 else NO_ENERGY
        order = self._order(supply, carried)
        return SaleIntent(
            id=number,
            purpose=Purpose.ISSUE,
            order=order,
            write=self._card_write(order, card),
            desk=self.desk,
            operator=operator.name,
            at=order.sold_at,
            request=request,
            fee=fee,
            carried=carried,
            ends=ends,
        )

    def _order(self, supply: SupplyFile, carried: Energy) -> Order:
        return Order(
            meter=supply.meter.number,
            supply=supply.number,
            generation=supply.generation + 1,
            sequence=supply.sequence + 1,
            energy_total=supply.energy_total + carried,
            last_purchase=carried,
            purchases=supply.purchases,
            parameters=self._limits(supply, carried),
            sold_at=self.clock().replace(microsecond=0),
            desk=self.desk,
            key_version=known_to_meter(self.vault, self.ledger, supply),
        )

    def _limits(self, supply: SupplyFile, carried: Energy) -> MeterParameters:
        """What was paid reaches the meter, also under a lower hoarding limit: this order lifts it so far."""
        limits = supply.parameters
        due = expected_remaining(supply, self.ledger.last_write_back(supply.number)) + carried
        if not limits.hoarding or due <= limits.hoarding:
            return limits
        return replace(limits, hoarding=due)

    def _card_write(self, order: Order, card: CardNo) -> CardWrite:
        header = CardHeader(CardKind.USER, self.ledger.office().utility, card, order.key_version)
        return CardWrite(
            card=card,
            record=self.cards.codec.encode_order(order, card=card),
            header=self.cards.codec.encode_header(header),
            key_version=order.key_version,
        )


def _once_settled(supply: SupplyFile, waiting: Sale) -> SupplyFile:
    """Where the orders of a supply stand once its re-issue has settled what waits; its order is the newest there is."""
    if waiting.intent.purpose is Purpose.REVERSAL:
        return supply
    order = waiting.intent.order
    return replace(supply, order_sequence=order.sequence, energy_total=order.energy_total, purchases=order.purchases)


def reissue_request(command: ReissueCard) -> str:
    """What was asked, canonically."""
    told = command.told
    display = f"purchases={told.purchases} remaining_wh={told.remaining.wh if told.remaining is not None else None}"
    return f"reissue supply={command.supply} why={command.why.value} free={int(command.is_free)} {display}"


def issue_request(supply: SupplyNo) -> str:
    """What was asked, canonically."""
    return f"issue supply={supply}"
