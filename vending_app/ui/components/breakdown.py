"""Where the money goes: one floating bar per part of the price, ending in the energy bought."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtWidgets import QWidget

from vending_app.domain.money import Money
from vending_app.domain.quote import Quote, QuoteLine
from vending_app.domain.tariff import LineKind
from vending_app.ui.components.empty_state import draw_empty
from vending_app.ui.components.surface import PADDING, Surface
from vending_app.ui.fonts import Face
from vending_app.ui.paint import RIGHT, Ink, text_width
from vending_app.ui.phrases import counted, day_and_month, days_in_words, percent
from vending_app.ui.theme import Look

TITLE = "Where the money goes"
EMPTY = "Type an amount to see its parts."
ROW = 38.4
"""The most a row takes; more parts make it less."""
TWO_LINES = 33
"""Below this a row's arithmetic moves beside its name."""
_TOP = 44.8
_BAR = 10


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where text ends, the track begins and ends, and the amounts end."""

    track: float
    track_end: float
    amount_end: float


@dataclass(frozen=True, slots=True)
class _Row:
    """One part of the price, where its middle lies, and how much of the total came before it."""

    line: QuoteLine
    middle: float
    pitch: float
    before: Money
    is_last: bool


def arithmetic(line: QuoteLine, *, short: bool) -> str:
    """How a part comes about: `2 months × 1.80`, `60.00 kWh × 0.1050`, `on 37.04`."""
    if line.kind is LineKind.FIXED and line.unit is not None:
        return f"{counted(line.months, 'month', 'months')} × {line.unit}"
    if line.kind is LineKind.ARREARS and line.base is not None:
        rest = f", {line.unit} left" if line.unit is not None else ""
        of = "" if short else f" of {line.base}"
        return f"{percent(line.rate_basis_points)}{of}{rest}"
    if line.energy is not None and line.price is not None:
        return f"{line.energy} kWh × {line.price}"
    if line.kind is LineKind.TAX and line.base is not None:
        return f"on {line.base}"
    return ""


def line_name(line: QuoteLine) -> str:
    """`VAT 8 %`: a tax says its rate."""
    if line.kind is LineKind.TAX and line.rate_basis_points:
        return f"{line.name} {percent(line.rate_basis_points)}"
    return line.name


class Breakdown(Surface):
    """The card under the amount; empty until there is a quote."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title=TITLE, parent=parent)
        self.quote: Quote | None = None
        self.days: int | None = None
        self.empty = EMPTY
        self.foretold: tuple[str, ...] = ()
        self.warning = ""

    def show_quote(self, quote: Quote, *, days: int | None, foretold: tuple[str, ...] = ()) -> None:
        """Show an offer, how long its energy lasts, and what the meter will do with it: the longest form that fits."""
        self.quote, self.days, self.foretold, self.warning = quote, days, foretold, ""
        self._show()

    def show_none(self, empty: str = "", *, warning: str = "") -> None:
        """No offer: `empty` says what is missing, a warning stands where the energy would."""
        self.quote, self.days, self.foretold, self.warning = None, None, (), warning
        self.empty = empty or EMPTY
        self._show()

    def _show(self) -> None:
        self._remark()
        self.setAccessibleDescription(self._spoken())
        self.update()

    def set_narrow(self, narrow: bool) -> None:
        super().set_narrow(narrow)
        self._remark()

    def _remark(self) -> None:
        self.remark = ""
        if self.quote is not None:
            code = self.quote.tariff
            self.remark = code if self.is_narrow else f"Tariff {code}, from {day_and_month(self.quote.tariff_from)}"

    def _spoken(self) -> str:
        if self.quote is None:
            return f"{self.warning} {self.empty}".strip()
        parts = [f"{line_name(line)} {line.amount}" for line in self.quote.lines]
        return ", ".join([*parts, f"energy bought {self.quote.energy} kWh", *self.foretold[:1]])

    def draw(self, ink: Ink) -> None:
        strip = QRectF(PADDING, self.height() - 81, self.width() - 2 * PADDING, 64)
        if self.is_narrow:
            strip = QRectF(PADDING, self.height() - 73, self.width() - 2 * PADDING, 56)
        if self.quote is None:
            self._draw_empty(ink, strip)
            return
        rows = self.quote.lines
        pitch = min(ROW, (strip.top() - 12 - _TOP) / max(len(rows), 1))
        before = Money(0)
        for at, line in enumerate(rows):
            top = _TOP + at * pitch
            middle = top + pitch / 2
            self._draw_row(ink, _Row(line, middle, pitch, before, at == len(rows) - 1))
            before += line.amount
        self._draw_energy(ink, strip)

    def _columns(self) -> _Columns:
        lines = self.quote.lines if self.quote else ()
        widest = max((text_width(str(line.amount), Face.VALUE) for line in lines), default=0) + 12
        end = self.width() - PADDING
        if self.is_narrow:
            return _Columns(self.width() - 189, end - max(60, widest), end)
        return _Columns(209, end - max(80, widest), end)

    def _draw_row(self, ink: Ink, row: _Row) -> None:
        columns = self._columns()
        self._draw_words(ink, row, columns)
        self._draw_bar(ink, row, columns)
        amount = QRectF(columns.track_end, row.middle - 11, columns.amount_end - columns.track_end, 22)
        ink.text(amount, str(row.line.amount), face=Face.VALUE, align=RIGHT)

    def _draw_words(self, ink: Ink, row: _Row, columns: _Columns) -> None:
        room, middle = columns.track - PADDING - 4, row.middle
        name, sum_ = line_name(row.line), arithmetic(row.line, short=self.is_narrow)
        if row.pitch > TWO_LINES:
            ink.text(QRectF(PADDING, middle - 18, room, 20), name, face=Face.VALUE, may_elide=True)
            ink.text(QRectF(PADDING, middle - 2, room, 20), sum_, face=Face.SMALL, colour=ink.t.muted, may_elide=True)
            return
        used = ink.text(QRectF(PADDING, middle - 10, room, 20), name, face=Face.SMALL_VALUE, may_elide=True) + 8
        rest = QRectF(PADDING + used, middle - 10, room - used, 20)
        if text_width(sum_, Face.SMALL) <= rest.width():
            ink.text(rest, sum_, face=Face.SMALL, colour=ink.t.muted)

    def _draw_bar(self, ink: Ink, row: _Row, columns: _Columns) -> None:
        track = QRectF(columns.track, row.middle - _BAR / 2, columns.track_end - columns.track, _BAR)
        ink.box(track, fill=ink.t.sunken, radius=2)
        total = max(self.quote.total.minor, 1) if self.quote else 1
        left = track.left() + track.width() * row.before.minor / total
        width = max(track.width() * row.line.amount.minor / total, 1.0)
        ink.box(QRectF(left, track.top(), width, _BAR), fill=self._colour(ink, row.line), radius=2)
        if not row.is_last:
            x = left + width - 0.5
            ink.line(
                QLineF(x, track.bottom() + 1, x, track.bottom() + row.pitch - _BAR), colour=ink.t.edge, dots=[1.0, 2.0]
            )

    def _colour(self, ink: Ink, line: QuoteLine) -> str:
        if line.kind is LineKind.ARREARS:
            return ink.t.warn
        if line.kind is not LineKind.STEP or self.quote is None:
            return ink.t.edge
        steps = [each for each in self.quote.lines if each.kind is LineKind.STEP]
        return (ink.t.series_1, ink.t.series_2, ink.t.series_3)[min(steps.index(line), 2)]

    def _draw_energy(self, ink: Ink, strip: QRectF) -> None:
        if self.quote is None:
            return
        t, middle = ink.t, strip.center().y()
        ink.box(strip, fill=t.accent_soft)
        ink.icon(QRectF(strip.left() + 18, middle - 10, 20, 20), "lightning-fill", t.accent)
        unit = QRectF(strip.right() - 60, middle - 11, 43, 20)
        wide = ink.text(unit, "kWh", face=Face.BODY, colour=t.accent, align=RIGHT)
        face = Face.AMOUNT_NARROW if self.is_narrow else Face.AMOUNT
        right = strip.right() - PADDING - wide - 9
        room = text_width(str(self.quote.energy), face) + 4
        ink.text(
            QRectF(right - room, middle - 24, room, 48), str(self.quote.energy), face=face, colour=t.accent, align=RIGHT
        )
        self._draw_told(ink, QRectF(strip.left() + 48, middle, right - room - strip.left() - 52, 20))

    def _draw_told(self, ink: Ink, at: QRectF) -> None:
        """What the figure is, how long it lasts, and what the meter will do with it."""
        fitting = [line for line in self.foretold if text_width(line, Face.SMALL) <= at.width()]
        lines = [line for line in (self._lasting(), *fitting[:1]) if line]
        words = at.translated(0, -17 - 8 * (len(lines) - 1))
        ink.text(words, "Energy" if self.is_narrow else "Energy bought", face=Face.STRONG)
        for number, line in enumerate(lines, start=1):
            ink.text(words.translated(0, 16 * number), line, face=Face.SMALL, colour=ink.t.muted, may_elide=True)

    def _lasting(self) -> str:
        if self.days is None:
            return "" if self.is_narrow else "no use known yet to tell how long"
        words = days_in_words(self.days)
        return words if self.is_narrow else f"lasts {words} at this meter’s use"

    def _draw_empty(self, ink: Ink, strip: QRectF) -> None:
        area = QRectF(0, 44, self.width(), strip.top() - 44)
        draw_empty(ink, area, icon="chart-bar-horizontal", title="No price yet", step=self.empty)
        ink.box(strip, fill=ink.t.warn_soft if self.warning else ink.t.sunken)
        if self.warning:
            self._draw_warning(ink, strip)
            return
        row = QRectF(strip.left() + 48, strip.top(), strip.width() - 65, strip.height())
        ink.icon(QRectF(strip.left() + 18, strip.center().y() - 10, 20, 20), "lightning-fill", ink.t.muted)
        ink.text(row, "Energy" if self.is_narrow else "Energy bought", face=Face.STRONG, colour=ink.t.muted)

    def _draw_warning(self, ink: Ink, strip: QRectF) -> None:
        """The meter's own word, where the energy would stand."""
        ink.icon(QRectF(strip.left() + 18, strip.center().y() - 10, 20, 20), "warning-fill", ink.t.warn)
        row = QRectF(strip.left() + 48, strip.top(), strip.width() - 65, strip.height())
        ink.paragraph(row, self.warning, face=Face.SMALL_STRONG if self.is_narrow else Face.STRONG, colour=ink.t.warn)
