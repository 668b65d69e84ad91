"""Before the window: the passphrase of the keys or the PIN of their token, and what keeps the counter from opening."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QMessageBox, QVBoxLayout, QWidget

from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.fields import TextField
from vending_app.ui.fonts import Face, font
from vending_app.ui.theme import Look
from vending_app.ui.words import Trouble

TITLE = "Open the keys"
PROMPT = "Passphrase of the key vault"
PIN_PROMPT = "PIN of the key token “{token}”"
WIDTH = 440


class UnlockDialog(QDialog):
    """Asks for the passphrase or the PIN once a start; what is typed is shown to nobody and kept nowhere."""

    def __init__(self, look: Look, said: str, *, token: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(TITLE)
        self.setFixedWidth(WIDTH)
        self.prompt = PIN_PROMPT.format(token=token) if token else PROMPT
        self.field = TextField(name=self.prompt, hint="", parent=self)
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self._build(look, said)

    def _build(self, look: Look, said: str) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(8)
        title, label, wrong = QLabel(TITLE, self), QLabel(self.prompt, self), QLabel(said, self)
        title.setFont(font(Face.PAGE_TITLE))
        label.setBuddy(self.field)
        wrong.setVisible(bool(said))
        wrong.setWordWrap(True)
        self.field.set_wrong(bool(said))
        button = Button(look, "Open the counter", kind=Kind.PRIMARY, key="Enter", parent=self)
        button.clicked.connect(self.accept)
        self.field.returnPressed.connect(self.accept)
        for widget in (title, label, self.field, wrong, button):
            column.addWidget(widget)


def ask_secret(look: Look, said: str, *, token: str = "") -> str | None:
    """What was typed, or None if the person gave up; `said` is why it is asked again, `token` whose PIN is asked."""
    dialog = UnlockDialog(look, said, token=token)
    return dialog.field.text() if dialog.exec() == QDialog.DialogCode.Accepted else None


def tell(trouble: Trouble) -> None:
    """Why the counter cannot open, and what to do."""
    QMessageBox.critical(None, TITLE, f"{trouble.sentence}\n{trouble.remedy}\n\n{trouble.short}")
