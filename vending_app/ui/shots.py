"""Pictures of a window, for the tour and the tests."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

SIZE = QSize(1366, 768)
"""The smallest screen the counter is made for."""


def save_page(window: QWidget, path: Path) -> Path:
    """Save what the window shows now as PNG. Raises OSError if it cannot be written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not window.grab().save(str(path), "PNG"):
        raise OSError(f"cannot write {path}")
    return path
