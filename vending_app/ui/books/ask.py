"""What an act asks of a person, what he filled in, and what is done then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as part

from vending_app.domain.money import ZERO, Money
from vending_app.ui.components.choice_list import Option

REASON_HINT = "In a few words"
LONGEST_TEXT = 120
"""As much as fits on two lines of paper; more belongs in a letter."""
Fact = tuple[str, str, str]
"""Label, value, and the name of a tone or nothing."""


@dataclass(frozen=True, slots=True)
class Search:
    """Choices that follow what is typed above them."""

    label: str
    asks: Callable[[str], object]
    """The use case that looks for this text."""
    options: Callable[[object], tuple[Option, ...]]
    """The choices of its answer."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What a person filled in."""

    choice: str = ""
    search: str = ""
    amount: Money = ZERO
    reference: str = ""
    reason: str = ""
    secret: str = part(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Deed:
    """A use case to do, and in one sentence what exactly somebody approves who approves it."""

    request: object
    sentence: str


@dataclass(frozen=True, slots=True)
class Ask:
    """What an act wants to know; a label that is empty is not asked for."""

    title: str
    button: str
    make: Callable[[Filled], Deed | Ask]
    """What is done then, or what is asked next; raises VendingError for what cannot be meant."""
    sentence: str = ""
    icon: str = ""
    facts: tuple[Fact, ...] = ()
    choices: tuple[Option, ...] = ()
    choice: str = ""
    search: Search | None = None
    """Then `choices` stand until something is found, and nothing else is asked for."""
    amount: str = ""
    amount_is: Money | None = None
    reference: str = ""
    reference_is: str = ""
    """What stands in it to begin with."""
    reference_letters: int = LONGEST_TEXT
    """So many letters it takes."""
    reason: str = ""
    reason_is: str = ""
    reason_hint: str = REASON_HINT
    secret: str = ""
    """Typed twice for somebody else, never shown."""
    is_typed_once: bool = False
    """A secret that is known already: one that is wrong opens nothing."""
    back: str = "Back"
    note: tuple[str, str, str] = ("", "", "")
    """Tone, icon and words of what is to be known before it is done."""
