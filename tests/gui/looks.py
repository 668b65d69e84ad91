"""Looking at a window: nothing in it is cut, its picture is kept where somebody asks for it, and it may be low."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget

from vending_app.ui.counter_pages import LEAST
from vending_app.ui.paint import fit_log
from vending_app.ui.shots import save_page

KEEP = os.environ.get("VENDING_SHOTS", "")
"""A folder for pictures, for a person who wants to look at them."""


@contextmanager
def nothing_cut(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No text that is painted within is cut."""
    with caplog.at_level(logging.DEBUG, logger=fit_log.name):
        yield
    assert [record.getMessage() for record in caplog.records if record.name == fit_log.name] == []


def keep(window: QWidget, name: str) -> None:
    """The picture of a window, by its name without an ending."""
    if KEEP:
        save_page(window, Path(KEEP) / f"{name}.png")


def looked_at(window: QWidget, caplog: pytest.LogCaptureFixture, name: str) -> None:
    """Painted without a cut text, and kept."""
    with nothing_cut(caplog):
        window.grab()
    keep(window, name)


def make_low(window: QWidget) -> None:
    """As low and narrow as a window can be."""
    window.setMinimumSize(LEAST)
    window.resize(LEAST)


def painted(window: QWidget, name: str, *, is_low: bool) -> None:
    """One state of a page that is seen light in a wide window and dark in a low one."""
    window.grab()
    keep(window, f"{name}-{'low-dark' if is_low else 'light'}")
