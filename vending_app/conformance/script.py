"""How a case is written: what is done to a meter, and what it must say to it by docs/card-format.md.

Whoever writes a case states what counts: what the display says, what is credited, whether the card is written.
Playing it before the reference meter shows that this is so, and fills in every register beside it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from vending_app.conformance.cards import AREA, METER, UTILITY, Card, keys_told
from vending_app.conformance.door import Door

BEGINS = datetime(2026, 3, 2, 8, tzinfo=UTC)
Play = Callable[["Script"], None]


class Insertable(Protocol):
    """A card of any chip, as it goes from one insertion to the next."""

    def told(self) -> dict[str, object]: ...
    def taken_out(self, answer: Mapping[str, Any]) -> bool: ...


class ScriptWrong(Exception):
    """The reference meter does not do what a case says: one of the two contradicts the document."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case of the kit."""

    name: str
    rule: str
    """The rule of the document that it covers, such as `1` or `E-07`."""
    about: str
    play: Play


@dataclass(slots=True)
class Script:
    """One case being played: the meter at the door, its clock, and what was asked so far."""

    door: Door
    steps: list[dict[str, Any]] = field(default_factory=list)
    now: datetime = BEGINS

    def provision(
        self, *, area: str = AREA, versions: tuple[int, ...] = (1, 2), counted: Mapping[str, int] | None = None
    ) -> None:
        """A meter as it leaves the factory; `counted` names what its registers begin with."""
        told = keys_told(METER, area, versions)
        begins = {"counted": dict(counted)} if counted else {}
        self._ask({"do": "provision", "meter": METER, "utility": UTILITY, "area": area, "keys": told, **begins})

    def insert(
        self,
        card: Insertable,
        says: str,
        *,
        credited: int = 0,
        writes: bool,
        pulled_at: int | None = None,
        **shows: Any,
    ) -> None:
        """Put the card in and take it out again as the meter left it; `shows` names registers."""
        request: dict[str, Any] = {"do": "insert", "at": self._at(), "card": card.told()}
        if pulled_at is not None:
            request["pulled_at"] = pulled_at
        answer = self._ask(request, says=says, credited_wh=credited, **shows)
        if card.taken_out(answer) is not writes:
            raise ScriptWrong(f"the card was {'not ' if writes else ''}written")

    def bears(self, card: Card, **fields: int) -> None:
        """What the meter wrote on the card: fields of a write-back or of a collected record, by their names."""
        written = card.written()
        wrong = {name: written[name] for name, value in fields.items() if written[name] != value}
        if wrong:
            raise ScriptWrong(f"the card bears {wrong}, not {fields}")

    def use(self, energy_wh: int, *, power_w: int = 1000, **shows: Any) -> None:
        """The load takes energy, or as much as the relay lets it."""
        self._ask({"do": "use", "at": self._at(), "energy_wh": energy_wh, "power_w": power_w}, **shows)

    def mains(self, *, on: bool, **shows: Any) -> None:
        self._ask({"do": "mains", "at": self._at(), "on": on}, **shows)

    def cover(self, *, is_open: bool, **shows: Any) -> None:
        self._ask({"do": "cover", "at": self._at(), "open": is_open}, **shows)

    def wait(self, **how_long: int) -> None:
        """The meter's clock goes on."""
        self.now += timedelta(**how_long)

    def _at(self) -> str:
        return self.now.strftime("%Y-%m-%dT%H:%M:%SZ")

    def _ask(self, request: Mapping[str, Any], **must: Any) -> dict[str, Any]:
        answer = self.door.answer(json.dumps(request))
        shown = answer.get("registers")
        told = {**answer, **(shown if isinstance(shown, dict) else {})}
        wrong = {name: told.get(name) for name, value in must.items() if told.get(name) != value}
        if wrong or "error" in answer:
            raise ScriptWrong(f"{request['do']} answered {wrong or answer}, not {must}")
        self.steps.append({"ask": dict(request), "expect": answer})
        return answer
