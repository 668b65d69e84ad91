"""One DESFire card in a reader: commands in the session that was authenticated last, or in none."""

from __future__ import annotations

from vending_app.cardio.desfire.authenticate import (
    authenticate_ev1,
    authenticate_ev2_first,
    authenticate_ev2_non_first,
)
from vending_app.cardio.desfire.channel import Channel
from vending_app.cardio.desfire.commands import (
    AID_SIZE,
    KEYS_OF_AES,
    KEYS_OF_DES,
    PICC,
    Comm,
    Command,
    FilePlan,
    Ins,
    Version,
    create_application,
    records_told,
    select,
)
from vending_app.cardio.desfire.ev2 import Ev2Channel
from vending_app.cardio.desfire.keys import UID_SIZE, CardKey, KeyKind
from vending_app.cardio.desfire.status import Refused, Status, forged
from vending_app.cardio.desfire.wire import Wire
from vending_app.cardio.link import Link
from vending_app.domain.wiping import wipe
from vending_app.ports import Entropy


class Desfire:
    """Every method raises Refused for what the card refuses, NoAnswer and LinkTrouble for what the reader says.

    An error, another application and a change of the key in use end the session.
    """

    def __init__(self, link: Link, entropy: Entropy) -> None:
        self._wire = Wire(link)
        self._entropy = entropy
        self._channel: Channel | None = None
        self._knows_ev2 = True

    # sessions

    def select(self, aid: bytes = PICC) -> None:
        """Go to an application, or to the level of the card itself."""
        self.close()
        self.run(select(aid))

    def authenticate(self, number: int, key: CardKey) -> None:
        """By the newest dialogue that the card and the key know; an older card says so once."""
        self.close()
        if self._knows_ev2 and key.kind is KeyKind.AES:
            try:
                self._channel = authenticate_ev2_first(self._wire, number, key, self._entropy)
            except Refused as refused:
                if refused.status is not Status.ILLEGAL_COMMAND:
                    raise
                self._knows_ev2 = False
        if self._channel is None:
            self._channel = authenticate_ev1(self._wire, number, key, self._entropy)

    def authenticate_next(self, number: int, key: CardKey) -> None:
        """Another key within the transaction: what was staged stays. An EV1 card begins a new session."""
        before = self._channel
        if not isinstance(before, Ev2Channel):
            self.authenticate(number, key)
            return
        self._channel = None
        try:
            self._channel = authenticate_ev2_non_first(self._wire, number, key, self._entropy, before=before)
        finally:
            before.close()

    @property
    def is_authenticated(self) -> bool:
        return self._channel is not None

    def close(self) -> None:
        """Forget the session and wipe its keys."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None

    # commands

    def run(self, command: Command) -> bytes:
        """The data of its answer, proved if there is a session."""
        channel = self._channel
        sent = command.header + command.data if channel is None else channel.request(command)
        try:
            raw = self._wire.exchange(command.ins, sent)
            return raw if channel is None or command.ends_session else channel.answer(command, raw)
        except Refused:
            self.close()
            raise
        finally:
            if command.ends_session:
                self.close()

    def version(self) -> Version:
        """Maker, generation and UID."""
        version = Version.parse(self.run(Command(Ins.GET_VERSION)))
        if version is None:
            raise forged()
        return version

    def uid(self) -> bytes:
        """The 7 bytes that never change; told in a session only, enciphered."""
        return self.run(Command(Ins.GET_UID, answered=Comm.FULL, expected=UID_SIZE))

    def key_version(self, number: int) -> int:
        version = self.run(Command(Ins.GET_KEY_VERSION, bytes([number])))
        if len(version) != 1:
            raise forged()
        return version[0]

    def change_key(self, number: int, new: CardKey, *, old: CardKey | None = None) -> None:
        """Without `old` it is the key of this session, which ends."""
        if self._channel is None:
            raise Refused(Status.AUTHENTICATION.sw)
        command = self._channel.key_change(number, new, old=old)
        try:
            self.run(command)
        finally:
            if isinstance(command.data, bytearray):
                wipe(command.data)

    def change_picc_key(self, new: CardKey) -> None:
        """The key of the card itself, which is the one in use, becomes this one, AES or DES; the session ends."""
        self.change_key(KEYS_OF_AES if new.kind is KeyKind.AES else KEYS_OF_DES, new)

    def format(self) -> None:
        """Delete every application; the keys of the card itself stay."""
        self.run(Command(Ins.FORMAT))

    def create_application(self, aid: bytes, *, settings: int, keys: int) -> None:
        self.run(create_application(aid, settings=settings, keys=keys))

    def delete_application(self, aid: bytes) -> None:
        self.run(Command(Ins.DELETE_APPLICATION, aid))

    def applications(self) -> frozenset[bytes]:
        """The numbers, three bytes each, of all that are on the card; asked at the level of the card itself."""
        told = self.run(Command(Ins.APPLICATION_IDS))
        return frozenset(told[at : at + AID_SIZE] for at in range(0, len(told), AID_SIZE))

    def files(self) -> frozenset[int]:
        """The numbers of the files of this application."""
        return frozenset(self.run(Command(Ins.FILE_IDS)))

    def records(self, plan: FilePlan, most: int) -> bytes:
        """The newest records of a cyclic file, at most so many, oldest first."""
        there = min(records_told(self.run(plan.settings())), most)
        return self.run(plan.read_records(there)) if there else b""

    def create(self, plan: FilePlan) -> None:
        self.run(plan.create())

    def commit(self) -> None:
        """Everything that was staged holds from now on, or nothing of it."""
        self.run(Command(Ins.COMMIT))

    def abort(self) -> None:
        """Nothing of what was staged holds."""
        self.run(Command(Ins.ABORT))
