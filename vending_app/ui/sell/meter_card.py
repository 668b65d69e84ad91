"""What the meter wrote back: what is left, what was used, what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QWidget

from vending_app.domain.card import WriteBack
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.services.use_cases import Usage
from vending_app.ui.components.empty_state import draw_empty
from vending_app.ui.components.gauge import draw_gauge, draw_month_bars, scale_end
from vending_app.ui.components.surface import PADDING, Surface
from vending_app.ui.fonts import Face
from vending_app.ui.paint import RIGHT, Ink
from vending_app.ui.phrases import (
    counted,
    day_and_clock,
    day_and_month,
    days_in_words,
    local,
    short_day,
    tenths_of_kwh,
)
from vending_app.ui.theme import Look


@dataclass(frozen=True, slots=True)
class MeterShown:
    """What the meter card shows."""

    write_back: WriteBack
    usage: Usage | None
    alarm: Energy
    last_purchase: Energy
    today: date


BARS = 66
"""What the bars of the months take at the lower edge."""


def short_energy(energy: Energy) -> str:
    """`20 kWh`, `20.50 kWh`."""
    return f"{str(energy).removesuffix('.00')} kWh"


class MeterCard(Surface):
    """Takes the height that is left; the bars go first when there is little."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Meter wrote back", parent=parent)
        self.shown: MeterShown | None = None
        self.is_new_supply = False

    def show_meter(self, shown: MeterShown | None, *, is_new_supply: bool = False) -> None:
        """Show a write-back, or that there is none."""
        self.shown = shown
        self.is_new_supply = is_new_supply
        self._remark()
        spoken = f"{shown.write_back.remaining} kWh left, {self.trips_text(shown)[1]}" if shown else "nothing yet"
        self.setAccessibleDescription(spoken)
        self.update()

    def set_narrow(self, narrow: bool) -> None:
        super().set_narrow(narrow)
        self._remark()

    def _remark(self) -> None:
        self.remark = ""
        if self.shown is not None:
            at = self.shown.write_back.meter_time
            self.remark = day_and_month(local(at).date()) if self.is_narrow else day_and_clock(at)

    def draw(self, ink: Ink) -> None:
        shown = self.shown
        if shown is None:
            title, step = (
                ("Nothing yet", "The card brings what the meter wrote on it.")
                if not self.is_new_supply
                else ("Not written back yet", "The first visit brings it.")
            )
            draw_empty(ink, QRectF(0, 36, self.width(), self.height() - 36), icon="gauge", title=title, step=step)
            return
        self._draw_gauge(ink, shown)
        self._draw_left(ink, shown)
        if self.is_narrow:
            self._draw_narrow(ink, shown)
        else:
            self._draw_wide(ink, shown)

    def _draw_gauge(self, ink: Ink, shown: MeterShown) -> None:
        end = scale_end(shown.last_purchase, shown.write_back.remaining, shown.alarm)
        middle = QPointF(85, 125 if self.is_narrow else 124)
        draw_gauge(ink, middle, remaining=shown.write_back.remaining, alarm=shown.alarm, end=end)

    def left_text(self, shown: MeterShown) -> tuple[bool, str, str]:
        """Whether it is low, how long it lasts, and two lines about it."""
        remaining, narrow = shown.write_back.remaining, self.is_narrow
        if remaining <= NO_ENERGY:
            return True, "used up", "nothing left," + "\n" + "the meter is off"
        days = shown.usage.days_left if shown.usage else None
        lasts = days_in_words(days) if days is not None else "not known yet"
        if narrow:
            lasts = lasts.removeprefix("about ")
        if remaining <= shown.alarm:
            below = (
                "left, below\nthe alarm" if narrow else f"left, below the alarm\nlevel of {short_energy(shown.alarm)}"
            )
            return True, lasts, below
        return False, lasts, "left at this\nmeter’s use"

    def _draw_left(self, ink: Ink, shown: MeterShown) -> None:
        is_low, lasts, lines = self.left_text(shown)
        x, y = (165, 81) if self.is_narrow else (169, 80)
        colour = ink.t.warn if is_low else ink.t.text
        if is_low:
            ink.icon(QRectF(x, y - 9, 16, 16), "warning-fill", colour)
        indent = 22 if is_low else 0
        room = self.width() - x - 8
        ink.text(QRectF(x + indent, y - 11, room - indent, 22), lasts, face=Face.STRONG, colour=colour)
        for at, line in enumerate(lines.splitlines()):
            ink.text(QRectF(x, y + 8 + 16 * at, room, 20), line, face=Face.SMALL, colour=ink.t.muted)

    def _draw_figure(self, ink: Ink, at: QPointF, label: str, *, figure: str, unit: str) -> None:
        x, y, room = at.x(), at.y(), 120.0
        ink.text(QRectF(x, y - 10, room, 20), label, face=Face.CAPTION, colour=ink.t.muted)
        used = ink.text(QRectF(x, y + 6, room, 22), figure, face=Face.CARD_TITLE)
        ink.text(QRectF(x + used + 5, y + 7, room, 20), unit, face=Face.CAPTION, colour=ink.t.muted)

    def _draw_wide(self, ink: Ink, shown: MeterShown) -> None:
        right = self.width() - PADDING
        ink.rule(PADDING, right, 155)
        usage, write_back = shown.usage, shown.write_back
        days = f"Used in {counted(usage.days, 'day', 'days')}" if usage and usage.since else "Used in all"
        used = usage.used if usage and usage.since else write_back.used_total
        third = (self.width() - 2 * PADDING) // 3
        large = max(used.wh, write_back.used_total.wh if not usage else 0) >= 10_000_000
        self._draw_figure(ink, QPointF(PADDING, 170), days, figure=str(used), unit="" if large else "kWh")
        self._draw_figure(
            ink, QPointF(PADDING + third + 25, 170), "Past zero", figure=str(write_back.zero_crossing), unit="kWh"
        )
        self._draw_figure(
            ink, QPointF(PADDING + 2 * third + 22, 170), "Bought", figure=str(write_back.purchases), unit="times"
        )
        is_bad, words = self.trips_text(shown)
        colour = ink.t.warn if is_bad else ink.t.ok
        ink.icon(QRectF(PADDING, 203, 16, 16), "warning-fill" if is_bad else "shield-check-fill", colour)
        room = QRectF(39, 201, right - 39, 20)
        ink.text(room, words, face=Face.SMALL, colour=ink.t.warn if is_bad else ink.t.text)
        if self._has_bars(below=250):
            ink.rule(PADDING, right, 225)
            self._draw_months(ink, shown, right)

    def _has_bars(self, *, below: int) -> bool:
        """Whether they fit below what stands above them; where little height is left they go first."""
        return self.height() - BARS >= below

    def trips_text(self, shown: MeterShown) -> tuple[bool, str]:
        """One sentence on trips and tampering since the last visit."""
        usage = shown.usage
        if usage is None:
            return False, "No trip and no tampering known"
        since = f" since {short_day(local(usage.since).date(), today=shown.today)}" if usage.since else ""
        if not usage.trips and not usage.tampering:
            return False, f"No trip and no tampering{since}"
        parts = []
        if usage.trips:
            parts.append(counted(usage.trips, "trip", "trips"))
        if usage.tampering:
            parts.append(counted(usage.tampering, "tamper event", "tamper events"))
        return True, f"{', '.join(parts)}{since}"

    def _draw_months(self, ink: Ink, shown: MeterShown, right: float) -> None:
        usage = shown.usage
        row = QRectF(PADDING, 230, right - PADDING, 20)
        ink.text(row, "Use per month, kWh", face=Face.CAPTION, colour=ink.t.muted)
        if usage is None or not usage.months:
            ink.text(row.translated(0, 30), "Known after the second visit", face=Face.SMALL, colour=ink.t.muted)
            return
        if usage.per_day is not None:
            ink.text(row, f"{tenths_of_kwh(usage.per_day.wh)} a day", face=Face.CAPTION, align=RIGHT)
        draw_month_bars(ink, QRectF(PADDING, self.height() - BARS, right - PADDING, 60), usage.months)

    def _draw_narrow(self, ink: Ink, shown: MeterShown) -> None:
        right = self.width() - PADDING
        ink.rule(PADDING, right, 156)
        usage, write_back = shown.usage, shown.write_back
        used = usage.used if usage and usage.since else write_back.used_total
        self._draw_figure(ink, QPointF(PADDING, 171), "Used", figure=str(used), unit="kWh")
        self._draw_figure(ink, QPointF(150, 171), "Past zero", figure=str(write_back.zero_crossing), unit="kWh")
        if usage is not None and usage.months and self._has_bars(below=206):
            ink.rule(PADDING, right, 204)
            draw_month_bars(ink, QRectF(PADDING, self.height() - BARS, right - PADDING, 60), usage.months)
