"""What a technician is asked to enter a new supply, a meter into stock, or an area, step by step."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vending_app.domain.energy import Energy
from vending_app.domain.ids import MeterNo, spaced
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import Customer, Meter
from vending_app.domain.records import USUAL_LIMITS, Area, Terms, limits_on
from vending_app.services import supply_cases as ask
from vending_app.ui.books.ask import Ask, Deed, Fact, Filled
from vending_app.ui.components.choice_list import Option
from vending_app.ui.records.record_asks import whole
from vending_app.ui.supply.asks import as_day
from vending_app.ui.supply.customer_asks import ask_who

USUAL_LIMIT = Money(8_00)
"""Of a household, in kW."""
USUAL_CONSTANT = Money(1_600_00)
NOBODY, NOTHING_AGREED = Customer("", "", ""), Terms("", "", USUAL_LIMITS)


@dataclass(frozen=True, slots=True)
class Draft:
    """A supply as far as it is filled in."""

    records: ask.Records
    customer: Customer = NOBODY
    meter: Meter | None = None
    terms: Terms = NOTHING_AGREED


def ask_new_supply(records: ask.Records) -> Ask:
    """Step 1 of 4: who."""
    return ask_who(
        title="New supply, 1 of 4",
        sentence="Who buys. Nothing is entered before the summary.",
        then=lambda customer: _ask_meter(Draft(records, customer)),
    )


def _ask_meter(draft: Draft) -> Ask:
    """Step 2: the meter, and how to reach a customer who is new."""
    stock = {meter.number: meter for meter in draft.records.stock}
    is_new = not draft.customer.number

    def make(filled: Filled) -> Ask:
        meter, customer = stock[MeterNo(filled.choice)], draft.customer
        if is_new:
            customer = replace(customer, phone=filled.reference, identity=filled.reason)
        return _ask_terms(replace(draft, customer=customer, meter=meter))

    return Ask(
        title="New supply, 2 of 4",
        button="Next",
        make=make,
        facts=(("Customer", draft.customer.name, ""),),
        choices=tuple(Option(each.number, spaced(each.number), "gauge", each.model) for each in stock.values()),
        choice="Meter from stock",
        reference="Phone, if he has one" if is_new else "",
        reason="Passport or register number, if known" if is_new else "",
    )


def _ask_terms(draft: Draft) -> Ask:
    """Step 3: the tariff, the limit, the area and an end."""

    def make(filled: Filled) -> Ask:
        meter = draft.meter
        assert meter is not None, "chosen in the step before"
        limits = limits_on(meter, replace(USUAL_LIMITS, overload_w=filled.amount.minor * 10))
        terms = Terms("", filled.choice, limits, area=filled.reference, ends_on=as_day(filled.reason))
        return _ask_summary(replace(draft, terms=terms))

    tariffs = tuple(Option(code, code, "receipt", name) for code, name in draft.records.tariffs)
    areas = ", ".join(area.code for area in draft.records.areas)
    return Ask(
        title="New supply, 3 of 4",
        button="Next",
        make=make,
        choices=tariffs,
        choice="Tariff",
        amount="Overload limit, kW",
        amount_is=USUAL_LIMIT,
        reference=f"Area{f' ({areas})' if areas else ''}, if there is one"[:60],
        reason="Temporary: last day, such as 30.11.2026",
    )


def _ask_summary(draft: Draft) -> Ask:
    """Step 4: what will be entered."""
    meter, terms = draft.meter, draft.terms
    assert meter is not None, "chosen in the second step"
    facts: tuple[Fact, ...] = (
        ("Customer", draft.customer.name, ""),
        ("Address", draft.customer.address, ""),
        ("Meter", spaced(meter.number), ""),
        ("Tariff", terms.tariff, ""),
        ("Overload limit", f"{terms.parameters.overload_w // 10 / 100:.2f} kW", ""),
        ("Area", terms.area or "none", ""),
        ("Ends", terms.ends_on.isoformat() if terms.ends_on else "lasting", "warn" if terms.ends_on else ""),
    )
    return Ask(
        title="New supply, 4 of 4",
        button="Enter supply",
        icon="house-line",
        make=lambda _: Deed(ask.EnterSupply(draft.customer, meter.number, terms), ""),
        sentence="It opens with its first card, which comes next.",
        facts=facts,
    )


# --- stock and areas -------------------------------------------------------------------------------------


def ask_what_to_enter() -> Ask:
    """A meter or an area."""
    steps = {"meter": ask_meter_in, "area": ask_area_in}
    return Ask(
        title="Enter",
        button="Next",
        make=lambda filled: steps[filled.choice](),
        choices=(Option("meter", "A meter into stock", "gauge"), Option("area", "An area", "map-pin")),
        choice="What comes new",
    )


def ask_meter_in() -> Ask:
    """Step 1: what stands on its plate."""

    def make(filled: Filled) -> Ask:
        number = MeterNo(filled.reference.replace(" ", ""))
        return _ask_connection(Meter(number, filled.reason, filled.amount.minor // 100))

    return Ask(
        title="Meter into stock",
        button="Next",
        make=make,
        amount="Constant, imp/kWh",
        amount_is=USUAL_CONSTANT,
        reference="Number, 12 figures",
        reason="Make and model",
    )


CONNECTIONS = (
    Option("1", "Single phase", ""),
    Option("3", "Three phases", ""),
    Option("ct", "Three phases with transformers", ""),
)


def _ask_connection(meter: Meter) -> Ask:
    """Step 2: how it is connected, and what its register shows already."""

    def make(filled: Filled) -> Ask | Deed:
        phases = 1 if filled.choice == "1" else 3
        fresh = replace(meter, phases=phases, initial_reading=Energy(filled.amount.minor * 10))
        return _ask_ratios(fresh) if filled.choice == "ct" else Deed(ask.EnterMeter(fresh), "")

    return Ask(
        title="Its connection",
        button="Enter meter",
        icon="gauge",
        make=make,
        facts=(("Meter", spaced(meter.number), ""), ("Make and model", meter.model, "")),
        choices=CONNECTIONS,
        choice="Connection",
        amount="It shows already, kWh",
        amount_is=ZERO,
    )


def _ask_ratios(meter: Meter) -> Ask:
    """Step 3, of a meter behind transformers."""

    def make(filled: Filled) -> Deed:
        fresh = replace(meter, ct_ratio=whole(filled.reference), pt_ratio=whole(filled.reason))
        return Deed(ask.EnterMeter(fresh), "")

    return Ask(
        title="Its transformers",
        button="Enter meter",
        icon="gauge",
        make=make,
        sentence="Such as 40 for 200/5 A, and 1 where there is no voltage transformer.",
        reference="CT ratio",
        reason="PT ratio",
    )


def ask_area_in() -> Ask:
    """A place; what feeds it comes next."""
    return Ask(
        title="Area",
        button="Next",
        make=lambda filled: _ask_feeder(Area(filled.reference, filled.reason)),
        reference="Code, such as E1",
        reason="Name",
    )


def _ask_feeder(area: Area) -> Ask:
    return Ask(
        title="Area",
        button="Enter area",
        icon="map-pin",
        make=lambda filled: Deed(ask.EnterArea(replace(area, transformer=filled.reference)), ""),
        facts=(("Code", area.code, ""), ("Name", area.name, "")),
        reference="Transformer that feeds it, if known",
    )
