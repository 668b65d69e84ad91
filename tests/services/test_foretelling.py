"""What is said before money is taken is what the reference meter then does, at every amount and at its limit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.services.desk_of import DeskOf, a_desk
from vending_app.bench.world import SUPPLY
from vending_app.domain.energy import CARD_UNIT_WH, NO_ENERGY, Energy
from vending_app.domain.errors import Code, VendingError
from vending_app.domain.meter import MeterDecision
from vending_app.services.use_cases import OpenSupply, Sell, SupplyReading


def reading(desk: DeskOf) -> SupplyReading:
    found = desk.counter.do(OpenSupply(SUPPLY))
    assert isinstance(found, SupplyReading)
    return found


def visit(desk: DeskOf, used: int) -> None:
    desk.world.load_meter()
    desk.world.meter.use(Energy(used))
    desk.world.load_meter()
    desk.reinsert()
    desk.read()


@pytest.mark.parametrize("used", [0, 40_000, 10_000_000])
@pytest.mark.parametrize("loads", [True, False])
def test_the_meter_does_what_was_said_before(tmp_path: Path, used: int, loads: bool) -> None:
    """Also with a purchase that is still on the card: the next order brings both."""
    with a_desk(tmp_path) as desk:
        desk.sell("50.00")
        visit(desk, used)
        if not loads:
            desk.reinsert()
            desk.sell("10.00")
        desk.reinsert()
        before = reading(desk)
        energy = Energy(123_450)
        told = before.foretold(energy)
        assert told is not None
        desk.reinsert()
        done = desk.counter.do(Sell(desk.world.new_id(), energy=energy))
        assert done.foreseen == told  # type: ignore[attr-defined]
        came = desk.world.load_meter()
        assert (told.decision, told.credited) == (came.decision, came.credited)
        assert abs(told.remaining.wh - came.view.remaining.wh) < CARD_UNIT_WH


@pytest.mark.parametrize("used", [0, 12_340, 60_000])
def test_the_most_that_is_said_is_taken_and_a_hundredth_more_is_not(tmp_path: Path, used: int) -> None:
    with a_desk(tmp_path) as desk:
        desk.sell("50.00")
        visit(desk, used)
        before = reading(desk)
        most = before.sell_at_most
        assert most is not None
        over = most + Energy(CARD_UNIT_WH)
        at, beyond = before.foretold(most), before.foretold(over)
        assert at is not None
        assert beyond is not None
        assert (at.decision, beyond.decision) == (MeterDecision.CREDITED, MeterDecision.OVER_HOARDING)
        assert beyond.credited == NO_ENERGY


def test_a_sale_is_refused_before_money_by_what_the_meter_says(tmp_path: Path) -> None:
    with a_desk(tmp_path) as desk:
        most = reading(desk).sell_at_most
        assert most is not None
        asked = most + Energy(20_000)
        with pytest.raises(VendingError) as refused:
            desk.counter.do(Sell(desk.world.new_id(), energy=asked))
        assert refused.value.code is Code.AMOUNT_OVER_HOARDING
        assert refused.value.facts == {"at_most": most, "over": Energy(20_000), "asked": asked}
        assert desk.nothing_happened()


def test_where_nobody_can_ask_the_meter_its_limit_decides(tmp_path: Path) -> None:
    with a_desk(tmp_path) as desk:
        desk.counter.outside = replace(desk.counter.outside, foresee=None)
        assert reading(desk).foretold(Energy(10)) is None
        most = reading(desk).sell_at_most
        assert most is not None
        with pytest.raises(VendingError) as refused:
            desk.counter.do(Sell(desk.world.new_id(), energy=most + Energy(CARD_UNIT_WH)))
        assert refused.value.code is Code.AMOUNT_OVER_HOARDING
