"""Lines over months on paper: who stands out thick and by name, the others thin and dashed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vending_app.documents.a4 import CHART, LEFT, RIGHT, SMALL, UNDER, A4Paper
from vending_app.documents.sheet import width, wrapped
from vending_app.domain.said_report import SaidLine

GUTTER, NAMES = 90, 330
"""Left of the lines for the figures of the grid; right of them for names."""
MOST_NAMES = 3
"""Lines of one name."""
THICK, THIN, DOT = 5.0, 2.0, 10
STEPS = (1, 2, 5)
Place = tuple[float, float]


def draw_lines(paper: A4Paper, lines: Sequence[SaidLine], labels: Sequence[str], *, rest: str) -> None:
    """Shares in hundredths of a per cent over their labels; where none is known the line is broken."""
    known = [share for line in lines for share in line.shares if share is not None]
    low, high = min(0, *known), _round(max(1, *known))
    foot, tall = paper.y + CHART, CHART - 40
    left, right = LEFT + GUTTER, RIGHT - NAMES
    step = (right - left) / max(1, len(labels) - 1)

    def place(at: int, share: int) -> Place:
        return left + at * step, foot - tall * (share - low) / (high - low)

    for share in sorted({0, high // 2, high}):
        y = place(0, share)[1]
        paper.sheet.rule(left, right, y, 1)
        paper.sheet.text_right(left - 14, y + 8, _figure(share), SMALL)
    for at, label in enumerate(labels):
        paper.sheet.text(left + at * step - width(label, SMALL) / 2, foot + 32, label, SMALL)
    for line in lines:
        _draw(paper, line, [None if share is None else place(at, share) for at, share in enumerate(line.shares)])
    if rest:
        paper.sheet.line([(right + 24, foot - 8), (right + 84, foot - 8)], THIN, dashes=True)
        paper.sheet.text(right + 98, foot, rest, SMALL)
    paper.y = foot + 40


def _draw(paper: A4Paper, line: SaidLine, places: Sequence[Place | None]) -> None:
    for stretch in _stretches(places):
        paper.sheet.line(stretch, THICK if line.is_strong else THIN, dashes=not line.is_strong)
        for x, y in stretch:
            if line.is_strong or len(stretch) == 1:
                paper.sheet.box(x - DOT / 2, y - DOT / 2, DOT, DOT)
    if line.is_strong:
        x, y = next(one for one in reversed(places) if one is not None)
        for at, name in enumerate(wrapped(line.label, SMALL, RIGHT - x - 24, bold=True)[:MOST_NAMES]):
            paper.sheet.text(x + 24, y + 8 + at * UNDER, name, SMALL, bold=True)


def _stretches(places: Sequence[Place | None]) -> Iterator[list[Place]]:
    """Between the gaps."""
    stretch: list[Place] = []
    for place in (*places, None):
        if place is not None:
            stretch.append(place)
        elif stretch:
            yield stretch
            stretch = []


def _round(share: int) -> int:
    """A round figure that is not below it, and that can be halved."""
    unit = 100
    while True:
        for step in STEPS:
            if step * unit >= share:
                return step * unit
        unit *= 10


def _figure(share: int) -> str:
    """Hundredths of a per cent without their sign: `7.5`."""
    whole, part = divmod(share, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".") if part else str(whole)
