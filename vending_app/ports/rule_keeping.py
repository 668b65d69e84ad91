"""What the services need of the rules that an office makes for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Loaded with the first rule that is asked (`ledger/rules_asked.py`).
    from collections.abc import Mapping
    from contextlib import AbstractContextManager
    from datetime import datetime

    from vending_app.domain.ids import OperatorName
    from vending_app.domain.money import Money
    from vending_app.domain.office_rules import DeskTold, Limits, Rule, RuleChange, Subject
    from vending_app.domain.people import Office, Role
    from vending_app.domain.permissions import Act


class RuleKeeping(Protocol):
    """The part of `ports.Ledger` about the office's own rules; the newest of a subject is what holds."""

    def rule(self, subject: Subject) -> Rule:
        """What holds, or the default. Raises EnvironmentFault ledger-damaged."""

    def limits(self) -> Limits: ...
    def desks(self) -> tuple[DeskTold, ...]:
        """Every desk of the books by number, as it is called now, with what it chose for itself."""

    def cash_over(self) -> Money:
        """The office's limit if the drawer of this desk holds more; nothing while it does not, or without a limit."""

    def demands(self, role: Role, act: Act) -> bool:
        """Whether this office wants a second person for what the role might do alone."""

    def stands_alone(self, name: OperatorName, at: datetime) -> bool:
        """Whether nobody else can approve, nor could a week ago."""

    def letterhead(self, *, at: datetime | None = None) -> Office:
        """The office with the lines and the picture of its papers, as they are or were at a moment."""

    def logo(self, logo_id: str) -> bytes:
        """The PNG of this SHA-256; nothing for one that is not in the books."""

    def keep_rule(self, wanted: Rule, *, was: Rule, at: datetime, png: bytes = b"") -> None:
        """Make it hold; `png` is the picture of `wanted.logo`.

        Raises OperatorError rule-outdated if something else than `was` holds by now; permission-denied, approval-…
        """

    def rule_changes(self, *, limit: int) -> tuple[RuleChange, ...]:
        """Of rules, of what desks chose for themselves, and of the criteria of inspections, newest first."""

    def noting_choices(
        self, before: Mapping[str, str], after: Mapping[str, str], *, at: datetime
    ) -> AbstractContextManager[None]:
        """What this desk chooses for itself is told with the block that keeps it, or neither is done."""
