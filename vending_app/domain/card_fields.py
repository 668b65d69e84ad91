"""A card field by field, as a person who looks for what is wrong with it reads it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

SHOWN_FIGURES = 4
"""Of a number that is masked, the last ones stay: enough to tell two cards apart, too few to make one."""
HIDDEN = "·"


class FieldUse(StrEnum):
    """What a field is good for, and so whether a stranger may see it."""

    PLAIN = "plain"
    NUMBER = "number"
    """Of a card, a meter or a supply: masked but for its end."""
    PROOF = "proof"
    """A MAC or a wrapped key: whoever has the whole card in bytes can make a copy of it."""
    SPARE = "spare"
    UNSURE = "unsure"
    """Of a card that does not say of which kind it is, so that anything may stand here: hidden whole."""


@dataclass(frozen=True, slots=True)
class CardField:
    """One field of a card, with what its bytes say."""

    place: str
    """Which record it belongs to, such as `header`, `A`, `write-back`, `mandate`, `place 2`."""
    name: str
    """As docs/card-format.md calls it."""
    address: int
    """Of its first byte, 0 to 255."""
    raw: bytes
    value: str
    """With its unit; empty where the bytes are no value of this field."""
    meaning: str
    use: FieldUse = FieldUse.PLAIN

    @property
    def end(self) -> int:
        """The address behind its last byte."""
        return self.address + len(self.raw)

    @property
    def in_hex(self) -> str:
        return self.raw.hex(" ").upper()

    def masked(self) -> MaskedField:
        """For a stranger: numbers but for their end, and nothing that proves a record or may do so."""
        match self.use:
            case FieldUse.NUMBER:
                hidden = max(len(self.raw) * 2 - SHOWN_FIGURES, 0)
                shown = HIDDEN * hidden + self.raw.hex().upper()[hidden:]
                value = HIDDEN * max(len(self.value) - SHOWN_FIGURES, 0) + self.value[-SHOWN_FIGURES:]
                return MaskedField(replace(self, raw=b"", value=value), _paired(shown))
            case FieldUse.PROOF | FieldUse.UNSURE:
                return MaskedField(replace(self, raw=b"", value=""), _paired(HIDDEN * len(self.raw) * 2))
        return MaskedField(self, self.in_hex)


@dataclass(frozen=True, slots=True)
class MaskedField:
    """A field as it may leave the office."""

    field: CardField
    """Without its bytes, if they are hidden."""
    in_hex: str
    """`·` for each half-byte that is hidden."""


def _paired(figures: str) -> str:
    return " ".join(figures[at : at + 2] for at in range(0, len(figures), 2))
