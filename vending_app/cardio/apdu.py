"""Commands to a card and its answers, as bytes (ISO 7816-4, short form)."""

from __future__ import annotations

from dataclasses import dataclass, field

from vending_app.domain.wiping import erase

SW_DONE = 0x9000
READ_ALL = 256
"""A short Le of 00 means 256 bytes."""


class NoAnswer(Exception):
    """The answer has no two status bytes: the outcome is unknown, neither success nor failure.

    PC/SC reports a card pulled in the middle of a command as success with an empty answer.
    """


class MalformedApdu(ValueError):
    """These bytes are no command in short form."""


@dataclass(frozen=True, slots=True)
class Apdu:
    """One command. `expected` is the count of bytes wanted back, 0 for none, at most 256.

    The `data` of one that `is_secret` are a key, copied for this command alone: `ask` erases them when it was sent.
    Or its answer shows one, which whoever asked erases: `Answer.forget`.
    """

    cla: int
    ins: int
    p1: int
    p2: int
    data: bytes = field(default=b"", repr=False)
    expected: int = 0
    is_secret: bool = field(default=False, kw_only=True, compare=False)

    def to_bytes(self) -> bytes:
        """The command as the reader takes it."""
        head = bytes([self.cla, self.ins, self.p1, self.p2])
        count = bytes([len(self.data)]) if self.data else b""
        tail = bytes([self.expected % READ_ALL]) if self.expected else b""
        return b"".join((head, count, self.data, tail))

    @classmethod
    def parse(cls, raw: bytes) -> Apdu:
        """The command in these bytes. Raises MalformedApdu."""
        if len(raw) < 4:
            raise MalformedApdu("shorter than a header")
        (cla, ins, p1, p2), rest = raw[:4], raw[4:]
        if len(rest) <= 1:
            return cls(cla, ins, p1, p2, expected=_expected(rest))
        data, tail = rest[1 : 1 + rest[0]], rest[1 + rest[0] :]
        if not rest[0] or len(data) != rest[0] or len(tail) > 1:
            raise MalformedApdu("its length byte does not fit")
        return cls(cla, ins, p1, p2, data, _expected(tail))


def _expected(le: bytes) -> int:
    return (le[0] or READ_ALL) if le else 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a card said: data and status word."""

    data: bytes
    sw: int

    @classmethod
    def parse(cls, raw: bytes) -> Answer:
        """Split off the status word. Raises NoAnswer if there is none."""
        if len(raw) < 2:
            raise NoAnswer
        return cls(bytes(raw[:-2]), int.from_bytes(raw[-2:], "big"))

    def to_bytes(self) -> bytes:
        """The answer as the reader passes it on."""
        return self.data + self.sw.to_bytes(2, "big")

    def forget(self) -> None:
        """Erase data that show a key, and are not used again."""
        if len(self.data) > 1:
            erase(self.data)

    @property
    def is_done(self) -> bool:
        """Whether the status word is 90 00."""
        return self.sw == SW_DONE
