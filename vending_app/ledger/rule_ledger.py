"""The part of the ledger about the office's own rules; each method a line into the room that knows."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING

from vending_app.domain.ids import OperatorName
from vending_app.domain.money import Money
from vending_app.domain.people import Office, Role
from vending_app.domain.permissions import Act
from vending_app.ledger import approvers, drawer, people, rules_asked
from vending_app.ledger.books import Books
from vending_app.when_needed import WhenNeeded

if TYPE_CHECKING:
    from vending_app.domain.office_rules import DeskTold, Limits, Rule, RuleChange, Subject
    from vending_app.ledger import office_rules
else:
    office_rules = WhenNeeded("vending_app.ledger.office_rules")


class RuleLedger:
    """`ports.rule_keeping.RuleKeeping`. Who the office is, is known at once; the rest is loaded when it is asked."""

    _books: Books

    def office(self) -> Office:
        return people.office(self._books)

    def limits(self) -> Limits:
        return rules_asked.limits(self._books)

    def desks(self) -> tuple[DeskTold, ...]:
        return rules_asked.desks(self._books)

    def cash_over(self) -> Money:
        return drawer.over_limit(self._books)

    def rule(self, subject: Subject) -> Rule:
        return office_rules.rule(self._books, subject)

    def demands(self, role: Role, act: Act) -> bool:
        return rules_asked.demands(self._books, role, act)

    def stands_alone(self, name: OperatorName, at: datetime) -> bool:
        return approvers.stands_alone(self._books, name, at=at)

    def letterhead(self, *, at: datetime | None = None) -> Office:
        return office_rules.letterhead(self._books, at=at)

    def logo(self, logo_id: str) -> bytes:
        return office_rules.logo(self._books, logo_id)

    def keep_rule(self, wanted: Rule, *, was: Rule, at: datetime, png: bytes = b"") -> None:
        office_rules.keep(self._books, wanted, was=was, at=at, png=png)

    def rule_changes(self, *, limit: int) -> tuple[RuleChange, ...]:
        return office_rules.changes(self._books, limit=limit)

    def noting_choices(
        self, before: Mapping[str, str], after: Mapping[str, str], *, at: datetime
    ) -> AbstractContextManager[None]:
        return office_rules.noting_choices(self._books, before, after, at=at)
