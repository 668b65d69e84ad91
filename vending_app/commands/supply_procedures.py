"""Verbs of the procedures that replace a card, change a meter, or end a supply."""

from __future__ import annotations

from collections.abc import Callable

import click

from vending_app import app
from vending_app.commands import shapes, supply_shapes
from vending_app.commands.common import Verb, approval_option, at_work, do_approved, operator_option, verb, with_reader
from vending_app.commands.output import say
from vending_app.domain.energy import Energy
from vending_app.domain.ids import MeterNo, ReaderName, SaleId, SupplyNo, is_ulid
from vending_app.domain.people import Role
from vending_app.domain.records import CardEnd, FinalReading, MeterChange, ReadingHow, Settlement, StakeFound, Told
from vending_app.services.supply_cases import (
    ChangeMeter,
    CloseSupply,
    Left,
    LifeShown,
    ReissueCard,
    ShowLeft,
    ShowStake,
    WriteOffCard,
)
from vending_app.services.use_cases import SaleDone
from vending_app.ui.supply.supply_words import stake_words

REASON = click.option("--reason", required=True, help="Why, in a few words.")
_TOLD = (
    click.option("--purchases", type=click.IntRange(0), help="How many purchases his display counts, if he knows."),
    click.option("--remaining", default="", help="kWh that his display shows, if he knows."),
)
_READING = (
    click.option("--how", type=click.Choice([how.value for how in ReadingHow]), default=ReadingHow.CARD.value),
    click.option("--used", default="", help="kWh used in all, as the display shows or is estimated."),
    click.option("--left", "remaining", default="", help="kWh left; may be below zero."),
)


def _with(options: tuple[Callable[..., None], ...]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    def give(function: Callable[..., None]) -> Callable[..., None]:
        for option in reversed(options):
            function = option(function)
        return function

    return give


def _told(purchases: int | None, remaining: str) -> Told:
    return Told(purchases, Energy.parse(remaining) if remaining else None)


def _reading(how: str, used: str, remaining: str) -> FinalReading | None:
    """None for the newest write-back, which is what `card` means."""
    if how == ReadingHow.CARD.value:
        if used or remaining:
            raise click.UsageError("--used and --left go with --how hand or --how estimate.")
        return None
    if not used or not remaining:
        raise click.UsageError(f"--how {how} needs --used and --left.")
    return FinalReading(ReadingHow(how), Energy.parse(used), Energy.parse(remaining))


@click.command("stake")
@click.argument("number")
@_with(_TOLD)
@operator_option(Role.TECHNICIAN)
@verb
def stake(call: Verb, *, number: str, purchases: int | None, remaining: str, operator: str) -> None:
    """What a lost card may still be worth, by what the customer reads on his meter."""
    with at_work(call, operator=operator) as counter:
        found = counter.do(ShowStake(SupplyNo(number), _told(purchases, remaining)))
    assert isinstance(found, StakeFound)
    say(supply_shapes.stake(found), stake_words(found)[2], as_json=call.as_json)


@click.command("reissue")
@click.argument("number")
@click.option("--why", required=True, type=click.Choice([why.value for why in CardEnd]), help="What became of it.")
@_with(_TOLD)
@click.option("--free", "is_free", is_flag=True, help="Without the fee, which somebody else approves.")
@click.option("--id", "sale_id", default="", help="A ULID; repeating it repeats nothing.")
@approval_option
@with_reader
@operator_option(Role.TECHNICIAN)
@verb
def reissue(
    call: Verb,
    *,
    number: str,
    why: str,
    purchases: int | None,
    remaining: str,
    is_free: bool,
    sale_id: str,
    approve: str,
    reader: str,
    dialect: str,
    operator: str,
) -> None:
    """Make the blank card in the reader the supply's card; the one before is dead from then on."""
    if sale_id and not is_ulid(sale_id):
        raise click.UsageError("--id takes a ULID: 26 letters and figures.")
    command = ReissueCard(
        SaleId(sale_id or app.new_id()),
        SupplyNo(number),
        CardEnd(why),
        _told(purchases, remaining),
        is_free=is_free,
        reader=ReaderName(reader),
    )
    with at_work(call, operator=operator, dialect=dialect) as counter:
        done = do_approved(counter, command, approver=approve)
    assert isinstance(done, SaleDone)
    intent = done.sale.intent
    answer = shapes.done(done) | {"generation": intent.order.generation, "fee_minor": intent.fee.minor}
    lines = [f"Card {intent.write.card} serves supply {number} now."]
    if done.voided is not None:
        answer |= shapes.given_back(done.voided)
        lines.append(shapes.said_given_back(done.voided))
    say(answer, "\n".join(lines), as_json=call.as_json)


@click.command("left")
@click.argument("number")
@_with(_READING)
@operator_option(Role.TECHNICIAN)
@verb
def left(call: Verb, *, number: str, how: str, used: str, remaining: str, operator: str) -> None:
    """What card and meter still hold by the last reading, and what it is worth; nothing is changed."""
    reading = _reading(how, used, remaining)
    with at_work(call, operator=operator) as counter:
        found = counter.do(ShowLeft(SupplyNo(number), reading))
    assert isinstance(found, Left)
    line = f"{found.energy} kWh are left, worth {found.price}; {found.arrears} are owed."
    say(supply_shapes.left(found), line, as_json=call.as_json)


@click.command("change-meter")
@click.argument("number")
@click.argument("meter")
@_with(_READING)
@REASON
@approval_option
@operator_option(Role.TECHNICIAN)
@verb
def change_meter(
    call: Verb,
    *,
    number: str,
    meter: str,
    how: str,
    used: str,
    remaining: str,
    reason: str,
    approve: str,
    operator: str,
) -> None:
    """End the supply with its meter; a new one on the METER from stock takes over all it had."""
    command = ChangeMeter(SupplyNo(number), MeterNo(meter), reason, _reading(how, used, remaining))
    with at_work(call, operator=operator) as counter:
        changed = do_approved(counter, command, approver=approve)
    assert isinstance(changed, MeterChange)
    line = f"Supply {changed.new} takes over {changed.carried} kWh. Issue its card next."
    say(supply_shapes.meter_change(changed), line, as_json=call.as_json)


@click.command("close")
@click.argument("number")
@_with(_READING)
@click.option("--meter-off", is_flag=True, help="The meter was taken down or disconnected; needed without the card.")
@REASON
@approval_option
@operator_option(Role.TECHNICIAN)
@verb
def close(
    call: Verb,
    *,
    number: str,
    how: str,
    used: str,
    remaining: str,
    meter_off: bool,
    reason: str,
    approve: str,
    operator: str,
) -> None:
    """Settle and close: what is left goes back, its price first against arrears; needs somebody's approval."""
    command = CloseSupply(SupplyNo(number), reason, _reading(how, used, remaining), is_meter_off=meter_off)
    with at_work(call, operator=operator) as counter:
        done = do_approved(counter, command, approver=approve)
    assert isinstance(done, Settlement)
    line = f"Supply {number} is closed: {done.returned} kWh went back, {done.refund} is due."
    say(supply_shapes.settlement(done), line, as_json=call.as_json)


@click.command("write-off")
@click.argument("number")
@click.option("--meter-off", is_flag=True, help="The meter was taken down or disconnected; always needed.")
@REASON
@approval_option
@operator_option(Role.TECHNICIAN)
@verb
def write_off(call: Verb, *, number: str, meter_off: bool, reason: str, approve: str, operator: str) -> None:
    """Wait no longer for the card of a supply that has ended: it will not come back; needs somebody's approval."""
    command = WriteOffCard(SupplyNo(number), reason, is_meter_off=meter_off)
    with at_work(call, operator=operator) as counter:
        shown = do_approved(counter, command, approver=approve)
    assert isinstance(shown, LifeShown)
    say(supply_shapes.life(shown), f"The card of supply {number} is waited for no longer.", as_json=call.as_json)
