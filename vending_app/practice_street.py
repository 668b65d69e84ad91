"""The street of the practice office: ten houses with habits of their own, and the cards in its tray."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vending_app.domain.energy import Energy
from vending_app.domain.ids import SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.records import Area
from vending_app.services.drill_list import (
    AMARA,
    AMARA_AT,
    BAKERY,
    BAKERY_AT,
    BLANK,
    CAFE,
    CAFE_AT,
    LENA_AT,
    TORN,
    TORN_AT,
)
from vending_app.services.practice_cases import TrayCard

SCENE = 5
"""Rises when the street or its cards change: a practice office with an older one is made anew."""

AREA = Area("N-3", "North 3, Mill Lane", "T-07")
"""All of the street: its meters take the tool cards of this area."""
TOOL_DAYS = 31
"""How long the check card of the tray is taken; then it is issued anew."""

CHECK, FOREIGN = "check", "foreign"
BLANKS = (BLANK, "blank-2", "blank-3")
"""One to issue, and two more for a card that is lost or broken."""


class Habit(StrEnum):
    """What else happens at this house, once a month."""

    QUIET = "quiet"
    OVERLOADS = "overloads"
    """The welder runs while the kettle does, and the card closes the relay again."""
    TAMPERS = "tampers"
    """The cover is opened, with the mains off."""
    LOSES_POWER = "loses-power"
    LENDS = "lends"
    """Puts the neighbour's card in first."""


@dataclass(frozen=True, slots=True)
class Household:
    """One house of the street."""

    key: str
    supply: SupplyNo
    spends: Money
    left: Energy
    """What the meter has left when the customer comes back; below the alarm level it tripped on the way, and below zero
    it lent what its overdraft limit lets it."""
    power_w: int
    label: str
    colour: str
    months: int = 1
    """How many months one purchase is for."""
    habit: Habit = Habit.QUIET


HOUSEHOLDS = (
    Household(AMARA, AMARA_AT, Money(4000), Energy(18_400), 1800, "Amara Okafor", "blue"),
    Household(BAKERY, BAKERY_AT, Money(12_000), Energy(140_000), 6400, "Sunrise Bakery", "green"),
    Household(TORN, TORN_AT, Money(3500), Energy(31_700), 2200, "Torn sale", "brown"),
    Household("lena", LENA_AT, Money(3000), Energy(6200), 900, "Lena Hoffmann", "blue", months=2),
    Household(
        "yusuf", SupplyNo("00417729"), Money(5500), Energy(44_000), 2600, "Yusuf Demir", "blue", 2, Habit.OVERLOADS
    ),
    Household("school", SupplyNo("00417731"), Money(30_000), Energy(310_000), 8200, "Harbour School", "green", 3),
    Household(
        "lin-wei", SupplyNo("00417732"), Money(2500), Energy(12_900), 700, "Lin Wei 林伟", "blue", 2, Habit.LENDS
    ),
    Household(
        "fatima", SupplyNo("00417733"), Money(6000), Energy(-2000), 1500, "فاطمة الزهراء", "blue", 3, Habit.LOSES_POWER
    ),
    Household("kofi", SupplyNo("00417736"), Money(4500), Energy(27_300), 1900, "Kofi Mensah", "blue", 2, Habit.TAMPERS),
    Household(CAFE, CAFE_AT, Money(15_000), Energy(88_000), 5200, "Café Zoé", "green", 2),
)
"""The first three come every month, so that there is much to look at; the others now and then, and soon again."""

_OTHERS = {
    BLANK: TrayCard(BLANK, "Blank", "silver"),
    CHECK: TrayCard(CHECK, "Check card", "slate"),
    FOREIGN: TrayCard(FOREIGN, "Foreign", "red"),
}
_OF_HOUSES = tuple(TrayCard(house.key, house.label, house.colour) for house in HOUSEHOLDS)
TRAY = (
    *_OF_HOUSES[:3],
    *_OTHERS.values(),
    *_OF_HOUSES[3:],
    *(TrayCard(key, f"Blank {at}", "silver") for at, key in enumerate(BLANKS[1:], start=2)),
)
"""What a beginner needs lies on the first page."""
