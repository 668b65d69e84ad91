"""The verbs of the technician's desk: for each the act that must be permitted, and who does it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from vending_app.domain.permissions import Act
from vending_app.domain.records import MeterChange, ReadingHow, Settlement
from vending_app.ports import CardSession, Progress
from vending_app.services import supply_cases as ask
from vending_app.services.card_verbs import reissue
from vending_app.services.procedure_slips import ProcedureSlips
from vending_app.services.supply_desk import SupplyDesk
from vending_app.services.supply_ends import SupplyEnds
from vending_app.services.verb_tables import VerbTable

if TYPE_CHECKING:
    from vending_app.services.counter import Counter


def act_of_reissue(command: ask.ReissueCard) -> Act:
    """A card without its fee is given by two people."""
    return Act.WAIVE_FEE if command.is_free else Act.REISSUE


def act_of_meter_change(command: ask.ChangeMeter) -> Act:
    """What a dead meter is taken to have shown is not one person's word."""
    is_guess = command.reading is not None and command.reading.how is ReadingHow.ESTIMATE
    return Act.ESTIMATE if is_guess else Act.METER_CHANGE


@contextmanager
def _card_of(counter: Counter, asked: ask.ShowLeft | ask.ChangeMeter | ask.CloseSupply) -> Iterator[CardSession | None]:
    """The card in the reader, from which the last registers are read; none where they were typed, or without a card.

    Raises OperatorError card-absent.
    """
    is_typed = asked.reading is not None and asked.reading.how is not ReadingHow.CARD
    if is_typed or _supplies(counter).supply(asked.supply).card is None:
        yield None
        return
    with counter.session(None) as session:
        yield session


def _left(counter: Counter, asked: ask.ShowLeft) -> ask.Left:
    with _card_of(counter, asked) as session:
        return _ends(counter).left(asked, session)


def _change_meter(counter: Counter, asked: ask.ChangeMeter, progress: Progress) -> MeterChange:
    with _card_of(counter, asked) as session:
        return _ends(counter).change_meter(asked, session, progress)


def _close(counter: Counter, asked: ask.CloseSupply, progress: Progress) -> Settlement:
    with _card_of(counter, asked) as session:
        return _ends(counter).close(asked, session, progress)


def _write_off(counter: Counter, asked: ask.WriteOffCard) -> ask.LifeShown:
    _ends(counter).write_off(asked)
    return _supplies(counter).life(asked.supply)


def verbs(counter: Counter) -> VerbTable:
    return {
        ask.ShowRecords: (Act.RECORDS, lambda _, __: _supplies(counter).records()),
        ask.EnterCustomer: (Act.RECORDS, lambda asked, _: _supplies(counter).enter_customer(asked)),
        ask.EnterArea: (Act.RECORDS, lambda asked, _: _supplies(counter).enter_area(asked)),
        ask.EnterMeter: (Act.RECORDS, lambda asked, _: _supplies(counter).enter_meter(asked)),
        ask.EnterSupply: (Act.RECORDS, lambda asked, _: _supplies(counter).enter_supply(asked)),
        ask.ChangeTerms: (Act.RECORDS, lambda asked, _: _supplies(counter).change_terms(asked)),
        ask.NoteSupply: (Act.RECORDS, lambda asked, _: _supplies(counter).note(asked)),
        ask.ShowLife: (Act.LOOK, lambda asked, _: _supplies(counter).life(asked.supply)),
        ask.ShowStake: (Act.REISSUE, lambda asked, _: _supplies(counter).stake(asked)),
        ask.ReissueCard: (act_of_reissue, lambda asked, progress: reissue(counter, asked, progress)),
        ask.ShowLeft: (Act.METER_CHANGE, lambda asked, _: _left(counter, asked)),
        ask.ChangeMeter: (act_of_meter_change, lambda asked, progress: _change_meter(counter, asked, progress)),
        # Whoever enters records prints them: the slip itself changes nothing.
        ask.PrintSlip: (Act.RECORDS, lambda asked, _: slips_of(counter).print(asked)),
        ask.ShowSlip: (Act.RECORDS, lambda asked, _: slips_of(counter).show(asked)),
        ask.CloseSupply: (Act.CLOSE_SUPPLY, lambda asked, progress: _close(counter, asked, progress)),
        ask.WriteOffCard: (Act.CLOSE_SUPPLY, lambda asked, _: _write_off(counter, asked)),
    }


def _supplies(counter: Counter) -> SupplyDesk:
    return SupplyDesk(counter.outside.ledger, counter.outside.clock)


def _ends(counter: Counter) -> SupplyEnds:
    out = counter.outside
    return SupplyEnds(out.ledger, out.entropy, counter.at_work, counter.selling, counter.writing)


def slips_of(counter: Counter) -> ProcedureSlips:
    out = counter.outside
    return ProcedureSlips(out.ledger, out.paper, out.printer, out.clock)
