"""Whatever bytes come from a card, a reader or its settings: a value, or a refusal by name."""

from __future__ import annotations

from random import Random

from vending_app.bench.fuzz import Parser, fuzz, made
from vending_app.bench.parsers import parsers

COUNT = 12_000
"""Here; five million with `vending-app bench fuzz --count 5000000`."""


def test_nothing_escapes_a_parser_but_a_value_or_a_typed_error() -> None:
    every = parsers()
    found = fuzz(every, count=COUNT, seed=COUNT)
    assert [escape.line for escape in found.escapes] == []
    assert found.count == COUNT
    assert {*found.values, *found.refusals} == {parser.name for parser in every}
    assert found.values["image of a customer's card"] == found.values["image of a tool card"] > 0


def test_an_error_that_nobody_thought_of_is_told_with_its_bytes() -> None:
    careless = Parser("careless", (b"abc",), lambda raw: {b"abc": 1}[raw], (ValueError,))
    found = fuzz([careless], count=1000, seed=1, most_escapes=3)
    assert [escape.parser for escape in found.escapes] == ["careless"] * 3
    assert found.escapes[0].error.startswith("KeyError")
    assert found.escapes[0].raw.hex() in found.escapes[0].line


def test_the_same_seed_makes_the_same_inputs_and_they_are_of_every_length() -> None:
    first, again = ([made(Random(at), (bytes(range(64)),)) for at in range(400)] for _ in range(2))
    assert first == again
    lengths = {len(raw) for raw in first}
    assert min(lengths) < 8
    assert max(lengths) > 200
    assert len(set(first)) > 250
