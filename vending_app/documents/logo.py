"""The picture at the head of papers: a PNG that really decodes, as the black dots that a receipt printer has."""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from io import BytesIO

from PIL import Image

from vending_app.documents.sheet import Sheet
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.office_rules import BIGGEST_LOGO

SIGNATURE = b"\x89PNG\r\n\x1a\n"
END = b"\x00\x00\x00\x00IEND\xaeB`\x82"
"""The last part of a PNG: without it the file was cut off, even if the library fills in the rest."""
MOST_SIDE = 2000
"""Dots of a side: a small file may unfold to a picture that fills the memory."""
MARK = 80
"""The mark that stands there without a logo is as high and as wide."""
WIDEST = 240
WIDE = 1.6
"""From so many times its height on a picture is a lettering: lower than the mark, and as wide as there is room."""
_DAMAGED = (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, struct.error, zlib.error)
"""What the library says of bytes that are no picture, depending on where they are wrong."""


def check_logo(png: bytes) -> None:
    """Raises OperatorError logo-refused for what is too big, or does not decode to the last dot."""
    _decoded(png)


def _decoded(png: bytes) -> Image.Image:
    """In greys on white."""
    if len(png) > BIGGEST_LOGO:
        raise OperatorError(Code.LOGO_REFUSED, reason="size")
    if not (png.startswith(SIGNATURE) and END in png) or not all(1 <= side <= MOST_SIDE for side in _sides(png)):
        raise OperatorError(Code.LOGO_REFUSED, reason="format")
    try:
        with Image.open(BytesIO(png), formats=["PNG"]) as opened:
            picture = opened.convert("RGBA")
    except _DAMAGED as cause:
        raise OperatorError(Code.LOGO_REFUSED, reason="damaged") from cause
    paper = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(paper, picture).convert("L")


def _sides(png: bytes) -> tuple[int, int]:
    """As the header tells them; nothing of what is too short."""
    head = png[16:24]
    return (int.from_bytes(head[:4]), int.from_bytes(head[4:])) if len(head) == 8 else (0, 0)


@lru_cache(maxsize=4)
def dots_of(png: bytes) -> Image.Image:
    """Black dots, one for one as they are printed. Raises as check_logo."""
    picture = _decoded(png)
    wide, high = size_of(*picture.size)
    return picture.resize((wide, high), Image.Resampling.LANCZOS).convert("1")


def size_of(wide: int, high: int) -> tuple[int, int]:
    """How large it is printed: in the place of the mark, or as a lettering, with its sides in proportion."""
    most = WIDEST if wide > WIDE * high else MARK
    if wide * MARK > most * high:
        return most, max(1, high * most // wide)
    return max(1, wide * MARK // high), MARK


def draw_logo(sheet: Sheet, left: float, top: float, png: bytes = b"") -> float:
    """The office's picture, or the lightning of the product; returns how wide it is."""
    if not png:
        _draw_mark(sheet, left, top)
        return MARK
    dots = dots_of(png)
    sheet.picture(left, top + (MARK - dots.height) / 2, dots)
    return dots.width


def _draw_mark(sheet: Sheet, left: float, top: float) -> None:
    """The lightning, 80 dots wide and high."""
    sheet.box(left, top, MARK, MARK, radius=16)
    bolt = [(44, 13), (22, 45), (37, 45), (33, 67), (57, 33), (41, 33)]
    sheet.polygon([(left + x, top + y) for x, y in bolt], white=True)
