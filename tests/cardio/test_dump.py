"""A card field by field: every byte belongs to one field, nothing escapes, and a stranger cannot rebuild a card."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vending_app.cardio.dump import fields_of
from vending_app.conformance.cards import Card, card, order, tool
from vending_app.domain.card import CardKind
from vending_app.domain.card_fields import HIDDEN

CARDS = {
    "customer": card(order("100", 1), order("150.55", 2)),
    "empty": card(),
    **{kind.value: tool(kind) for kind in CardKind if kind is not CardKind.USER},
}


@pytest.mark.parametrize("made", CARDS.values(), ids=CARDS)
def test_every_byte_belongs_to_exactly_one_field(made: Card) -> None:
    at = 0
    for field in fields_of(made.memory):
        assert field.address == at
        assert field.raw == made.memory[field.address : field.end]
        at = field.end
    assert at == len(made.memory)


@given(st.binary(max_size=300) | st.binary(min_size=256, max_size=256))
def test_any_bytes_are_fields_or_none(raw: bytes) -> None:
    fields = fields_of(raw)
    assert sum(len(field.raw) for field in fields) == (256 if len(raw) == 256 else 0)
    assert all(field.masked().in_hex for field in fields)


@given(st.data())
def test_any_byte_of_a_right_card_may_be_wrong(data: st.DataObject) -> None:
    made = data.draw(st.sampled_from(list(CARDS.values()))).copy()
    for _ in range(3):
        made.put(data.draw(st.integers(0, 255)), data.draw(st.binary(min_size=1, max_size=1)))
    assert b"".join(field.raw for field in fields_of(made.memory)) == made.memory


def test_values_are_told_with_their_units() -> None:
    told = {(field.place, field.name): field.value for field in fields_of(CARDS["customer"].memory)}
    assert told["header", "card"] == "550000000042"
    assert told["header", "kind"] == "user"
    assert told["A", "state"] == "complete"
    assert told["B", "energy_total"] == "150.55 kWh"
    assert told["B", "sold_at"] == "2026-03-02 07:30:00 UTC"
    assert told["B", "overload"] == "8000 W"
    assert told["write-back", "remaining"] == ""
    assert told["A", "meter"] == "000012345678"


def test_what_leaves_the_office_proves_nothing_and_names_nobody() -> None:
    made = CARDS["customer"]
    masked = [field.masked() for field in fields_of(made.memory)]
    macs = [each for each in masked if each.field.name == "mac"]
    assert len(macs) == 3
    assert all(set(each.in_hex) == {HIDDEN, " "} and not each.field.raw for each in macs)
    number = next(each for each in masked if each.field.name == "card")
    assert (number.field.value, number.in_hex) == (HIDDEN * 8 + "0042", "·· ·· ·· ·· 00 42")
    whole = " ".join(each.in_hex for each in masked)
    assert "55 00 00 00 00 42" not in whole
    assert made.memory[0x30:0x70][-8:].hex(" ").upper() not in whole


def test_wrapped_keys_never_leave_the_office() -> None:
    wrapped = next(each for each in fields_of(CARDS["key"].memory) if each.name == "wrapped")
    assert len(wrapped.raw) == 5 * 16 + 8
    assert not wrapped.masked().field.raw
    assert set(wrapped.masked().in_hex) == {HIDDEN, " "}
