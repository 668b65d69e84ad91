"""Tool cards of the pictures: one of each state, with long names, and what came in under one of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.gui.values import DANIEL, NOW, PETRA, TODAY, a_write_back
from vending_app.domain.card import CardKind, CardWrite, MeterStatus
from vending_app.domain.energy import Energy
from vending_app.domain.field_reading import FieldOutcome, FieldReading
from vending_app.domain.ids import ActId, CardNo, MeterNo, SupplyNo
from vending_app.domain.records import Area
from vending_app.domain.tool_card import Limits, Mandate, ToolCard, ToolDraft
from vending_app.services.tool_cases import ToolCards, ToolRead

METER = MeterNo("000012345678")
LIMITS = Limits(Energy(20_000), Energy(5_000), 6_000, Energy(0), Energy(5_000_000))
LONG = "Maximiliana von Hohenstein-Oldenburg"
OUTCOMES = tuple(FieldOutcome)


def a_tool_card(
    number: int, kind: CardKind, *, days: int = 7, written: bool = True, read: bool = False, newest: bool = True
) -> ToolCard:
    is_clear = kind is CardKind.CLEAR
    mandate = Mandate(
        number, "" if is_clear else "N-3", METER if is_clear else None, TODAY + timedelta(days=days), number, 1
    )
    draft = ToolDraft(
        id=ActId(f"{number:026d}"),
        request="",
        kind=kind,
        mandate=mandate,
        limits=LIMITS if kind is CardKind.PARAMETER else None,
        carrier=PETRA.name,
        issued_by=DANIEL.name,
        write=CardWrite(CardNo(f"{900 + number:012d}"), b""),
        at=NOW - timedelta(days=3),
    )
    name = LONG if number % 2 else PETRA.full_name
    return ToolCard(draft, name, written, NOW if read else None, 5 if read else 0, newest)


def some_tool_cards() -> ToolCards:
    cards = (
        a_tool_card(6, CardKind.PARAMETER),
        a_tool_card(5, CardKind.CHECK, written=False),
        a_tool_card(4, CardKind.CLEAR, days=-2),
        a_tool_card(3, CardKind.CHECK, read=True),
        a_tool_card(2, CardKind.CHECK, read=True, newest=False),
    )
    return ToolCards(cards, (Area("N-3", "North 3, Mill Lane"), Area("HARBOUR1", "Harbour")), (DANIEL, PETRA), NOW)


def a_tool_read(mandate: int) -> ToolRead:
    """Of the cards that were read in, five meters with every outcome and a long name."""
    card = next(card for card in some_tool_cards().cards if card.number == mandate)
    count = 5 if card.read_at else 0
    return ToolRead(card, tuple(a_field_reading(mandate, at) for at in range(count)))


def a_field_reading(mandate: int, at: int) -> FieldReading:
    outcome = OUTCOMES[at % len(OUTCOMES)]
    statuses = (MeterStatus(0), MeterStatus.LOW_CREDIT_TRIPPED, MeterStatus.AT_ZERO, MeterStatus.COVER_OPEN)
    told = a_write_back(remaining="10418.40")
    has_supply = outcome is not FieldOutcome.NO_SUPPLY
    return FieldReading(
        mandate=mandate,
        record=bytes([at]) * 32,
        write_back=replace(told, status=statuses[at % len(statuses)]),
        supply=SupplyNo(f"{417_726 + at:08d}") if has_supply else None,
        customer=(LONG, "فاطمة الزهراء", "Amara Okafor")[at % 3] if has_supply else "",
        outcome=outcome,
        used=Energy(12_345_670) if outcome is FieldOutcome.COUNTED else None,
        at=NOW,
    )
