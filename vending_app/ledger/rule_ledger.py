"""The part of the ledger about the office's own rules; each method a line into the room that knows."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime

from vending_app.domain.money import Money
from vending_app.domain.office_rules import Limits, Rule, RuleChange, Subject
from vending_app.domain.people import Office, Role
from vending_app.domain.permissions import Act
from vending_app.ledger import drawer, office_rules
from vending_app.ledger.books import Books


class RuleLedger:
    """`ports.rule_keeping.RuleKeeping`."""

    _books: Books

    def office(self) -> Office:
        return office_rules.office(self._books)

    def rule(self, subject: Subject) -> Rule:
        return office_rules.rule(self._books, subject)

    def limits(self) -> Limits:
        return office_rules.limits(self._books)

    def cash_over(self) -> Money:
        return drawer.over_limit(self._books)

    def demands(self, role: Role, act: Act) -> bool:
        return office_rules.demands(self._books, role, act)

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
