"""The verbs of the inspection list: for each the act that must be permitted, and who does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vending_app.domain.permissions import Act
from vending_app.services import inspection_cases as ask
from vending_app.services.verbs import VerbTable

if TYPE_CHECKING:
    from vending_app.services.counter import Counter


def inspection_verbs(counter: Counter) -> VerbTable:
    return {
        ask.ShowInspection: (Act.INSPECT, lambda _, __: counter.inspecting.show()),
        ask.CountSample: (Act.INSPECT, lambda _, __: counter.inspecting.count()),
        ask.KeepSample: (Act.INSPECT, lambda asked, _: counter.inspecting.keep(asked.counted)),
        ask.RepeatSample: (Act.INSPECT, lambda asked, _: counter.inspecting.repeat(asked.sample)),
        ask.SetCriteria: (Act.INSPECT, lambda asked, _: counter.inspecting.set_criteria(asked.criteria)),
        ask.MarkRoute: (Act.INSPECT, lambda asked, _: counter.inspecting.mark(asked)),
        ask.EnterFinding: (Act.INSPECT, lambda asked, _: counter.inspecting.enter(asked)),
    }
