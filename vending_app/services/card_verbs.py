"""The verbs that make a blank card somebody's: the first one of a supply, and one that replaces another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vending_app.domain.permissions import Act
from vending_app.ports import Progress
from vending_app.services import use_cases as ask
from vending_app.services.card_issue import CardIssue, issue_request, reissue_request
from vending_app.services.supply_cases import ReissueCard
from vending_app.services.verb_tables import VerbTable

if TYPE_CHECKING:
    from vending_app.services.counter import Counter


def verbs(counter: Counter) -> VerbTable:
    return {ask.IssueCard: (Act.ISSUE, lambda asked, progress: _issue(counter, asked, progress))}


def _issue(counter: Counter, command: ask.IssueCard, progress: Progress) -> ask.SaleDone:
    started = counter.outside.clock()
    known = counter.known(command.id, request=issue_request(command.supply))
    if known is not None and known.state.is_final:
        return counter.done(known, started, was_repeated=True)
    with counter.session(command.reader) as session:
        sale = _cards(counter).issue(session, command, operator=counter.at_work, progress=progress)
    return counter.done(sale, started)


def reissue(counter: Counter, command: ReissueCard, progress: Progress) -> ask.SaleDone:
    started = counter.outside.clock()
    known = counter.known(command.id, request=reissue_request(command))
    if known is not None and known.state.is_final:
        return counter.done(known, started, was_repeated=True)
    with counter.session(command.reader) as session:
        sale = _cards(counter).reissue(session, command, operator=counter.at_work, progress=progress)
    return counter.done(sale, started)


def _cards(counter: Counter) -> CardIssue:
    out = counter.outside
    return CardIssue(out.cards, out.ledger, out.vault, out.clock, out.desk, counter.reading, counter.writing)
