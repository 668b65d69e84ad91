"""Inputs that nobody meant, from a seed: random bytes, and valid ones mutated, cut, stretched and spliced."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

LONGEST = 300
"""Longer than a card, its image and any answer of a reader."""
MOST_CHANGES = 6
TELLING = (0x00, 0x01, 0x5A, 0x7F, 0x80, 0x90, 0x91, 0xAF, 0xFE, 0xFF)
"""Values at which something changes: ends of ranges, states, status bytes."""
UNTYPED = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    StopIteration,
    TypeError,
    ValueError,
)
"""What Python itself raises where a program did not think of its input; anything else ends the run."""
Feed = Callable[[bytes], object]


@dataclass(frozen=True, slots=True)
class Parser:
    """Something that takes bytes from outside: valid inputs, and the errors with which it may refuse others."""

    name: str
    seeds: tuple[bytes, ...]
    feed: Feed
    refuses: tuple[type[Exception], ...] = ()
    share: int = 1
    """How many inputs it gets in each round."""


@dataclass(frozen=True, slots=True)
class Escape:
    """An input that came out as something else than a value or a typed error."""

    parser: str
    raw: bytes
    error: str

    @property
    def line(self) -> str:
        return f"{self.parser}: {self.error} from {self.raw.hex()}"


@dataclass(slots=True)
class Fuzzed:
    """What came of it."""

    values: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    escapes: list[Escape] = field(default_factory=list)

    @property
    def count(self) -> int:
        return self.values.total() + self.refusals.total() + len(self.escapes)


def fuzz(parsers: Sequence[Parser], *, count: int, seed: int, most_escapes: int = 20) -> Fuzzed:
    """Feed so many inputs in all, each parser its share; ends early after so many escapes."""
    found, random = Fuzzed(), Random(seed)
    turns = itertools.cycle([parser for parser in parsers for _ in range(parser.share)])
    for parser in itertools.islice(turns, count):
        _feed(parser, made(random, parser.seeds), found)
        if len(found.escapes) >= most_escapes:
            break
    return found


def _feed(parser: Parser, raw: bytes, found: Fuzzed) -> None:
    try:
        parser.feed(raw)
    except parser.refuses:
        found.refusals[parser.name] += 1
    except UNTYPED as error:
        found.escapes.append(Escape(parser.name, raw, repr(error)))
    else:
        found.values[parser.name] += 1


def made(random: Random, seeds: Sequence[bytes]) -> bytes:
    """One input."""
    if not seeds or random.random() < 0.1:
        return random.randbytes(random.randrange(LONGEST))
    change = random.choice((_mutated, _mutated, _mutated, _cut, _stretched, _spliced))
    return change(random, random.choice(seeds), seeds)


def _mutated(random: Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    changed = bytearray(raw)
    for _change in range(random.randrange(1, MOST_CHANGES) if raw else 0):
        at = random.randrange(len(changed))
        changed[at] = random.choice(
            (changed[at] ^ 1 << random.randrange(8), random.choice(TELLING), random.randrange(256))
        )
    return bytes(changed)


def _cut(random: Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    return raw[: random.randrange(len(raw) + 1)]


def _stretched(random: Random, raw: bytes, _: Sequence[bytes]) -> bytes:
    at = random.randrange(len(raw) + 1)
    return raw[:at] + random.randbytes(random.randrange(1, 20)) + raw[at:]


def _spliced(random: Random, raw: bytes, seeds: Sequence[bytes]) -> bytes:
    other = random.choice(seeds)
    at = random.randrange(len(raw) + 1)
    return raw[:at] + other[at:]
