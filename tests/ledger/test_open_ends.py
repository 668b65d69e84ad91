"""What is open where a day begins: told while it is, and by those alone who can do something about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.ledger.at_work import ANA, STAFF, AtWork
from tests.ledger.builders import DESK, SUPPLY, TARIFF, Counter
from tests.ledger.test_closings import a_day
from tests.ledger.tools import a_field_record, a_tool_card, reads_in
from vending_app.domain.closing import ClosingKind
from vending_app.domain.inspection import Criteria, Finding, Outcome, Reason, Sample, Suspect
from vending_app.domain.inspection import Criterion as Why
from vending_app.domain.money import Money
from vending_app.domain.people import OperatorChange, Role
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.records import Area
from vending_app.domain.start import CARED_FOR, OpenEnd, Todo, by_urgency

ALL = frozenset(Todo)


def ends(counter: Counter) -> dict[Todo, OpenEnd]:
    found = counter.ledger.open_ends(ALL, today=counter.now.date())
    assert len({end.what for end in found}) == len(found)
    return {end.what: end for end in found}


def by(counter: Counter, role: Role, act: Act) -> Authority:
    return Authority(STAFF[role].name, act)


def test_a_sale_that_waits_is_told_until_it_is_settled(counter: Counter) -> None:
    waiting = counter.ledger.reserve(counter.intent("10.00"))
    end = ends(counter)[Todo.WAITING]
    assert (end.count, end.amount, end.name, end.key) == (1, Money(10_00), "Amara Okafor", waiting.id)
    counter.ledger.post(waiting.id, at=counter.tick())
    assert Todo.WAITING not in ends(counter)


def test_a_day_and_a_shift_of_yesterday_are_told_until_they_are_closed(counter: Counter) -> None:
    counter.sell("10.00")
    assert not {Todo.DAY_OPEN, Todo.SHIFT_OPEN} & set(ends(counter))
    yesterday = counter.now.date()
    counter.now += timedelta(days=1)
    told = ends(counter)
    assert told[Todo.DAY_OPEN].on == told[Todo.SHIFT_OPEN].on == yesterday
    assert told[Todo.SHIFT_OPEN].name == "Ana Moreau"
    counter.close_shift("110.00")
    assert Todo.SHIFT_OPEN not in ends(counter)
    counter.ledger.close_period(ClosingKind.DAY, yesterday.isoformat(), at=counter.tick())
    assert Todo.DAY_OPEN not in ends(counter)


def test_who_was_locked_or_must_choose_a_secret_is_told(counter: Counter) -> None:
    ben = next(each for each in counter.ledger.operators() if each.name == ANA)
    with counter.ledger.acting_as(by(counter, Role.ADMINISTRATOR, Act.OPERATORS)):
        changed = replace(ben, must_change=True)
        counter.ledger.change_operator(changed, OperatorChange.RESET, hashed=None, at=counter.tick())
    assert ends(counter)[Todo.NEW_SECRET] == OpenEnd(Todo.NEW_SECRET, 1, name=ben.full_name)
    for _ in range(10):
        counter.ledger.record_login(ben.name, desk=DESK, succeeded=False, at=counter.tick())
    told = ends(counter)
    assert told[Todo.LOCKED].name == ben.full_name
    assert Todo.NEW_SECRET not in told


def test_a_supply_that_ends_within_a_week_is_told(counter: Counter) -> None:
    terms = counter.ledger.terms(SUPPLY)
    for days, is_told in ((8, False), (7, True), (0, True)):
        until = replace(terms, ends_on=counter.now.date() + timedelta(days=days))
        with counter.ledger.acting_as(by(counter, Role.TECHNICIAN, Act.RECORDS)):
            counter.ledger.change_terms(SUPPLY, until, reason="a building site", at=counter.tick())
        told = ends(counter)
        assert (Todo.ENDING in told) is is_told
    assert told[Todo.ENDING].key == SUPPLY


def test_few_blank_cards_are_told(counter: Counter) -> None:
    assert Todo.BLANK_CARDS not in ends(counter), "nobody counted them yet"
    with counter.ledger.acting_as(by(counter, Role.TECHNICIAN, Act.CARD_STOCK)):
        counter.ledger.count_cards(3, reason="counted", at=counter.tick())
        assert ends(counter)[Todo.BLANK_CARDS].count == 3
        counter.ledger.receive_cards(200, reference="L-7", at=counter.tick())
    assert Todo.BLANK_CARDS not in ends(counter)


def test_a_route_is_told_until_what_was_found_is_entered(counter: Counter) -> None:
    today = counter.now.date()
    (record,) = counter.ledger.supply_records(until=counter.ledger.newest_row(), since=today)
    sample = Sample(today, Criteria(), (Suspect(record, 40, (Reason(Why.CHANCE, 0),)),), 1, 0)
    with counter.ledger.acting_as(by(counter, Role.SUPERVISOR, Act.INSPECT)):
        number = counter.ledger.keep_sample(sample, until=counter.ledger.newest_row(), at=counter.tick())
        assert Todo.ROUTE not in ends(counter)
        counter.ledger.mark_route(number, SUPPLY, is_on=True, at=counter.tick())
        assert ends(counter)[Todo.ROUTE] == OpenEnd(Todo.ROUTE, 1, on=today)
        later = replace(sample, on=today + timedelta(days=1))
        newer = counter.ledger.keep_sample(later, until=counter.ledger.newest_row(), at=counter.tick())
        assert ends(counter)[Todo.ROUTE] == OpenEnd(Todo.ROUTE, 1, on=today), "a newer list has no route"
        counter.ledger.mark_route(newer, SUPPLY, is_on=True, at=counter.tick())
        assert ends(counter)[Todo.ROUTE] == OpenEnd(Todo.ROUTE, 1, on=today), "one meter, on two routes"
        counter.ledger.enter_finding(newer, Finding(SUPPLY, Outcome.NOTHING, later.on), at=counter.tick())
    assert Todo.ROUTE not in ends(counter)


def test_a_supply_without_its_card_is_told(ledger: AtWork) -> None:
    counter = Counter(ledger)
    assert ends(counter)[Todo.PREPARED] == OpenEnd(Todo.PREPARED, 1, name="Amara Okafor", key=SUPPLY)
    counter.issue()
    assert Todo.PREPARED not in ends(counter)


def test_a_check_card_that_has_expired_is_told_until_it_is_read_in(counter: Counter) -> None:
    with counter.ledger.acting_as(by(counter, Role.TECHNICIAN, Act.RECORDS)):
        counter.ledger.enter_area(Area("E1", "Eastfield", "T-04"), reason="new", at=counter.tick())
    tool = a_tool_card(counter, "E1")
    counter.now = counter.now.replace(day=20)
    assert Todo.TOOLS_OUT not in ends(counter), "its last day"
    counter.now += timedelta(days=1)
    assert ends(counter)[Todo.TOOLS_OUT].on == counter.now.date() - timedelta(days=1)
    reads_in(counter, tool, a_field_record(1, used_wh=20_000, remaining_wh=80_000))
    assert Todo.TOOLS_OUT not in ends(counter)


def test_new_prices_are_told_a_week_before(counter: Counter) -> None:
    since = counter.now.date() + timedelta(days=8)
    with counter.ledger.acting_as(Authority(STAFF[Role.ADMINISTRATOR].name, Act.IMPORT)):
        counter.ledger.add_tariff(replace(TARIFF, name="Household, dearer", valid_from=since))
    assert Todo.TARIFF not in ends(counter)
    counter.now += timedelta(days=1)
    assert ends(counter)[Todo.TARIFF] == OpenEnd(Todo.TARIFF, name="Household, dearer", on=since, key="H2")


def test_a_calm_day_has_nothing_open(counter: Counter) -> None:
    counter.close_shift("100.00")
    a_day(counter, counter.now.date().isoformat(), "20.00")
    assert set(ends(counter)) == set()


def test_everybody_is_told_what_he_can_do_something_about_the_most_urgent_first() -> None:
    found = tuple(OpenEnd(what) for what in reversed(Todo))
    for role in Role:
        told = [end.what for end in by_urgency(found, role)]
        assert set(told) == CARED_FOR[role]
        assert told == sorted(told, key=list(Todo).index)
