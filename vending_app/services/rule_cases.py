"""What the page Office asks and gets: the rules of the office, changed by two people, and what was changed (row P2)."""

from __future__ import annotations

from dataclasses import dataclass, field

from vending_app.domain.ids import ApprovalId
from vending_app.domain.office_rules import (
    Calendar,
    Demands,
    DeskNames,
    DeskTold,
    Identity,
    Limits,
    ReceiptTexts,
    Rule,
    RuleChange,
)


@dataclass(frozen=True, slots=True)
class ShowRules:
    """Every rule of the office as it holds now. Answer: RulesShown."""


@dataclass(frozen=True, slots=True)
class RulesShown:
    """What holds."""

    identity: Identity
    texts: ReceiptTexts
    limits: Limits
    demands: Demands
    desk_names: DeskNames
    calendar: Calendar
    logo: bytes = field(default=b"", repr=False)
    """The PNG of `texts.logo`."""
    desks: tuple[DeskTold, ...] = ()
    """By number, with the names that hold."""
    changes: tuple[RuleChange, ...] = ()
    """The newest first."""


@dataclass(frozen=True, slots=True)
class ShowLimits:
    """From where on this office wants to be told. Answer: Limits."""


@dataclass(frozen=True, slots=True)
class SetRule:
    """Make a rule hold in place of another; two people's word. Answer: RulesShown.

    Fails with rule-refused, logo-refused, rule-outdated if somebody changed it meanwhile, rule-same, approval-needed.
    """

    rule: Rule
    was: Rule
    """What the two of them saw before."""
    logo: bytes = field(default=b"", repr=False)
    """The PNG of `rule.logo`, where that is new."""
    approval: ApprovalId | None = None


@dataclass(frozen=True, slots=True)
class ShowSpecimen:
    """A receipt as it would look, with sums that nobody paid. Answer: Specimen. Fails as SetRule."""

    identity: Identity
    texts: ReceiptTexts
    logo: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Specimen:
    """The PDF, and for what."""

    asked: ShowSpecimen
    pdf: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ListRuleChanges:
    """What was changed, newest first. Answer: RuleChanges."""

    limit: int = 200


@dataclass(frozen=True, slots=True)
class RuleChanges:
    """Rules, what desks chose for themselves, and the criteria of inspections."""

    changes: tuple[RuleChange, ...]


Approvable = SetRule
"""What needs somebody's approval, given in its field `approval`."""
