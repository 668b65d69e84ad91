"""The JSON of the command line, as docs/command-line.md describes it: stable names, integers, ISO dates."""

from __future__ import annotations

from typing import Any

from vending_app.domain.card import CardImage, Order, WriteBack
from vending_app.domain.meter import Insertion, MeterView
from vending_app.domain.people import Operator, OperatorEvent, Shift, SupplyLine
from vending_app.domain.quote import QuoteLine
from vending_app.domain.sale import Sale
from vending_app.ports import LedgerProof, ReaderState
from vending_app.services.use_cases import CardReading, SaleDone

Shape = dict[str, Any]


def supply_line(line: SupplyLine) -> Shape:
    return {
        "supply": line.number,
        "meter": line.meter,
        "customer": line.customer,
        "address": line.address,
        "tariff": line.tariff,
        "state": line.state.value,
        "card": line.card,
    }


def reader(state: ReaderState) -> Shape:
    return {"reader": state.name, "card_present": state.card_present}


def operator(one: Operator) -> Shape:
    return {
        "operator": one.name,
        "full_name": one.full_name,
        "role": one.role.value,
        "is_active": one.is_active,
        "must_change": one.must_change,
    }


def operator_event(event: OperatorEvent) -> Shape:
    """A change, with the operator as he was and as he was then; never his secret."""
    return {
        "at": event.at.isoformat(),
        "by": event.by,
        "change": event.how.value,
        "before": operator(event.before) if event.before else None,
        "after": operator(event.after),
    }


def shift(opened: Shift) -> Shape:
    return {
        "shift": opened.number,
        "desk": opened.desk,
        "operator": opened.operator,
        "opened_at": opened.opened_at.isoformat(),
        "closed_at": opened.closed_at.isoformat() if opened.closed_at else None,
        "float_minor": opened.float_cash.minor,
        "counted_minor": opened.counted.minor if opened.counted else None,
        "expected_minor": opened.expected.minor if opened.expected else None,
        "sales": opened.sales,
    }


def card(reading: CardReading) -> Shape:
    supply = reading.reading.supply if reading.reading else None
    return {
        "verdict": reading.verdict.value,
        "card": reading.card,
        "supply": supply.number if supply else None,
        "customer": supply.customer.name if supply else None,
        "meter": supply.meter.number if supply else None,
        "order": order(reading.image),
        "write_back": write_back(reading.image.write_back),
        "open_sale": reading.open_sale.id if reading.open_sale else None,
        "reader": reading.reader,
        "chip": reading.chip or None,
        "dialect": reading.dialect or None,
    }


def order(image: CardImage) -> Shape | None:
    """The order a meter would see, and in which slot it stands."""
    current = image.current
    if current is None or current.order is None:
        return None
    return {**order_fields(current.order), "slot": current.name}


def order_fields(of: Order) -> Shape:
    return {
        "sequence": of.sequence,
        "energy_total_wh": of.energy_total.wh,
        "last_purchase_wh": of.last_purchase.wh,
        "purchases": of.purchases,
        "generation": of.generation,
        "meter": of.meter,
        "supply": of.supply,
        "sold_at": of.sold_at.isoformat(),
        "desk": of.desk,
        "key_version": of.key_version,
    }


def write_back(of: WriteBack | None) -> Shape | None:
    if of is None:
        return None
    return {
        "sequence": of.sequence,
        "remaining_wh": of.remaining.wh,
        "used_total_wh": of.used_total.wh,
        "zero_crossing_wh": of.zero_crossing.wh,
        "energy_total_wh": of.energy_total.wh,
        "purchases": of.purchases,
        "illegal_cards": of.illegal_cards,
        "overload_trips": of.overload_trips,
        "low_credit_trips": of.low_credit_trips,
        "tamper_events": of.tamper_events,
        "power_failures": of.power_failures,
        "power_max_w": of.power_max_w,
        "status": of.status.value,
        "last_month_wh": of.last_month.wh,
        "meter_time": of.meter_time.isoformat(),
        "running": of.running,
    }


def done(of: SaleDone) -> Shape:
    """A posted sale or issue."""
    sale = of.sale
    quote = sale.intent.quote
    return {
        "sale": sale.id,
        "state": sale.state.value,
        "receipt": sale.receipt,
        "supply": sale.intent.order.supply,
        "card": sale.intent.write.card,
        "amount_minor": sale.amount.minor,
        "energy_wh": quote.energy.wh if quote else 0,
        "energy_total_wh": sale.intent.order.energy_total.wh,
        "sequence": sale.intent.order.sequence,
        "change_minor": sale.change.minor,
        "lines": [quote_line(line) for line in quote.lines] if quote else [],
        "repeated": of.was_repeated,
        "milliseconds": of.milliseconds,
    }


def quote_line(line: QuoteLine) -> Shape:
    return {
        "kind": line.kind.value,
        "name": line.name,
        "amount_minor": line.amount.minor,
        "energy_wh": line.energy.wh if line.energy else None,
        "price_micro_per_kwh": line.price.micro_per_kwh if line.price else None,
        "months": line.months,
        "unit_minor": line.unit.minor if line.unit else None,
        "base_minor": line.base.minor if line.base else None,
        "rate_basis_points": line.rate_basis_points,
    }


def resolved(sale: Sale) -> Shape:
    return {"sale": sale.id, "state": sale.state.value, "receipt": sale.receipt, "purpose": sale.intent.purpose.value}


def given_back(voided: Sale) -> Shape:
    """A voided sale whose money goes back, if that was not done."""
    by = voided.tender.kind.value if voided.tender else None
    return {"voided": voided.id, "give_back_minor": voided.amount.minor, "give_back_by": by}


def said_given_back(voided: Sale) -> str:
    by = f", as it was paid: {voided.tender.kind.value}" if voided.tender else ""
    return f"Sale {voided.id} was voided. Give {voided.amount} back{by}, if that was not done."


def meter(view: MeterView) -> Shape:
    return {
        "meter": view.meter,
        "supply": view.supply,
        "remaining_wh": view.remaining.wh,
        "used_total_wh": view.used_total.wh,
        "bought_total_wh": view.energy_total.wh,
        "purchases": view.purchases,
        "last_purchase_wh": view.last_purchase.wh,
        "zero_crossing_wh": view.zero_crossing.wh,
        "relay": view.relay.value,
        "reason": view.reason.value,
        "alarm": view.is_alarm,
        "power_max_w": view.power_max_w,
    }


def insertion(of: Insertion) -> Shape:
    return {
        "decision": of.decision.value,
        "code": of.decision.error_code,
        "credited_wh": of.credited.wh,
        "wrote_back": of.wrote_back,
        **meter(of.view),
    }


def proof(of: LedgerProof) -> Shape:
    return {
        "ok": of.is_ok,
        "entries": of.entries,
        "problems": list(of.problems),
        "money_minor": of.money_minor,
        "energy_wh": of.energy_wh,
    }
