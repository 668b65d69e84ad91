"""The verbs of tool cards: for each the act that must be permitted, and who does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vending_app.domain.card import CardKind
from vending_app.domain.permissions import Act
from vending_app.ports import Progress
from vending_app.services import tool_cases as ask
from vending_app.services.supply_verbs import slips_of
from vending_app.services.tool_desk import ToolDesk
from vending_app.services.verb_tables import VerbTable

if TYPE_CHECKING:
    from vending_app.services.counter import Counter

ACTS = {
    CardKind.CHECK: Act.CHECK_CARD,
    CardKind.PARAMETER: Act.PARAMETER_CARD,
    CardKind.CLEAR: Act.CLEAR_CARD,
    CardKind.KEY: Act.KEY_CARD,
}


def act_of_tool(command: ask.IssueToolCard) -> Act:
    """A card that only reads is one person's; one that changes meters is two people's."""
    return ACTS.get(command.kind, Act.CLEAR_CARD)


def verbs(counter: Counter) -> VerbTable:
    return {
        ask.ListToolCards: (Act.READ_TOOL, lambda _, __: _tools(counter).all()),
        ask.ShowToolCard: (Act.READ_TOOL, lambda asked, _: _tools(counter).show(asked.mandate)),
        ask.PrintToolSlip: (Act.READ_TOOL, lambda asked, _: slips_of(counter).print_tool(asked)),
        ask.ShowToolSlip: (Act.READ_TOOL, lambda asked, _: slips_of(counter).show_tool(asked)),
        ask.IssueToolCard: (act_of_tool, lambda asked, progress: _issue(counter, asked, progress)),
        ask.ReadToolCard: (Act.READ_TOOL, lambda asked, progress: _read(counter, asked, progress)),
    }


def _issue(counter: Counter, asked: ask.IssueToolCard, progress: Progress) -> ask.ToolIssued:
    with counter.session(asked.reader) as session:
        return _tools(counter).issue(session, asked, operator=counter.at_work, progress=progress)


def _read(counter: Counter, asked: ask.ReadToolCard, progress: Progress) -> ask.ToolRead:
    with counter.session(asked.reader) as session:
        return _tools(counter).read(session, progress=progress)


def _tools(counter: Counter) -> ToolDesk:
    out = counter.outside
    return ToolDesk(out.ledger, out.cards.codec, out.vault, out.clock)
