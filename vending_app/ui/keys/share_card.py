"""Shares handed out one after the other: whose turn it is, and then his share, which nobody else may see."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QHideEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.domain.key_ceremony import KeyShare
from vending_app.domain.key_share import share_check
from vending_app.services.key_cases import KeyShared
from vending_app.ui.books.act_card import draw_note
from vending_app.ui.components.buttons import Button, Kind
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.fonts import Face
from vending_app.ui.keys.key_words import GROUPS_IN_A_ROW, rows_of
from vending_app.ui.paint import RIGHT, Ink, breakable, text_width, wrapped_height
from vending_app.ui.theme import Look

TOP, FACT, ROW = 52, 32, 44
LOW_FACT = 28
"""Where there is no room for the other; the rows of the share move together, and the note goes."""
FACTS = 4
NOTE = 76
BUTTON, GAP = 56, 8
TURN_AWAY = (
    "Everybody else turns away from the screen. Then choose the button, write the share down with paper and pen, and"
    " compare the check value."
)


class ShareCard(Surface):
    """Signals: ended(bool) — whether every custodian has written his share down. What is left is overwritten then.

    After one share the cursor stands on no button: a key that is pressed once too often shows nobody the next one.
    """

    ended = Signal(bool)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Share", parent=parent)
        self.names: Sequence[str] = ()
        self.shares: Sequence[KeyShare] = ()
        self.at = 0
        self.is_open = False
        """Whether the share stands on the screen."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.button = Button(look, "Show the share", kind=Kind.PRIMARY, icon="eye", face=Face.CARD_TITLE, parent=self)
        self.stop = Button(look, "Break off", parent=self)
        self.button.clicked.connect(self._on_forward)
        self.stop.clicked.connect(self.break_off)

    @property
    def is_going_on(self) -> bool:
        """Somebody still waits for his share."""
        return bool(self.shares)

    def begin(self, shared: KeyShared) -> None:
        """The first custodian is called."""
        self.names, self.shares, self.at = shared.event.custodians, shared.shares, 0
        self._call()

    def break_off(self) -> None:
        """The desk is left, or something went wrong: nobody sees another share of this sharing."""
        if self.is_going_on:
            self._end(all_have=False)

    def _call(self) -> None:
        self.is_open = False
        self._show_title()
        self.button.set_words("Show the share", icon="eye")
        self.setAccessibleDescription(f"Only {self.names[self.at]} looks now.")
        self.setFocus()

    def _show_title(self) -> None:
        """The name beside it where it has room; else the share has it in lines of its own."""
        title, name = f"Share {self.at + 1} of {len(self.shares)}", self.names[self.at]
        used = text_width(title, Face.CARD_TITLE) + 2 * GAP + text_width(name, Face.SMALL)
        self.set_title(title, name if used <= self.width() - 2 * PADDING else "")

    def _on_forward(self) -> None:
        if not self.is_open:
            self.is_open = True
            self.button.set_words("Written down", icon="check")
            self.update()
            return
        self.shares[self.at].wipe()
        self.at += 1
        if self.at < len(self.shares):
            self._call()
        else:
            self._end(all_have=True)

    def _end(self, *, all_have: bool) -> None:
        for share in self.shares:
            share.wipe()
        self.shares, self.is_open = (), False
        self.update()
        self.ended.emit(all_have)

    def cover(self) -> bool:
        """Esc: a share that stands on the screen goes, and may be shown again."""
        if self.is_open:
            self._call()
        return self.is_going_on

    def hideEvent(self, event: QHideEvent) -> None:
        """No share stays on the screen behind another page."""
        self.cover()

    # --- places -----------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        left = self.stop.content_width() + 30
        y = self.height() - PADDING - BUTTON
        place(self.stop, PADDING, y, left, BUTTON)
        place(self.button, PADDING + left + GAP, y, self.width() - 2 * PADDING - left - GAP, BUTTON)
        if self.is_going_on:
            self._show_title()

    def draw(self, ink: Ink) -> None:
        if not self.is_going_on:
            return
        (self._draw_share if self.is_open else self._draw_call)(ink, self.width() - PADDING)

    @property
    def _room(self) -> float:
        """How far down there is room: the buttons begin."""
        return self.height() - PADDING - BUTTON - GAP

    def _draw_call(self, ink: Ink, right: float) -> None:
        ink.icon(QRectF(PADDING, TOP + 8, 40, 40), "eye-slash", ink.t.accent)
        top = self._draw_words(ink, f"Only {self.names[self.at]} looks now.", TOP + 60, right, face=Face.VERDICT) + 10
        self._draw_words(ink, TURN_AWAY, top, right)

    def _draw_words(self, ink: Ink, words: str, top: float, right: float, *, face: Face = Face.BODY) -> float:
        """As high as they are, and no further down than there is room; where they end."""
        shown = breakable(words, face, right - PADDING)
        high = min(wrapped_height(shown, face, right - PADDING), self._room - top)
        ink.paragraph(QRectF(PADDING, top, right - PADDING, high), shown, face=face, from_top=True)
        return top + high

    def _draw_share(self, ink: Ink, right: float) -> None:
        share, top = self.shares[self.at], float(TOP)
        if not self.remark:
            top = self._draw_words(ink, self.names[self.at], top - 8, right, face=Face.SMALL) + 8
        rows = rows_of(share)
        fact_high = FACT if top + ROW * len(rows) + FACT * FACTS <= self._room else LOW_FACT
        row_high = min(ROW, (self._room - top - fact_high * FACTS) / len(rows))
        wide = (right - PADDING) / GROUPS_IN_A_ROW
        for row in rows:
            for at, group in enumerate(row):
                ink.text(QRectF(PADDING + at * wide, top, wide, row_high), group, face=Face.CASH)
            top += row_high
        top = self._draw_facts(ink, share, top, right, fact_high)
        if top + 14 + NOTE <= self._room:
            note = ("warn", "pencil-line", "Write all of it down: it is shown this once and kept nowhere.")
            draw_note(ink, QRectF(PADDING, top + 14, right - PADDING, NOTE), note)

    def _draw_facts(self, ink: Ink, share: KeyShare, top: float, right: float, high: float) -> float:
        """What the custodian compares; where it ends."""
        facts = (
            ("Check value of this share", share_check(share)),
            ("Key version", str(share.key_version)),
            ("Check value of the key", share.check_value),
            ("Mark of this sharing", share.sharing),
        )
        for label, value in facts:
            used = ink.text(QRectF(PADDING, top, 240, high), label, colour=ink.t.muted)
            room = QRectF(PADDING + used + 12, top, right - PADDING - used - 12, high)
            ink.text(room, value, face=Face.STRONG, align=RIGHT)
            ink.rule(PADDING, right, top + high - 1)
            top += high
        return top
