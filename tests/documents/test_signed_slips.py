"""The slips of other terms and of tool cards: what was, what is, who signs, and nothing beyond the paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date
from typing import Any

import pytest

from tests.documents.builders import AT, OFFICE, PARAMETERS, a_supply
from tests.documents.reading import lines, out_of_bounds
from tests.documents.test_procedure_slip import LONG, ROW, a_reissue
from vending_app.documents.papers import Papers
from vending_app.documents.slip import Manner
from vending_app.documents.words import ENGLISH
from vending_app.domain.card import CardKind, CardWrite
from vending_app.domain.energy import Energy
from vending_app.domain.ids import ActId, CardNo, DeskNo, MeterNo, OperatorName, SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.people import Customer, SupplyState
from vending_app.domain.procedure import Procedure, TermsChange, TermsVerb
from vending_app.domain.records import Terms
from vending_app.domain.tool_card import TOOL_KINDS, Mandate, ToolCard, ToolDraft, ToolIssue, limits_of

PAPERS = Papers(Manner(zone=UTC))
BEFORE = Terms("1", "H2", PARAMETERS, SupplyState.OPEN, "N-3", arrears_share_percent=20)
GIVER = Customer("1", "Amara Okafor", "14 Mill Lane", identity="P 1")


def changed(**fresh: Any) -> TermsChange:
    after = replace(BEFORE, **fresh)
    return TermsChange(SupplyNo("00000017"), BEFORE, after, GIVER, Energy(123_450), "as agreed", AT, "5c20e19f")


def a_procedure(change: TermsChange, *, customer: Customer = GIVER, approver: str = "") -> Procedure:
    supply = replace(a_supply(), customer=customer, arrears=Money(1_800))
    return Procedure(ROW, change, supply, DeskNo(2), "Petra Lindqvist", approver)


def pdf_of(done: Procedure) -> bytes:
    return PAPERS.procedure_slip(done, office=OFFICE)


def a_tool(kind: CardKind, name: str = "Jonas Weatherby") -> ToolIssue:
    meter = MeterNo("000012345678") if kind is CardKind.CLEAR else None
    mandate = Mandate(12, "" if meter else "NORTH-03", meter, date(2025, 11, 20), 3, 1)
    limits = limits_of(PARAMETERS) if kind is CardKind.PARAMETER else None
    write = CardWrite(CardNo("000770000287"), b"", b"", 1)
    people = OperatorName("jonas"), OperatorName("petra")
    draft = ToolDraft(ActId("x"), "", kind, mandate, limits, *people, write, AT)
    return ToolIssue(ToolCard(draft, name, True, AT, 5, True), DeskNo(2), name, name, "5c20e19f")


@pytest.mark.parametrize(
    ("fresh", "said"),
    [
        ({"parameters": replace(PARAMETERS, overload_w=0)}, ["Other terms", "6.00 kW, now no limit"]),
        ({"tariff": "H3"}, ["Other terms", "H2, now H3"]),
        ({"state": SupplyState.SUSPENDED}, ["Supply suspended", "open, now suspended"]),
        ({"arrears_share_percent": 0}, ["Arrears agreement", "20 %, now 0 %", "€ 18.00"]),
        ({"arrears_share_percent": 5, "tariff": "H3"}, ["Other terms", "20 %, now 5 %", "H2, now H3"]),
        ({"customer": "2", "state": SupplyState.SUSPENDED}, ["Change of customer", "open, now suspended"]),
    ],
    ids=["limit", "tariff", "suspended", "agreement", "several", "customer"],
)
def test_a_slip_tells_what_was_and_what_is(fresh: dict[str, Any], said: list[str]) -> None:
    text = lines(pdf_of(a_procedure(changed(**fresh), approver="Sofia Marchetti")))
    who = ["Desk 2, Petra Lindqvist", "Sofia Marchetti", "as agreed", "Technician, signed", "Books 5C20 E19F"]
    assert [word for word in [*who, *said] if word not in text] == []


def test_books_that_name_nobody_make_a_slip_with_the_desk_alone() -> None:
    text = lines(pdf_of(replace(a_procedure(changed(tariff="H3")), operator="")))
    assert "Desk 2" in text
    assert ENGLISH.approved_by not in text


def test_long_names_stay_on_the_paper() -> None:
    long = Customer("2", LONG, LONG, identity=LONG)
    everything = changed(
        customer="2", tariff="T" * 40, area="A" * 40, ends_on=date(2027, 12, 31),
        parameters=replace(PARAMETERS, hoarding=Energy(42_949_672_950), overload_w=65_000_000),
    )  # fmt: skip
    change = replace(everything, reason=LONG, giver=long)
    done = replace(a_procedure(change, customer=long, approver=LONG), operator=LONG)
    assert out_of_bounds(pdf_of(done)) == []
    first = a_reissue()
    first = replace(first, intent=replace(first.intent, order=replace(first.intent.order, generation=1)))
    assert out_of_bounds(pdf_of(replace(done, outcome=first))) == []
    for kind in TOOL_KINDS:
        assert out_of_bounds(PAPERS.tool_slip(a_tool(kind, LONG), office=OFFICE)) == []


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (CardKind.CHECK, ["Check card", "NORTH-03"]),
        (CardKind.PARAMETER, ["Parameter card", "NORTH-03", "6.00 kW"]),
        (CardKind.CLEAR, ["Clear card", "0000 1234 5678"]),
    ],
)
def test_a_tool_card_tells_what_it_is_for_and_who_has_it(kind: CardKind, said: list[str]) -> None:
    text = lines(PAPERS.tool_slip(a_tool(kind), office=OFFICE))
    who = ["Jonas Weatherby", "20 Nov 2025", "•••• 0287", "Came back", "Received by the carrier, signed"]
    assert [word for word in [*who, *said] if word not in text] == []


def test_every_verb_state_and_kind_has_its_words() -> None:
    assert set(ENGLISH.terms_verbs) == set(TermsVerb)
    assert set(ENGLISH.states) == set(SupplyState)
    assert set(ENGLISH.tool_kinds) == set(TOOL_KINDS)
