"""The JSON of the verbs of tool cards, as docs/command-line.md describes it."""

from __future__ import annotations

from datetime import date

from vending_app.commands.shapes import Shape, write_back
from vending_app.domain.field_reading import FieldReading
from vending_app.domain.tool_card import Limits, ToolCard
from vending_app.services.tool_cases import ToolCards, ToolRead


def tool_card(of: ToolCard, *, today: date) -> Shape:
    """One mandate and where it stands."""
    draft, mandate = of.draft, of.draft.mandate
    return {
        "mandate": of.number,
        "id": draft.id,
        "card": draft.write.card,
        "kind": draft.kind.value,
        "area": mandate.area or None,
        "meter": mandate.meter,
        "limits": _limits(draft.limits) if draft.limits else None,
        "new_key_version": draft.new_keys.version if draft.new_keys else None,
        "carrier": draft.carrier,
        "issued_by": draft.issued_by,
        "issued_at": draft.at.isoformat(),
        "expires_on": mandate.expires_on.isoformat(),
        "state": of.state(today).value,
        "meters": of.meters,
    }


def _limits(of: Limits) -> Shape:
    return {
        "alarm_1_wh": of.alarm_1.wh,
        "alarm_2_wh": of.alarm_2.wh,
        "overload_w": of.overload_w,
        "overdraft_wh": of.overdraft.wh,
        "hoarding_wh": of.hoarding.wh,
    }


def tool_cards(of: ToolCards, *, today: date) -> Shape:
    return {
        "cards": [tool_card(card, today=today) for card in of.cards],
        "areas": [area.code for area in of.areas],
        "carriers": [operator.name for operator in of.carriers],
    }


def tool_read(of: ToolRead, *, today: date) -> Shape:
    """A tool card and everything that came in under its mandate."""
    return {
        **tool_card(of.card, today=today),
        "finished": of.was_finished,
        "stocked": of.stocked,
        "readings": [_reading(each) for each in of.readings],
    }


def _reading(of: FieldReading) -> Shape:
    return {
        "meter": of.meter,
        "supply": of.supply,
        "customer": of.customer,
        "outcome": of.outcome.value,
        "used_wh": of.used.wh if of.used is not None else None,
        "is_new": of.is_new,
        "at": of.at.isoformat(),
        "write_back": write_back(of.write_back),
    }
