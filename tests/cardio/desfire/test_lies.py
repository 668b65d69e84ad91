"""A DESFire card, or what stands between, that answers anything: refused, never believed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cardio.builders import Counter, a_write, an_issue, an_order
from tests.cardio.desfire.cards import refused
from tests.cardio.desfire.test_chip import UID, issued
from vending_app.cardio.apdu import NoAnswer
from vending_app.cardio.chip import Means, StatusWrong
from vending_app.cardio.desfire.status import Status
from vending_app.cardio.desfire_chip import DesfireChip
from vending_app.cardio.emulated.desfire.card import ANSWER_TO_RESET
from vending_app.cardio.emulated.kinds import counting
from vending_app.cardio.refused import Trust
from vending_app.domain.errors import VendingError
from vending_app.domain.ids import ReaderName


@pytest.fixture(scope="module")
def counter() -> Counter:
    return Counter()


class Babbling:
    """Implements Link: whatever it is asked, it says what it likes, the last thing for ever."""

    atr = ANSWER_TO_RESET

    def __init__(self, answers: list[bytes], then: Callable[[bytes], bytes]) -> None:
        self._answers = answers
        self._then = then

    def transmit(self, apdu: bytes) -> bytes:
        return self._answers.pop(0) if self._answers else self._then(apdu)

    def reconnect(self) -> None:
        """It goes on as before."""


def babbled_at(counter: Counter, link: Babbling) -> DesfireChip:
    means = Means(ReaderName("Built-in"), (), counter.codec, counter.vault, counting(), Trust(None))
    return DesfireChip(link, means)


SOUNDS = st.one_of(
    st.binary(max_size=70),
    st.builds(lambda data, status: data + bytes([0x91, status]), st.binary(max_size=64), st.sampled_from(list(Status))),
)


@given(st.lists(SOUNDS, max_size=20), SOUNDS)
@settings(max_examples=300, deadline=None)
def test_whatever_a_card_answers_there_is_an_image_or_a_refusal(answers: list[bytes], last: bytes) -> None:
    counter = Counter()
    chip = babbled_at(counter, Babbling(answers, lambda _: last))
    with suppress(StatusWrong, NoAnswer, VendingError):
        chip.identify()
        image = counter.codec.decode(chip.read())
        assert len(image.raw) == 256
        assert image.order is None
        chip.unlock(image, an_issue())
        chip.stage(image, an_issue())
        raise AssertionError("it proved no key, and was taken for a card that has them")


@given(st.integers(0, 14), SOUNDS)
@settings(max_examples=200, deadline=None)
def test_a_card_that_lies_once_in_a_sale_is_never_taken_for_sold_to(at: int, lie: bytes) -> None:
    """From that answer on it tells the truth again; only what it has really done counts."""
    counter = Counter()
    card = issued(counter)
    count = [0]

    def lying(apdu: bytes) -> bytes:
        count[0] += 1
        truth = card.exchange(apdu)
        return lie if count[0] == at + 1 else truth

    chip, write = babbled_at(counter, Babbling([], lying)), a_write(2)
    with suppress(StatusWrong, NoAnswer, VendingError):
        chip.identify()
        image = counter.codec.decode(chip.read())
        if image.order is None:
            return
        chip.unlock(image, write)
        chip.stage(image, write)
        chip.commit()
        assert chip.carries(chip.read(), write)
        assert counter.codec.decode(card.image).order == an_order(2)


@pytest.mark.parametrize("more", [b"", b"\x00" * 59])
def test_a_card_that_always_has_more_to_say_is_given_up(counter: Counter, more: bytes) -> None:
    chip = babbled_at(counter, Babbling([UID + b"\x90\x00", b"\x91\x00"], lambda _: more + b"\x91\xaf"))
    chip.identify()
    with refused(Status.MORE):
        chip.read()
