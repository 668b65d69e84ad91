"""The summary before two people's word: what holds, what is to hold."""

from __future__ import annotations

from vending_app.domain.office_rules import Rule, subject_of
from vending_app.services.rule_cases import SetRule
from vending_app.ui.books.act_card import Ask, Deed, Fact
from vending_app.ui.office.rule_words import SUBJECTS, differences, sentence_of
from vending_app.ui.phrases import counted

MOST_TOLD = 8
"""More lines would push the button off the card; whoever approves reads them all in the sentence."""


def ask_rule(was: Rule, wanted: Rule, *, png: bytes = b"") -> Ask:
    """What changes, then the second person."""
    found = differences(was, wanted)
    facts: tuple[Fact, ...] = tuple((each.label, f"{each.before} → {each.after}", "") for each in found[:MOST_TOLD])
    if len(found) > MOST_TOLD:
        facts = (*facts[:-1], ("and", counted(len(found) - MOST_TOLD + 1, "other thing", "other things"), ""))
    return Ask(
        title=SUBJECTS[subject_of(wanted)],
        button="Ask for approval",
        icon="shield-check",
        make=lambda _: Deed(SetRule(wanted, was, png), sentence_of(was, wanted)),
        sentence="This holds at every desk from the moment somebody else approves it.",
        facts=facts,
    )
