"""Verbs of what supplies are made of: customers, areas, meters in stock."""

from __future__ import annotations

import click

from vending_app.commands import records, supply_shapes
from vending_app.commands.common import Verb, at_work, operator_option, verb
from vending_app.commands.output import say
from vending_app.domain.energy import Energy
from vending_app.domain.ids import MeterNo
from vending_app.domain.people import Customer, Meter, Role
from vending_app.domain.records import Area
from vending_app.services.record_cases import ReturnMeter
from vending_app.services.supply_cases import EnterArea, EnterCustomer, EnterMeter, Records, ShowRecords

CORRECTION = click.option("--reason", default="", help="Why, for a correction of what is known.")


@click.command("customer")
@click.option("--number", default="", help="Of a known customer, to correct him; without it he is new.")
@click.option("--name", required=True)
@click.option("--address", required=True)
@click.option("--phone", default="")
@click.option("--identity", default="", help="Of his passport or register entry.")
@click.option("--notes", default="")
@CORRECTION
@operator_option(Role.TECHNICIAN)
@verb
def customer(call: Verb, *, reason: str, operator: str, **texts: str) -> None:
    """Enter a customer, or correct one whole."""
    with at_work(call, operator=operator) as counter:
        kept = counter.do(EnterCustomer(Customer(**texts), reason))
    assert isinstance(kept, Customer)
    say(supply_shapes.customer(kept), f"Customer {kept.number}: {kept.name}, {kept.address}.", as_json=call.as_json)


@click.command("area")
@click.argument("code", default="")
@click.option("--name", default="", help="Enters the area of this code, or corrects it; without it all are listed.")
@click.option("--transformer", default="", help="What feeds it.")
@CORRECTION
@operator_option(Role.TECHNICIAN)
@verb
def area(call: Verb, *, code: str, name: str, transformer: str, reason: str, operator: str) -> None:
    """List areas, or enter one: supply area CODE --name TEXT."""
    asked = EnterArea(Area(code, name, transformer), reason) if code or name else ShowRecords()
    with at_work(call, operator=operator) as counter:
        found = counter.do(asked)
    assert isinstance(found, Records)
    lines = "\n".join(f"{each.code:<8} {each.name}  {each.transformer}".rstrip() for each in found.areas)
    say({"areas": supply_shapes.records(found)["areas"]}, lines or "No area is entered.", as_json=call.as_json)


@click.group("meter-stock")
def meter_stock() -> None:
    """Meters that wait to be installed."""


@meter_stock.command("list")
@operator_option(Role.TECHNICIAN)
@verb
def stock_list(call: Verb, *, operator: str) -> None:
    """What lies in stock."""
    with at_work(call, operator=operator) as counter:
        found = counter.do(ShowRecords())
    _tell(call, found)


@meter_stock.command("add")
@click.argument("number")
@click.option("--model", required=True, help="Model, or make and model.")
@click.option("--make", default="", help="Who made it.")
@click.option("--constant", default=1_600, show_default=True, help="Impulses per kWh.")
@click.option("--phases", default=1, show_default=True, help="1 or 3.")
@click.option("--ct", "ct_ratio", default=1, show_default=True, help="Ratio of its current transformer.")
@click.option("--pt", "pt_ratio", default=1, show_default=True, help="Ratio of its voltage transformer.")
@click.option("--initial", default="0", show_default=True, help="kWh that it shows already.")
@CORRECTION
@operator_option(Role.TECHNICIAN)
@verb
def stock_add(
    call: Verb, *, number: str, model: str, make: str, initial: str, reason: str, operator: str, **whole: int
) -> None:
    """One meter by the 12 figures of its plate."""
    meter = Meter(
        MeterNo(number),
        model,
        whole["constant"],
        whole["phases"],
        whole["ct_ratio"],
        whole["pt_ratio"],
        initial_reading=Energy.parse(initial),
        make=make,
    )
    with at_work(call, operator=operator) as counter:
        found = counter.do(EnterMeter(meter, reason))
    _tell(call, found)


@meter_stock.command("return")
@click.argument("number")
@click.option("--reading", required=True, help="kWh that it shows now: where its next supply begins.")
@click.option("--reason", required=True, help="What the workshop found, in a few words.")
@operator_option(Role.TECHNICIAN)
@verb
def stock_return(call: Verb, *, number: str, reading: str, reason: str, operator: str) -> None:
    """A removed meter was tested and lies in stock again."""
    with at_work(call, operator=operator) as counter:
        shown = counter.do(ReturnMeter(MeterNo(number), Energy.parse(reading), reason))
    records.tell(call, shown)


def _tell(call: Verb, found: object) -> None:
    assert isinstance(found, Records)
    lines = "\n".join(f"{each.number}  {each.constant_imp_per_kwh} imp/kWh  {each.model}" for each in found.stock)
    say({"stock": supply_shapes.records(found)["stock"]}, lines or "No meter is in stock.", as_json=call.as_json)
