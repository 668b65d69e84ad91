"""Fonts of the system, chosen run by run: no character is printed as an empty box.

The base font is embedded as a font. What it lacks (Arabic, Chinese, …) is shaped by HarfBuzz with the first font
that has it and drawn as outlines, so that it prints alike on every machine and printer.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from vending_app.documents.libraries import HARFBUZZ, METRICS, TRUE_TYPE_FONT
from vending_app.domain.errors import Code, EnvironmentFault

FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
BASE = "NotoSans"
FALLBACKS = ("NotoSansArabic", "NotoSansCJK", "DejaVuSans")
"""Tried in this order, before every other font of the same family."""
CJK_SIMPLIFIED = 2
"""The face of the collection whose Han characters are those of mainland China."""
LAST_RESORT = "?"
"""Printed where no font of this system has the character; the self-test looks for the fonts."""


class Outline:
    """One font file for shaped runs."""

    def __init__(self, path: Path) -> None:
        blob = HARFBUZZ.Blob.from_file_path(str(path))
        face = HARFBUZZ.Face(blob, CJK_SIMPLIFIED if path.suffix == ".ttc" else 0)
        self.units: int = face.upem
        self._font = HARFBUZZ.Font(face)

    def has(self, character: str) -> bool:
        return self._font.get_nominal_glyph(ord(character)) not in {None, 0}

    def shape(self, text: str) -> tuple[list[Any], list[Any]]:
        """Glyphs and their places in font units, from left to right."""
        buffer = HARFBUZZ.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        if not any(map(_turns, text)):
            buffer.direction = "ltr"  # figures of any script are read from the left
        HARFBUZZ.shape(self._font, buffer)
        return buffer.glyph_infos or [], buffer.glyph_positions or []

    def width(self, text: str, size: float) -> float:
        advance = sum(int(place.x_advance) for place in self.shape(text)[1])
        return size * advance / self.units

    def draw(self, canvas: Any, x: float, y: float, text: str, size: float) -> None:
        """Fill the outlines of every glyph of the run."""
        scale = size / self.units
        path = canvas.beginPath()
        for glyph, place in zip(*self.shape(text), strict=True):
            at = (x + place.x_offset * scale, y + place.y_offset * scale)
            self._font.draw_glyph(glyph.codepoint, _PATHS, _Pen(path, at, scale))
            x += place.x_advance * scale
        canvas.drawPath(path, stroke=0, fill=1)


@dataclass(slots=True)
class _Pen:
    """Where the outline of one glyph goes."""

    path: Any
    at: tuple[float, float]
    scale: float
    last: tuple[float, float] = (0.0, 0.0)

    def to(self, x: float, y: float) -> tuple[float, float]:
        return self.at[0] + x * self.scale, self.at[1] + y * self.scale


def _move(x: float, y: float, pen: _Pen) -> None:
    pen.last = pen.to(x, y)
    pen.path.moveTo(*pen.last)


def _line(x: float, y: float, pen: _Pen) -> None:
    pen.last = pen.to(x, y)
    pen.path.lineTo(*pen.last)


def _cubic(  # noqa: PLR0917  (HarfBuzz calls it so)
    x1: float, y1: float, x2: float, y2: float, x3: float, y3: float, pen: _Pen
) -> None:
    pen.last = pen.to(x3, y3)
    pen.path.curveTo(*pen.to(x1, y1), *pen.to(x2, y2), *pen.last)


def _quadratic(cx: float, cy: float, x: float, y: float, pen: _Pen) -> None:
    """PDF knows cubic curves only: the same curve with both control points two thirds of the way."""
    (x0, y0), (x1, y1), end = pen.last, pen.to(cx, cy), pen.to(x, y)
    first = (x0 + (x1 - x0) * 2 / 3, y0 + (y1 - y0) * 2 / 3)
    second = (end[0] + (x1 - end[0]) * 2 / 3, end[1] + (y1 - end[1]) * 2 / 3)
    pen.last = end
    pen.path.curveTo(*first, *second, *end)


def _close(pen: _Pen) -> None:
    pen.path.close()


def _paths() -> Any:
    functions = HARFBUZZ.DrawFuncs()
    functions.set_move_to_func(_move)
    functions.set_line_to_func(_line)
    functions.set_cubic_to_func(_cubic)
    functions.set_quadratic_to_func(_quadratic)
    functions.set_close_path_func(_close)
    return functions


_PATHS = _paths()


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one font; `outline` is None for the base font."""

    text: str
    outline: Outline | None


@dataclass
class Face:
    """One weight: the base font and what stands in for it."""

    name: str
    weight: str
    folders: tuple[Path, ...] = FOLDERS
    _chosen: dict[str, Outline | None] = field(default_factory=dict)

    @cached_property
    def _base(self) -> Any:
        path = self._find(BASE)
        if path is None:
            raise EnvironmentFault(Code.FILE_UNREADABLE, path=f"{BASE}-{self.weight}.ttf")
        font = TRUE_TYPE_FONT(self.name, str(path))
        METRICS.registerFont(font)
        return font

    def _find(self, family: str) -> Path | None:
        names = (f"{family}-{self.weight}.ttf", f"{family}-{self.weight}.ttc", f"{family}.ttf")
        found = (path for folder in self.folders for name in names for path in sorted(folder.rglob(name)))
        return next(found, None)

    @cached_property
    def _outlines(self) -> tuple[Path, ...]:
        first = [path for path in map(self._find, FALLBACKS) if path]
        rest = {path for folder in self.folders for path in folder.rglob(f"{BASE}*-{self.weight}.ttf")}
        return (*first, *sorted(rest - set(first)))

    def width(self, text: str, size: float) -> float:
        """In the unit of `size`."""
        return sum(self._run_width(run, size) for run in self.runs(text))

    def _run_width(self, run: Run, size: float) -> float:
        if run.outline is not None:
            return run.outline.width(run.text, size)
        return float(METRICS.stringWidth(run.text, self.name, size))  # a length on paper

    def draw(self, canvas: Any, x: float, y: float, text: str, size: float) -> None:
        """Draw from the left end of the baseline."""
        for run in self.runs(text):
            if run.outline is None:
                canvas.setFont(self.name, size)
                canvas.drawString(x, y, run.text)
            else:
                run.outline.draw(canvas, x, y, run.text, size)
            x += self._run_width(run, size)

    def runs(self, text: str) -> list[Run]:
        """Runs in the order in which they stand on paper."""
        runs = list(self._logical_runs(printable(text)))
        return runs[::-1] if _is_right_to_left(text) else runs

    def _logical_runs(self, text: str) -> Iterator[Run]:
        part, current, was_figure = "", None, False
        for at, character in enumerate(text):
            outline, is_figure = self._outline_for(character), _is_figure(character)
            if character == " " and current is not None and current.has(" "):
                outline = current  # a space between two words of one script belongs to their run
                is_figure = was_figure and _is_figure(text[at + 1 : at + 2])
            # Figures go the other way than the letters of their script.
            is_other = outline is not current or (outline is not None and is_figure != was_figure)
            if is_other and part:
                yield Run(part, current)
                part = ""
            part += character if outline or self._has(character) else LAST_RESORT
            current, was_figure = outline, is_figure
        if part:
            yield Run(part, current)

    def _has(self, character: str) -> bool:
        return ord(character) in self._base.face.charToGlyph

    def _outline_for(self, character: str) -> Outline | None:
        if character not in self._chosen:
            self._chosen[character] = None if self._has(character) else self._search(character)
        return self._chosen[character]

    def _search(self, character: str) -> Outline | None:
        return next((font for path in self._outlines if (font := _outline(path)).has(character)), None)


MINUS, EN_DASH = "\u2212", "\u2013"
_OPENED: dict[Path, Outline] = {}


def _outline(path: Path) -> Outline:
    if path not in _OPENED:
        _OPENED[path] = Outline(path)
    return _OPENED[path]


def printable(text: str) -> str:
    """One line: control characters of any kind print nothing and break nothing; a minus stays in copied text."""
    kept = "".join(c if unicodedata.category(c) not in {"Cc", "Cs", "Co", "Cn"} else " " for c in text)
    # Noto Sans has no minus: drawn as an outline it would be lost to whoever copies a sum out of the PDF.
    return kept.replace(MINUS, EN_DASH)


def _turns(character: str) -> bool:
    """A letter that is read from the right."""
    return unicodedata.bidirectional(character) in {"R", "AL"}


def _is_figure(character: str) -> bool:
    return unicodedata.bidirectional(character) in {"AN", "EN"} if character else False


def _is_right_to_left(text: str) -> bool:
    """By its first letter."""
    strong: Callable[[str], bool] = lambda c: unicodedata.bidirectional(c) in {"L", "R", "AL"}  # noqa: E731
    return next((unicodedata.bidirectional(c) != "L" for c in text if strong(c)), False)


REGULAR = Face("Receipt", "Regular")
BOLD = Face("Receipt-Bold", "Bold")
