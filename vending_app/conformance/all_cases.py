"""Every case of the kit, played: what is asked of a meter, and what it must answer."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

from vending_app.conformance import (
    card_cases,
    clear_cases,
    contactless_cases,
    counter_cases,
    header_cases,
    hoarding_cases,
    key_cases,
    limits_cases,
    load_cases,
    order_cases,
    tool_cases,
    trip_cases,
)
from vending_app.conformance.door import Door
from vending_app.conformance.script import Case, Script, ScriptWrong

FAMILIES = (
    header_cases,
    order_cases,
    hoarding_cases,
    load_cases,
    trip_cases,
    counter_cases,
    card_cases,
    tool_cases,
    limits_cases,
    clear_cases,
    key_cases,
    contactless_cases,
)


def cases() -> Iterator[Case]:
    """In the order of the document."""
    for family in FAMILIES:
        yield from family.cases()


def vectors(*, only: str = "", rule: str = "") -> Generator[dict[str, Any], None, None]:
    """Each case as a line of the vectors; of one name or rule if it is given.

    Raises ScriptWrong if the reference meter contradicts one.
    """
    asked = (case for case in cases() if only in ("", case.name) and rule in ("", case.rule))
    for case in asked:
        script = Script(Door())
        try:
            case.play(script)
        except ScriptWrong as wrong:
            raise ScriptWrong(f"{case.name}: {wrong}") from wrong
        yield {"name": case.name, "rule": case.rule, "about": case.about, "steps": script.steps}
