"""The technician's desk: records, and the procedures that begin, move and end a supply (rows T1–T3, S3, S5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import SupplyNo
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import Customer, Meter, SupplyFile, SupplyState
from vending_app.domain.records import (
    StakeFound,
    Subject,
    Terms,
    limits_on,
    stake_of,
)
from vending_app.domain.statement import beginning
from vending_app.domain.tool_card import Limits, limits_of
from vending_app.ports import Clock, Ledger
from vending_app.services import supply_cases as ask
from vending_app.services.supply_ends import last_order_waiting
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
        if any(known.number == command.meter.number for known in self.ledger.stock()):
            require_reason(command.reason)
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
        terms = _counting_by(command.terms, self.supply(command.supply).meter)
        newcomer = None if command.newcomer is None else _tidy(command.newcomer)
        self.ledger.change_terms(
            command.supply, terms, reason=command.reason, at=self.clock(), shown=command.before, newcomer=newcomer
        )
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
            customer_since=beginning(supply.opened_on, self.ledger.record_changes(Subject.SUPPLY, number)).on,
            card_fee=self._card_fee(supply),
            waiting=last_order_waiting(self.ledger, supply),
        )

    def _card_fee(self, supply: SupplyFile) -> Money:
        """Nothing where the tariff has no prices today: its life is shown all the same."""
        try:
            return self.ledger.tariff(supply.tariff, on=self.today()).card_fee
        except OperatorError:
            return ZERO

    def stake(self, command: ask.ShowStake) -> StakeFound:
        supply = self.supply(command.supply)
        last = self.ledger.last_write_back(supply.number)
        return stake_of(supply, last, command.told, self.ledger.totals_after(supply.number, last))

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
