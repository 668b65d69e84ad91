"""The energy balance: whole Wh between readings, what nobody told is not told, and who loses more than usual."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vending_app.domain.area_reading import AreaReading, ReadingMark, require_rising, standing
from vending_app.domain.energy import Energy
from vending_app.domain.energy_balance import (
    AreaBalance,
    Curve,
    MonthBalance,
    SupplyUse,
    Unread,
    balance,
    curve_of,
    curves_of,
    month_edges,
    share,
    unread,
)
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.loss_standouts import Beside, standouts

JAN = date(2026, 1, 1)
MONTHS = month_edges(date(2026, 4, 20), 4)[:-1]
"""January to March, and the first of April."""


def read(on: date, kwh: int, mark: ReadingMark = ReadingMark.READING) -> AreaReading:
    return AreaReading("N-3", "F1", on, Energy(kwh * 1000), mark)


def a_use(kwh: dict[date, int], *, opened: date = JAN, closed: date | None = None) -> SupplyUse:
    return SupplyUse("00417726", opened, closed, curve_of((on, wh * 1000) for on, wh in kwh.items()), {})


# --- readings --------------------------------------------------------------------------------------------


def test_a_later_reading_of_a_day_corrects_and_a_withdrawn_one_counts_no_more() -> None:
    entered = [read(JAN, 10), read(MONTHS[1], 99), read(JAN, 12), read(MONTHS[1], 0, ReadingMark.WITHDRAWN)]
    assert standing(entered) == (read(JAN, 12),)


def test_the_first_of_a_new_counter_stands_beside_the_last_of_the_old_one() -> None:
    entered = [read(JAN, 900), read(JAN, 5, ReadingMark.FIRST), read(MONTHS[1], 25)]
    require_rising(standing(entered))
    assert standing(entered) == tuple(entered)


def test_a_register_that_goes_back_is_refused() -> None:
    with pytest.raises(OperatorError) as refused:
        require_rising(standing([read(JAN, 900), read(MONTHS[1], 899)]))
    assert refused.value.code is Code.READING_LOWER


# --- delivered -------------------------------------------------------------------------------------------

registers = st.lists(st.tuples(st.integers(1, 60), st.integers(0, 10**9)), min_size=1, max_size=8)


@given(first=st.integers(0, 10**9), steps=registers)
def test_months_add_up_to_what_the_register_counted_whatever_the_days(first: int, steps: list[tuple[int, int]]) -> None:
    day, wh, points = JAN, first, [(JAN, first)]
    for days, more in steps:
        day, wh = day + timedelta(days=days), wh + more
        points.append((day, wh))
    curve = curve_of(points)
    assert curve is not None
    cuts = [*range(JAN.toordinal(), day.toordinal(), 7), day.toordinal()]
    parts = [curve.between(since, until) for since, until in pairwise(cuts)]
    assert min(parts) >= 0
    # In whole 0.01 kWh, as they are told.
    assert all(part % 10 == 0 for part in parts)
    assert sum(parts) == wh // 10 * 10 - first // 10 * 10


def delivered(*readings: AreaReading) -> list[int | None]:
    return [month.delivered for month in balance(MONTHS, [curves_of(standing(readings))], [])]


def test_a_month_between_readings_is_told_and_one_beyond_them_is_not() -> None:
    told = delivered(read(date(2025, 12, 22), 0), read(date(2026, 3, 2), 700))
    # Ten days before January, one day into March: 10 kWh a day.
    assert told == [310_000, 280_000, None]


def test_with_a_new_counter_it_goes_on_and_with_a_gap_it_is_not_told() -> None:
    first = (read(JAN, 1000), read(date(2026, 2, 11), 1410))
    exchanged = (*first, read(date(2026, 2, 11), 3, ReadingMark.FIRST), read(date(2026, 4, 1), 493))
    assert delivered(*exchanged) == [310_000, 280_000, 310_000]
    late = (*first, read(date(2026, 2, 14), 3, ReadingMark.FIRST), read(date(2026, 4, 1), 463))
    assert delivered(*late) == [310_000, None, 310_000]


def test_a_counter_that_is_down_delivers_nothing_and_one_that_is_new_delivered_nothing_before() -> None:
    down = (read(JAN, 0), read(date(2026, 2, 1), 310, ReadingMark.LAST))
    new = (read(date(2026, 2, 1), 7, ReadingMark.FIRST), read(date(2026, 4, 1), 66))
    assert delivered(*down) == [310_000, 0, 0]
    assert delivered(*new) == [0, 28_000, 31_000]


def test_an_area_is_told_only_where_each_of_its_points_is() -> None:
    one = curves_of([read(JAN, 0), read(date(2026, 4, 1), 900)])
    other = curves_of([read(JAN, 0), read(date(2026, 2, 1), 50)])
    assert [month.delivered for month in balance(MONTHS, [one, other], [])] == [360_000, None, None]
    assert [month.delivered for month in balance(MONTHS, [], [])] == [None, None, None]


JULY = [date(2026, month, 1) for month in range(1, 8)]


def test_a_counter_that_was_not_read_near_a_month_is_named() -> None:
    whole = curves_of([read(JAN, 0), read(JULY[-1], 900)])
    gap = curves_of([read(JAN, 0), read(JULY[2], 90), read(JULY[4], 5, ReadingMark.FIRST), read(JULY[-1], 60)])
    points = {
        "F1": whole,
        "F2": curves_of([read(date(1900, 1, 1), 1)]),
        "F3": curves_of([read(date(2026, 3, 9), 5), read(JULY[-1], 9)]),
        "F4": gap,
        "F5": curves_of([read(date(2026, 2, 9), 0, ReadingMark.FIRST), read(date(2026, 6, 9), 9)]),
    }
    assert list(unread(JULY, points)) == [
        Unread("F2", date(1900, 1, 1), None),
        Unread("F3", None, date(2026, 3, 9)),
        Unread("F4", JULY[2], JULY[4]),
        Unread("F5", date(2026, 6, 9), None),
    ]


def test_before_anybody_read_there_nothing_is_missing() -> None:
    begun = curves_of([read(date(2026, 3, 9), 5), read(JULY[-1], 9)])
    assert list(unread(JULY, {"F1": begun, "F2": begun})) == []


# --- used ------------------------------------------------------------------------------------------------


def test_use_is_told_as_far_as_write_backs_go_and_who_is_not_there_is_not_waited_for() -> None:
    supplies = [
        a_use({JAN: 0, date(2026, 4, 1): 90}),
        a_use({JAN: 0, date(2026, 2, 11): 41}),
        a_use({date(2026, 2, 1): 0, date(2026, 3, 1): 28}, opened=date(2026, 2, 1), closed=date(2026, 3, 1)),
        SupplyUse("00000009", date(2026, 3, 31), None, None, {}),
    ]
    one = curves_of([read(JAN, 0), read(date(2026, 4, 1), 900)])
    january, february, march = balance(MONTHS, [one], supplies)
    assert (january.used, january.supplies, january.covered) == (62_000, 2, 2)
    assert (february.used, february.supplies, february.covered) == (28_000 + 10_000 + 28_000, 3, 2)
    assert (march.used, march.supplies, march.covered) == (31_000, 3, 1)
    assert january.loss == 310_000 - 62_000
    assert january.loss_share == 80_00
    assert (february.loss, march.loss_share) == (None, None)


def test_use_that_begins_inside_a_month_is_known_in_part_and_tells_no_loss() -> None:
    """Everybody wrote back after it, and yet its first days are not known."""
    fed = curves_of([read(JAN, 0), read(MONTHS[1], 900)])
    late = a_use({date(2026, 1, 11): 0, date(2026, 2, 1): 21}, opened=date(2020, 1, 1))
    (january,) = balance(MONTHS[:2], [fed], [late])
    assert (january.used, january.covered_share, january.loss) == (21_000, 0, None)


def test_a_register_that_seems_to_go_back_is_not_followed_down() -> None:
    curve = curve_of([(JAN, 50), (date(2026, 1, 3), 40), (date(2026, 1, 5), 60), (JAN, 45)])
    assert curve == Curve((JAN.toordinal(), date(2026, 1, 5).toordinal()), (50, 60))


@pytest.mark.parametrize(("part", "whole", "told"), [(1, 3, 33_33), (2, 3, 66_67), (-1, 8, -12_50), (0, 5, 0)])
def test_shares_are_hundredths_of_a_per_cent(part: int, whole: int, told: int) -> None:
    assert share(part, whole) == told


# --- standing out ----------------------------------------------------------------------------------------


def an_area(code: str, *losses: int) -> AreaBalance:
    """Losses in whole per cent by month."""
    months = tuple(
        MonthBalance(date(2026, at, 1), 100_000, 0, 100_000 - loss * 1000, 10, 10) for at, loss in enumerate(losses, 1)
    )
    return AreaBalance(code, f"Area {code}", months, 10)


def test_who_loses_more_than_the_others_stands_out_and_nobody_else() -> None:
    areas = [an_area("A", 6), an_area("B", 9), an_area("C", 18), an_area("D", 7)]
    (found,) = standouts(areas)
    assert (found.code, found.beside, found.loss_share) == ("C", Beside.OTHERS, 18_00)
    assert (found.low, found.high) == (6_00, 9_00)


def test_who_loses_more_than_before_stands_out_also_alone() -> None:
    (found,) = standouts([an_area("A", 7, 6, 8, 7, 16)])
    assert (found.beside, found.low, found.high) == (Beside.BEFORE, 6_00, 8_00)
    assert standouts([an_area("A", 7, 6, 8, 7, 9)]) == ()


def test_where_losses_differ_widely_nobody_stands_out() -> None:
    assert standouts([an_area("A", 2), an_area("B", 9), an_area("C", 18), an_area("D", 25)]) == ()


def test_two_others_are_enough_where_the_distance_is_plain_and_one_never() -> None:
    (found,) = standouts([an_area("A", 6), an_area("B", 7), an_area("C", 20)])
    assert (found.code, found.beside, found.low, found.high) == ("C", Beside.OTHERS, 6_00, 7_00)
    assert standouts([an_area("A", 6), an_area("B", 7), an_area("C", 17)]) == ()
    assert standouts([an_area("A", 6), an_area("B", 12), an_area("C", 24)]) == ()
    assert standouts([an_area("A", 6), an_area("C", 25)]) == ()


def test_who_used_more_than_was_delivered_stands_out_and_nobody_beside_him() -> None:
    (found,) = standouts([an_area("A", -150), *(an_area(code, 8) for code in "BCDE")])
    assert (found.code, found.beside, found.loss_share) == ("A", Beside.NOTHING, -150_00)
    assert standouts([an_area("A", -3), an_area("B", 8), an_area("C", 8)]) == ()


def test_more_than_a_quarter_of_what_was_delivered_stands_out_by_itself() -> None:
    (found,) = standouts([an_area("A", *[45] * 12)])
    assert (found.beside, found.loss_share, found.low, found.high) == (Beside.DELIVERED, 45_00, None, None)
    among = standouts([an_area("A", *[6] * 12), an_area("B", *[45] * 12), an_area("C", *[7] * 12)])
    assert [(one.code, one.beside) for one in among] == [("B", Beside.DELIVERED), ("B", Beside.OTHERS)]
