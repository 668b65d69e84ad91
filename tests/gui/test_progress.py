"""While an act of a page writes a card, a strip on it says how far that is; then the words of the act are back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.gui.at_window import Petra, at_window
from tests.gui.looks import looked_at, make_low
from vending_app.bench.world import SUPERVISOR, SUPPLY, TECHNICIAN
from vending_app.domain.permissions import Act
from vending_app.domain.records import CardEnd
from vending_app.ports.progress import WriteShare
from vending_app.services.choices import DeskChoices
from vending_app.services.people_cases import Approved, GrantApproval
from vending_app.services.supply_cases import ReissueCard
from vending_app.services.use_cases import ReadCard
from vending_app.ui.books.act_card import ActCard
from vending_app.ui.bridge import Finished
from vending_app.ui.components.write_strip import CHECKING, RUNNING


@pytest.fixture
def petra(qtbot: QtBot, tmp_path: Path) -> Iterator[Petra]:
    with at_window(qtbot, tmp_path) as there:
        yield there


class Watched(QWidget):
    """What stands on an act's card each time the desk tells how far a card is; connected after the page."""

    def __init__(self, petra: Petra, card: ActCard) -> None:
        super().__init__()
        self.card = card
        self.shown: list[tuple[bool, object, tuple[int, int] | None]] = []
        petra.window.bridge.progressed.connect(self._on_progressed)

    @Slot(object)
    def _on_progressed(self, _: object) -> None:
        strip = self.card.strip
        self.shown.append((strip.isVisible(), strip.steps, strip.share))


def test_a_card_that_is_issued_again_shows_how_far_it_is(petra: Petra) -> None:
    petra.opens()
    petra.blank()
    column = petra.window.supply.column
    watched = Watched(petra, column.card)
    petra.window.supply.card.click()
    petra.asked_for("Re-issue card")
    petra.chooses(CardEnd.LOST.value)
    petra.enters("", "")
    petra.asked_for("Write the new card")
    petra.presses(Qt.Key.Key_Return)
    petra.done()
    assert watched.shown[0] == (True, RUNNING, None)
    shares = [share for _, _, share in watched.shown if share]
    assert shares == sorted(shares)
    assert shares[0][0] == 0
    assert watched.shown[-1] == (True, CHECKING, None)
    petra.window.supply.card.click()
    assert column.card.strip.isHidden(), "the next act begins without it"


def test_a_card_that_is_retired_shows_it_after_the_approval(petra: Petra) -> None:
    old = petra.desk.card
    petra.blank()
    petra.does(ReissueCard(petra.desk.world.new_id(), SUPPLY, CardEnd.BROKEN))
    petra.desk.readers.pull()
    petra.desk.readers.insert(old)
    petra.does(ReadCard())
    petra.until(lambda: petra.window.cards.spent is not None)
    window, column = petra.window, petra.window.rooms.records.column
    watched = Watched(petra, column.card)
    window.cards.retire_wanted.emit(window.cards.spent)
    petra.until(lambda: column.card.isVisible() and column.card.title == "Retire a card")
    column.card.button.click()
    petra.until(lambda: not column.approval.isHidden())
    assert watched.shown == []
    deed, counter = column.deed, petra.desk.counter
    assert deed is not None
    word = counter.approvals.give(deed.request, SUPERVISOR, operator=TECHNICIAN, act=Act.RETIRE_CARD)
    granted = GrantApproval(deed.request, SUPERVISOR.name, "")
    window.bridge.finished.emit(Finished(granted, Approved(word.id, word.approver, word.until)))
    petra.until(lambda: column.is_home)
    assert len(watched.shown) > 2
    assert all(is_visible for is_visible, _, _ in watched.shown)


@pytest.mark.parametrize("is_low", [False, True])
def test_no_text_is_cut(petra: Petra, caplog: pytest.LogCaptureFixture, is_low: bool) -> None:
    window, column = petra.window, petra.window.supply.column
    petra.opens()
    if is_low:
        make_low(window)
        window.dress(DeskChoices(dark=True, less_motion=True))
    petra.window.supply.card.click()
    petra.asked_for("Re-issue card")
    petra.chooses(CardEnd.LOST.value)
    petra.enters("", "")
    petra.asked_for("Write the new card")
    column.card.show_progress("writing")
    column.card.show_progress(WriteShare(3, 7))
    looked_at(window, caplog, f"act-strip-{'low-dark' if is_low else 'light'}")


def test_what_goes_wrong_is_told_in_its_place(petra: Petra) -> None:
    petra.opens()
    petra.does(ReadCard())
    petra.window.supply.card.click()
    card = petra.window.supply.column.card
    petra.asked_for("Re-issue card")
    petra.chooses(CardEnd.LOST.value)
    petra.enters("", "")
    petra.asked_for("Write the new card")
    petra.presses(Qt.Key.Key_Return)
    card.show_progress("writing")
    petra.until(lambda: card.note[0] == "bad")
    assert card.strip.isHidden()
