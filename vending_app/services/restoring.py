"""Putting right what a restored copy of the books does not know: papers compared, lost sales entered again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from vending_app.domain.card import CardImage, CardKind, CardWrite, Order
from vending_app.domain.card_ahead import hides_order
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.ids import CardNo, DeskNo, SaleId
from vending_app.domain.money import Money
from vending_app.domain.people import Operator, SupplyFile
from vending_app.domain.quote import Quote, QuoteLine
from vending_app.domain.restoring import Proof, Reentry
from vending_app.domain.sale import Purpose, SaleIntent
from vending_app.domain.tariff import LineKind
from vending_app.ports import CardSession, Clock, KeyVault, Ledger
from vending_app.services.keeping_cases import (
    CheckReceipts,
    FinishRestoring,
    ReceiptsChecked,
    ReenterCard,
    Reentered,
    ReenterReceipt,
    Restoring,
    RestoringFinished,
)
from vending_app.services.meter_keys import known_to_meter
from vending_app.services.reading import Reading


@dataclass(frozen=True, slots=True)
class RestoringDesk:
    """The verbs of a restored office; one per desk."""

    ledger: Ledger
    vault: KeyVault
    clock: Clock
    desk: DeskNo
    reading: Reading

    def show(self) -> Restoring:
        return Restoring(self.ledger.restoration())

    def check(self, asked: CheckReceipts) -> ReceiptsChecked:
        return ReceiptsChecked(tuple(map(self.ledger.check_receipt, asked.papers)))

    def finish(self, asked: FinishRestoring) -> RestoringFinished:
        return RestoringFinished(self.ledger.end_restoration(asked.papers, at=self.clock()))

    def reenter_card(self, session: CardSession, asked: ReenterCard, *, operator: Operator) -> Reentered:
        """By the order on the card. Raises OperatorError card-foreign, card-mac-wrong, reentry-known, reentry-…;
        EnvironmentFault key-version-unknown if a newer order is on it under keys that are missing here."""
        # Read as at a sale: what the meter wrote back is kept before anything else happens.
        image = self.reading.read(session).image
        order, card = _proven(image)
        supply = self.ledger.supply(order.supply, today=self.reading.today())
        write = CardWrite(card, image.current.record if image.current else b"", key_version=order.key_version)
        energy = order.energy_total - supply.energy_total
        sum_of_it = self._quote(supply, energy, asked.amount, asked.arrears, order.sold_at)
        intent = self._intent(asked.id, order, write, sum_of_it, operator=operator)
        proof = Proof.CARD if asked.paper is None else Proof.PAPER
        return self._enter(Reentry(intent, proof, asked.paper))

    def reenter_receipt(self, asked: ReenterReceipt, *, operator: Operator) -> Reentered:
        """By what the paper tells. Raises OperatorError reentry-known, reentry-differs, receipt-other."""
        supply = self.ledger.supply(asked.supply, today=self.reading.today())
        card = asked.card or supply.card
        if card is None:
            raise OperatorError(Code.REENTRY_DIFFERS, what="card")
        order = self._order(supply, asked)
        # The bytes of the card are not known; they are written nowhere, for the sale is posted already.
        write = CardWrite(card, b"", key_version=order.key_version)
        sum_of_it = self._quote(supply, asked.energy, asked.amount, asked.arrears, asked.sold_at)
        intent = self._intent(asked.id, order, write, sum_of_it, operator=operator)
        return self._enter(Reentry(intent, Proof.PAPER, asked.paper))

    def _enter(self, entry: Reentry) -> Reentered:
        order = entry.intent.order
        before = self.ledger.supply(order.supply, today=self.reading.today())
        sale = self.ledger.reenter(entry, at=self.clock())
        return Reentered(sale, order.energy_total - before.energy_total, order.sequence - before.sequence - 1)

    def _order(self, supply: SupplyFile, asked: ReenterReceipt) -> Order:
        return Order(
            meter=supply.meter.number,
            supply=supply.number,
            generation=supply.generation,
            sequence=asked.sequence,
            energy_total=supply.energy_total + asked.energy,
            last_purchase=asked.energy,
            purchases=supply.purchases + 1,
            parameters=supply.parameters,
            sold_at=asked.sold_at.replace(microsecond=0),
            desk=asked.paper.desk,
            key_version=known_to_meter(self.vault, self.ledger, supply),
        )

    def _quote(self, supply: SupplyFile, energy: Energy, amount: Money, arrears: Money, sold_at: datetime) -> Quote:
        """Its lines were printed, not kept: all but the arrears is one. A sale pays fixed charges up to its month."""
        on = sold_at.astimezone().date()
        tariff = self.ledger.tariff(supply.tariff, on=on)
        month = on.replace(day=1)
        owed = (QuoteLine(LineKind.ARREARS, "Arrears", arrears),) if arrears else ()
        lines = (*owed, QuoteLine(LineKind.STEP, "Entered again", amount - arrears, energy=energy))
        return Quote(tariff.code, tariff.valid_from, amount, energy, lines, charged_until=month, tax=Money(0))

    def _intent(self, sale: SaleId, order: Order, write: CardWrite, quote: Quote, *, operator: Operator) -> SaleIntent:
        return SaleIntent(
            id=sale,
            purpose=Purpose.SALE,
            order=order,
            write=write,
            desk=self.desk,
            operator=operator.name,
            at=self.clock(),
            quote=quote,
            request=f"reenter supply={order.supply} sequence={order.sequence}",
        )


def _proven(image: CardImage) -> tuple[Order, CardNo]:
    """The newest order of a customer's card; its MAC was checked when it was read."""
    if image.header is None or image.header.kind is not CardKind.USER:
        raise OperatorError(Code.CARD_FOREIGN)
    if hides_order(image, image.order.sequence if image.order is not None else -1):
        raise EnvironmentFault(Code.KEY_VERSION_UNKNOWN, card=image.header.card)
    if image.order is None:
        raise OperatorError(Code.CARD_MAC_WRONG, card=image.header.card)
    return image.order, image.header.card
