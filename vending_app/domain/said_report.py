"""A report told in words: every cell a text, the same on screen and on paper (row P1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vending_app.domain.report import Opens


@dataclass(frozen=True, slots=True)
class SaidTable:
    """A table as somebody reads it: every cell is a text."""

    title: str
    heads: tuple[str, ...]
    is_figure: tuple[bool, ...]
    rows: Sequence[tuple[str, ...]]
    sums: tuple[str, ...] | None = None
    edges: tuple[tuple[str, ...], ...] = ()
    """The least and the greatest figure of each column: as wide as they are, no other figure is wider."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a report's picture, or two side by side."""

    label: str
    height: int
    """Minor units, Wh, or how many there are."""
    figure: str
    """What stands above it where there is room."""
    said: str
    """What it is and comes to, whole: `14 Nov 2025: 6 321.00`."""
    beside: int | None = None
    """How high the one beside it is."""
    beside_figure: str = ""
    opens: Opens | None = None
    """Where it leads."""


@dataclass(frozen=True, slots=True)
class SaidLine:
    """One line of a report's picture: a share of each month, in hundredths of a per cent; None where none is told."""

    label: str
    key: str
    """By what the report of it alone is asked."""
    shares: tuple[int | None, ...]
    is_strong: bool = False
    """Whether it stands out among the others."""


@dataclass(frozen=True, slots=True)
class SaidReport:
    """A report in the words of the screen, which paper repeats."""

    title: str
    about: str
    """Its period, and whether it is closed."""
    tables: tuple[SaidTable, ...]
    empty: str = ""
    """What stands instead of a first table without rows."""
    bars: tuple[Bar, ...] = ()
    lines: tuple[SaidLine, ...] = ()
    pair: tuple[str, ...] = ()
    """What the two bars of each pair are."""
    unit: int = 1
    """How much of a bar's height is one in the figures of the axis."""
    rest: str = ""
    """What the lines are together that do not stand out; nothing where none is left."""
    labels: tuple[str, ...] = ()
    """Under the lines, one for each share of theirs."""
    picture: str = ""
    """What bars or lines show."""
    alerts: tuple[str, ...] = ()
    """What somebody should see in it, in sentences."""
    notes: tuple[str, ...] = ()
    """What it does not tell, and why."""

    @property
    def filled(self) -> tuple[int, ...]:
        """Which tables have something in them; the first where none has, which then says so."""
        return tuple(at for at, table in enumerate(self.tables) if table.rows) or (0,)
