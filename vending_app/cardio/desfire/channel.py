"""A session with a card after an authentication: what EV1 and EV2 messaging have in common."""

from __future__ import annotations

from typing import Protocol

from vending_app.cardio.desfire.commands import Command
from vending_app.cardio.desfire.keys import CardKey

MAC_SIZE = 8


class Channel(Protocol):
    """Makes commands that the card believes and believes only answers that the card made."""

    def request(self, command: Command) -> bytes:
        """What goes behind the instruction byte."""

    def answer(self, command: Command, raw: bytes) -> bytes:
        """The data of an answer of status 00. Raises Refused integrity if the card did not make it."""

    def key_change(self, number: int, new: CardKey, *, old: CardKey | None) -> Command:
        """ChangeKey; `old` is None for the key that this session was authenticated with, which ends the session."""

    def close(self) -> None:
        """Wipe the keys of this session."""
