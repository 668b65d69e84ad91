"""The technician's desk: records, and the procedures that begin, move and end a supply (rows T1–T3, S3, S5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import SupplyNo
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import Customer, Meter, SupplyFile, SupplyState
from vending_app.domain.quote import Quote
from vending_app.domain.records import (
    FinalReading,
    MeterChange,
    ReadingHow,
    Settlement,
    StakeFound,
    Subject,
    Terms,
    limits_on,
    price_of_returned,
    stake_of,
)
from vending_app.domain.tool_card import Limits, limits_of
from vending_app.ports import Clock, Ledger
from vending_app.services import supply_cases as ask
from vending_app.services.till import require_reason
from vending_app.services.usage import months_of

LONGEST_TEXT = 200
METER_FIGURES, SUPPLY_FIGURES = 12, 8
PURCHASES_LOOKED_AT = 400
"""Lines of a history; a meter holds what was bought in the last of them."""


@dataclass(frozen=True, slots=True)
class SupplyDesk:
    """One desk's hand on the records."""

    ledger: Ledger
    clock: Clock

    # --- records ----------------------------------------------------------------------------------------

    def records(self) -> ask.Records:
        return ask.Records(self.ledger.areas(), self.ledger.stock(), self.ledger.tariffs(on=self.today()))

    def enter_customer(self, command: ask.EnterCustomer) -> Customer:
        """Raises OperatorError record-refused, reason-missing for a correction without one."""
        customer = _tidy(command.customer)
        if customer.number:
            require_reason(command.reason)
        return self.ledger.enter_customer(customer, reason=command.reason, at=self.clock())

    def enter_area(self, command: ask.EnterArea) -> ask.Records:
        area = command.area
        if any(known.code == area.code.strip() for known in self.ledger.areas()):
            require_reason(command.reason)
        _require(bool(area.code.strip() and area.name.strip()), "area")
        fresh = replace(area, code=area.code.strip(), name=area.name.strip(), transformer=area.transformer.strip())
        self.ledger.enter_area(fresh, reason=command.reason, at=self.clock())
        return self.records()

    def enter_meter(self, command: ask.EnterMeter) -> ask.Records:
        _check_meter(command.meter)
        self.ledger.enter_meter(command.meter, reason=command.reason, at=self.clock())
        return self.records()

    def enter_supply(self, command: ask.EnterSupply) -> SupplyFile:
        """Customer and supply in two commits, but nothing is entered for a meter or terms that cannot be."""
        _require(command.number is None or _figures(command.number, SUPPLY_FIGURES), "supply")
        meter = next((each for each in self.ledger.stock() if each.number == command.meter), None)
        if meter is None:
            was_entered = self.ledger.record_changes(Subject.METER, command.meter)
            raise OperatorError(Code.METER_INSTALLED if was_entered else Code.METER_UNKNOWN, meter=command.meter)
        terms = replace(_counting_by(command.terms, meter), state=SupplyState.PREPARED)
        _check_terms(terms)
        terms = replace(terms, customer=self._buyer(command.customer).number)
        number = self.ledger.enter_supply(
            command.number,
            command.meter,
            terms,
            opened_on=command.opened_on or self.today(),
            reason="",
            at=self.clock(),
        )
        return self.supply(number)

    def _buyer(self, told: Customer) -> Customer:
        """A known one by his number; else he is entered."""
        if told.number:
            return self.ledger.customer(told.number)
        return self.ledger.enter_customer(_tidy(told), reason="", at=self.clock())

    def change_terms(self, command: ask.ChangeTerms) -> ask.LifeShown:
        """Raises as the use case says, and record-refused for limits that contradict each other."""
        require_reason(command.reason)
        _check_terms(command.terms)
        before = self.ledger.terms(command.supply)
        _check_state(command.supply, before.state, command.terms.state)
        terms = _counting_by(command.terms, self.supply(command.supply).meter)
        self.ledger.change_terms(command.supply, terms, reason=command.reason, at=self.clock(), shown=command.before)
        return self.life(command.supply)

    def note(self, command: ask.NoteSupply) -> ask.LifeShown:
        require_reason(command.text)
        _require(len(command.text) <= LONGEST_TEXT * 5, "note")
        self.ledger.note_supply(command.supply, command.text, at=self.clock())
        return self.life(command.supply)

    # --- looking ----------------------------------------------------------------------------------------

    def life(self, number: SupplyNo) -> ask.LifeShown:
        """Raises OperatorError supply-unknown."""
        supply = self.supply(number)
        write_backs = self.ledger.write_backs(number, limit=600)
        return ask.LifeShown(
            supply=supply,
            life=self.ledger.life(number),
            write_back=write_backs[0] if write_backs else None,
            now=self.clock(),
            months=months_of(write_backs, most=0),
            terms=self.ledger.terms(number),
            card_fee=self._card_fee(supply),
        )

    def _card_fee(self, supply: SupplyFile) -> Money:
        """Nothing where the tariff has no prices today: its life is shown all the same."""
        try:
            return self.ledger.tariff(supply.tariff, on=self.today()).card_fee
        except OperatorError:
            return ZERO

    def stake(self, command: ask.ShowStake) -> StakeFound:
        supply = self.supply(command.supply)
        return stake_of(supply, self.ledger.last_write_back(supply.number), command.told)

    def left(self, command: ask.ShowLeft) -> ask.Left:
        """The summary before the act. Raises OperatorError reading-missing, reading-behind."""
        supply = self.supply(command.supply)
        reading = self.reading(supply, command.reading)
        energy = self.ledger.left_of(supply.number, reading)
        return ask.Left(supply, reading, energy, self._price(supply, energy), supply.arrears, self.ledger.stock())

    # --- ends and beginnings ----------------------------------------------------------------------------

    def change_meter(self, command: ask.ChangeMeter) -> MeterChange:
        require_reason(command.reason)
        supply = self.supply(command.supply)
        return self.ledger.change_meter(
            supply.number,
            command.meter,
            self.reading(supply, command.reading),
            price=lambda energy: self._price(supply, energy),
            reason=command.reason,
            at=self.clock(),
        )

    def close(self, command: ask.CloseSupply) -> Settlement:
        require_reason(command.reason)
        supply = self.supply(command.supply)
        left = self.left(ask.ShowLeft(command.supply, command.reading))
        if command.price is not None and command.price != left.price:
            # What was approved was another sum.
            raise OperatorError(Code.RECORD_CHANGED, supply=command.supply)
        return self.ledger.settle(
            supply.number,
            self.reading(supply, command.reading),
            price=lambda energy: self._price(supply, energy),
            reason=command.reason,
            at=self.clock(),
        )

    def reading(self, supply: SupplyFile, told: FinalReading | None) -> FinalReading:
        """What was told, or the newest write-back. Raises OperatorError reading-missing if there is neither.

        A supply whose first card was never in the meter has used nothing.
        """
        if told is not None and told.how is not ReadingHow.CARD:
            return told
        last = self.ledger.last_write_back(supply.number)
        if last is not None:
            return FinalReading(ReadingHow.CARD, last.used_total, last.remaining)
        if supply.card is None:
            return FinalReading(ReadingHow.CARD, supply.meter.initial_reading, Energy(0))
        raise OperatorError(Code.READING_MISSING, supply=supply.number)

    def _price(self, supply: SupplyFile, energy: Energy) -> Money:
        """What goes back is what was bought last, purchase by purchase; nobody gets more back than he paid."""
        if energy < Energy(0):
            newest = next(self._quotes(supply), None)
            return price_of_returned(energy, newest) if newest else -self._first_price(supply, -energy)
        total, left = ZERO, energy
        for quote in self._quotes(supply):
            part = min(left, quote.energy)
            total, left = total + price_of_returned(part, quote), left - part
            if not left:
                break
        return total

    def _first_price(self, supply: SupplyFile, energy: Energy) -> Money:
        """Of energy that was used and never sold, by the first step of the tariff; rounded to the office."""
        price = self.ledger.tariff(supply.tariff, on=self.today()).steps[0].price
        return Money(-(-energy.wh * price.micro_per_kwh // 10_000_000))

    def _quotes(self, supply: SupplyFile) -> Iterator[Quote]:
        """Of the sales that stand, newest first; then those under the meter before."""
        for entry in self.ledger.history(supply.number, limit=PURCHASES_LOOKED_AT):
            sale = (
                self.ledger.sale(entry.sale)
                if entry.kind == "sale" and entry.state == "posted" and entry.sale
                else None
            )
            if sale is not None and sale.reversed_by is None and sale.intent.quote is not None:
                yield sale.intent.quote
        if supply.taken_from is not None:
            yield from self._quotes(self.supply(supply.taken_from))

    def supply(self, number: SupplyNo) -> SupplyFile:
        return self.ledger.supply(number, today=self.today())

    def today(self) -> date:
        return self.clock().astimezone().date()


def _require(is_right: bool, field: str) -> None:
    if not is_right:
        raise OperatorError(Code.RECORD_REFUSED, field=field)


def _figures(text: str, count: int) -> bool:
    return len(text) == count and text.isascii() and text.isdecimal()


def _tidy(customer: Customer) -> Customer:
    """Raises OperatorError record-refused for one without a name or an address, or with a text too long."""
    texts = {name: getattr(customer, name).strip() for name in ("name", "address", "phone", "identity", "notes")}
    _require(bool(texts["name"]), "name")
    _require(bool(texts["address"]), "address")
    _require(all(len(text) <= LONGEST_TEXT for text in texts.values()), "text")
    return replace(customer, **texts)


def _check_meter(meter: Meter) -> None:
    _require(_figures(meter.number, METER_FIGURES), "meter")
    _require(bool(meter.model.strip()), "model")
    _require(0 < meter.constant_imp_per_kwh < 1 << 16, "constant")
    _require(meter.phases in {1, 3}, "phases")
    _require(0 < meter.ct_ratio < 1 << 16 and 0 < meter.pt_ratio < 1 << 16, "ratio")
    _require(meter.initial_reading >= Energy(0), "reading")


def _check_terms(terms: Terms) -> None:
    require_sound(limits_of(terms.parameters))
    _require(0 <= terms.arrears_share_percent <= 100, "share")


def require_sound(limits: Limits) -> None:
    """Raises OperatorError record-refused for limits that contradict each other."""
    _require(Energy(0) <= limits.alarm_2 <= limits.alarm_1, "alarm")
    _require(limits.overload_w >= 0 and limits.overdraft >= Energy(0), "limit")
    _require(limits.hoarding == Energy(0) or limits.hoarding > limits.alarm_1, "hoarding")


def _counting_by(terms: Terms, meter: Meter) -> Terms:
    """A meter is told its own constant and ratios, whatever was typed."""
    return replace(terms, parameters=limits_on(meter, terms.parameters))


_MAY_BECOME = {
    SupplyState.PREPARED: {SupplyState.PREPARED},
    SupplyState.OPEN: {SupplyState.OPEN, SupplyState.SUSPENDED},
    SupplyState.SUSPENDED: {SupplyState.SUSPENDED, SupplyState.OPEN},
    SupplyState.CLOSED: set[SupplyState](),
}


def _check_state(number: SupplyNo, before: SupplyState, after: SupplyState) -> None:
    """Opening is what the first card does, and closing settles."""
    if after not in _MAY_BECOME[before]:
        raise OperatorError(Code.SUPPLY_CLOSED, supply=number, state=before.value)
