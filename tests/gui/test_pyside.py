"""What a library really does, before we rely on it: PySide6 6.12.0 failed this under Python 3.11."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPainter, QPixmap
from pytestqt.qtbot import QtBot

CALLS = 1000


class Sender(QObject):
    sent = Signal(object)


def test_pyside_keeps_the_references_of_constants(qtbot: QtBot) -> None:
    canvas, sender = QPixmap(10, 10), Sender()
    painter = QPainter(canvas)
    before = [sys.getrefcount(constant) for constant in (None, True, False)]
    for _ in range(CALLS):
        painter.save()
        painter.restore()
        sender.sent.emit(1)
    after = [sys.getrefcount(constant) for constant in (None, True, False)]
    painter.end()
    assert all(abs(late - early) < CALLS // 2 for early, late in zip(before, after, strict=True))
