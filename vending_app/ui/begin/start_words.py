"""The words of the page where a working day begins. No Qt here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from vending_app.domain.people import Operator, Role
from vending_app.domain.permissions import Act, may
from vending_app.domain.start import OpenEnd, Todo
from vending_app.services.start_cases import StartShown
from vending_app.ui.phrases import counted, day_and_month
from vending_app.ui.words import HEALTH

Said = tuple[str, str]
"""Title and line."""
LOOKS: Mapping[Todo, tuple[str, str, str]] = {
    Todo.WAITING: ("credit-card", "bad", "Settle"),
    Todo.HEALTH: ("heartbeat", "bad", ""),
    Todo.DAY_OPEN: ("lock-simple-open", "bad", "Close"),
    Todo.SHIFT_OPEN: ("wallet", "warn", "Shift"),
    Todo.ODD: ("warning-circle", "warn", "Look"),
    Todo.UNPRINTED: ("printer", "warn", "Print"),
    Todo.LOCKED: ("lock-key", "warn", "Operators"),
    Todo.PREPARED: ("identification-card", "accent", "Issue"),
    Todo.ENDING: ("clock", "warn", "Look"),
    Todo.BLANK_CARDS: ("stack", "warn", "Records"),
    Todo.TOOLS_OUT: ("wrench", "warn", "Tools"),
    Todo.ROUTE: ("map-trifold", "accent", "Enter"),
    Todo.TARIFF: ("tag", "accent", "Look"),
    Todo.NEW_SECRET: ("key", "muted", "Operators"),
}
"""Icon, tone, and the verb that does something about it."""
DONE_ABOUT: Mapping[str, str] = {"keys": "Bring the office’s; page Keys tells which."}
"""What helps where nothing more is told, by the name of a Health."""


def verb_of(end: OpenEnd, operator: Operator) -> str:
    """What this person can do about it; nothing for what he is only told."""
    if end.what is Todo.TARIFF and not may(operator, Act.TARIFFS):
        return ""
    return LOOKS[end.what][2]


def said_end(end: OpenEnd) -> Said:
    """One thing that is open."""
    return _SAID[end.what](end)


def _of_several(end: OpenEnd) -> str:
    return f"{end.name} and {counted(end.count - 1, 'other', 'others')}" if end.count > 1 else end.name


def _on(end: OpenEnd) -> str:
    return day_and_month(end.on) if end.on is not None else ""


def _waiting(end: OpenEnd) -> Said:
    title = "A sale waits for its card" if end.count == 1 else f"{end.count} sales wait for their cards"
    return title, f"{end.amount}, {_of_several(end)}, since {_on(end)}"


def _health(end: OpenEnd) -> Said:
    return HEALTH[end.key][1], end.name or DONE_ABOUT.get(end.key, "See the self-test in the help.")


def _day_open(end: OpenEnd) -> Said:
    return f"{_on(end)} is not closed", "Not added up and signed yet."


def _shift_open(end: OpenEnd) -> Said:
    title = "A shift was never closed" if end.count == 1 else f"{end.count} shifts were never closed"
    return title, f"{_of_several(end)}, open since {_on(end)}"


def _odd(end: OpenEnd) -> Said:
    title = "One thing is odd today" if end.count == 1 else f"{end.count} things are odd today"
    return title, "They stand on the page of the day."


def _unprinted(end: OpenEnd) -> Said:
    title = "A receipt was not printed" if end.count == 1 else f"{end.count} receipts were not printed"
    return title, f"{end.amount}, {_of_several(end)}"


def _locked(end: OpenEnd) -> Said:
    return f"{_of_several(end)} {'is' if end.count == 1 else 'are'} locked", "After too many wrong secrets."


def _prepared(end: OpenEnd) -> Said:
    title = "A supply waits for its card" if end.count == 1 else f"{end.count} supplies wait for their cards"
    return title, _of_several(end)


def _ending(end: OpenEnd) -> Said:
    title = "A temporary supply ends soon" if end.count == 1 else f"{end.count} temporary supplies end soon"
    return title, f"{_of_several(end)}, on {_on(end)}"


def _blank_cards(end: OpenEnd) -> Said:
    return (
        f"{counted(end.count, 'blank card is', 'blank cards are')} left",
        "Order some, or take another desk’s.",
    )


def _tools_out(end: OpenEnd) -> Said:
    title = "A check card is overdue" if end.count == 1 else f"{end.count} check cards are overdue"
    return title, f"{_of_several(end)}, expired on {_on(end)}"


def _route(end: OpenEnd) -> Said:
    return f"{counted(end.count, 'meter is', 'meters are')} on the route", "What was found there is not entered yet."


def _tariff(end: OpenEnd) -> Said:
    return f"New prices on {_on(end)}", f"{end.name}, {end.key}"


def _new_secret(end: OpenEnd) -> Said:
    return f"{counted(end.count, 'operator chooses', 'operators choose')} a new secret", _of_several(end)


_SAID: Mapping[Todo, Callable[[OpenEnd], Said]] = {
    Todo.WAITING: _waiting,
    Todo.HEALTH: _health,
    Todo.DAY_OPEN: _day_open,
    Todo.SHIFT_OPEN: _shift_open,
    Todo.ODD: _odd,
    Todo.UNPRINTED: _unprinted,
    Todo.LOCKED: _locked,
    Todo.PREPARED: _prepared,
    Todo.ENDING: _ending,
    Todo.BLANK_CARDS: _blank_cards,
    Todo.TOOLS_OUT: _tools_out,
    Todo.ROUTE: _route,
    Todo.TARIFF: _tariff,
    Todo.NEW_SECRET: _new_secret,
}


# --- what is next ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Next:
    """The one thing to do now."""

    icon: str
    title: str
    line: str
    verb: str
    place: str = ""
    """Of the rail; empty for something that is open."""
    end: OpenEnd | None = None


def next_of(shown: StartShown) -> Next:
    """Money first: nobody sells without a shift. Then what is open, and on a calm day the usual work."""
    if shown.shift is None and may(shown.operator, Act.SHIFT) and shown.operator.role is Role.CASHIER:
        return Next(
            "wallet", "Open your shift", "Count the float in the drawer, and the desk sells.", "Open the shift", "shift"
        )
    urgent = next((end for end in shown.ends if verb_of(end, shown.operator)), None)
    if urgent is not None:
        return Next(LOOKS[urgent.what][0], *said_end(urgent), verb_of(urgent, shown.operator), end=urgent)
    return _USUAL[shown.operator.role]


_CALM = "Nothing needs you"
_USUAL = {
    Role.CASHIER: Next("lightning", "Sell", "Put a card in: its customer is shown.", "Sell", "sell"),
    Role.SUPERVISOR: Next("chart-bar", _CALM, "The page of the day has its figures.", "The day", "day"),
    Role.TECHNICIAN: Next("house-line", _CALM, "Supplies are found by name, number or meter.", "Supplies", "supplies"),
    Role.ADMINISTRATOR: Next("sliders-horizontal", _CALM, "Tariffs and operators are in Set-up.", "Set-up", "setup"),
}
