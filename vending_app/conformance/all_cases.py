"""Every case of the kit, played: what is asked of a meter, and what it must answer."""

from __future__ import annotations

import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from vending_app.conformance import (
    card_cases,
    contactless_cases,
    header_cases,
    key_cases,
    load_cases,
    order_cases,
    tool_cases,
)
from vending_app.conformance.door import Door
from vending_app.conformance.script import Case, Script, ScriptWrong


def cases() -> Iterator[Case]:
    """In the order of the document."""
    for family in (header_cases, order_cases, load_cases, card_cases, tool_cases, key_cases, contactless_cases):
        yield from family.cases()


def vectors(*, only: str = "", rule: str = "") -> Generator[dict[str, Any], None, None]:
    """Each case as a line of the vectors; of one name or rule if it is given.

    Raises ScriptWrong if the reference meter contradicts one.
    """
    asked = (case for case in cases() if only in ("", case.name) and rule in ("", case.rule))
    with tempfile.TemporaryDirectory() as folder:
        for case in asked:
            script = Script(Door(Path(folder)))
            try:
                case.play(script)
            except ScriptWrong as wrong:
                raise ScriptWrong(f"{case.name}: {wrong}") from wrong
            yield {"name": case.name, "rule": case.rule, "about": case.about, "steps": script.steps}
