"""Verbs of one supply: show, new, change, note; its procedures and records stand beside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import click

from vending_app.commands import supply_procedures as procedures
from vending_app.commands import supply_records as made_of
from vending_app.commands import supply_shapes
from vending_app.commands.common import Verb, at_work, operator_option, verb
from vending_app.commands.output import say
from vending_app.commands.slips import slip
from vending_app.commands.statement import statement
from vending_app.domain.card import MeterParameters
from vending_app.domain.energy import Energy
from vending_app.domain.ids import MeterNo, SupplyNo, masked
from vending_app.domain.people import Customer, Role, SupplyFile, SupplyState
from vending_app.domain.records import USUAL_LIMITS, Terms, limits_on
from vending_app.services.counter import Counter
from vending_app.services.supply_cases import (
    ChangeTerms,
    EnterSupply,
    LifeShown,
    NoteSupply,
    Records,
    ShowLife,
    ShowRecords,
)

ON = click.DateTime(["%Y-%m-%d"])
LIMITS = {
    "alarm_1": "kWh at which the meter warns.",
    "alarm_2": "kWh at which it opens once.",
    "overload": "kW above which it opens; 0 for none.",
    "overdraft": "kWh that may be used before they are paid.",
    "hoarding": "The most kWh that the meter may hold; 0 for no limit.",
}


def limit_options(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command the limits of a meter, each empty for as it is."""
    for name, words in reversed(LIMITS.items()):
        function = click.option(f"--{name.replace('_', '-')}", name, default="", help=words)(function)
    return function


def limits_typed(before: MeterParameters, typed: dict[str, str]) -> MeterParameters:
    """Those that were typed; kW and kWh both have at most two decimals."""
    fresh: dict[str, Any] = {name: Energy.parse(typed[name]) for name in LIMITS if typed[name]}
    if "overload" in fresh:
        fresh["overload_w"] = fresh.pop("overload").wh
    return replace(before, **fresh)


@click.group("supply")
def supply() -> None:
    """One meter feeding one customer, from its first card to its last day."""


@supply.command("show")
@click.argument("number")
@operator_option(Role.TECHNICIAN)
@verb
def show(call: Verb, *, number: str, operator: str) -> None:
    """Its whole life: what it is, where its energy is, its cards and everything that happened."""
    with at_work(call, operator=operator) as counter:
        shown = _life(counter, number)
    _tell(call, shown)


@supply.command("new")
@click.option("--name", default="", help="Of a new customer.")
@click.option("--address", default="", help="Of a new customer.")
@click.option("--phone", default="")
@click.option("--identity", default="", help="Of his passport or register entry.")
@click.option("--customer", default="", help="Number of a known customer, instead of a name and an address.")
@click.option("--meter", required=True, help="A meter from stock.")
@click.option("--tariff", required=True, help="Code of a tariff.")
@click.option("--area", default="", help="Code of an area.")
@click.option("--ends", type=ON, help="Of a temporary supply: its last day.")
@click.option("--number", default="", help="Eight figures; chosen by the books without it.")
@limit_options
@operator_option(Role.TECHNICIAN)
@verb
def new(
    call: Verb, *, customer: str, meter: str, tariff: str, area: str, ends: datetime | None, operator: str, **typed: str
) -> None:
    """A new supply on a meter from stock; it opens with its first card."""
    who = Customer(customer, **{name: typed[name] for name in ("name", "address", "phone", "identity")})
    with at_work(call, operator=operator) as counter:
        limits = limits_typed(_limits_of(counter, meter), typed)
        terms = Terms("", tariff, limits, area=area, ends_on=ends.date() if ends else None)
        number = SupplyNo(typed["number"]) if typed["number"] else None
        entered = counter.do(EnterSupply(who, MeterNo(meter), terms, number))
    assert isinstance(entered, SupplyFile)
    line = f"Supply {entered.number} of {entered.customer.name} is prepared. Issue its first card next."
    say(supply_shapes.supply(entered), line, as_json=call.as_json)


def _limits_of(counter: Counter, number: str) -> MeterParameters:
    """The usual ones, with the constant of a meter in stock; one that is not there is refused with the supply."""
    found = counter.do(ShowRecords())
    assert isinstance(found, Records)
    return next((limits_on(meter) for meter in found.stock if meter.number == number), USUAL_LIMITS)


@supply.command("change")
@click.argument("number")
@click.option("--customer", help="Number of the customer who takes over.")
@click.option("--tariff", help="Code of a tariff.")
@click.option("--area", help="Code of an area; empty for none.")
@click.option("--ends", help="Last day of a temporary supply, as 2026-11-30; empty for a lasting one.")
@click.option("--share", type=click.IntRange(0, 100), help="Share of each sale for arrears, in per cent.")
@click.option("--state", type=click.Choice(["open", "suspended"]), help="Suspend or resume.")
@limit_options
@click.option("--reason", required=True, help="Why, in a few words.")
@operator_option(Role.TECHNICIAN)
@verb
def change(
    call: Verb, *, number: str, ends: str | None, share: int | None, state: str | None, reason: str, operator: str,
    **typed: Any,
) -> None:  # fmt: skip
    """Other terms; what is not named stays. Limits travel with the next order."""
    fresh: dict[str, Any] = {name: typed[name] for name in ("customer", "tariff", "area") if typed[name] is not None}
    if ends is not None:
        fresh["ends_on"] = ON.convert(ends, None, None).date() if ends else None
    if share is not None:
        fresh["arrears_share_percent"] = share
    if state is not None:
        fresh["state"] = SupplyState(state)
    with at_work(call, operator=operator) as counter:
        before = _life(counter, number).terms
        terms = replace(before, parameters=limits_typed(before.parameters, typed), **fresh)
        shown = counter.do(ChangeTerms(SupplyNo(number), terms, reason))
    _tell(call, shown)


@supply.command("note")
@click.argument("number")
@click.argument("text")
@operator_option(Role.TECHNICIAN)
@verb
def note(call: Verb, *, number: str, text: str, operator: str) -> None:
    """A sentence that stands in its life for ever."""
    with at_work(call, operator=operator) as counter:
        shown = counter.do(NoteSupply(SupplyNo(number), text))
    _tell(call, shown)


for paper in (statement, slip):
    supply.add_command(paper)
for each in (
    procedures.stake,
    procedures.reissue,
    procedures.left,
    procedures.change_meter,
    procedures.close,
    procedures.write_off,
):
    supply.add_command(each)
for each in (made_of.customer, made_of.area):
    supply.add_command(each)


def _life(counter: Counter, number: str) -> LifeShown:
    shown = counter.do(ShowLife(SupplyNo(number)))
    assert isinstance(shown, LifeShown)
    return shown


def _tell(call: Verb, shown: object) -> None:
    assert isinstance(shown, LifeShown)
    of, balance = shown.supply, shown.life.balance
    lines = [
        f"{of.number}  {of.customer.name}, {of.customer.address}",
        f"{of.state.value}, tariff {shown.terms.tariff}, meter {of.meter.number},"
        f" card {masked(of.card) if of.card else 'none'}",
        f"bought {balance.bought}, used {balance.used}, in the meter {balance.in_meter}, on the card {balance.on_card},"
        f" unexplained {balance.unexplained} kWh; arrears {balance.arrears}",
    ]
    lines += [
        f"{event.at:%Y-%m-%d %H:%M}  {event.kind:<12} {event.energy} kWh  {event.text}".rstrip()
        for event in shown.life.events
    ]
    say(supply_shapes.life(shown), "\n".join(lines), as_json=call.as_json)
