"""What is foretold is what the reference meter then does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.services.desk_of import DeskOf, a_desk
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.meter import MeterDecision
from vending_app.meter.foresee import foresee
from vending_app.services.use_cases import SaleDone
from vending_app.ui.sell.telling import said_foreseen


def visits(desk: DeskOf, amount: str) -> SaleDone:
    """The card comes from the meter, is read, and sold to."""
    desk.world.load_meter()
    desk.reinsert()
    desk.read()
    return desk.sell(amount)


@pytest.mark.parametrize("used", [0, 40_000, 10_000_000])
def test_the_meter_does_what_was_foretold(tmp_path: Path, used: int) -> None:
    with a_desk(tmp_path) as desk:
        desk.sell("50.00")
        desk.world.load_meter()
        desk.world.meter.use(Energy(used))
        done = visits(desk, "20.00")
        told = done.foreseen
        assert told is not None
        came = desk.world.load_meter()
        assert (told.decision, told.credited) == (came.decision, came.credited)
        # A card counts in 0.01 kWh.
        assert abs(told.remaining.wh - came.view.remaining.wh) < 10


def test_the_first_card_is_foretold_to_a_meter_that_never_wrote(tmp_path: Path) -> None:
    with a_desk(tmp_path) as desk:
        told = desk.sell("50.00").foreseen
        assert told is not None
        assert (told.decision, told.remaining) == (MeterDecision.CREDITED, desk.world.load_meter().view.remaining)


def test_a_meter_that_would_hold_too_much_is_foretold_to_refuse(tmp_path: Path) -> None:
    with a_desk(tmp_path) as desk:
        sale = desk.sell("50.00").sale
        order, order_card = sale.intent.order, sale.intent.write.card
        small = replace(order, parameters=replace(order.parameters, hoarding=Energy(1_000)))
        told = foresee(None, small, order_card)
        assert (told.decision, told.credited, told.remaining) == (MeterDecision.OVER_HOARDING, NO_ENERGY, NO_ENERGY)
        assert "refuse" in said_foreseen(told)


def test_it_is_said_in_one_sentence(tmp_path: Path) -> None:
    with a_desk(tmp_path) as desk:
        told = desk.sell("50.00").foreseen
        assert told is not None
        assert said_foreseen(told) == (
            f"The meter will take +{told.credited} kWh and have about {told.credited.wh // 1000} kWh then."
        )
    assert said_foreseen(None) == ""
