"""The chips that this program knows, in the order in which they are tried."""

from __future__ import annotations

from collections.abc import Callable

from vending_app.cardio.chip import Chip, Means, StatusWrong
from vending_app.cardio.classic import key_dialects_for
from vending_app.cardio.classic_chip import ClassicChip
from vending_app.cardio.desfire_chip import DesfireChip
from vending_app.cardio.link import CardMute, Link
from vending_app.cardio.sle4442_chip import Sle4442Chip


def chips_on(link: Link, means: Means) -> tuple[Chip, ...]:
    """One of each for a session on this link, once for every dialect that may be spoken."""
    return (
        *(Sle4442Chip(link, means, dialect) for dialect in means.dialects),
        *(ClassicChip(link, means, dialect) for dialect in key_dialects_for(means.reader)),
        DesfireChip(link, means),
    )


Look = Callable[[Chip], bytes]
"""How a chip is asked for what is on it."""


def recognised(chips: tuple[Chip, ...], link: Link, look: Look) -> tuple[Chip, bytes]:
    """The first chip that the card answers as, and what was seen on it.

    The answer to reset rules chips out and proves none: memory cards of several types share one. What one of them was
    told is forgotten before the next is tried: a reader that selected a card must not pass for one that needs not.
    Raises CardMute if no chip comes into question, StatusWrong with the last refusal if the card is none of them.
    """
    refusal: CardMute | StatusWrong = CardMute("no chip of ours")
    for chip in chips:
        if not chip.may_be(link.atr):
            continue
        try:
            chip.identify()
        except StatusWrong as wrong:
            refusal = wrong
            continue
        try:
            return chip, look(chip)
        except StatusWrong as wrong:
            refusal = wrong
            link.reconnect()
    raise refusal
