"""Bars of a report on paper: names under them, figures above them, and of a pair the second one open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vending_app.documents.a4 import CHART, LEFT, RIGHT, SMALL, UNDER, A4Paper
from vending_app.documents.sheet import width, wrapped
from vending_app.domain.said_report import Bar

BAR = 120.0
"""How wide it may be."""
SHARE, PAIR_SHARE = 0.6, 0.8
EDGE, PAIR_GAP, NAME_GAP = 3.0, 4.0, 12.0
MOST_LINES = 2
"""Of one name."""
MARK = 22.0
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"


def draw_bars(
    paper: A4Paper,
    bars: Sequence[Bar],
    *,
    pair: Sequence[str] = (),
    usual: Mapping[str, int] | None = None,
    high: int = CHART,
) -> None:
    """Over the whole width, from zero; what lies below it has no bar. What is usual is a line across its bar."""
    usual = usual or {}
    most = max(1, *(bar.height for bar in bars), *(bar.beside or 0 for bar in bars), *usual.values())
    step = (RIGHT - LEFT) / len(bars)
    foot, tall = paper.y + high, high - 60
    if pair:
        _legend(paper, pair)
    for at, bar in enumerate(bars):
        middle = LEFT + (at + 0.5) * step
        if bar.beside is None:
            wide = min(BAR, step * SHARE)
            _bar(paper, (middle, foot), (wide, tall * max(bar.height, 0) / most), (bar.figure, step))
        else:
            wide = min(BAR, step * PAIR_SHARE / 2)
            apart = (wide + PAIR_GAP) / 2
            first, second = (tall * max(height, 0) / most for height in (bar.height, bar.beside))
            _bar(paper, (middle - apart, foot), (wide, first), (bar.figure, 2 * apart))
            _bar(paper, (middle + apart, foot), (wide, second), (bar.beside_figure, 2 * apart), is_open=True)
        if bar.label in usual:
            y, half = foot - tall * usual[bar.label] / most, min(BAR, step * SHARE) * 0.7
            paper.sheet.rule(middle - half, middle + half, y, 4)
        for line, name in enumerate(_name(bar.label, step - NAME_GAP)):
            paper.sheet.text(middle - width(name, SMALL) / 2, foot + 30 + line * UNDER, name, SMALL)
    lines = max(len(_name(bar.label, step - NAME_GAP)) for bar in bars)
    paper.sheet.rule(LEFT, RIGHT, foot, 2)
    paper.y = foot + 36 + (lines - 1) * UNDER


def _bar(
    paper: A4Paper,
    foot: tuple[float, float],
    size: tuple[float, float],
    told: tuple[str, float],
    *,
    is_open: bool = False,
) -> None:
    """Around the middle of its foot; `told` is its figure and the room for it."""
    (middle, y), (wide, high), (figure, room) = foot, size, told
    high = max(high, 1.0)
    paper.sheet.box(middle - wide / 2, y - high, wide, high, frame=EDGE if is_open and high > 2 * EDGE else 0)
    if width(figure, SMALL) < room:
        paper.sheet.text(middle - width(figure, SMALL) / 2, y - high - 12, figure, SMALL)


def _legend(paper: A4Paper, pair: Sequence[str]) -> None:
    """At the right, in the line of the title above it."""
    x, y = float(RIGHT), paper.y - 26
    for at, name in reversed(list(enumerate(pair))):
        x -= width(name, SMALL)
        paper.sheet.text(x, y, name, SMALL)
        x -= MARK + 10
        paper.sheet.box(x, y - MARK + 4, MARK, MARK, frame=EDGE if at else 0)
        x -= 32


def _name(label: str, room: float) -> list[str]:
    """As many lines as there may be; the last one ends in an ellipsis where the name goes on."""
    lines = wrapped(label, SMALL, room)
    if len(lines) <= MOST_LINES:
        return lines
    shown = wrapped(label, SMALL, room - width(ELLIPSIS, SMALL))[:MOST_LINES]
    return [*shown[:-1], f"{shown[-1]}{ELLIPSIS}"]
