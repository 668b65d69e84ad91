"""Making a blank card a customer's card (row T1): header, the totals as they stand, and the card's own code."""

from __future__ import annotations

from dataclasses import dataclass

from vending_app.domain.card import CardHeader, CardKind, CardWrite, ImageState, Order
from vending_app.domain.energy import NO_ENERGY
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import CardNo, DeskNo, SupplyNo
from vending_app.domain.people import Operator, SupplyFile, SupplyState
from vending_app.domain.sale import Purpose, Sale, SaleIntent
from vending_app.ports import CardDesk, CardSession, Clock, KeyVault, Ledger, Progress
from vending_app.services.reading import Reading
from vending_app.services.use_cases import IssueCard
from vending_app.services.writing import Writing


@dataclass(frozen=True, slots=True)
class CardIssue:
    """Issues first cards; one per desk."""

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
        if session.read().state is not ImageState.BLANK:
            raise OperatorError(Code.CARD_NOT_BLANK)
        intent = self._intent(command, supply, operator=operator)
        return self.writing.reserve_and_write(session, intent, progress=progress)

    def _finish(self, session: CardSession, sale: Sale, *, progress: Progress) -> Sale:
        if not self.cards.codec.may_become(session.read(), sale.intent.write):
            raise OperatorError(Code.CARD_NOT_BLANK)
        return self.writing.finish(session, sale, progress=progress)

    def _require_fit(self, supply: SupplyFile) -> None:
        if supply.card is not None:
            raise OperatorError(Code.SUPPLY_HAS_CARD, supply=supply.number, card=supply.card)
        if supply.state is not SupplyState.OPEN:
            raise OperatorError(Code.SUPPLY_CLOSED, supply=supply.number)

    def _intent(self, command: IssueCard, supply: SupplyFile, *, operator: Operator) -> SaleIntent:
        card = self.ledger.new_card_number()
        order = self._order(supply)
        return SaleIntent(
            id=command.id,
            purpose=Purpose.ISSUE,
            order=order,
            write=self._card_write(order, card),
            desk=self.desk,
            operator=operator.name,
            at=order.sold_at,
            request=issue_request(command.supply),
        )

    def _order(self, supply: SupplyFile) -> Order:
        return Order(
            meter=supply.meter.number,
            supply=supply.number,
            generation=supply.generation + 1,
            sequence=supply.sequence + 1,
            energy_total=supply.energy_total,
            last_purchase=NO_ENERGY,
            purchases=supply.purchases,
            parameters=supply.parameters,
            sold_at=self.clock().replace(microsecond=0),
            desk=self.desk,
            key_version=self.vault.key_version,
        )

    def _card_write(self, order: Order, card: CardNo) -> CardWrite:
        header = CardHeader(CardKind.USER, self.ledger.office().utility, card, order.key_version)
        return CardWrite(
            card=card,
            record=self.cards.codec.encode_order(order, card=card),
            header=self.cards.codec.encode_header(header),
            key_version=order.key_version,
        )


def issue_request(supply: SupplyNo) -> str:
    """What was asked, canonically."""
    return f"issue supply={supply}"
