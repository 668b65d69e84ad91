"""A desk that nobody touches locks itself."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

MS_A_MINUTE = 60_000
TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.ShortcutOverride,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    }
)
"""What somebody at the desk does; a function key comes as its override only. A card or a clock is nobody."""


class IdleWatch(QObject):
    """Signals: idle() — nobody has touched keyboard or mouse for the chosen minutes."""

    idle = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.timeout.connect(self.idle)

    def begin(self) -> None:
        """Look at what happens from now on. Building a window is 150 000 events that nobody made."""
        application = QApplication.instance()
        assert application is not None, "a window has its application"
        application.installEventFilter(self)
        self.restart()

    def end(self) -> None:
        """The window goes."""
        application = QApplication.instance()
        if application is not None:
            application.removeEventFilter(self)
        self.timer.stop()

    def set_minutes(self, minutes: int) -> None:
        """Begin to count; 0 never locks."""
        self.timer.setInterval(minutes * MS_A_MINUTE)
        self.restart()

    def restart(self) -> None:
        """Somebody is there."""
        if self.timer.interval():
            self.timer.start()
        else:
            self.timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Sees everything, keeps nothing from anybody."""
        if event.type() in TOUCHES:
            self.restart()
        return False
