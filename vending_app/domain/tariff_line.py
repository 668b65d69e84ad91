"""One line of one version of a tariff, as a name that can be typed and looked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from vending_app.domain.tariff import LineKind

_PARTS = 5
_MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class TariffLine:
    """A step, charge, levy or tax of a price, since a day; written `H2/2025-07-01/step/105000/Step 1`."""

    tariff: str
    since: date
    kind: LineKind
    price_micro: int
    """Of a step or levy, in millionths of the currency's unit for a kWh; 0 of others."""
    name: str

    def __str__(self) -> str:
        return "/".join((self.tariff, self.since.isoformat(), self.kind.value, str(self.price_micro), self.name))

    @property
    def order(self) -> tuple[str, date, int, str, int]:
        """As a receipt tells lines."""
        return self.tariff, self.since, list(LineKind).index(self.kind), self.name, self.price_micro

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The line of that name; None for any other text."""
        tariff, *parts = text.split("/", _PARTS - 1)
        if len(parts) != _PARTS - 1:
            return None
        since, kind, price, name = parts
        is_price = price.isascii() and price.isdecimal() and len(price) <= _MOST_DIGITS
        if not is_price or kind not in set(LineKind):
            return None
        try:
            found = cls(tariff, date.fromisoformat(since), LineKind(kind), int(price), name)
        except ValueError:
            return None
        return found if str(found) == text else None
