"""Records of a card as tables: fields with names, sizes and meanings, packed to bytes and unpacked again.

A layout is declared once; encoding, decoding and the tables of the public document come from it.
All numbers are big-endian. A value that does not fit its field is refused, never wrapped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from vending_app.domain.energy import CARD_UNIT_WH, Energy
from vending_app.domain.errors import Code, OperatorError


class ValueDoesNotFit(OperatorError):
    """A value is outside what its field on the card can hold."""

    def __init__(self, field: str, value: object) -> None:
        super().__init__(Code.AMOUNT_OVER_MAXIMUM, field=field, value=value)


class NotThisRecord(ValueError):
    """These bytes cannot have been written as this record."""


class Form(StrEnum):
    """How a field is written."""

    FIGURES = "BCD"
    NUMBER = "unsigned"
    SIGNED = "signed"
    TEXT = "ASCII, 00 behind"
    SPARE = "spare, 00"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record."""

    name: str
    size: int
    form: Form
    meaning: str

    def pack_number(self, value: int) -> bytes:
        """Raises ValueDoesNotFit."""
        try:
            return value.to_bytes(self.size, "big", signed=self.form is Form.SIGNED)
        except OverflowError:
            raise ValueDoesNotFit(self.name, value) from None

    def pack_figures(self, value: str) -> bytes:
        """Two decimal figures to a byte. Raises ValueDoesNotFit."""
        if len(value) != 2 * self.size or not (value.isascii() and value.isdecimal()):
            raise ValueDoesNotFit(self.name, value)
        return bytes.fromhex(value)

    def pack_text(self, value: str) -> bytes:
        """Printable ASCII, filled up with 00. Raises ValueDoesNotFit."""
        if len(value) > self.size or not (value.isascii() and value.isprintable()):
            raise ValueDoesNotFit(self.name, value)
        return value.encode("ascii").ljust(self.size, b"\x00")

    def unpack_number(self, raw: bytes) -> int:
        return int.from_bytes(raw, "big", signed=self.form is Form.SIGNED)

    def unpack_figures(self, raw: bytes) -> str:
        """Raises NotThisRecord if a half-byte is no decimal figure."""
        text = raw.hex()
        if not text.isdecimal():
            raise NotThisRecord(self.name)
        return text

    def unpack_text(self, raw: bytes) -> str:
        """Raises NotThisRecord unless it is printable ASCII with nothing but 00 behind."""
        text = raw.rstrip(b"\x00").decode("latin-1")
        if not (text.isascii() and text.isprintable()):
            raise NotThisRecord(self.name)
        return text


@dataclass(frozen=True, slots=True)
class Values:
    """The values of a record by field name."""

    figures: Mapping[str, str]
    """Of figures and of text."""
    numbers: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Record:
    """A record: its fields in order, from the first byte."""

    title: str
    fields: tuple[Field, ...]

    @property
    def size(self) -> int:
        return sum(field.size for field in self.fields)

    def pack(self, values: Values) -> bytes:
        """The bytes of these values. Raises ValueDoesNotFit."""
        return b"".join(_pack(field, values) for field in self.fields)

    def unpack(self, raw: bytes) -> Values:
        """The values in these bytes. Raises NotThisRecord."""
        if len(raw) != self.size:
            raise NotThisRecord(self.title)
        figures: dict[str, str] = {}
        numbers: dict[str, int] = {}
        for field, part in self._parts(raw):
            if field.form is Form.FIGURES:
                figures[field.name] = field.unpack_figures(part)
            elif field.form is Form.TEXT:
                figures[field.name] = field.unpack_text(part)
            elif field.form is not Form.SPARE:
                numbers[field.name] = field.unpack_number(part)
            elif any(part):
                raise NotThisRecord(field.name)
        return Values(figures, numbers)

    def offsets(self) -> Iterator[tuple[int, Field]]:
        """Every field with its distance from the first byte."""
        at = 0
        for field in self.fields:
            yield at, field
            at += field.size

    def _parts(self, raw: bytes) -> Iterator[tuple[Field, bytes]]:
        for at, field in self.offsets():
            yield field, raw[at : at + field.size]


def exact_units(field: str, energy: Energy) -> int:
    """In 0.01 kWh; what the office tells a meter must be told to the last watt-hour. Raises ValueDoesNotFit."""
    if energy.wh % CARD_UNIT_WH:
        raise ValueDoesNotFit(field, energy.wh)
    return energy.card_units


def is_erased(stretch: bytes) -> bool:
    """Whether every byte is FF, or every byte is 00."""
    return set(stretch) in ({0xFF}, {0x00})


def _pack(field: Field, values: Values) -> bytes:
    if field.form is Form.FIGURES:
        return field.pack_figures(values.figures[field.name])
    if field.form is Form.TEXT:
        return field.pack_text(values.figures[field.name])
    if field.form is Form.SPARE:
        return bytes(field.size)
    return field.pack_number(values.numbers[field.name])
