"""What a desk may choose for itself, as values: asked, chosen, and what there is to choose from."""

from __future__ import annotations

from dataclasses import dataclass

from vending_app.domain.allowance import Allowance
from vending_app.domain.ids import ReaderName
from vending_app.domain.money import Money

QUICK_AMOUNTS = tuple(Money(major * 100) for major in (10, 20, 30, 50, 100))
"""What the buttons under the amount offer unless the desk chose others."""


@dataclass(frozen=True, slots=True)
class DeskChoices:
    """What a desk chose for itself."""

    printer: str = ""
    reader: str = ""
    dialect: str = ""
    """How its reader is spoken to; empty lets the reader say it."""
    tries_from_books: bool = False
    """Whether a code is presented also where a reader does not tell the card's tries, by what the books know of it: a
    card that lost two tries somewhere else would be lost."""
    dark: bool = False
    less_motion: bool = False
    quick_amounts: tuple[Money, ...] = QUICK_AMOUNTS


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """What is chosen, and what there is to choose from now."""

    chosen: DeskChoices
    printers: tuple[str, ...]
    readers: tuple[ReaderName, ...]
    dialects: tuple[str, ...] = ()
    has_printers: bool = True
    """False on the practice counter: its paper always goes to the screen."""
    allowance: Allowance | None = None
    """What this desk may still sell; None for one that was never limited."""


@dataclass(frozen=True, slots=True)
class ShowSettings:
    """What this desk may choose for itself. Answer: DeskSettings."""


@dataclass(frozen=True, slots=True)
class ChangeSettings:
    """Change what is given and leave what is None. Answer: DeskSettings. Fails with setting-refused, amount-…"""

    printer: str | None = None
    """A printer of the system; empty saves receipts in the folder `receipts`."""
    reader: str | None = None
    """A reader; empty takes the one with a card in it."""
    dialect: str | None = None
    """How the reader is spoken to; empty lets the reader say it."""
    tries_from_books: bool | None = None
    """Whether codes are presented also where the reader does not tell the tries."""
    dark: bool | None = None
    less_motion: bool | None = None
    quick_amounts: tuple[Money, ...] | None = None
