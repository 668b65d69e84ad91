"""The DESFire card as a chip of the desk: reading it, the sale as one commit, and making a card of the office.

Nothing about a card is remembered between two commands that could break: what it is and how far it was made is asked
of it each time. The version byte of each key tells whose key it is: 00 is the factory's, any other is that version of
ours. So a card that was left half made is gone on with where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from vending_app.cardio.apdu import READ_ALL, Apdu
from vending_app.cardio.chip import CONTACTLESS, STORAGE_CARD, Ability, Means
from vending_app.cardio.desfire.card import Desfire
from vending_app.cardio.desfire.commands import PICC, FilePlan
from vending_app.cardio.desfire.history import history_of, past_orders
from vending_app.cardio.desfire.image import Files
from vending_app.cardio.desfire.keys import UID_SIZE, CardKey, factory_application_key, factory_picc_key
from vending_app.cardio.desfire.plan import (
    AID,
    FILES,
    HEADER_FILE,
    HISTORY_FILE,
    HISTORY_KEPT,
    ORDER_FILE,
    SETTINGS,
    TOOL_FILE,
    TOOL_FILES,
    WRITE_BACK_FILE,
    CardKeys,
    KeyNo,
)
from vending_app.cardio.desfire.status import Refused, Status
from vending_app.cardio.link import Link, ask
from vending_app.cardio.totals1_layout import OUTLINE_SIZE
from vending_app.cardio.writing import ERASED, carries, holds_record
from vending_app.domain.card import CardImage, CardKind, CardWrite, PastOrder
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.ports.progress import Told, nobody_told

ASK_UID = Apdu(0xFF, 0xCA, 0x00, 0x00, expected=READ_ALL)
"""Answered by the reader itself (PC/SC part 3)."""
NOT_TOLD = frozenset({Status.NO_FILE, Status.AUTHENTICATION, Status.PERMISSION})
"""How a card refuses to show a header that is not there, or not for everybody."""
OTHER_KEY = frozenset({Status.AUTHENTICATION, Status.NO_SUCH_KEY})
FACTORY = 0
"""The version of the keys that a card and an application come with."""
CARD_KEY = 0
STEPS = 2 + len(FILES) + len(KeyNo) + 2
"""Of making a card of the office: its key, the application, files (of a tool card fewer), keys, order, header."""


class DesfireChip:
    """Implements Chip."""

    name = "MIFARE DESFire"
    dialect = ""
    abilities = frozenset({Ability.COMMITS})

    def __init__(self, link: Link, means: Means) -> None:
        self._link = link
        self._means = means
        self._card = Desfire(link, means.entropy)
        self._uid = b""
        self._has_application = False
        self._files: Files | None = None
        self._is_staged = False
        self._issue_begun: bool | None = None
        self.has_written = False
        self.told: Told = nobody_told

    @property
    def uid(self) -> bytes:
        """7 bytes."""
        return self._uid

    def may_be(self, atr: bytes) -> bool:
        """Any card without contacts that is no memory card."""
        return atr[2:4] == CONTACTLESS and STORAGE_CARD not in atr

    def identify(self) -> None:
        self._card = Desfire(self._link, self._means.entropy)
        self._files, self._is_staged = None, False
        self._uid = self._told_uid()
        try:
            self._card.select(AID)
            self._has_application = True
        except Refused as refused:
            if refused.status is not Status.NO_APPLICATION:
                raise
            self._has_application = False

    def _told_uid(self) -> bytes:
        """By the reader; by the card if the reader does not know the command."""
        told = ask(self._link, ASK_UID)
        return told.data if told.is_done and len(told.data) == UID_SIZE else self._card.version().uid

    # reading

    def read(self) -> bytes:
        """Within the session that read it whole, only the order can have changed since: we have written it."""
        if self._files is not None and self._files.order and self._card.is_authenticated:
            self._files = self._files.with_order(self._card.run(ORDER_FILE.read()))
        else:
            self._files = self._read_whole()
        return self._files.to_image()

    def _read_whole(self) -> Files:
        """A card that carries no header of ours may be on its way to become ours; only its keys tell."""
        header = self._header() if self._has_application else b""
        found = self._means.codec.decode(Files(self._uid, header).to_image()).header
        if found is None:
            return Files(self._uid, header, is_foreign=not self._may_become_ours())
        try:
            self._log_in(KeyNo.OFFICE, found.key_version)
        except Refused as refused:
            if refused.status not in OTHER_KEY:
                raise
            return Files(self._uid, is_foreign=True)
        if found.kind is not CardKind.USER:
            return Files(self._uid, header, tool=self._card.run(TOOL_FILE.read()))
        order = self._card.run(ORDER_FILE.read())
        return Files(self._uid, header, order, self._card.run(WRITE_BACK_FILE.read()))

    def _header(self) -> bytes:
        """Anybody may read it."""
        try:
            return self._card.run(HEADER_FILE.read(is_free=True))
        except Refused as refused:
            if refused.status not in NOT_TOLD:
                raise
            return b""

    def _may_become_ours(self) -> bool:
        """Whether the card's own key is the factory's or one of ours, and nobody else has an application on it."""
        self._card.select(PICC)
        try:
            with self._key_of_card() as key:
                self._card.authenticate(CARD_KEY, key)
                self._issue_begun = self._has_application or key.version != FACTORY
            return self._card.applications() <= {AID}
        except Refused as refused:
            if refused.status not in OTHER_KEY:
                raise
            return False
        except EnvironmentFault as fault:
            if fault.code is not Code.KEY_VERSION_UNKNOWN:
                raise
            return False

    def outline(self) -> bytes:
        header = self._header() if self._has_application else b""
        return Files(self._uid, header).to_image()[:OUTLINE_SIZE]

    def history(self) -> tuple[PastOrder, ...]:
        """Of a customer's card, with the key of the office that reading it has logged in with."""
        if self._files is None or not self._files.order or not self._card.is_authenticated:
            return ()
        return past_orders(self._card.records(HISTORY_FILE, HISTORY_KEPT))

    @property
    def issue_begun(self) -> bool | None:
        """What reading found out by the card's own key, the first step of an issue, and the application, the second."""
        return self._issue_begun

    def tries(self) -> int | None:
        """It forgives any number of wrong keys."""
        return None

    # writing

    def require_tries(self, image: CardImage) -> None:
        """It forgives any number of wrong keys."""

    def unlock(self, image: CardImage, write: CardWrite) -> None:
        """Reading has logged in already, and an issue logs in step by step."""
        if not write.issues_card and image.header is not None and not self._card.is_authenticated:
            self._log_in(KeyNo.OFFICE, image.header.key_version)

    def stage(self, image: CardImage, write: CardWrite) -> None:
        """A sale changes nothing before `commit`; an issue takes effect step by step."""
        if write.issues_card:
            self._make(write)
        elif not holds_record(image.raw, write.record):
            self._stage_order(write.record)

    def commit(self) -> None:
        if self._is_staged:
            self.has_written = True
            self._card.commit()
            self._is_staged = False

    def carries(self, raw: bytes, write: CardWrite) -> bool:
        return carries(raw, write)

    def close(self) -> None:
        self._card.close()

    def clear(self, image: CardImage) -> None:
        """The card's own key becomes the factory's; then the application goes, with all that is in it.

        In this order: until the application is gone the card says whose it is, and all of this is done again.
        """
        self._card.select(PICC)
        with self._key_of_card() as key:
            self._card.authenticate(CARD_KEY, key)
            self.has_written = True
            if key.version != FACTORY:
                self._card.change_picc_key(factory_picc_key())
                self._card.authenticate(CARD_KEY, factory_picc_key())
        self._card.delete_application(AID)
        self._files, self._has_application = None, False

    def restore_header(self, image: CardImage, issue: CardWrite) -> None:
        """Its header is written once, with the issue; what is lost of it then, the issue finishes."""
        raise OperatorError(Code.CARD_NOT_REPAIRABLE)

    def _stage_order(self, record: bytes) -> None:
        self._card.run(ORDER_FILE.write(record))
        self._card.run(HISTORY_FILE.append(history_of(record)))
        self._is_staged = True

    def _stage_tool(self, record: bytes) -> None:
        """The mandate and what belongs to it, and every place of it empty: on a card issued anew those were read in."""
        content = record.ljust(TOOL_FILE.size, ERASED)
        if self._card.run(TOOL_FILE.read()) != content:
            self._card.run(TOOL_FILE.write(content))
            self._is_staged = True

    def _is_of_tool(self, write: CardWrite) -> bool:
        header = self._means.codec.decode(Files(self._uid, write.header).to_image()).header
        return header is not None and header.kind is not CardKind.USER

    # making a card of the office: every step is skipped that was done

    def _make(self, write: CardWrite) -> None:
        """Its own key, the application, files, keys; then the order or the mandate, and the header last."""
        self.has_written, self._files = True, None
        is_tool = self._is_of_tool(write)
        self.told(0, STEPS)
        self._take_card(write.key_version)
        self.told(2, STEPS)
        self._take_application(write.key_version, TOOL_FILES if is_tool else FILES)
        self.told(STEPS - 2, STEPS)
        # Nobody at the counter needs the meter's key any more: a card that did not take it would be found out at home.
        self._log_in(KeyNo.METER, write.key_version)
        self._log_in(KeyNo.OFFICE, write.key_version)
        if is_tool:
            self._stage_tool(write.record)
        elif self._card.run(ORDER_FILE.read()) != write.record:
            self._stage_order(write.record)
        self.commit()
        self.told(STEPS - 1, STEPS)
        self._log_in(KeyNo.APPLICATION, write.key_version)
        self._card.run(HEADER_FILE.write(write.header))

    def _take_card(self, version: int) -> None:
        self._card.select(PICC)
        with self._key_of_card() as found, self._keys.of_card(version) as own:
            self._card.authenticate(CARD_KEY, found)
            if found.version != version:
                self._expect_same_card()
                self._card.change_picc_key(own)
                self._card.authenticate(CARD_KEY, own)
        if not self._has_application:
            self._card.create_application(AID, settings=SETTINGS, keys=len(KeyNo))
            self._has_application = True

    def _take_application(self, version: int, plans: Sequence[FilePlan]) -> None:
        self._card.select(AID)
        with self._key_of(KeyNo.APPLICATION) as found, self._keys.of(KeyNo.APPLICATION, version) as own:
            self._card.authenticate(KeyNo.APPLICATION, found)
            if found.version != version:
                self._expect_same_card()
            there = self._card.files()
            for done, plan in enumerate(plans, 3):
                if plan.number not in there:
                    self._card.create(plan)
                self.told(done, STEPS)
            for done, number in enumerate((KeyNo.OFFICE, KeyNo.METER), 3 + len(FILES)):
                self._take_key(number, version)
                self.told(done, STEPS)
            if found.version != version:
                self._card.change_key(KeyNo.APPLICATION, own)

    def _expect_same_card(self) -> None:
        """A factory key opens any new card, and one that took this one's place would get keys of another UID.

        Raises OperatorError card-swapped.
        """
        if self._card.uid() != self._uid:
            raise OperatorError(Code.CARD_SWAPPED)

    def _take_key(self, number: KeyNo, version: int) -> None:
        with self._key_of(number) as found, self._keys.of(number, version) as own:
            if found.version != version:
                self._card.change_key(number, own, old=found)

    # keys

    @property
    def _keys(self) -> CardKeys:
        return CardKeys(self._means.vault, self._uid)

    def _log_in(self, number: KeyNo, version: int) -> None:
        """Within a transaction of EV2 it goes on under another key."""
        with self._keys.of(number, version) as key:
            self._card.authenticate_next(number, key)

    @contextmanager
    def _key_of_card(self) -> Iterator[CardKey]:
        """The card's own key as its version says. Raises EnvironmentFault key-version-unknown."""
        version = self._card.key_version(CARD_KEY)
        if version == FACTORY:
            yield factory_picc_key()
        else:
            with self._keys.of_card(version) as key:
                yield key

    @contextmanager
    def _key_of(self, number: KeyNo) -> Iterator[CardKey]:
        """A key of the application as its version says. Raises EnvironmentFault key-version-unknown."""
        version = self._card.key_version(number)
        if version == FACTORY:
            yield factory_application_key()
        else:
            with self._keys.of(number, version) as key:
                yield key
