"""What is said of master keys and of what desks may sell. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping

from vending_app.domain.ids import OperatorName
from vending_app.domain.key_ceremony import KeyDeed, KeyEvent, KeyShare, KeyState
from vending_app.domain.key_share import share_groups
from vending_app.services.allowance_cases import AllowanceShown
from vending_app.services.key_cases import KeyTold
from vending_app.ui.phrases import day_and_year, full_day
from vending_app.ui.records.told import UNCHANGED, Told

SEALED = "sealed"
PLACES = {SEALED: "in the sealed file", "pkcs11": "in the key token"}
STATES = {
    KeyState.CURRENT: "current",
    KeyState.ACCEPTED: "still accepted",
    KeyState.RETIRED: "retired",
    KeyState.MISSING: "missing here",
    KeyState.OTHER: "another key",
}
TAGS = {
    KeyState.CURRENT: ("current", "key", "accent"),
    KeyState.ACCEPTED: ("still accepted", "clock-counter-clockwise", "muted"),
    KeyState.RETIRED: ("retired", "archive", "muted"),
    KeyState.MISSING: ("missing here", "warning-fill", "warn"),
    KeyState.OTHER: ("another key", "warning-fill", "bad"),
}
DEEDS = {
    KeyDeed.MADE: "Made",
    KeyDeed.SHARED: "Shared out",
    KeyDeed.PROVEN: "Proven by its shares",
    KeyDeed.RESTORED: "Brought back of its shares",
    KeyDeed.RETIRED: "Retired",
}
ABSENT = {KeyState.MISSING: STATES[KeyState.MISSING], KeyState.OTHER: "bring the right key file"}
"""Where the office's key of a version is that is not at this desk."""
BEGAN = "the beginning"
UNTOLD = "–"
"""Of a version that the books know by its cards and meters alone."""
NO_ROW = "These books tell nothing of it"
UNLIMITED = "not limited"
UNCLEARED = "Old cards out"
GROUPS_IN_A_ROW = 3


def since(key: KeyTold) -> str:
    """`14 Nov 2025`."""
    if key.since:
        return full_day(key.since)
    return BEGAN if is_from_the_beginning(key) else UNTOLD


def is_from_the_beginning(key: KeyTold) -> bool:
    """The office began with it; a newer one that no row tells of was made in other books."""
    return key.version == 1 and bool(key.check_value)


def said_of_no_history(key: KeyTold) -> str:
    """Where no row tells of it."""
    return UNCHANGED if is_from_the_beginning(key) else NO_ROW


def said_check(key: KeyTold) -> str:
    """`0FB2BF`."""
    return key.check_value or UNTOLD


def holders(key: KeyTold, place: str) -> str:
    """Who has the shares of the newest sharing."""
    if place != SEALED:
        return "never leaves the token"
    if not key.check_value:
        return UNTOLD
    return ", ".join(key.shared.custodians) if key.shared else "not shared out"


def facts_of(key: KeyTold, place: str) -> tuple[tuple[str, str], ...]:
    """What is told beside the list."""
    where = ABSENT.get(key.state, PLACES[place])
    other = (("Check value here", key.other),) if key.other else ()
    facts = (("Check value", said_check(key)), *other, ("Since", since(key)), ("Master key", where), *_uncleared(key))
    if key.shared is None:
        return (*facts, ("Shares", holders(key, place)))
    count = len(key.shared.custodians)
    shares = tuple((f"Share {at} of {count}", name) for at, name in enumerate(key.shared.custodians, 1))
    return (*facts, *shares, ("Mark of this sharing", key.shared.sharing))


def _uncleared(key: KeyTold) -> tuple[tuple[str, str], ...]:
    return ((UNCLEARED, str(key.uncleared)),) if key.uncleared else ()


def history_of(key: KeyTold, names: Mapping[OperatorName, str]) -> tuple[Told, ...]:
    """Newest first."""
    return tuple(_told(event, names) for event in reversed(key.events))


def _told(event: KeyEvent, names: Mapping[OperatorName, str]) -> Told:
    by = names.get(event.operator, event.operator) if event.operator else "nobody logged in"
    word = f"Approved by {names.get(event.approver, event.approver)}" if event.approver else ""
    return Told(event.at, DEEDS[event.deed], ", ".join(event.custodians), word, by)


def rows_of(share: KeyShare) -> tuple[tuple[str, ...], ...]:
    """A share on the screen as it is written down: rows of groups."""
    groups = tuple(share_groups(share))
    return tuple(groups[at : at + GROUPS_IN_A_ROW] for at in range(0, len(groups), GROUPS_IN_A_ROW))


def said_granted(shown: AllowanceShown) -> str:
    """`5 000.00 kWh`."""
    energy = shown.allowance.signed.grant.energy if shown.allowance else None
    return UNLIMITED if energy is None else f"{energy} kWh"


def said_left(shown: AllowanceShown) -> str:
    """What may still be sold; nothing where it is not limited."""
    left = shown.allowance.left if shown.allowance else None
    return "" if left is None else f"{left} kWh"


def said_until(shown: AllowanceShown) -> str:
    """`31 Jan 2027`."""
    allowance = shown.allowance
    return day_and_year(allowance.signed.grant.until) if allowance and allowance.left is not None else ""
