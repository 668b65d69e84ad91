"""Finding a supply by any part of anything, without accents and case."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ledger.at_work import AtWork
from tests.ledger.builders import SUPPLY, Counter, add_supply
from vending_app.domain.folding import folded
from vending_app.domain.people import Customer

PEOPLE = [
    ("10000001", "100000000001", "José Müller-Łuczak", "Hauptstraße 12, Eastfield", "+49 170 555-12"),
    ("10000002", "100000000002", "Nguyễn Thị Ánh", "Mill Lane 3, Westfield", "0800 111"),
    ("10000003", "100000000003", "محمد عبد الله", "Rue de l'Église 7", ""),
]


@pytest.fixture
def office(ledger: AtWork) -> AtWork:
    for number, meter, name, address, phone in PEOPLE:
        add_supply(ledger, number, meter, name=name, address=address, phone=phone)
    return ledger


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("okafor", [SUPPLY]),
        ("OKAF", [SUPPLY]),
        ("jose muller", ["10000001"]),
        ("müller luczak", ["10000001"]),
        ("Strasse", ["10000001"]),
        ("hauptstraße", ["10000001"]),
        ("nguyen", ["10000002"]),
        ("anh", ["10000002"]),
        ("eglise", ["10000003"]),
        ("عبد", ["10000003"]),
        ("49170", ["10000001"]),
        ("100000000002", ["10000002"]),
        ("0000 0003", ["10000003"]),
        ("10000001", ["10000001"]),
        ("field 3", ["10000002"]),
        ("c10000002", ["10000002"]),
        ("nobody", []),
        ("okafor nguyen", []),
        ('"', []),
        ("* OR NEAR(", []),
        ("e'g", ["10000003"]),
    ],
)
def test_what_is_typed_finds_who_is_meant(office: AtWork, typed: str, found: list[str]) -> None:
    lines = [line.number for line in office.find_supplies(typed)]
    if typed == "e'g":  # only its letters need to stand there
        assert set(lines) <= set(found)
        return
    assert lines == found


def test_one_and_two_letters_search_too(office: AtWork) -> None:
    assert [line.number for line in office.find_supplies("jo")] == ["10000001"]
    assert [line.number for line in office.find_supplies("ك")] == []
    assert SUPPLY in [line.number for line in office.find_supplies("k")]


def test_no_text_lists_all_up_to_the_limit(office: AtWork) -> None:
    assert len(office.find_supplies("")) == 4
    assert len(office.find_supplies("  ", limit=2)) == 2
    assert len(office.find_supplies("field", limit=1)) == 1


def test_who_waits_for_a_card_is_found_behind_all_who_have_one(counter: Counter) -> None:
    add_supply(counter.ledger, "10000009", "100000000009", address=counter.file().customer.address)
    for typed in ("", counter.file().customer.address):
        assert [line.number for line in counter.ledger.find_supplies(typed, limit=1)] == [SUPPLY]
        assert [line.number for line in counter.ledger.find_supplies(typed, limit=1, is_waiting=True)] == ["10000009"]


def test_a_card_finds_its_supply_once_it_is_issued(counter: Counter) -> None:
    card = counter.file().card
    assert card is not None
    assert [line.card for line in counter.ledger.find_supplies(card)] == [card]
    assert [line.number for line in counter.ledger.find_supplies(card[-6:])] == [SUPPLY]


def test_a_customer_who_changed_her_name_is_found_by_the_new_one_only(ledger: AtWork) -> None:
    number = f"C{SUPPLY}"
    ledger.add_customer(Customer(number, "Amara Nwosu", "Mill Lane 3"))
    assert [line.customer for line in ledger.find_supplies("nwosu")] == ["Amara Nwosu"]
    assert ledger.find_supplies("okafor") == ()


@given(st.text(max_size=40))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_nothing_that_can_be_typed_breaks_the_search(office: AtWork, typed: str) -> None:
    words = folded(typed).split()
    for line in office.find_supplies(typed):
        texts = [line.number, line.customer, line.address, line.meter, line.card or "", "c" + line.number]
        phones = ["4917055512", "0800111", ""]
        assert all(any(word in folded(text) for text in (*texts, *phones)) for word in words)
