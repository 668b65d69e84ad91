"""The verbs that make a blank card somebody's: the first one of a supply, and one that replaces another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from vending_app.domain.card import ImageState
from vending_app.domain.ids import ReaderName
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
    with counter.session(command.reader or with_blank_card(counter)) as session:
        sale = _cards(counter).issue(session, command, operator=counter.at_work, progress=progress)
    return counter.done(sale, started)


def reissue(counter: Counter, command: ReissueCard, progress: Progress) -> ask.SaleDone:
    started = counter.outside.clock()
    known = counter.known(command.id, request=reissue_request(command))
    if known is not None and known.state.is_final:
        return counter.done(known, started, was_repeated=True)
    settled = counter.outside.ledger.open_sale(supply=command.supply)
    with counter.session(command.reader or with_blank_card(counter)) as session:
        sale = _cards(counter).reissue(session, command, operator=counter.at_work, progress=progress)
    done = counter.done(sale, started)
    return replace(done, voided=counter.voided_by(settled)) if settled is not None else done


def with_blank_card(counter: Counter) -> ReaderName | None:
    """Where two readers hold a card and nobody chose one: the only reader with a blank card, which is to be written.

    None leaves the choice to `choose_reader`, which asks a person where it is not clear.
    """
    out = counter.outside
    held = tuple(state.name for state in out.cards.readers() if state.card_present)
    if out.preferences.chosen.reader or len(held) < 2:
        return None
    blank = tuple(name for name in held if _is_blank(counter, name))
    return blank[0] if len(blank) == 1 else None


def _is_blank(counter: Counter, name: ReaderName) -> bool:
    with counter.session(name) as session:
        return session.read().state is ImageState.BLANK


def _cards(counter: Counter) -> CardIssue:
    out = counter.outside
    return CardIssue(out.cards, out.ledger, out.vault, out.clock, out.desk, counter.reading, counter.writing)
