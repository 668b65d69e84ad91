"""The slip of a card, a meter change or an end: what was done, with which registers, and what moves on."""

from __future__ import annotations

from dataclasses import dataclass

from vending_app.documents.signed_slip import SignedSlip
from vending_app.domain.ids import masked, spaced
from vending_app.domain.money import ZERO
from vending_app.domain.procedure import Procedure
from vending_app.domain.records import CardAtEnd, FinalReading, MeterChange, Settlement
from vending_app.domain.sale import Sale
from vending_app.domain.tool_card import limits_of


@dataclass
class ProcedureSlip(SignedSlip):
    """One procedure."""

    procedure: Procedure

    def draw(self) -> bytes:
        """All of it. The same arguments give the same bytes."""
        outcome, number = self.procedure.outcome, spaced(self.procedure.supply.number)
        title = self._title()
        self.banner(0)
        self.head()
        self.title(title, number)
        self.who()
        match outcome:
            case Sale():
                self.card(outcome)
            case MeterChange():
                self.meter_change(outcome)
            case Settlement():
                self.settlement(outcome)
        self.signature(self.words.customer_signed)
        self.signature(self.words.technician_signed)
        self.foot(outcome.fingerprint)
        return self.pdf(f"{title} {number}")

    def _title(self) -> str:
        match self.procedure.outcome:
            case Sale() as sale:
                return self.words.card_reissued if sale.intent.order.generation > 1 else self.words.card_issued
            case MeterChange():
                return self.words.meter_changed
        return self.words.supply_closed

    # --- the parts from top to bottom ---

    def who(self) -> None:
        """When, by whom, for whom."""
        words, done = self.words, self.procedure
        self.done(done.at, done.desk, done.operator, done.approver)
        self.row(words.customer, done.supply.customer.name)
        if done.supply.customer.identity:
            self.row(words.identity, done.supply.customer.identity)
        self.row(words.supply, spaced(done.supply.number))

    def card(self, sale: Sale) -> None:
        """The first card with what its meter is told; or which card is dead, which one lives, and what is on it."""
        if sale.intent.order.generation > 1:
            self.card_again(sale)
            return
        words, intent = self.words, sale.intent
        order = intent.order
        self.row(words.meter, spaced(order.meter))
        self.row(words.tariff, self.procedure.supply.tariff)
        self.row(words.card, masked(intent.write.card))
        self.row(words.order, str(order.sequence))
        if intent.carried:
            self.row(words.carried_to_it, self.kwh(intent.carried))
        self.section(words.limits)
        self.limits(limits_of(order.parameters))
        if intent.fee:
            self.sum(words.connection_fee, f"{self.office.currency} {intent.fee}")
            self.y += 12
            self.remark(words.fee_is_owed)

    def card_again(self, sale: Sale) -> None:
        """Which card is dead, which one lives, and that the whole credit is on it."""
        words, intent = self.words, sale.intent
        if self.procedure.old_card is not None:
            self.row(words.old_card, masked(self.procedure.old_card))
        if intent.ends is not None:
            self.row(words.reason, words.card_ends[intent.ends])
        self.row(words.new_card, masked(intent.write.card))
        self.row(words.order, str(intent.order.sequence))
        self.row(words.purchases, str(intent.order.purchases))
        if intent.fee:
            self.row(words.fee, f"{self.office.currency} {intent.fee}")
        self.row(words.bought_in_all, self.kwh(intent.order.energy_total))
        self.remark(words.old_card_dead)

    def meter_change(self, change: MeterChange) -> None:
        """The last registers of the old meter, and what the new one begins with."""
        words = self.words
        self.row(words.reason, change.reason)
        self.section(words.old_meter)
        self.registers(change.old_meter, change.reading)
        self.section(words.new_meter)
        self.row(words.meter, spaced(change.new_meter))
        self.row(words.supply, spaced(change.new))
        self.sum(words.carried, self.kwh(change.carried))
        self.card_at_end(change.card)

    def settlement(self, done: Settlement) -> None:
        """The last registers, what went back, and what it comes to."""
        words = self.words
        self.row(words.reason, done.reason)
        self.section(words.last_registers)
        self.registers(self.procedure.supply.meter.number, done.reading)
        self.row(words.went_back, self.kwh(done.returned))
        self.row(words.its_price, str(done.price))
        for line in done.worth.for_others:
            self.row(words.of_it.format(name=line.name), str(line.amount))
        if done.offset:
            self.row(words.kept_for_arrears, str(done.offset))
        owed = self.procedure.supply.arrears
        if owed > ZERO:
            self.sum(words.owed_by_customer, f"{self.office.currency} {owed}")
        else:
            self.sum(words.due, f"{self.office.currency} {done.refund}")
        self.card_at_end(done.card)

    def card_at_end(self, card: CardAtEnd) -> None:
        """What became of the energy on the card, if there was any."""
        if card in self.words.cards_at_end:
            self.y += 12
            self.remark(self.words.cards_at_end[card])

    def registers(self, meter: str, reading: FinalReading) -> None:
        """What a meter showed last, and how that is known."""
        words = self.words
        self.row(words.meter, spaced(meter))
        self.row(words.read_from, words.readings[reading.how])
        self.row(words.used_in_all, self.kwh(reading.used_total))
        self.row(words.left_over, self.kwh(reading.remaining))
