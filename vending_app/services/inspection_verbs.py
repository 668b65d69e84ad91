"""The verbs of the inspection list: for each the act that must be permitted, and who does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vending_app.domain.permissions import Act
from vending_app.services import inspection_cases as ask
from vending_app.services.inspection import Inspecting
from vending_app.services.route_sheets import RouteSheets
from vending_app.services.verb_tables import VerbTable

if TYPE_CHECKING:
    from vending_app.services.counter import Counter


def verbs(counter: Counter) -> VerbTable:
    return {
        ask.ShowInspection: (Act.INSPECT, lambda asked, _: _inspecting(counter).show(asked.sample)),
        ask.CountSample: (Act.INSPECT, lambda _, __: _inspecting(counter).count()),
        ask.KeepSample: (Act.INSPECT, lambda asked, _: _inspecting(counter).keep(asked.counted)),
        ask.RepeatSample: (Act.INSPECT, lambda asked, _: _inspecting(counter).repeat(asked.sample)),
        ask.SetCriteria: (Act.INSPECT, lambda asked, _: _inspecting(counter).set_criteria(asked.criteria)),
        ask.MarkRoute: (Act.INSPECT, lambda asked, _: _inspecting(counter).mark(asked)),
        ask.ShowRouteSheet: (Act.INSPECT, lambda asked, _: _routes(counter).show(asked)),
        ask.PrintRouteSheet: (Act.INSPECT, lambda asked, _: _routes(counter).print(asked)),
        ask.EnterFinding: (Act.INSPECT, lambda asked, _: _inspecting(counter).enter(asked)),
    }


def _inspecting(counter: Counter) -> Inspecting:
    return Inspecting(counter.outside.ledger, counter.outside.clock)


def _routes(counter: Counter) -> RouteSheets:
    return RouteSheets(_inspecting(counter), counter.outside.paper, counter.outside.printer)
