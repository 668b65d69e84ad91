"""The JSON of records that were looked up, as docs/command-line.md describes it."""

from __future__ import annotations

import json

from vending_app.commands import supply_shapes
from vending_app.commands.shapes import Shape
from vending_app.domain.people import SupplyLine
from vending_app.domain.record_lines import CardLine, CustomerLine, MeterLine, RecordLine
from vending_app.domain.records import RecordChange
from vending_app.services.record_cases import RecordShown


def line(of: RecordLine) -> Shape:
    match of:
        case CustomerLine():
            return supply_shapes.customer(of.customer) | {"supplies": of.supplies, "supply": of.supply}
        case MeterLine():
            where: Shape = {"state": of.state.value, "supply": of.supply, "customer": of.customer}
            return supply_shapes.meter(of.meter) | {"make": of.meter.make} | where
        case CardLine():
            return _card(of)
    area = of.area
    return {"area": area.code, "name": area.name, "transformer": area.transformer, "supplies": of.supplies}


def _card(of: CardLine) -> Shape:
    return {
        "card": of.number,
        "supply": of.supply,
        "customer": of.customer,
        "generation": of.generation,
        "state": of.standing.value,
        "since": of.since.isoformat(),
        "until": of.until.isoformat() if of.until else None,
    }


def shown(of: RecordShown) -> Shape:
    """A record with its supplies and its changes."""
    return line(of.line) | {
        "of_supplies": [_supply(each) for each in of.supplies],
        "changes": [_change(each) for each in of.changes],
    }


def _supply(of: SupplyLine) -> Shape:
    return {"supply": of.number, "state": of.state.value, "customer": of.customer, "meter": of.meter}


def _change(of: RecordChange) -> Shape:
    return {
        "at": of.at.isoformat(),
        "verb": of.verb.value,
        "operator": of.operator,
        "reason": of.reason,
        "before": json.loads(of.before or "null"),
        "after": json.loads(of.after or "null"),
    }


def told(of: RecordLine) -> str:
    """One line for people."""
    match of:
        case CustomerLine():
            return f"{of.customer.number}  {of.customer.name}, {of.customer.address}  supply {of.supply or 'none'}"
        case MeterLine():
            return f"{of.meter.number}  {of.state.value:<9} {of.meter.make} {of.meter.model}  {of.customer}".rstrip()
        case CardLine():
            return f"{of.number}  {of.standing.value:<8} supply {of.supply}  {of.customer}"
    return f"{of.area.code:<8} {of.area.name}  {of.area.transformer}  {of.supplies} supplies"
