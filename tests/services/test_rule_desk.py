"""The desk of the rules: what is refused before anybody is asked, and what a demand does to what only looks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256

import pytest

from tests.documents.pictures import a_png
from tests.ledger.at_work import an_approval
from tests.services.desk_of import DeskOf
from vending_app.bench.world import ADMINISTRATOR, MOMENT, SUPERVISOR, SUPPLY, TECHNICIAN
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import MeterNo, SaleId
from vending_app.domain.office_rules import Demands, DeskNames, Limits, ReceiptTexts, Rule
from vending_app.domain.people import Role
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.records import CardEnd
from vending_app.services import supply_cases
from vending_app.services.rule_cases import SetRule, ShowRules, ShowSpecimen, Specimen
from vending_app.services.rule_desk import RuleDesk

PNG = a_png()
TEXTS = ReceiptTexts(("Welcome",), logo=sha256(PNG).hexdigest())


def rules_of(desk: DeskOf) -> RuleDesk:
    out = desk.counter.outside
    return RuleDesk(out.ledger, lambda: MOMENT, out.paper)


@contextmanager
def both(desk: DeskOf, number: int = 1) -> Iterator[None]:
    """The supervisor makes it, the administrator approves it."""
    approval = an_approval(Act.RULES, at=MOMENT, approval_id=f"{number:032x}")
    approval = replace(approval, operator=SUPERVISOR.name, approver=ADMINISTRATOR.name)
    with desk.counter.outside.ledger.acting_as(Authority(SUPERVISOR.name, Act.RULES, approval)):
        yield


REFUSED: dict[str, tuple[SetRule, Code]] = {
    "the same": (SetRule(Limits(), Limits()), Code.RULE_SAME),
    "no rule": (SetRule(Limits(silent_days=0), Limits()), Code.RULE_REFUSED),
    "a desk that is not there": (SetRule(DeskNames(((99, "Annexe"),)), DeskNames()), Code.RULE_REFUSED),
    "to give up a desk that is not there": (SetRule(DeskNames(given_up=(99,)), DeskNames()), Code.RULE_REFUSED),
    "a logo that nobody has": (SetRule(TEXTS, ReceiptTexts()), Code.LOGO_REFUSED),
    "another picture": (SetRule(TEXTS, ReceiptTexts(), a_png(16, 16)), Code.LOGO_REFUSED),
    "no picture": (
        SetRule(replace(TEXTS, logo=sha256(b"x").hexdigest()), ReceiptTexts(), b"x"),
        Code.LOGO_REFUSED,
    ),
    "a picture of nothing": (SetRule(Limits(low_cards=1), Limits(), PNG), Code.LOGO_REFUSED),
    "from what never held": (SetRule(Limits(low_cards=1), Limits(low_cards=2)), Code.RULE_OUTDATED),
}


def test_what_cannot_hold_is_refused_and_nothing_is_written(desk: DeskOf) -> None:
    for what, (asked, code) in REFUSED.items():
        with both(desk), pytest.raises(OperatorError) as caught:
            rules_of(desk).set(asked)
        assert caught.value.code is code, what
    assert desk.counter.outside.ledger.rule_changes(limit=9) == ()


def test_a_logo_of_before_needs_no_file_again(desk: DeskOf) -> None:
    steps: tuple[tuple[Rule, Rule, bytes], ...] = (
        (TEXTS, ReceiptTexts(), PNG),
        (ReceiptTexts(), TEXTS, b""),
        (TEXTS, ReceiptTexts(), b""),
    )
    for number, (rule, was, png) in enumerate(steps):
        with both(desk, number):
            shown = rules_of(desk).set(SetRule(rule, was, png))
    assert (shown.texts, shown.logo) == (TEXTS, PNG)


def test_whoever_looks_needs_no_word_and_a_cashier_does_not_look(desk: DeskOf) -> None:
    assert desk.refusal(ShowRules()) is Code.PERMISSION_DENIED
    desk.counter.operator = SUPERVISOR
    shown = desk.counter.do(ShowRules())
    asked = ShowSpecimen(shown.identity, ReceiptTexts(("Welcome",)))  # type: ignore[attr-defined]  # RulesShown
    made = desk.counter.do(asked)
    assert isinstance(made, Specimen)
    assert made.pdf.startswith(b"%PDF")
    assert desk.refusal(SetRule(Limits(low_cards=1), Limits())) is Code.APPROVAL_NEEDED


def test_what_is_demanded_stops_the_act_and_not_the_look_before_it(desk: DeskOf) -> None:
    demanded = Demands(((Role.TECHNICIAN, Act.METER_CHANGE), (Role.TECHNICIAN, Act.REISSUE)))
    with both(desk):
        rules_of(desk).set(SetRule(demanded, Demands()))
    desk.counter.operator = TECHNICIAN
    desk.counter.do(supply_cases.ShowStake(SUPPLY))
    change = supply_cases.ChangeMeter(SUPPLY, MeterNo("1" * 12), "old")
    assert desk.refusal(change) is Code.APPROVAL_NEEDED
    reissue = supply_cases.ReissueCard(SaleId("0" * 26), SUPPLY, CardEnd.LOST)
    assert desk.refusal(reissue) is Code.APPROVAL_NEEDED
