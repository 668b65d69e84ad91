"""The Keys page over the real counter: a ceremony at its keyboard, one custodian after the other, and nothing stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.gui.at_window import Petra, at_window
from tests.gui.looks import make_low, nothing_cut, painted
from tests.services.desk_of import DeskOf
from vending_app.app import random_bytes
from vending_app.bench.world import ADMINISTRATOR, CASHIER, MASTER_KEY, SUPERVISOR, TECHNICIAN
from vending_app.cardio.vault import SealedVault
from vending_app.domain.allowance import Grant, SignedGrant
from vending_app.domain.energy import Energy
from vending_app.domain.key_ceremony import KeyDeed, KeyState
from vending_app.domain.key_share import share_groups
from vending_app.domain.people import Operator
from vending_app.domain.permissions import Act
from vending_app.key_custody import Custody
from vending_app.services.choices import DeskChoices
from vending_app.services.key_cases import KeysShown, KeyTold
from vending_app.services.people_cases import Approved, GrantApproval
from vending_app.ui.books.ask import Ask, Deed, Filled
from vending_app.ui.bridge import Finished
from vending_app.ui.components.rail import SETUP
from vending_app.ui.components.surface import PADDING
from vending_app.ui.components.toast import Note
from vending_app.ui.doors import KEYS
from vending_app.ui.keys.key_asks import ask_share
from vending_app.ui.keys.key_words import UNCLEARED, since
from vending_app.ui.keys.share_card import ShareCard
from vending_app.ui.pages.keys_page import KeysPage
from vending_app.vaults import SealedPlace

Key = Qt.Key
PHRASE = "three quiet words"
NAMES = ("Ann Lee", "Bo Okoye", "Chi Wu")


class Irene:
    """The administrator at the Keys page; Daniel, the supervisor, stands beside her."""

    def __init__(self, petra: Petra) -> None:
        self.petra, self.window = petra, petra.window

    @property
    def page(self) -> KeysPage:
        return self.window.rooms.keys

    def comes(self, who: Operator = ADMINISTRATOR) -> None:
        self.petra.logs_in(who)
        self.window.go(SETUP.key)
        door = next(button for door, button in self.window.setup.doors.items() if door.key == KEYS)
        door.setFocus()
        self.petra.presses(Key.Key_Return)
        self.petra.until(lambda: self.page.keys.rows and self.page.allowances.rows)

    def is_approved(self, act: Act = Act.KEYS) -> None:
        """Daniel gives his word for exactly this."""
        column, counter = self.page.column, self.petra.desk.counter
        self.petra.until(lambda: not column.approval.isHidden())
        deed = column.deed
        assert deed is not None
        assert counter.operator is not None
        word = counter.approvals.give(deed.request, SUPERVISOR, operator=counter.operator, act=act)
        granted = GrantApproval(deed.request, SUPERVISOR.name, "")
        self.window.bridge.finished.emit(Finished(granted, Approved(word.id, word.approver, word.until)))

    def names(self, custodians: str) -> None:
        """Pasted: an event of a key for a test has ASCII alone."""
        self.page.share.click()
        self.page.column.card.reference.setText(custodians)
        self.petra.presses(Key.Key_Return)

    def shares_out(self, *names: str) -> None:
        self.page.share.click()
        self.petra.enters(", ".join(names))
        self.petra.presses(Key.Key_Return)
        self.is_approved()
        self.petra.until(lambda: self.page.share_card.is_going_on)

    def written_down(self) -> list[str]:
        """What the custodians have on paper when all of them looked."""
        card, papers = self.page.share_card, []
        while card.is_going_on:
            if not card.is_open:
                card.button.click()
            share = card.shares[card.at]
            papers.append("-".join(share_groups(share)))
            card.button.click()
            assert not any(share.secret), "overwritten as soon as it is written down"
        return papers

    def joins(self, *shares: str) -> None:
        self.page.join.click()
        self.petra.presses(Key.Key_Return)
        self.petra.enters(*shares)

    def takes(self, file: Path) -> None:
        """A grant of the office for this desk, out of a file."""
        now = self.petra.calendar.now.replace(microsecond=0)
        desk, energy = self.page.allowances.rows[0].desk, Energy.parse("5000")
        grant = Grant(self.petra.books.office().utility, desk, 1, energy, date(2099, 1, 31), now)
        file.write_text(SignedGrant(grant, SealedVault({1: bytearray(MASTER_KEY)}).sign(grant.message)).text)
        self.page.ask = lambda _: str(file)
        self.page.take.click()

    @property
    def note(self) -> tuple[str, str, str]:
        return self.page.column.card.note

    def deeds(self) -> list[KeyDeed]:
        return [event.deed for event in self.petra.books.key_events()]


def sealed(desk: DeskOf) -> Custody:
    """The vault of the bench, in a file."""
    path = desk.world.folder / "vault.sealed"
    SealedVault.create(path, PHRASE, key=bytearray(MASTER_KEY), entropy=random_bytes).lock()
    return Custody(desk.world.vault, SealedPlace(path), random_bytes)


@pytest.fixture
def irene(qtbot: QtBot, tmp_path: Path) -> Iterator[Irene]:
    with at_window(qtbot, tmp_path, custody=sealed) as petra:
        there = Irene(petra)
        there.comes()
        yield there


# --- what stands there -----------------------------------------------------------------------------------


@pytest.mark.parametrize("is_low", [False, True])
def test_no_text_is_cut(irene: Irene, caplog: pytest.LogCaptureFixture, is_low: bool) -> None:
    window, page, petra = irene.window, irene.page, irene.petra
    if is_low:
        make_low(window)

    def paint(name: str) -> None:
        """The page Set-up, which is on the way, shows the colours that the desk chose."""
        window.dress(DeskChoices(dark=is_low, less_motion=True))
        painted(window, name, is_low=is_low)

    with nothing_cut(caplog):
        for name, verb in (("", None), ("-roll", page.roll), ("-back-up", page.back_up), ("-join", page.join)):
            if verb is not None:
                verb.click()
            paint(f"keys{name}")
            window.press("Esc")
            irene.comes()
        page.share.click()
        paint("keys-custodians")
        petra.enters(", ".join(NAMES))
        paint("keys-share-summary")
        petra.presses(Key.Key_Return)
        irene.is_approved()
        petra.until(lambda: page.share_card.is_going_on)
        paint("keys-share-call")
        page.share_card.button.click()
        paint("keys-share")
        irene.written_down()
        petra.until(lambda: page.chosen and page.chosen.shared)
        paint("keys-shared")
        page.join.click()
        petra.presses(Key.Key_Return)
        paint("keys-share-typed")
        window.press("Esc")
        page.grant.click()
        paint("keys-grant")
        window.press("Esc")
        irene.takes(petra.desk.world.folder / "grant.txt")
        paint("keys-take")
        window.press("Esc")
        [here] = page.keys.rows
        untold = KeyTold(3, "", KeyState.MISSING, ())
        page.show_keys(KeysShown("sealed", (here, replace(here, version=2, state=KeyState.MISSING), untold)))
        page.table.selectRow(0)
        assert [since(key) for key in page.keys.rows] == ["–", "–", "the beginning"], "the newest first"
        assert page.card.table.empty[1] == "These books tell nothing of it"
        paint("keys-missing")
        assert not page.share.isEnabled(), "what is not here cannot be shared out"
        other = replace(here, version=2, state=KeyState.OTHER, check_value="A7EE7F", other="C610A5")
        page.show_keys(KeysShown("sealed", (here, other)))
        page.table.selectRow(0)
        paint("keys-other")
        assert not page.share.isEnabled(), "nor what is another key"
        assert not page.retire.isEnabled()


def test_the_page_tells_each_version_and_each_desk(irene: Irene) -> None:
    page = irene.page
    [key] = page.keys.rows
    assert (key.version, key.check_value, key.state) == (
        1,
        irene.petra.desk.world.vault.check_value(1),
        KeyState.CURRENT,
    )
    assert [column.say(key) for column in page.keys.columns][2:] == ["the beginning", "current", "not shared out"]
    [desk] = page.allowances.rows
    assert [column.say(desk) for column in page.allowances.columns] == [str(desk.desk), "not limited", "", ""]
    assert not page.retire.isEnabled()
    assert not page.key_card.isEnabled(), "every meter has the only version"


# In any script, in one word or many, up to the longest name that a custodian may have.
LONGEST = (
    "Wilhelmina Oluwafunmilayo Papadopoulos-Quagliarella and Sons",
    "عبد الرحمن بن محمد بن عبد العزيز بن سعود بن فيصل آل الشيخ",
    "W" * 60,
)


@pytest.mark.parametrize("is_low", [False, True])
def test_the_longest_names_of_custodians_are_told_whole(
    irene: Irene, caplog: pytest.LogCaptureFixture, is_low: bool
) -> None:
    window, card = irene.window, irene.page.share_card
    if is_low:
        make_low(window)
    irene.names(", ".join(LONGEST))
    with nothing_cut(caplog):
        painted(window, "keys-longest-summary", is_low=is_low)
        irene.petra.presses(Key.Key_Return)
        approval = irene.page.column.approval
        irene.petra.until(lambda: not approval.isHidden())
        painted(window, "keys-longest-approval", is_low=is_low)
        assert approval.button.geometry().bottom() <= approval.height()
        irene.is_approved()
        irene.petra.until(lambda: card.is_going_on)
        window.dress(DeskChoices(dark=is_low, less_motion=True))
        for at in range(len(LONGEST)):
            assert card.title == f"Share {at + 1} of 3"
            painted(window, f"keys-longest-call-{at}", is_low=is_low)
            assert is_free_below_its_words(card)
            card.button.click()
            painted(window, f"keys-longest-share-{at}", is_low=is_low)
            assert is_free_below_its_words(card)
            card.button.click()


def is_free_below_its_words(card: ShareCard) -> bool:
    """Nothing is written where the buttons stand, which are taken away to see it."""
    buttons = (card.stop, card.button)
    for button in buttons:
        button.hide()
    seen = card.grab().toImage()
    for button in buttons:
        button.show()
    rows, columns = range(card.button.y(), card.height() - PADDING), range(PADDING, card.width() - PADDING, 3)
    return len({seen.pixel(x, y) for x in columns for y in rows}) == 1


@pytest.mark.parametrize("between", [", ", "، ", "؛", "; ", ";"])
def test_names_stand_apart_by_the_comma_of_any_keyboard(between: str) -> None:
    asked = ask_share(KeyTold(1, "BE7ED6", KeyState.CURRENT, ())).make(Filled(reference=between.join(LONGEST[1:])))
    assert isinstance(asked, Ask)
    assert tuple(value for label, value, _ in asked.facts if label.startswith("Share")) == LONGEST[1:]


# --- a ceremony ------------------------------------------------------------------------------------------


def test_each_custodian_sees_his_own_share_alone_and_all_of_them_prove_the_key(irene: Irene) -> None:
    irene.shares_out(*NAMES)
    card = irene.page.share_card
    shares = card.shares
    assert card.remark == NAMES[0]
    assert not card.is_open, "Irene and Daniel still look"
    papers = irene.written_down()
    assert len(set(papers)) == 3
    assert [bytes(share.secret) for share in shares] == [bytes(16)] * 3, "overwritten when they are written down"
    irene.petra.until(lambda: irene.page.chosen and irene.page.chosen.shared)
    assert irene.page.keys.columns[4].say(irene.page.keys.rows[0]) == ", ".join(NAMES)
    assert [(label, who) for label, who in irene.page.card.facts if label.startswith("Share ")] == [
        (f"Share {at} of 3", name) for at, name in enumerate(NAMES, 1)
    ]
    irene.joins(*papers)
    typed = list(irene.page.typed)
    irene.petra.presses(Key.Key_Return)
    irene.petra.until(lambda: irene.deeds() == [KeyDeed.SHARED, KeyDeed.PROVEN])
    irene.petra.until(lambda: not irene.page.typed)
    assert [bytes(share.secret) for share in typed] == [bytes(16)] * 3


def test_a_key_pressed_once_too_often_shows_nobody_the_next_share(irene: Irene) -> None:
    irene.shares_out(*NAMES[:2])
    card, petra = irene.page.share_card, irene.petra

    def stands() -> tuple[int, bool]:
        return card.at, card.is_open

    petra.presses(Key.Key_Return)
    assert stands() == (0, False)
    petra.presses(Key.Key_Tab)
    petra.presses(Key.Key_Return)
    assert stands() == (0, True)
    for _ in range(3):
        petra.presses(Key.Key_Return)
    assert stands() == (1, False)


def test_esc_covers_a_share_and_leaving_the_desk_ends_the_ceremony(irene: Irene) -> None:
    irene.shares_out(*NAMES[:2])
    page, window = irene.page, irene.window
    shares = page.share_card.shares
    page.share_card.button.click()
    window.press("Esc")
    assert (page.share_card.is_open, page.share_card.is_going_on) == (False, True)
    window.press("Esc")
    assert window.shell.current == KEYS
    page.share_card.button.click()
    window.lock()
    irene.petra.until(lambda: not page.share_card.is_going_on)
    assert all(not any(share.secret) for share in shares)


def test_shares_half_typed_are_gone_when_the_desk_is_left(irene: Irene) -> None:
    irene.shares_out(*NAMES[:2])
    first, second = irene.written_down()
    irene.joins(first)
    assert len(irene.page.typed) == 1
    irene.petra.enters(first)
    assert "same share" in irene.note[2]
    irene.petra.enters(second[:-1] + ("A" if second[-1] != "A" else "B"))
    assert "group 11" in irene.note[2]
    [kept] = irene.page.typed
    irene.window.lock()
    irene.petra.until(lambda: not irene.page.typed)
    assert not any(kept.secret)
    assert irene.page.column.is_home


def test_a_new_version_takes_the_passphrase_and_daniel_and_the_old_one_cannot_be_retired_yet(irene: Irene) -> None:
    page, petra = irene.page, irene.petra
    page.roll.click()
    petra.enters("another phrase")
    irene.is_approved()
    petra.until(lambda: irene.note[0] == "bad")
    petra.enters(PHRASE)
    assert PHRASE not in repr(page.column.deed)
    irene.is_approved()
    petra.until(lambda: len(page.keys.rows) == 2)
    assert [key.state for key in page.keys.rows] == [KeyState.CURRENT, KeyState.ACCEPTED]
    assert page.chosen
    assert page.chosen.version == 2
    page.table.selectRow(1)
    page.retire.click()
    petra.presses(Key.Key_Return)
    irene.is_approved()
    petra.until(lambda: irene.note[0] == "bad")
    assert "cards 1, meters 1" in irene.note[2]
    window = irene.window
    window.press("Esc")
    page.key_card.click()
    petra.until(lambda: window.shell.current == "tools" and window.tools.column.card.title == "Key card, 1 of 2")


@pytest.mark.parametrize("is_low", [False, True])
def test_old_cards_that_were_never_made_blank_are_told_before_their_version_is_retired(
    irene: Irene, caplog: pytest.LogCaptureFixture, is_low: bool
) -> None:
    page, window = irene.page, irene.window
    if is_low:
        make_low(window)
    window.dress(DeskChoices(dark=is_low, less_motion=True))
    [newest] = page.keys.rows
    old = replace(newest, state=KeyState.ACCEPTED, uncleared=3)
    page.show_keys(KeysShown(page.place, (old, replace(newest, version=2))))
    page.table.selectRow(1)
    assert (UNCLEARED, "3") in page.card.facts
    with nothing_cut(caplog):
        painted(window, "keys-old-cards", is_low=is_low)
        page.retire.click()
        painted(window, "keys-retire-old-cards", is_low=is_low)
    asked = page.column.card.ask
    assert asked is not None
    assert (UNCLEARED, "3", "warn") in asked.facts
    assert "throw away" in irene.note[2]
    deed = asked.make(Filled())
    assert isinstance(deed, Deed)
    assert "3 old cards can never be made blank" in deed.sentence, "who approves sees it too"
    window.press("Esc")
    page.table.selectRow(0)
    assert UNCLEARED not in dict(page.card.facts)


def test_a_key_in_a_token_is_told_as_that_and_has_no_shares(irene: Irene) -> None:
    page = irene.page
    page.show_keys(replace(KeysShown("", tuple(page.keys.rows)), place="pkcs11"))
    [key] = page.keys.rows
    assert page.keys.columns[4].say(key) == "never leaves the token"
    assert ("Master key", "in the key token") in page.card.facts
    assert page.remark == "1 version in the key token"
    assert (page.share.isEnabled(), page.roll.isEnabled()) == (False, True)
    page.roll.click()
    assert page.column.card.secret.accessibleName() == "PIN of the key token"
    assert "file" not in irene.note[2]


def test_a_desk_is_granted_what_it_may_sell(irene: Irene) -> None:
    page, petra = irene.page, irene.petra
    page.grant.click()
    petra.enters("5000", (petra.calendar.now + timedelta(days=30)).date().isoformat())
    irene.is_approved(Act.ALLOWANCE)
    petra.until(lambda: page.allowances.rows[0].allowance)
    assert [column.say(page.allowances.rows[0]) for column in page.allowances.columns][1:3] == ["5\u202f000.00 kWh"] * 2


def test_a_grant_that_came_in_a_file_is_entered_on_the_page(irene: Irene, tmp_path: Path) -> None:
    page, petra = irene.page, irene.petra
    irene.takes(tmp_path / "grant.txt")
    petra.presses(Key.Key_Return)
    irene.is_approved(Act.ALLOWANCE)
    petra.until(lambda: page.allowances.rows[0].allowance)
    assert [column.say(page.allowances.rows[0]) for column in page.allowances.columns][1:3] == ["5\u202f000.00 kWh"] * 2


def test_a_file_that_is_no_grant_is_said_and_opens_nothing(irene: Irene, tmp_path: Path) -> None:
    page = irene.page
    said: list[Note] = []
    page.said.connect(said.append)
    (tmp_path / "other.txt").write_text("a shopping list")
    for path in (tmp_path / "other.txt", tmp_path / "away.txt"):
        page.ask = partial(_told, str(path))
        page.take.click()
    page.ask = partial(_told, "")
    page.take.click()
    assert [note.line.rpartition("  ")[2] for note in said] == ["L-182", "L-118"]
    assert page.column.card.isHidden()


def _told(path: str, _parent: QWidget) -> str:
    return path


def test_who_may_only_look_and_prove_has_no_other_button(irene: Irene) -> None:
    page, window = irene.page, irene.window
    irene.comes(SUPERVISOR)
    shown = [button.text() for button in page.verbs if not button.isHidden()]
    assert shown == ["Back up", "Join shares"]
    page.join.click()
    assert [option.name for option in page.column.card.choices.rows_model.rows] == ["For trial"]
    doors = {door.key: button for door, button in window.setup.doors.items()}
    for who in (TECHNICIAN, CASHIER):
        irene.petra.logs_in(who)
        assert doors[KEYS].isHidden()
