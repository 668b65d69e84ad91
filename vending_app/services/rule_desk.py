"""The rules of the office: shown, changed by two people, tried on paper first (row P2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, cast

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.office_rules import (
    Calendar,
    Demands,
    DeskNames,
    Identity,
    ReceiptTexts,
    Rule,
    Subject,
    check_desks,
    checked,
)
from vending_app.domain.people import Office
from vending_app.domain.permissions import Act
from vending_app.ports import Clock, Ledger, PaperMaker
from vending_app.services import rule_cases as ask
from vending_app.services.verb_tables import VerbTable

if TYPE_CHECKING:
    from vending_app.services.counter import Counter

CHANGES_SHOWN = 200
"""Years of an office that makes up its mind once a week."""


@dataclass(frozen=True, slots=True)
class RuleDesk:
    """One desk's hand on the rules of all."""

    ledger: Ledger
    clock: Clock
    paper: PaperMaker

    def show(self) -> ask.RulesShown:
        texts = cast(ReceiptTexts, self.ledger.rule(Subject.RECEIPT))
        return ask.RulesShown(
            identity=cast(Identity, self.ledger.rule(Subject.IDENTITY)),
            texts=texts,
            limits=self.ledger.limits(),
            demands=cast(Demands, self.ledger.rule(Subject.APPROVALS)),
            desk_names=cast(DeskNames, self.ledger.rule(Subject.DESKS)),
            calendar=cast(Calendar, self.ledger.rule(Subject.CALENDAR)),
            logo=self.ledger.logo(texts.logo) if texts.logo else b"",
            desks=self.ledger.desks(),
            changes=self.ledger.rule_changes(limit=CHANGES_SHOWN),
        )

    def set(self, command: ask.SetRule) -> ask.RulesShown:
        """Raises OperatorError rule-refused, rule-same, rule-outdated, logo-refused, approval-…"""
        wanted = checked(command.rule)
        if wanted == command.was:
            raise OperatorError(Code.RULE_SAME)
        if isinstance(wanted, DeskNames):
            check_desks(wanted, self.ledger.desks())
        self._check_logo(wanted, command.logo)
        self.ledger.keep_rule(wanted, was=command.was, at=self.clock(), png=command.logo)
        return self.show()

    def _check_logo(self, wanted: Rule, png: bytes) -> None:
        """The picture that a rule names is there, here or in the books, and no other one comes with it."""
        named = wanted.logo if isinstance(wanted, ReceiptTexts) else ""
        if png:
            self.paper.check_logo(png)
        found = sha256(png).hexdigest() if png else ""
        if found != named and not (named and not png and self.ledger.logo(named)):
            raise OperatorError(Code.LOGO_REFUSED, reason="other")

    def specimen(self, asked: ask.ShowSpecimen) -> ask.Specimen:
        """Raises OperatorError rule-refused, logo-refused."""
        identity, texts = cast(Identity, checked(asked.identity)), cast(ReceiptTexts, checked(asked.texts))
        if asked.logo:
            self.paper.check_logo(asked.logo)
        return ask.Specimen(asked, self.paper.specimen(office=self._called(identity, texts, asked.logo)))

    def _called(self, identity: Identity, texts: ReceiptTexts, png: bytes) -> Office:
        named = {name: getattr(identity, name) for name in Identity.__slots__}
        return replace(self.ledger.office(), **named, above=texts.above, below=texts.below, logo=png)


def verbs(counter: Counter) -> VerbTable:
    """For each verb the act that must be permitted, and who does it; who looks needs nobody's word."""
    return {
        ask.ShowRules: (Act.SETTINGS, lambda _, __: _desk(counter).show()),
        ask.ShowLimits: (Act.LOOK, lambda _, __: counter.outside.ledger.limits()),
        ask.SetRule: (Act.RULES, lambda asked, _: _desk(counter).set(asked)),
        ask.ShowSpecimen: (Act.SETTINGS, lambda asked, _: _desk(counter).specimen(asked)),
        ask.ListRuleChanges: (
            Act.SETTINGS,
            lambda asked, _: ask.RuleChanges(counter.outside.ledger.rule_changes(limit=asked.limit)),
        ),
    }


def _desk(counter: Counter) -> RuleDesk:
    out = counter.outside
    return RuleDesk(out.ledger, out.clock, out.paper)
