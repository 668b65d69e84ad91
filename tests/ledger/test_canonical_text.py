"""The text of a journal row is the same whoever writes it: plain JSON, keys in the order of their letters."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vending_app.ledger.codec import canonical

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
WHOLE = st.integers(-(2**63), 2**63 - 1)
VALUES = st.recursive(
    st.none() | WHOLE | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def by_the_standard_library(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@given(VALUES)
def test_text_is_what_the_standard_library_writes(value: Any) -> None:
    assert canonical(value) == by_the_standard_library(value)


@given(st.dictionaries(st.sampled_from(["é", "z", "\uffff", "\U0001f600", "A", "a"]), WHOLE))
def test_keys_are_ordered_by_code_point_beyond_the_first_plane_too(value: dict[str, int]) -> None:
    assert canonical(value) == by_the_standard_library(value)


def test_bytes_are_hexadecimal_and_a_tuple_is_a_list() -> None:
    assert canonical({"record": b"\x5a\x00", "line": (1, "money")}) == '{"line":[1,"money"],"record":"5a00"}'


@pytest.mark.parametrize("value", [datetime(2026, 3, 2, tzinfo=UTC), {1, 2}, object()])
def test_what_has_no_form_of_its_own_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical({"at": value})
