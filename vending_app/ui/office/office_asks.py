"""The summary before two people's word: what holds, what is to hold."""

from __future__ import annotations

from vending_app.domain.office_rules import Rule, subject_of
from vending_app.services.rule_cases import SetRule
from vending_app.ui.books.ask import Ask, Deed, Fact
from vending_app.ui.office.rule_words import SUBJECTS, Difference, differences, sentence_of
from vending_app.ui.phrases import counted

MOST_TOLD, LONG = 10, 36
"""More lines would push the button off the card; whoever approves reads them all in the sentence."""


def ask_rule(was: Rule, wanted: Rule, *, png: bytes = b"") -> Ask:
    """What changes, then the second person."""
    facts, left = _told(differences(was, wanted))
    if left:
        facts = (*facts, ("and", counted(left, "other thing", "other things"), ""))
    return Ask(
        title=SUBJECTS[subject_of(wanted)],
        button="Ask for approval",
        icon="shield-check",
        make=lambda _: Deed(SetRule(wanted, was, png), sentence_of(was, wanted)),
        sentence="This holds at every desk from the moment somebody else approves it.",
        facts=facts,
    )


def _told(found: tuple[Difference, ...]) -> tuple[tuple[Fact, ...], int]:
    """As many as have room, and how many have not; what is long takes two lines, so that nothing of it is cut."""
    facts: list[Fact] = []
    for at, each in enumerate(found):
        is_long = len(each.label + each.before + each.after) > LONG
        lines: list[Fact] = [(each.label, f"{each.before} → {each.after}", "")]
        if is_long:
            lines = [(each.label, each.before, "muted"), ("", f"→ {each.after}", "")]
        if len(facts) + len(lines) > MOST_TOLD:
            return tuple(facts), len(found) - at
        facts += lines
    return tuple(facts), 0
