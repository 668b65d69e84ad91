"""The dialog before the window: it asks for what opens the keys of this desk."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from vending_app.ui.theme import make_look
from vending_app.ui.unlock import UnlockDialog


@pytest.mark.parametrize(
    ("token", "prompt"), [("", "Passphrase of the key vault"), ("office", "PIN of the key token “office”")]
)
def test_it_asks_for_the_passphrase_or_for_the_pin_of_the_token(qtbot: QtBot, token: str, prompt: str) -> None:
    dialog = UnlockDialog(make_look(dark=False, less_motion=True), "", token=token)
    qtbot.addWidget(dialog)
    (asked,) = [label for label in dialog.findChildren(QLabel) if label.buddy() is dialog.field]
    assert asked.text() == dialog.field.accessibleName() == prompt
    dialog.field.setText("271828")
    assert "271828" not in dialog.field.displayText()
