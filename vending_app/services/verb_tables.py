"""Where the verbs of a use case stand: loaded when the first of them is asked, because a start has no time for all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from vending_app.domain.permissions import Act
from vending_app.ports import Progress

if TYPE_CHECKING:
    from vending_app.services.counter import Counter

ActOf = Act | Callable[[Any], Act]
"""The act of a use case, or how to tell it from what is asked."""
VerbTable = dict[type, tuple[ActOf, Callable[[Any, Progress], object]]]

HOMES: Mapping[str, tuple[str, ...]] = {
    "use_cases": ("till_verbs", "card_verbs"),
    "book_cases": ("till_verbs", "undoing_verbs"),
    "people_cases": ("people_verbs",),
    "keeping_cases": ("keeping_verbs",),
    "supply_cases": ("supply_verbs",),
    "record_cases": ("record_verbs",),
    "stock_cases": ("stock_desk", "card_retiring"),
    "statement_cases": ("statements",),
    "tool_cases": ("tool_verbs",),
    "diagnosis_cases": ("diagnosis",),
    "inspection_cases": ("inspection_verbs",),
    "day_cases": ("day_verbs",),
    "report_cases": ("reporting",),
    "start_cases": ("start_desk",),
    "tariff_cases": ("tariff_desk",),
    "rule_cases": ("rule_desk",),
    "area_cases": ("area_desk",),
    "key_cases": ("key_desk",),
    "allowance_cases": ("allowance_desk",),
    "reader_cases": ("reader_desk",),
}
"""By the file of the use cases: the files of this room whose function `verbs` knows them."""


def verbs_like(kind: type, counter: Counter) -> VerbTable:
    """All verbs that stand where those of this use case do; nothing for what is no use case."""
    found: VerbTable = {}
    for home in HOMES.get(kind.__module__.rpartition(".")[2], ()):
        found |= import_module(f"vending_app.services.{home}").verbs(counter)
    return found
