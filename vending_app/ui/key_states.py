"""Which function keys are off, and why: they stay in their places, dashed and muted."""

from __future__ import annotations

from dataclasses import dataclass

from vending_app.ui.sell.stage import Stage

NEEDS_REST = frozenset({"F3", "F5", "F6", "F7", "F8", "F9", "F10"})
"""What nobody does while a card is written, or after the counter stopped."""


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """What the keys depend on."""

    is_busy: bool
    stage: Stage
    card_is_in: bool
    has_supply: bool
    has_receipt: bool
    has_drawer: bool
    may_enter: bool = False
    may_report: bool = False


def keys_off(facts: KeyFacts) -> frozenset[str]:
    """The keys that do nothing here and now."""
    if facts.is_busy:
        return NEEDS_REST | {"F11"}
    if facts.stage is Stage.STOPPED:
        return NEEDS_REST
    rests = {
        "F5": facts.stage is Stage.TORN or not facts.card_is_in,
        "F6": not facts.has_supply,
        "F7": not facts.has_receipt,
        "F8": not facts.has_drawer,
        "F9": not facts.may_enter,
        "F10": not facts.may_report,
    }
    return frozenset(key for key, is_off in rests.items() if is_off)
