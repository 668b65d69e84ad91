"""Choosing one's own secret at the first log-in: typed twice, then kept."""

from __future__ import annotations

from dataclasses import dataclass

from vending_app.domain.people import Operator, Role
from vending_app.services.people_cases import ChangeSecret


@dataclass(slots=True)
class OwnSecret:
    """Where the choice stands; the page asks it what to show and gives it what was typed."""

    operator: Operator
    old: str
    """What was typed at the log-in just before."""
    first: str = ""

    def __repr__(self) -> str:
        return f"OwnSecret(operator={self.operator.name!r})"

    @property
    def kind(self) -> str:
        """What this person types."""
        return "PIN" if self.operator.role is Role.CASHIER else "passphrase"

    @property
    def label(self) -> str:
        """Above the field."""
        return f"The new {self.kind} once more" if self.first else f"New {self.kind} of {self.operator.full_name}"

    @property
    def hint(self) -> str:
        """Beside it."""
        return "6 to 12 figures" if self.kind == "PIN" else "12 letters or more"

    @property
    def button(self) -> str:
        return "Keep it" if self.first else "Go on"

    def take(self, text: str) -> ChangeSecret | str:
        """The first time remembers, the second time is the command; a sentence if the two are not the same."""
        if not self.first:
            self.first = text
            return ""
        first, self.first = self.first, ""
        if text != first:
            return f"The two are not the same. Type a new {self.kind}."
        return ChangeSecret(self.old, text)
