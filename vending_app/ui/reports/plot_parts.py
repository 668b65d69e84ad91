"""What a picture is made of, before anything is drawn: bars, lines, and the grid behind them. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Grid:
    """Horizontal lines: their heights and what stands beside them; the first is the lowest, the last the top."""

    heights: tuple[int, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlotBar:
    """One bar from zero, or two side by side."""

    label: str
    height: int
    figure: str
    beside: int | None = None
    beside_figure: str = ""


@dataclass(frozen=True, slots=True)
class PlotLine:
    """One line over all places; None where nothing is known."""

    heights: tuple[int | None, ...]
    colour: str
    is_strong: bool
