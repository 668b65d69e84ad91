"""The pages behind Set-up: one button each in its title row, for whoever may do something there."""

from __future__ import annotations

from dataclasses import dataclass

from vending_app.domain.permissions import Act

OFFICE, TARIFFS, OPERATORS, KEYS = "office", "tariffs", "operators", "keys"


@dataclass(frozen=True, slots=True)
class Door:
    """A button that opens a page; Esc comes back."""

    key: str
    """Of the page."""
    words: str
    icon: str
    act: Act
    """Who may do it, alone or with an approval, sees the button."""


DOORS = (
    Door(OFFICE, "Office", "buildings", Act.RULES),
    Door(TARIFFS, "Tariffs", "tag", Act.TARIFFS),
    Door(OPERATORS, "Operators", "users", Act.OPERATORS),
    Door(KEYS, "Keys", "key", Act.VERIFY),
)
