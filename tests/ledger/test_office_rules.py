"""Rules of the office in the books: two people's word down to the database, and what is demanded is asked there too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

import pytest

from tests.ledger.at_work import ANA, STAFF, AtWork, an_approval
from tests.ledger.builders import DESK, OFFICE, Counter
from tests.ledger.strangers import attack
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.ids import DeskNo
from vending_app.domain.inspection import Criteria, Criterion
from vending_app.domain.money import Money
from vending_app.domain.office_rules import (
    CRITERIA_SUBJECT,
    Calendar,
    Demands,
    DeskNames,
    DeskTold,
    Identity,
    Limits,
    ReceiptTexts,
    Rule,
    Subject,
)
from vending_app.domain.people import OperatorChange, Role
from vending_app.domain.permissions import Act, Approval, Authority
from vending_app.domain.report import Opens
from vending_app.domain.report_asked import ReportAsked, ReportKind
from vending_app.ledger import office_rules
from vending_app.ledger.codec import time_text
from vending_app.ledger.driver import sqlite3
from vending_app.ledger.gap_tables import _is_silent
from vending_app.ledger.journal import acting
from vending_app.ledger.kinds import Kind
from vending_app.ledger.postgres_wire import ServerError
from vending_app.ui.office.rule_words import differences, said_subject

SAM, ADA = STAFF[Role.SUPERVISOR].name, STAFF[Role.ADMINISTRATOR].name
REFUSED = (sqlite3.IntegrityError, ServerError)
PNG = b"any bytes: the books keep what the paper maker checked"
CALLED = Identity("Riverbend Power", "Mill Lane 1", "40-1", "Mon to Fri", "0800 1")


def word(act: Act, *, at: datetime, number: int = 1, by: str = "") -> Approval:
    """The administrator's for the supervisor."""
    approval = an_approval(act, at=at, approval_id=f"{number:032x}")
    return replace(approval, operator=SAM, approver=ADA)


@contextmanager
def both(ledger: AtWork, *, at: datetime, number: int = 1) -> Iterator[None]:
    """Sam makes it, Ada approves it."""
    with ledger.acting_as(Authority(SAM, Act.RULES, word(Act.RULES, at=at, number=number))):
        yield


def make(counter: Counter, rule: Rule, *, was: Rule, number: int = 1, png: bytes = b"") -> None:
    at = counter.tick()
    with both(counter.ledger, at=at, number=number):
        counter.ledger.keep_rule(rule, was=was, at=at, png=png)


def identity(ledger: AtWork) -> Rule:
    return ledger.rule(Subject.IDENTITY)


def test_what_holds_is_the_newest_and_the_founding_stays(counter: Counter) -> None:
    ledger, before = counter.ledger, counter.now
    make(counter, CALLED, was=identity(ledger))
    make(counter, replace(CALLED, name="Riverbend"), was=CALLED, number=2)
    assert ledger.office() == replace(
        OFFICE, name="Riverbend", address="Mill Lane 1", tax_number="40-1", help_hours="Mon to Fri", help_phone="0800 1"
    )
    assert ledger.letterhead(at=before).name == OFFICE.name, "a copy names who sold"
    assert ledger._books.value("SELECT name FROM office") == OFFICE.name
    first, second = reversed(ledger.rule_changes(limit=9))
    assert (first.operator, first.approver, first.before, first.after) == (SAM, ADA, identity_of(OFFICE), CALLED)
    assert (second.before, second.after) == (CALLED, replace(CALLED, name="Riverbend"))
    assert ledger.verify().problems == ()


def test_the_criteria_of_inspections_are_told_among_the_changes_with_what_was_before(counter: Counter) -> None:
    ledger = counter.ledger
    usual = Criteria()
    fewer = replace(usual, size=12)
    with ledger.acting_as(Authority(SAM, Act.INSPECT)):
        ledger.set_criteria(fewer, at=counter.tick())
    make(counter, CALLED, was=identity(ledger))
    with ledger.acting_as(Authority(SAM, Act.INSPECT)):
        ledger.set_criteria(replace(fewer, weights={**usual.weights, Criterion.COVER: 40}), at=counter.tick())
    newest, rule, first = ledger.rule_changes(limit=9)
    assert (newest.subject, rule.subject, first.subject) == (CRITERIA_SUBJECT, Subject.IDENTITY, CRITERIA_SUBJECT)
    assert (first.operator, first.approver) == (SAM, None)
    said = [[str(each) for each in differences(change.before, change.after)] for change in (first, newest)]
    assert said == [["Meters on a list: 25 → 12"], ["Points: Cover opened: 25 → 40"]]
    assert said_subject(newest.subject) == "Inspection"
    assert ledger.rule_changes(limit=2) == (newest, rule)


def identity_of(office: object) -> Identity:
    return Identity(**{name: getattr(office, name) for name in Identity.__slots__})


def test_a_rule_that_is_none_is_damage_and_proven(counter: Counter) -> None:
    make(counter, CALLED, was=identity(counter.ledger))
    attack(counter.ledger._books, "UPDATE office_rules SET after = '[]'")
    for asked in (counter.ledger.office, counter.ledger.letterhead):
        with pytest.raises(EnvironmentFault) as caught:
            asked()
        assert caught.value.code is Code.LEDGER_DAMAGED
    assert any("is no rule of identity" in problem for problem in counter.ledger.verify().problems)


def test_a_rule_that_was_changed_meanwhile_is_looked_at_again(counter: Counter) -> None:
    make(counter, Limits(Money(500_00)), was=Limits())
    with pytest.raises(OperatorError) as caught:
        make(counter, Limits(Money(700_00)), was=Limits(), number=2)
    assert caught.value.code is Code.RULE_OUTDATED
    assert counter.ledger.limits() == Limits(Money(500_00))


def test_a_logo_is_kept_once_and_stands_on_papers_only(counter: Counter) -> None:
    texts = ReceiptTexts(("Welcome",), logo=sha256(PNG).hexdigest())
    make(counter, texts, was=ReceiptTexts(), png=PNG)
    make(counter, ReceiptTexts(), was=texts, number=2)
    make(counter, texts, was=ReceiptTexts(), number=3, png=PNG)
    assert counter.ledger._books.value("SELECT count(*) FROM logos") == 1
    assert (counter.ledger.letterhead().logo, counter.ledger.letterhead().above) == (PNG, ("Welcome",))
    assert (counter.ledger.office().logo, counter.ledger.office().above) == (b"", ())
    assert counter.ledger.verify().problems == ()


def test_one_person_makes_no_rule(counter: Counter) -> None:
    ledger = counter.ledger
    for who, code in ((SAM, Code.APPROVAL_NEEDED), (ADA, Code.APPROVAL_NEEDED), (ANA, Code.PERMISSION_DENIED)):
        with ledger.acting_as(Authority(who, Act.RULES)), pytest.raises(OperatorError) as caught:
            ledger.keep_rule(Limits(low_cards=1), was=Limits(), at=counter.tick())
        assert caught.value.code is code
    assert ledger.limits() == Limits()


def _row(subject: str, at: datetime) -> dict[str, object]:
    return {"subject": subject, "before": "{}", "after": '{"demanded":[]}', "at": time_text(at)}


@pytest.mark.parametrize("subject", ["limits", "desks", "desk-7"])
def test_the_database_refuses_a_rule_that_only_one_person_wrote(counter: Counter, subject: str) -> None:
    """By the right to change a desk's own settings, which needs nobody else."""
    ledger = counter.ledger
    with ledger.acting_as(Authority(SAM, Act.SETTINGS)), pytest.raises(REFUSED, match="two people"):  # noqa: SIM117
        with acting(ledger._books, Kind.RULE, at=counter.now) as page:
            page.insert("office_rules", _row(subject, counter.now))
    assert ledger.rule_changes(limit=9) == ()


def test_the_database_refuses_a_rule_that_no_page_of_the_journal_brought(counter: Counter) -> None:
    books = counter.ledger._books
    with pytest.raises(REFUSED, match="two people"), books.writing():
        books.insert("office_rules", {"journal": 1, **_row("approvals", counter.now)})


def test_a_desk_tells_what_it_chose_and_nobody_need_be_there(counter: Counter) -> None:
    ledger = counter.ledger
    with (
        ledger.acting_as(Authority(SAM, Act.SETTINGS)),
        ledger.noting_choices({"printer": ""}, {"printer": "HP"}, at=counter.tick()),
    ):
        pass
    with ledger.noting_choices({"reader": ""}, {"reader": "ACR"}, at=counter.tick()):
        pass
    newest, first = ledger.rule_changes(limit=9)
    assert (first.subject, first.operator, first.approver) == ("desk-2", SAM, None)
    assert (first.before, first.after) == ({"printer": ""}, {"printer": "HP"})
    assert (newest.operator, newest.after) == (None, {"reader": "ACR"})
    assert ledger.verify().problems == ()


def test_choices_that_are_not_kept_are_not_told(counter: Counter) -> None:
    with pytest.raises(OSError), counter.ledger.noting_choices({}, {"reader": "ACR"}, at=counter.tick()):
        raise OSError
    assert counter.ledger.rule_changes(limit=9) == ()


# --- a second person is demanded -------------------------------------------------------------------------

DRAWER = Demands(((Role.CASHIER, Act.DRAWER), (Role.SUPERVISOR, Act.DRAWER)))


def open_drawer(counter: Counter, authority: Authority) -> Code | None:
    try:
        with counter.ledger.acting_as(authority):
            counter.ledger.note_drawer_opened(operator=authority.operator, reason="change", at=counter.now)
    except OperatorError as error:
        return error.code
    return None


def test_what_is_demanded_takes_a_word_and_what_is_not_does_not(counter: Counter) -> None:
    alone = Authority(ANA, Act.DRAWER)
    assert open_drawer(counter, alone) is None
    make(counter, DRAWER, was=Demands())
    counter.tick()
    assert open_drawer(counter, alone) is Code.APPROVAL_NEEDED
    approved = replace(alone, approval=an_approval(Act.DRAWER, at=counter.now))
    assert open_drawer(counter, approved) is None
    counter.sell("10.00")
    make(counter, Demands(), was=DRAWER, number=2)
    assert open_drawer(counter, alone) is None
    assert counter.ledger.verify().problems == ()


def test_the_database_itself_holds_to_what_is_demanded(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    make(counter, DRAWER, was=Demands())
    # A program that does not ask: only the trigger is left.
    monkeypatch.setattr("vending_app.ledger.authority.admit", lambda *_, at: None)
    with counter.ledger.acting_as(Authority(ANA, Act.DRAWER)), pytest.raises(REFUSED, match="may not"):
        counter.ledger.note_drawer_opened(operator=ANA, reason="change", at=counter.tick())
    counter.sell("10.00")


OPERATORS = Demands(((Role.ADMINISTRATOR, Act.OPERATORS),))


def test_two_who_can_approve_stay_where_operators_take_two(counter: Counter) -> None:
    """A lockout after wrong secrets, too: else nobody could ever unlock anybody again."""
    ledger, sam = counter.ledger, STAFF[Role.SUPERVISOR]
    make(counter, OPERATORS, was=Demands())
    word = replace(an_approval(Act.OPERATORS, at=counter.tick()), operator=ADA, approver=SAM)
    with ledger.acting_as(Authority(ADA, Act.OPERATORS, word)):
        for spoilt in (replace(sam, is_active=False), replace(sam, role=Role.CASHIER)):
            with pytest.raises(OperatorError) as caught:
                ledger.change_operator(spoilt, OperatorChange.CHANGE, at=counter.now)
            assert caught.value.code is Code.OPERATOR_LAST
        cashier = ledger.operator(ANA)
        assert cashier is not None
        ledger.change_operator(replace(cashier, is_active=False), OperatorChange.LOCK, at=counter.now)
    for _ in range(10):
        ledger.record_login(SAM, succeeded=False, at=counter.tick(), desk=DESK)
    assert ledger.operator(SAM) == sam
    assert ledger.verify().problems == ()


# --- desks -----------------------------------------------------------------------------------------------


def test_a_desk_is_called_as_two_people_say_and_tells_what_it_chose(counter: Counter) -> None:
    ledger, silent = counter.ledger, DeskNo(7)
    ledger.add_desk(silent, name="Desk 7")
    first = {"printer": "HP", "lock_minutes": "5"}
    for before, after in (({"printer": "", "lock_minutes": "10"}, first), ({"printer": "HP"}, {"printer": ""})):
        with ledger.noting_choices(before, after, at=counter.tick()):
            pass
    wrote = counter.now
    assert ledger.desks() == (
        DeskTold(DESK, f"Desk {DESK}", wrote, {"printer": "", "lock_minutes": "5"}),
        DeskTold(silent, "Desk 7", None, {}),
    )
    make(counter, DeskNames(((7, "Annexe"),)), was=DeskNames())
    both = DeskNames(((DESK, "Mill Lane"), (7, "Annexe")))
    make(counter, both, was=DeskNames(((7, "Annexe"),)), number=2)
    assert [desk.name for desk in ledger.desks()] == ["Mill Lane", "Annexe"]
    counter.now += timedelta(days=9)
    gaps = ledger.report(ReportAsked(ReportKind.GAPS, ""), now=counter.now)
    (row,) = next(table.rows for table in gaps.tables if table.key == "silent-desks")
    # The other one never did anything yet.
    assert row[:2] == (str(DESK), "Mill Lane")
    assert ledger._books.value("SELECT name FROM desks WHERE number = 7") == "Desk 7"
    assert ledger.verify().problems == ()


def test_a_desk_that_was_given_up_is_no_gap_until_it_is_in_use_again(counter: Counter) -> None:
    ledger = counter.ledger
    ledger.add_desk(DeskNo(7), name="Desk 7")
    counter.now += timedelta(days=9)
    assert silent_desks(counter) == [str(DESK)]
    gone = DeskNames(((7, "Annexe"),), given_up=(DESK,))
    make(counter, gone, was=DeskNames())
    counter.now += timedelta(days=30)
    assert silent_desks(counter) == []
    assert [(desk.name, desk.is_given_up) for desk in ledger.desks()] == [(f"Desk {DESK}", True), ("Annexe", False)]
    make(counter, DeskNames(((7, "Annexe"),)), was=gone, number=2)
    counter.now += timedelta(days=9)
    assert silent_desks(counter) == [str(DESK)]
    told = ledger.rule_changes(limit=2)
    assert [(change.before, change.after) for change in told] == [(gone, DeskNames(gone.names)), (DeskNames(), gone)]
    assert all(change.operator and change.approver for change in told)
    assert ledger.verify().problems == ()


def silent_desks(counter: Counter) -> list[object]:
    gaps = counter.ledger.report(ReportAsked(ReportKind.GAPS, ""), now=counter.now)
    (table,) = (table for table in gaps.tables if table.key == "silent-desks")
    assert table.opens == tuple(Opens("desk", str(row[0])) for row in table.rows)
    return [row[0] for row in table.rows]


# --- what limits and calendar say ------------------------------------------------------------------------


def test_days_off_are_no_silence(counter: Counter) -> None:
    ledger, today = counter.ledger, counter.now.date()
    gone = today - timedelta(days=9)
    assert office_rules.calendar(ledger._books) == Calendar()
    weekdays = tuple(day for day in range(7) if day != today.weekday())
    make(counter, Calendar(weekdays), was=Calendar())
    assert _is_silent(gone, today, Calendar())
    assert not _is_silent(gone, today, office_rules.calendar(ledger._books))


def test_the_limits_of_the_office_are_those_of_its_card_stock(counter: Counter) -> None:
    with counter.ledger.acting_as(Authority(SAM, Act.CARD_STOCK)):
        counter.ledger.count_cards(10, reason="", at=counter.tick())
    assert counter.ledger.card_stock(limit=1).is_low
    make(counter, Limits(low_cards=5), was=Limits())
    assert not counter.ledger.card_stock(limit=1).is_low
