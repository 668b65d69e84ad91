"""The JSON of the technician's verbs, as docs/command-line.md describes it."""

from __future__ import annotations

from vending_app.commands.shapes import Shape, write_back
from vending_app.domain.card import MeterParameters
from vending_app.domain.people import Customer, Meter, SupplyFile
from vending_app.domain.records import (
    CardOfSupply,
    FinalReading,
    LifeEvent,
    MeterChange,
    Settlement,
    StakeFound,
    SupplyBalance,
    Terms,
)
from vending_app.domain.returned import Worth
from vending_app.services.supply_cases import Left, LifeShown, Records


def customer(of: Customer) -> Shape:
    return {
        "customer": of.number,
        "name": of.name,
        "address": of.address,
        "phone": of.phone,
        "identity": of.identity,
        "notes": of.notes,
    }


def meter(of: Meter) -> Shape:
    return {
        "meter": of.number,
        "model": of.model,
        "constant_imp_per_kwh": of.constant_imp_per_kwh,
        "phases": of.phases,
        "ct_ratio": of.ct_ratio,
        "pt_ratio": of.pt_ratio,
        "initial_wh": of.initial_reading.wh,
    }


def records(of: Records) -> Shape:
    return {
        "areas": [{"area": area.code, "name": area.name, "transformer": area.transformer} for area in of.areas],
        "stock": [meter(each) for each in of.stock],
        "tariffs": [{"tariff": code, "name": name} for code, name in of.tariffs],
    }


def supply(of: SupplyFile) -> Shape:
    return {
        "supply": of.number,
        "customer": customer(of.customer),
        "meter": meter(of.meter),
        "state": of.state.value,
        "opened_on": of.opened_on.isoformat(),
        "closed_on": of.closed_on.isoformat() if of.closed_on else None,
        "card": of.card,
        "generation": of.generation,
        "sequence": of.sequence,
        "energy_total_wh": of.energy_total.wh,
        "purchases": of.purchases,
    }


def limits(of: MeterParameters) -> Shape:
    return {
        "alarm_1_wh": of.alarm_1.wh,
        "alarm_2_wh": of.alarm_2.wh,
        "overload_w": of.overload_w,
        "overdraft_wh": of.overdraft.wh,
        "hoarding_wh": of.hoarding.wh,
    }


def terms(of: Terms) -> Shape:
    return {
        "tariff": of.tariff,
        "limits": limits(of.parameters),
        "area": of.area,
        "ends_on": of.ends_on.isoformat() if of.ends_on else None,
        "arrears_share_percent": of.arrears_share_percent,
    }


def life(of: LifeShown) -> Shape:
    """A supply and everything that ever happened to it."""
    return {
        **supply(of.supply),
        **terms(of.terms),
        "card_fee_minor": of.card_fee.minor,
        "balance": _balance(of.life.balance),
        "cards": [_card(card) for card in of.life.cards],
        "events": [_event(event) for event in of.life.events],
        "months": [{"month": day.isoformat()[:7], "used_wh": used.wh} for day, used in of.months],
        "write_back": write_back(of.write_back),
        "before": of.life.before,
        "after": of.life.after,
        "waits_for_card_wh": -of.waiting.intent.carried.wh if of.waiting else None,
    }


def _balance(of: SupplyBalance) -> Shape:
    return {
        "bought_wh": of.bought.wh,
        "used_wh": of.used.wh,
        "in_meter_wh": of.in_meter.wh,
        "on_card_wh": of.on_card.wh,
        "unexplained_wh": of.unexplained.wh,
        "loaded_after_end_wh": of.loaded_after_end.wh,
        "paid_minor": of.paid.minor,
        "arrears_minor": of.arrears.minor,
        "refund_due_minor": of.refund_due.minor,
    }


def _card(of: CardOfSupply) -> Shape:
    return {
        "card": of.number,
        "generation": of.generation,
        "since": of.since.isoformat(),
        "until": of.until.isoformat() if of.until else None,
        "why": of.why.value if of.why else None,
    }


def _event(of: LifeEvent) -> Shape:
    return {
        "at": of.at.isoformat(),
        "kind": of.kind,
        "energy_wh": of.energy.wh,
        "amount_minor": of.money.minor,
        "remaining_wh": of.remaining.wh if of.remaining is not None else None,
        "text": of.text,
        "state": of.state,
        "sale": of.sale,
        "row": of.row,
        "has_slip": of.has_slip,
    }


def stake(of: StakeFound) -> Shape:
    return {"stake": of.stake.value, "energy_wh": of.energy.wh}


def reading(of: FinalReading) -> Shape:
    return {"how": of.how.value, "used_total_wh": of.used_total.wh, "remaining_wh": of.remaining.wh}


def left(of: Left) -> Shape:
    return {
        "supply": of.supply.number,
        "reading": reading(of.reading),
        "energy_wh": of.energy.wh,
        "on_card_wh": of.left.on_card.wh,
        "is_loose": of.is_loose,
        "price_minor": of.price.minor,
        "lines": _worth(of.worth),
        "arrears_minor": of.arrears.minor,
    }


def _worth(of: Worth) -> list[Shape]:
    return [{"kind": line.kind.value, "name": line.name, "amount_minor": line.amount.minor} for line in of.lines]


def meter_change(of: MeterChange) -> Shape:
    return {
        "supply": of.old,
        "new_supply": of.new,
        "meter": of.old_meter,
        "new_meter": of.new_meter,
        "reading": reading(of.reading),
        "carried_wh": of.carried.wh,
        "card": of.card.value,
        "at": of.at.isoformat(),
    }


def settlement(of: Settlement) -> Shape:
    return {
        "supply": of.supply,
        "reading": reading(of.reading),
        "returned_wh": of.returned.wh,
        "price_minor": of.price.minor,
        "lines": _worth(of.worth),
        "offset_minor": of.offset.minor,
        "refund_due_minor": max(of.refund.minor, 0),
        "card": of.card.value,
        "at": of.at.isoformat(),
    }
