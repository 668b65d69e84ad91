"""Colours by token, light and dark, and the one style sheet."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette


@dataclass(frozen=True, slots=True)
class Tokens:
    """One theme: every colour that a widget may use, by its meaning."""

    window: str
    card: str
    sunken: str
    text: str
    muted: str
    line: str
    line2: str
    edge: str
    accent: str
    accent_soft: str
    accent_line: str
    accent_hover: str
    accent_pressed: str
    ok: str
    ok_soft: str
    ok_line: str
    warn: str
    warn_soft: str
    warn_line: str
    bad: str
    bad_soft: str
    bad_line: str
    practice: str
    practice_soft: str
    practice_line: str
    signal: str
    on_signal: str
    on: str
    series_1: str
    series_2: str
    series_3: str
    band: str
    row_hover: str
    segment: str
    """The chosen part of a segmented control."""


LIGHT = Tokens(
    window="#f4f6f8",
    card="#ffffff",
    sunken="#eef1f5",
    text="#1b2430",
    muted="#5b6776",
    line="#d9dfe6",
    line2="#c3ccd6",
    edge="#8793a1",
    accent="#0b6bcb",
    accent_soft="#eaf3fc",
    accent_line="#b9d6f2",
    accent_hover="#0a5fb4",
    accent_pressed="#084f96",
    ok="#12805c",
    ok_soft="#eef8f3",
    ok_line="#b5dccc",
    warn="#9a5b00",
    warn_soft="#fdf5e6",
    warn_line="#ecd3a2",
    bad="#b42318",
    bad_soft="#fdf0ee",
    bad_line="#f0c4be",
    practice="#6d3fc0",
    practice_soft="#f3eefb",
    practice_line="#d6c6f0",
    signal="#f0a94a",
    on_signal="#1b2430",
    on="#ffffff",
    series_1="#93c0ec",
    series_2="#4a94dc",
    series_3="#0b6bcb",
    band="#e6ebf1",
    row_hover="#f7f9fb",
    segment="#ffffff",
)

DARK = Tokens(
    window="#14181d",
    card="#1d232b",
    sunken="#171c22",
    text="#e8edf2",
    muted="#9aa7b5",
    line="#313a45",
    line2="#434e5b",
    edge="#6b7886",
    accent="#4da3ff",
    accent_soft="#1b2e45",
    accent_line="#2c4f78",
    accent_hover="#6bb3ff",
    accent_pressed="#3b8fe6",
    ok="#4cc38a",
    ok_soft="#1a312b",
    ok_line="#2a5446",
    warn="#f0a94a",
    warn_soft="#352b1b",
    warn_line="#5d4822",
    bad="#ff7b72",
    bad_soft="#3a2526",
    bad_line="#6a3836",
    practice="#b794f6",
    practice_soft="#2c2640",
    practice_line="#4a3d70",
    signal="#f0a94a",
    on_signal="#0d1a28",
    on="#0d1a28",
    series_1="#2d5684",
    series_2="#3b7cc0",
    series_3="#4da3ff",
    band="#28303a",
    row_hover="#222932",
    segment="#313a45",
)


@dataclass(slots=True, eq=False)
class Look:
    """How this window looks and moves: one object handed to every widget, so that all change with it."""

    tokens: Tokens
    is_dark: bool = False
    less_motion: bool = False

    def become(self, *, dark: bool, less_motion: bool) -> None:
        """Other colours or motion from the next paint on."""
        self.tokens, self.is_dark, self.less_motion = (DARK if dark else LIGHT), dark, less_motion

    @property
    def shadow(self) -> QColor:
        """Of popovers and toasts: black at 12 %, in the dark at 32 %."""
        return QColor(0, 0, 0, 82 if self.is_dark else 31)


def make_look(*, dark: bool, less_motion: bool) -> Look:
    """The look asked for in the settings."""
    return Look(DARK if dark else LIGHT, dark, less_motion)


def tone(tokens: Tokens, name: str) -> tuple[str, str, str]:
    """Strong, soft and line colour of `accent`, `ok`, `warn`, `bad` or `practice`."""
    strong: str = getattr(tokens, name)
    soft: str = getattr(tokens, f"{name}_soft")
    line: str = getattr(tokens, f"{name}_line")
    return strong, soft, line


def contrast(one: str, other: str) -> tuple[int, int]:
    """WCAG contrast of two colours as a fraction in hundred-thousandths, brighter over darker."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return bright + 5000, dark + 5000


def _luminance(colour: str) -> int:
    """Relative luminance in hundred-thousandths (WCAG 2.2, section "relative luminance")."""
    weights = (0.2126, 0.7152, 0.0722)
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return round(100_000 * sum(weight * part for weight, part in zip(weights, linear, strict=True)))


def palette(look: Look) -> QPalette:
    """The palette of the whole application; setColorScheme does nothing on some platforms."""
    t = look.tokens
    colours = {
        QPalette.ColorRole.Window: t.window,
        QPalette.ColorRole.WindowText: t.text,
        QPalette.ColorRole.Base: t.card,
        QPalette.ColorRole.AlternateBase: t.sunken,
        QPalette.ColorRole.Text: t.text,
        QPalette.ColorRole.Button: t.card,
        QPalette.ColorRole.ButtonText: t.text,
        QPalette.ColorRole.PlaceholderText: t.muted,
        QPalette.ColorRole.Highlight: t.accent,
        QPalette.ColorRole.HighlightedText: t.on,
        QPalette.ColorRole.ToolTipBase: t.card,
        QPalette.ColorRole.ToolTipText: t.text,
        QPalette.ColorRole.Link: t.accent,
    }
    made = QPalette()
    for role, colour in colours.items():
        made.setColor(role, QColor(colour))
    off = QPalette.ColorGroup.Disabled
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        made.setColor(off, role, QColor(t.muted))
    return made


_SHEET = """
QLineEdit {{ border: 1px solid {edge}; border-radius: 8px; background: {card}; color: {text};
  padding: 0 12px; selection-background-color: {accent}; selection-color: {on}; }}
QLineEdit:focus {{ border: 2px solid {accent}; padding: 0 11px; }}
QLineEdit[wrong="true"] {{ border: 2px solid {bad}; padding: 0 11px; }}
QLineEdit:disabled {{ background: {sunken}; border: 1px solid {line2}; color: {muted}; }}
QTableView {{ background: {card}; border: none; outline: none; color: {text}; }}
QHeaderView {{ background: {card}; border: none; }}
QHeaderView::section {{ background: {card}; color: {muted}; border: none; border-bottom: 1px solid {line};
  padding: 0 12px; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {line2}; border-radius: 5px; min-height: 32px; }}
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page {{
  background: none; height: 0; }}
QToolTip {{ background: {card}; color: {text}; border: 1px solid {line}; padding: 4px 8px; }}
QPdfView {{ background: {window}; border: none; }}
"""


def style_sheet(look: Look) -> str:
    """The one style sheet: fields, tables and scroll bars; all else is painted."""
    t = look.tokens
    return _SHEET.format(
        edge=t.edge,
        card=t.card,
        text=t.text,
        accent=t.accent,
        on=t.on,
        bad=t.bad,
        sunken=t.sunken,
        line=t.line,
        line2=t.line2,
        muted=t.muted,
        window=t.window,
    )
