"""Verbs of the other side: a software card for the virtual reader, and the reference meter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from vending_app import other_side
from vending_app.cardio.emulated.faults import Fault, FaultKind, Residue
from vending_app.cardio.emulated.kinds import card_in
from vending_app.commands import shapes
from vending_app.commands.common import Verb, vault_passphrase, verb
from vending_app.commands.output import say
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.ids import MeterNo
from vending_app.domain.tool_card import fits_tool_card

METER_FIGURES = 12


@click.group("emulate")
def emulate() -> None:
    """A card in software, put into the virtual PC/SC reader."""


def _held(function: Callable[..., None]) -> Callable[..., None]:
    """The options of every card that is put into the virtual reader."""
    for option in (
        click.option("--fault", default="", help="What befalls it: tear:14:mixed, answer-lost:3, pull-before:2, …"),
        click.option("--vpcd", "address", required=True, help="HOST:PORT of the virtual reader."),
        click.option("--blank", is_flag=True, help="Start from a card fresh from the factory."),
        click.option("--image", required=True, type=click.Path(path_type=Path), help="The file that is the card."),
    ):
        function = option(function)
    return function


SLE4442_READERS = ["acs", "acs-old", "omnikey", "omnikey-untold"]


@emulate.command("sle4442")
@click.option("--dialect", default="acs", show_default=True, type=click.Choice(SLE4442_READERS))
@_held
@verb
def emulate_sle4442(call: Verb, *, dialect: str, **held: Any) -> None:
    """Put an SLE4442 into the virtual reader until interrupted; what is written stays in the image file."""
    _hold(call, "sle4442" if dialect == "acs" else f"sle4442-{dialect}", **held)


@emulate.command("classic")
@click.option("--dialect", default="acs", show_default=True, type=click.Choice(["acs", "identiv"]))
@_held
@verb
def emulate_classic(call: Verb, *, dialect: str, **held: Any) -> None:
    """The same with a MIFARE Classic 1K; the dialect is how its reader takes keys."""
    _hold(call, "classic" if dialect == "acs" else f"classic-{dialect}", **held)


@emulate.command("desfire")
@click.option("--generation", default="ev3", show_default=True, type=click.Choice(["ev1", "ev2", "ev3"]))
@_held
@verb
def emulate_desfire(call: Verb, *, generation: str, **held: Any) -> None:
    """The same with a MIFARE DESFire; a blank one is of this generation, another keeps its own."""
    _hold(call, f"desfire-{generation}", **held)


def _hold(call: Verb, kind: str, *, image: Path, blank: bool, address: str, fault: str) -> None:
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65_536:
        raise click.UsageError("--vpcd takes HOST:PORT.")
    card = other_side.emulated_card(image, kind=kind, blank=blank, fault=_fault(fault))
    say(
        {"image": str(image), "vpcd": address, "kind": kind},
        f"Card {image} is in the reader at {address} as soon as that listens.",
        as_json=call.as_json,
    )
    other_side.serve_card(card, host=host, port=int(port))


def _fault(text: str) -> Fault | None:
    try:
        return Fault.parse(text) if text else None
    except ValueError:
        kinds, residues = ", ".join(FaultKind), ", ".join(Residue)
        raise click.UsageError(f"--fault takes KIND[:AT[:RESIDUE or BIT]], of {kinds}, and {residues}.") from None


@click.group("meter")
def meter() -> None:
    """The reference meter."""


@meter.command("insert")
@click.option("--state", required=True, type=click.Path(path_type=Path), help="The meter's registers.")
@click.option("--image", required=True, type=click.Path(path_type=Path), help="The card.")
@click.option("--meter", "number", required=True, help="The meter's number.")
@click.option("--area", default="", help="Code of the area that a new meter is provisioned for.")
@verb
def meter_insert(call: Verb, *, state: Path, image: Path, number: str, area: str) -> None:
    """Put the card into the meter: it decides, credits, and writes back."""
    if len(number) != METER_FIGURES or not (number.isascii() and number.isdigit()):
        raise click.UsageError(f"--meter takes {METER_FIGURES} figures.")
    if area and not fits_tool_card(area):
        raise click.UsageError("--area takes one to eight plain letters or figures.")
    with other_side.keys_of(call.data, passphrase=vault_passphrase) as keys:
        reference = other_side.reference_meter(state, MeterNo(number), codec=keys.codec, area=area)
        insertion = reference.insert(other_side.meter_slot(card_in(image), keys))
    view = insertion.view
    line = (
        f"{insertion.decision.value}: {insertion.credited} kWh credited, {view.remaining} kWh left, relay {view.relay}."
    )
    say(shapes.insertion(insertion), line, as_json=call.as_json)


@meter.command("mains")
@click.option("--state", required=True, type=click.Path(path_type=Path, exists=True), help="The meter's registers.")
@click.argument("position", type=click.Choice(["on", "off"]))
@verb
def meter_mains(call: Verb, *, state: Path, position: str) -> None:
    """Switch the mains of the meter; a clear card is taken within two minutes after they came back."""
    view = other_side.set_mains(state, on=position == "on")
    say(shapes.meter(view), f"The mains are {position}.", as_json=call.as_json)


@meter.command("use")
@click.option("--state", required=True, type=click.Path(path_type=Path, exists=True), help="The meter's registers.")
@click.option("--energy", required=True, help="kWh that the load takes.")
@click.option("--power", default="1", show_default=True, help="kW that the load draws.")
@verb
def meter_use(call: Verb, *, state: Path, energy: str, power: str) -> None:
    """Let the load take energy; the relay may open on the way."""
    taken, drawn = Energy.parse(energy), Energy.parse(power)
    if taken < NO_ENERGY or drawn < NO_ENERGY:
        raise click.UsageError("--energy and --power are not below zero.")
    view = other_side.use_energy(state, taken, power_w=drawn.wh)
    line = f"{view.remaining} kWh left, {view.used_total} kWh used in all, relay {view.relay} ({view.reason})."
    say(shapes.meter(view), line, as_json=call.as_json)
