"""A button that is on or off: a box with or without its tick, and the word."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from vending_app.ui.components.buttons import Button
from vending_app.ui.theme import Look


class Toggle(Button):
    """Signals: those of Qt's buttons. Space and Enter change it."""

    def __init__(self, look: Look, text: str, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(look, text, icon="square", parent=parent)
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.toggled.connect(self._on_toggled)

    def _on_toggled(self, is_on: bool) -> None:
        self.icon_name = "check-square" if is_on else "square"
        self.update()
