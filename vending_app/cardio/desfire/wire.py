"""Commands and answers of a DESFire card over a reader: wrapped as ISO 7816 APDUs, cut into frames both ways.

A frame of a card with frames of 64 bytes holds 55 bytes of a wrapped command (and 59 of an answer): CLA, INS, P1, P2,
Lc, Le and three bytes of ISO 14443-4 go off. AF asks for, and announces, one more.
"""

from __future__ import annotations

from vending_app.cardio.apdu import READ_ALL, Answer, Apdu
from vending_app.cardio.desfire.commands import Ins, split
from vending_app.cardio.desfire.status import Refused, Status
from vending_app.cardio.link import Link, ask

CLA = 0x90
FRAME = 55
ANSWER_FRAME = 59
LONGEST_ANSWER = 0x2000
"""More than any file of ours has: a card that goes on answering AF for ever is given up."""


class Wire:
    """The card of one link."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def step(self, ins: int, data: bytes = b"") -> Answer:
        """One frame and its answer, whatever its status."""
        return ask(self._link, Apdu(CLA, ins, 0, 0, data, READ_ALL))

    def expect(self, ins: int, data: bytes, status: Status) -> bytes:
        """One frame whose answer must have this status. Raises Refused."""
        answer = self.step(ins, data)
        if answer.sw != status.sw:
            raise Refused(answer.sw)
        return answer.data

    def exchange(self, ins: int, data: bytes) -> bytes:
        """A whole command and its whole answer. Raises Refused for any status but 00."""
        first, *rest = split(data, FRAME)
        answer = self.step(ins, first)
        for piece in rest:
            if answer.sw != Status.MORE.sw:
                raise Refused(answer.sw)
            answer = self.step(Ins.MORE, piece)
        return self._all_of(answer)

    def _all_of(self, answer: Answer) -> bytes:
        received = answer.data
        while answer.sw == Status.MORE.sw and len(received) <= LONGEST_ANSWER and answer.data:
            answer = self.step(Ins.MORE)
            received += answer.data
        if answer.sw != Status.DONE.sw:
            raise Refused(answer.sw)
        return received
