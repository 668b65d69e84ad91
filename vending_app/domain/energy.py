"""Energy in integer watt-hours; a card counts in hundredths of a kilowatt-hour."""

from __future__ import annotations

from dataclasses import dataclass

from vending_app.domain.money import NARROW_SPACE, grouped, nearest_whole, parse_decimal

CARD_UNIT_WH = 10
"""0.01 kWh, the smallest energy that is sold and the unit of every record on a card."""


@dataclass(frozen=True, slots=True, order=True)
class Energy:
    """An amount of energy; `wh` is a whole number of watt-hours and may be negative."""

    wh: int

    def __post_init__(self) -> None:
        if type(self.wh) is not int:
            raise TypeError(f"energy is a whole number of watt-hours, not {type(self.wh).__name__}")

    def __add__(self, other: Energy) -> Energy:
        return Energy(self.wh + other.wh)

    def __sub__(self, other: Energy) -> Energy:
        return Energy(self.wh - other.wh)

    def __neg__(self) -> Energy:
        return Energy(-self.wh)

    def __bool__(self) -> bool:
        return self.wh != 0

    def __str__(self) -> str:
        """Kilowatt-hours with two decimals, towards zero: `5 026.88`."""
        return grouped(self.card_units, digits=2)

    @property
    def plain(self) -> str:
        """Kilowatt-hours without grouping, for fields and the command line."""
        return str(self).replace(NARROW_SPACE, "")

    @property
    def card_units(self) -> int:
        """Whole hundredths of a kWh, towards zero."""
        units = abs(self.wh) // CARD_UNIT_WH
        return units if self.wh >= 0 else -units

    @property
    def whole_kwh(self) -> int:
        """To the nearest one, half of one away from zero: for a figure at a glance."""
        return nearest_whole(self.wh, 1000)

    @classmethod
    def from_card_units(cls, units: int) -> Energy:
        """The energy that a card field of 0.01 kWh means."""
        return cls(units * CARD_UNIT_WH)

    @classmethod
    def parse(cls, text: str) -> Energy:
        """Energy from kilowatt-hours as typed, at most two decimals.

        Raises OperatorError amount-not-a-number or amount-too-precise.
        """
        return cls.from_card_units(parse_decimal(text, digits=2))


NO_ENERGY = Energy(0)
