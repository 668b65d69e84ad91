"""What one desk may choose for itself, and keeping it: printer, reader, looks, quick amounts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, fields, replace
from typing import Protocol

from vending_app.domain.allowance import Allowance
from vending_app.domain.errors import Code, OperatorError, VendingError
from vending_app.domain.ids import ReaderName
from vending_app.domain.money import ZERO, Money
from vending_app.ports import CardDesk
from vending_app.services.choices import ChangeSettings, DeskChoices, DeskSettings

QUICK_COUNT = 5
"""As many buttons as stand under the amount."""
QUICK_MOST = Money(9_999_99)
"""More figures do not fit on a button beside the practice dock."""


class Preferences(Protocol):
    """Where the choices of this desk are kept; whoever uses the printer or the reader asks it each time."""

    @property
    def chosen(self) -> DeskChoices:
        """What holds now."""

    @property
    def has_printers(self) -> bool:
        """False on the practice counter: its paper always goes to the screen."""

    def keep(self, choices: DeskChoices) -> None:
        """Make it hold from now on, also after a restart. Raises EnvironmentFault file-unreadable, settings-damaged."""

    def printers(self) -> tuple[str, ...]:
        """The printers of this system, the default one first."""


@dataclass(slots=True)
class Unkept:
    """`Preferences` of a desk without a file of settings: they hold until the program ends."""

    chosen: DeskChoices = field(default_factory=DeskChoices)
    has_printers: bool = False

    def keep(self, choices: DeskChoices) -> None:
        """See Preferences."""
        self.chosen = choices

    def printers(self) -> tuple[str, ...]:
        """See Preferences."""
        return ()


Noting = Callable[[Mapping[str, str], Mapping[str, str]], AbstractContextManager[None]]
"""What was before and what is after, told with the block that keeps it."""
YES_NO = {True: "yes", False: "no"}


def told(chosen: DeskChoices) -> dict[str, str]:
    """What a desk chose, by the names of its settings, as its journal tells it."""
    return {
        "printer": chosen.printer,
        "reader": chosen.reader,
        "dialect": chosen.dialect,
        "tries_from_books": YES_NO[chosen.tries_from_books],
        "quick_amounts": amounts_text(chosen.quick_amounts),
        "dark": YES_NO[chosen.dark],
        "less_motion": YES_NO[chosen.less_motion],
    }


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Only what changed, on both sides."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name, "") for name in names}, {name: after[name] for name in names}


def amounts_text(amounts: tuple[Money, ...]) -> str:
    """`10,20,30,50,100`: a decimal mark in it is a point."""
    return ",".join(amount.plain.removesuffix(".00") for amount in amounts)


@dataclass(frozen=True, slots=True)
class SettingsDesk:
    """Shows and changes the choices of this desk."""

    cards: CardDesk
    preferences: Preferences
    noting: Noting
    """The journal: what is kept inside it is told there."""
    allowed: Callable[[], Allowance | None] = lambda: None
    """What the office lets this desk sell."""

    def show(self) -> DeskSettings:
        """What is chosen, and what there is to choose from."""
        kept = self.preferences
        return DeskSettings(
            chosen=kept.chosen,
            printers=kept.printers() if kept.has_printers else (),
            readers=self._readers(),
            dialects=self.cards.dialects,
            has_printers=kept.has_printers,
            allowance=self.allowed(),
        )

    def change(self, asked: ChangeSettings) -> DeskSettings:
        """Keep what is asked and leave the rest.

        Raises OperatorError setting-refused for a printer, reader or dialect that there is not, amount-…
        """
        now = self.show()
        wanted = _applied(now.chosen, asked)
        if wanted.printer != now.chosen.printer and wanted.printer not in ("", *now.printers):
            raise _refused("printer", wanted.printer, now.printers)
        if wanted.reader != now.chosen.reader and wanted.reader not in ("", *now.readers):
            raise _refused("reader", wanted.reader, now.readers)
        if wanted.dialect not in ("", *now.dialects):
            raise _refused("dialect", wanted.dialect, now.dialects)
        check_quick_amounts(wanted.quick_amounts)
        if wanted != now.chosen:
            self._keep(now.chosen, wanted)
            self._heed(self.preferences.chosen)
        return replace(now, chosen=self.preferences.chosen)

    def _heed(self, chosen: DeskChoices) -> None:
        self.cards.speak(chosen.dialect, tries_from_books=chosen.tries_from_books)

    def _keep(self, now: DeskChoices, wanted: DeskChoices) -> None:
        before, after = differing(told(now), told(wanted))
        with self.noting(before, after) if after else nullcontext():
            self.preferences.keep(wanted)

    def _readers(self) -> tuple[ReaderName, ...]:
        """None while the card service is down: the page says so, and the rest can still be chosen."""
        try:
            return tuple(state.name for state in self.cards.readers())
        except VendingError:
            return ()


def _applied(chosen: DeskChoices, asked: ChangeSettings) -> DeskChoices:
    changes = {each.name: getattr(asked, each.name) for each in fields(asked)}
    return replace(chosen, **{name: value for name, value in changes.items() if value is not None})


def _refused(setting: str, value: str, known: Sequence[str]) -> OperatorError:
    return OperatorError(Code.SETTING_REFUSED, setting=setting, value=value, known=", ".join(known) or "none")


def check_quick_amounts(amounts: tuple[Money, ...]) -> None:
    """Five amounts a customer may ask for. Raises OperatorError amount-not-positive, -over-maximum, setting-refused."""
    for amount in amounts:
        check_quick_amount(amount)
    if len(amounts) != QUICK_COUNT:
        said = ", ".join(amount.plain for amount in amounts)
        raise _refused("quick_amounts", said, (f"{QUICK_COUNT} amounts",))


def check_quick_amount(amount: Money) -> None:
    """Raises OperatorError amount-not-positive, amount-over-maximum."""
    if amount <= ZERO:
        raise OperatorError(Code.AMOUNT_NOT_POSITIVE, amount=amount)
    if amount > QUICK_MOST:
        raise OperatorError(Code.AMOUNT_OVER_MAXIMUM, maximum=QUICK_MOST, amount=amount)
