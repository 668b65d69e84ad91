"""What is said of operators: how they stand, and what was changed about them. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from vending_app.domain.ids import OperatorName
from vending_app.domain.people import Operator, OperatorChange, OperatorEvent, Role
from vending_app.ui.phrases import clock, day_and_year, local
from vending_app.ui.records.told import Told
from vending_app.ui.words import ROLES

CHANGED = {
    OperatorChange.ADD: "Entered",
    OperatorChange.CHANGE: "Changed",
    OperatorChange.RESET: "New secret given",
    OperatorChange.LOCK: "Locked",
    OperatorChange.UNLOCK: "Unlocked",
    OperatorChange.OWN_SECRET: "Own secret chosen",
    OperatorChange.REKEY: "Secret stored in the newer way",
    OperatorChange.LOCKOUT: "Locked by the program",
}
PROGRAM = "the program"


def state_of(one: Operator) -> tuple[str, str, str]:
    """Word, icon and tone; nothing for who may simply work."""
    if not one.is_active:
        return "locked", "lock-simple", "warn"
    return ("chooses his secret", "key", "accent") if one.must_change else ("", "", "")


def kind_of_secret(role: Role) -> str:
    """What somebody of this role types, with its rule."""
    return "PIN, 6 to 12 figures" if role is Role.CASHIER else "Passphrase, 12 letters or more"


def said_moment(at: datetime | None) -> str:
    """`14 Nov 2025, 10:42`, or that there was none."""
    return f"{day_and_year(local(at).date())}, {clock(at)}" if at else "never"


def facts_of(one: Operator, let_in: datetime | None) -> tuple[tuple[str, str], ...]:
    secret = f"PIN of {one.pin_figures} figures" if one.pin_figures else "passphrase"
    return (
        ("Log-in name", one.name),
        ("Role", ROLES[one.role]),
        ("Secret", f"{secret}, to be changed" if one.must_change else secret),
        ("Last let in", said_moment(let_in)),
    )


def history_of(events: Sequence[OperatorEvent], names: Mapping[OperatorName, str]) -> tuple[Told, ...]:
    """Newest first, each with what stood before."""
    return tuple(_told(event, names) for event in reversed(events))


def _told(event: OperatorEvent, names: Mapping[OperatorName, str]) -> Told:
    by = names.get(event.by, event.by) if event.by else PROGRAM
    return Told(event.at, CHANGED[event.how], "; ".join(_differences(event.before, event.after)), "", by)


def _differences(before: Operator | None, after: Operator) -> list[str]:
    if before is None:
        return [f"{after.full_name}, {ROLES[after.role].lower()}"]
    pairs = (
        ("Name", before.full_name, after.full_name),
        ("Role", ROLES[before.role].lower(), ROLES[after.role].lower()),
        ("May log in", _yes(before.is_active), _yes(after.is_active)),
        ("Must change his secret", _yes(before.must_change), _yes(after.must_change)),
    )
    return [f"{label}: {was} → {now}" for label, was, now in pairs if was != now]


def _yes(is_so: bool, /) -> str:
    return "yes" if is_so else "no"
