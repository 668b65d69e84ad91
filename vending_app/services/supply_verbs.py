"""The verbs of the technician's desk: for each the act that must be permitted, and who does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.permissions import Act
from vending_app.domain.records import ReadingHow
from vending_app.services import supply_cases as ask
from vending_app.services.supply_desk import SupplyDesk
from vending_app.services.verbs import VerbTable

if TYPE_CHECKING:
    from vending_app.services.counter import Counter


def act_of_reissue(command: ask.ReissueCard) -> Act:
    """A card without its fee is given by two people."""
    return Act.WAIVE_FEE if command.is_free else Act.REISSUE


def act_of_meter_change(command: ask.ChangeMeter) -> Act:
    """What a dead meter is taken to have shown is not one person's word."""
    is_guess = command.reading is not None and command.reading.how is ReadingHow.ESTIMATE
    return Act.ESTIMATE if is_guess else Act.METER_CHANGE


def _at_card(counter: Counter, asked: ask.ShowLeft | ask.ChangeMeter | ask.CloseSupply) -> SupplyDesk:
    """What the meter wrote back is read from its card now: an older reading would give away what was used since.

    Raises OperatorError card-absent, card-wrong-supply; nothing is read where registers were typed, or without a card.
    """
    is_typed = asked.reading is not None and asked.reading.how is not ReadingHow.CARD
    if not is_typed and counter.supplies.supply(asked.supply).card is not None:
        with counter.session(None) as session:
            found = counter.reading.read(session)
        if found.record is None or found.record.supply != asked.supply:
            raise OperatorError(Code.CARD_WRONG_SUPPLY, supply=asked.supply)
    return counter.supplies


def supply_verbs(counter: Counter) -> VerbTable:
    return {
        ask.ShowRecords: (Act.RECORDS, lambda _, __: counter.supplies.records()),
        ask.EnterCustomer: (Act.RECORDS, lambda asked, _: counter.supplies.enter_customer(asked)),
        ask.EnterArea: (Act.RECORDS, lambda asked, _: counter.supplies.enter_area(asked)),
        ask.EnterMeter: (Act.RECORDS, lambda asked, _: counter.supplies.enter_meter(asked)),
        ask.EnterSupply: (Act.RECORDS, lambda asked, _: counter.supplies.enter_supply(asked)),
        ask.ChangeTerms: (Act.RECORDS, lambda asked, _: counter.supplies.change_terms(asked)),
        ask.NoteSupply: (Act.RECORDS, lambda asked, _: counter.supplies.note(asked)),
        ask.ShowLife: (Act.LOOK, lambda asked, _: counter.supplies.life(asked.supply)),
        ask.ShowStake: (Act.REISSUE, lambda asked, _: counter.supplies.stake(asked)),
        ask.ReissueCard: (act_of_reissue, counter.reissue),
        ask.ShowLeft: (Act.METER_CHANGE, lambda asked, _: _at_card(counter, asked).left(asked)),
        ask.ChangeMeter: (act_of_meter_change, lambda asked, _: _at_card(counter, asked).change_meter(asked)),
        # Whoever enters records prints them: the slip itself changes nothing.
        ask.PrintSlip: (
            Act.RECORDS,
            lambda asked, _: counter.slips.print(asked.outcome, operator=counter.at_work.name),
        ),
        ask.CloseSupply: (Act.CLOSE_SUPPLY, lambda asked, _: _at_card(counter, asked).close(asked)),
    }
