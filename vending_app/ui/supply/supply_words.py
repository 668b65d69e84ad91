"""The words of the supply page."""

from __future__ import annotations

import json
from typing import Any

from vending_app.domain.energy import Energy
from vending_app.domain.people import SupplyState
from vending_app.domain.records import CardAtEnd, CardEnd, Stake, StakeFound

CARD_ENDS = {
    CardEnd.LOST: "lost",
    CardEnd.STOLEN: "stolen",
    CardEnd.BROKEN: "broken",
    CardEnd.CUSTOMER: "other customer",
}
STATES = {
    SupplyState.PREPARED: ("Prepared", "clock-counter-clockwise", "warn"),
    SupplyState.OPEN: ("Open", "check-circle-fill", "ok"),
    SupplyState.SUSPENDED: ("Suspended", "warning-fill", "warn"),
    SupplyState.CLOSED: ("Closed", "lock-simple", "muted"),
}
"""Word, icon and tone."""


def change_words(before: str, after: str) -> str:
    """What a change of a record changed, in few words: `Limit 6 to 8 kW`; empty for what is not worth a mark."""
    try:
        was, now = json.loads(before or "{}"), json.loads(after or "{}")
    except ValueError:
        return ""
    if not was:
        return ""
    return next(filter(None, (_one(name, was, now) for name in _ORDER)), "")


_ORDER = ("state", "customer", "tariff", "parameters", "area", "ends_on", "arrears_share_percent")
_STATES = {"suspended": "Suspended", "open": "Resumed"}
"""That it was closed its settlement or its meter change says already."""


def _one(name: str, was: dict[str, Any], now: dict[str, Any]) -> str:
    if was.get(name) == now.get(name):
        return ""
    match name:
        case "state":
            return _STATES.get(str(now.get(name)), "")
        case "customer":
            return "Another customer"
        case "tariff":
            return f"Tariff {was.get(name)} to {now.get(name)}"
        case "parameters":
            return _limits(was.get(name), now.get(name))
        case "area":
            return f"Area {now.get(name) or 'none'}"
        case "ends_on":
            return f"Until {now.get(name)}" if now.get(name) else "No end any more"
    return f"Arrears share {now.get(name)} %"


def _limits(was: Any, now: Any) -> str:
    try:
        old, new = json.loads(was), json.loads(now)
    except (ValueError, TypeError):
        return ""
    for key, word, unit in _LIMITS:
        if old.get(key) != new.get(key):
            return f"{word} {_figure(key, old.get(key))} to {_figure(key, new.get(key))} {unit}"
    return ""


_LIMITS = (
    ("overload_w", "Limit", "kW"),
    ("alarm_1_wh", "Alarm", "kWh"),
    ("alarm_2_wh", "Trip level", "kWh"),
    ("overdraft_wh", "Overdraft", "kWh"),
    ("hoarding_wh", "Hoarding limit", "kWh"),
)


def _figure(key: str, value: object) -> str:
    if not isinstance(value, int):
        return "?"
    if key == "overload_w":
        return f"{value // 1000}" if value % 1000 == 0 else f"{value // 1000}.{value % 1000 // 100}"
    return f"{value // 1000}"


CARD_AT_END = {
    CardAtEnd.EMPTIED: ("Card emptied", "The customer may keep it.", "ok"),
    CardAtEnd.WAITS: ("Put the card in once more", "It left before it was emptied.", "warn"),
    CardAtEnd.METER_OFF: ("The card was not emptied", "Its meter is off.", "ok"),
}
"""What became of the energy on the card: title, line and tone."""


def stake_words(found: StakeFound) -> tuple[str, str, str]:
    """Tone, icon and one sentence: what is at stake when this card is replaced."""
    energy = _kwh(found.energy)
    match found.stake:
        case Stake.NOTHING:
            return "ok", "check-circle-fill", "The meter has every purchase: the old card is worth nothing to anybody."
        case Stake.CREDIT:
            words = f"Up to {energy} may still be on the old card. The new one carries it; the meter takes it once."
            return "accent", "info", words
        case Stake.IMPOSSIBLE:
            words = "The display tells more than was ever sold. Ask for the figures again."
            return "bad", "warning-circle-fill", words
    words = f"Nobody knows whether {energy} reached the meter. Whichever card comes first, it takes them once."
    return "warn", "warning-circle-fill", words


def _kwh(energy: Energy) -> str:
    return f"{energy} kWh"
