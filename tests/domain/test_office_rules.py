"""The rules of an office: any text gives a rule or says which field is wrong, and a rule comes back as it was."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import DeskNo
from vending_app.domain.money import Money
from vending_app.domain.office_rules import (
    Calendar,
    Demands,
    DeskNames,
    DeskTold,
    Holiday,
    Identity,
    Limits,
    ReceiptTexts,
    Rule,
    Subject,
    check_desks,
    checked,
    subject_of,
)
from vending_app.domain.people import Role
from vending_app.domain.permissions import DEMANDABLE, PERMISSIONS, Act, Grant
from vending_app.domain.rule_texts import body_of, parse

NEW_YEAR = Holiday(date(2027, 1, 1), "New Year")
RULES: tuple[Rule, ...] = (
    Identity("Riverbend Electricity", "Station Street 1", "40-118-2270", "Mon to Sat", "0800 555 0142"),
    ReceiptTexts(("خوش آمدید",), ("Ley 12/2020", "", "می\u200cخواهیم"), "0" * 64),
    Limits(Money(500_00), Money(1_00), 90, 5),
    Demands(((Role.SUPERVISOR, Act.VOID), (Role.TECHNICIAN, Act.REISSUE))),
    DeskNames(((2, "Annexe"), (30, "صندوق شماره سی"))),
    DeskNames((), given_up=(3, 4)),
    Calendar((0, 1, 2, 3, 4), (NEW_YEAR,)),
)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_comes_back_as_it_was(rule: Rule) -> None:
    assert parse(subject_of(rule), json.dumps(body_of(rule))) == rule


@pytest.mark.parametrize("subject", list(Subject))
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_text_is_a_rule_or_a_refusal(subject: Subject, data: st.DataObject) -> None:
    rule = next(rule for rule in RULES if subject_of(rule) is subject)
    anything = st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda part: st.lists(part, max_size=2),
    )
    spoilt = {name: data.draw(anything | st.just(value)) for name, value in body_of(rule).items()}
    for text in (data.draw(st.binary(max_size=40)), json.dumps(spoilt)):
        try:
            found = parse(subject, text)
        except OperatorError as error:
            assert error.code is Code.RULE_REFUSED
        else:
            assert checked(found) == found


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        (Identity(""), "name"),
        (Identity("x" * 61), "name"),
        (Identity("Riverbend", help_phone="0800\n555"), "help_phone"),
        (ReceiptTexts(("a", "b", "c", "d")), "lines"),
        (ReceiptTexts(("x" * 49,)), "line"),
        (ReceiptTexts(("turned \u202e round",)), "line"),
        (ReceiptTexts(logo="A" * 64), "logo"),
        (Limits(Money(-1)), "drawer_most"),
        (Limits(silent_days=0), "silent_days"),
        (Limits(low_cards=-1), "low_cards"),
        (Demands(((Role.CASHIER, Act.SELL),)), "act"),
        (Demands(((Role.CASHIER, Act.REISSUE),)), "act"),
        (Demands(((Role.CASHIER, Act.VOID),)), "act"),
        (DeskNames(((2, ""),)), "desk_name"),
        (DeskNames(((2, "x" * 41),)), "desk_name"),
        (DeskNames(((0, "Annexe"),)), "desk"),
        (DeskNames(given_up=(0,)), "desk"),
        (DeskNames(((2, "Annexe"), (2, "Hall"))), "desk"),
        (Calendar(()), "weekdays"),
        (Calendar((7,)), "weekdays"),
        (Calendar((0,), (NEW_YEAR, NEW_YEAR)), "holidays"),
        (Calendar((0,), (Holiday(date(2027, 1, 1), ""),)), "holiday"),
    ],
)
def test_what_cannot_be_a_rule_is_named(rule: Rule, field: str) -> None:
    with pytest.raises(OperatorError) as caught:
        checked(rule)
    assert (caught.value.code, caught.value.facts["field"]) == (Code.RULE_REFUSED, field)


def test_empty_lines_stay_between_others_and_go_at_the_end() -> None:
    assert checked(ReceiptTexts(("one", "", "two"), ("", ""))) == ReceiptTexts(("one", "", "two"))


def test_an_office_works_on_its_days_but_not_on_holidays() -> None:
    calendar = Calendar((0, 1, 2, 3, 4), (NEW_YEAR,))
    days = [date(2027, 1, day) for day in (1, 2, 3, 4)]
    assert [calendar.works_on(day) for day in days] == [False, False, False, True]


def test_no_two_desks_have_one_name_and_each_is_there() -> None:
    desks = [DeskTold(DeskNo(number), f"Desk {number}", None, {}) for number in (1, 2)]
    check_desks(DeskNames(((1, "Desk 2"), (2, "Desk 1"))), desks)
    for names, field in ((((1, "desk 2"),), "desk_twice"), (((3, "Annexe"),), "desk")):
        with pytest.raises(OperatorError) as caught:
            check_desks(DeskNames(names), desks)
        assert caught.value.facts["field"] == field


def test_only_what_somebody_may_alone_is_demanded_and_never_a_sale() -> None:
    for act in DEMANDABLE:
        for role in Role:
            pair = Demands(((role, act),))
            if PERMISSIONS[act, role] is Grant.YES:
                assert checked(pair) == pair
            else:
                with pytest.raises(OperatorError):
                    checked(pair)
    assert not {Act.SELL, Act.FINISH, Act.LOOK, Act.SHIFT} & set(DEMANDABLE)
