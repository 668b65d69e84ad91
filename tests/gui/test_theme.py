"""Colours that can be read: every coloured text on every ground it stands on."""

from __future__ import annotations

import pytest

from vending_app.ui.icons import glyph
from vending_app.ui.theme import DARK, LIGHT, Tokens, contrast, tone

ENOUGH = (9, 2)
"""4.5 : 1."""
TONES = ("accent", "ok", "warn", "bad", "practice")


def is_readable(text: str, ground: str) -> bool:
    bright, dark = contrast(text, ground)
    return bright * ENOUGH[1] >= dark * ENOUGH[0]


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", TONES)
def test_coloured_text_can_be_read_on_card_window_and_its_own_ground(tokens: Tokens, name: str) -> None:
    strong, soft, _ = tone(tokens, name)
    assert all(is_readable(strong, ground) for ground in (tokens.card, tokens.window, soft))
    assert is_readable(tokens.on, strong), "text on a fill"


@pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])
def test_both_text_colours_can_be_read_on_every_ground(tokens: Tokens) -> None:
    grounds = [tokens.card, tokens.window, tokens.sunken, *(tone(tokens, name)[1] for name in TONES)]
    assert all(is_readable(tokens.text, ground) for ground in grounds)
    assert all(is_readable(tokens.muted, ground) for ground in grounds)
    assert is_readable(tokens.on_signal, tokens.signal)


def test_the_measure_itself_is_right() -> None:
    assert contrast("#000000", "#ffffff") == (105_000, 5_000)


def test_an_unknown_icon_is_noticed() -> None:
    with pytest.raises(KeyError):
        glyph("no-such-icon")
