"""A roll of paper that grows downwards: things are put on it by dots from the top, then it becomes a PDF page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from vending_app.documents.fonts import BOLD, REGULAR, Face
from vending_app.documents.libraries import CANVAS, PICTURE, QR

if TYPE_CHECKING:
    from PIL import Image

DOTS_PER_INCH = 203
"""Of nearly every receipt printer; all measures are in its dots, so that lines fall on them."""
POINT = 72 / DOTS_PER_INCH
"""Points per dot."""

Ink = Callable[[Any], None]


class Sheet:
    """What stands on the paper so far; y counts from the top."""

    def __init__(self, width: int) -> None:
        self.width = width
        self._inks: list[Ink] = []

    def text(self, x: float, y: float, text: str, size: float, *, bold: bool = False, white: bool = False) -> None:
        """From its left end; y is the baseline."""
        face = face_of(bold)

        def ink(canvas: Any) -> None:
            canvas.setFillGray(1 if white else 0)
            face.draw(canvas, x, -y, text, size)

        self._inks.append(ink)

    def text_right(
        self, x: float, y: float, text: str, size: float, *, bold: bool = False, white: bool = False
    ) -> None:
        """Up to its right end."""
        self.text(x - width(text, size, bold=bold), y, text, size, bold=bold, white=white)

    def rule(self, left: float, right: float, y: float, thickness: float, *, dashes: bool = False) -> None:
        """A line across."""

        def ink(canvas: Any) -> None:
            canvas.setLineWidth(thickness)
            canvas.setDash([5, 5] if dashes else [])
            canvas.line(left, -y, right, -y)
            canvas.setDash([])

        self._inks.append(ink)

    def box(
        self, x: float, y: float, wide: float, high: float, *, radius: float = 0, frame: float = 0, white: bool = False
    ) -> None:
        """Filled, or only a frame of that thickness inside its bounds."""

        def ink(canvas: Any) -> None:
            canvas.setFillGray(1 if white else 0)
            canvas.setLineWidth(frame)
            half = frame / 2
            place = (x + half, -y - high + half, wide - frame, high - frame)
            canvas.roundRect(*place, radius, stroke=int(frame > 0), fill=int(not frame))

        self._inks.append(ink)

    def polygon(self, points: list[tuple[float, float]], *, white: bool = False) -> None:
        """Filled."""

        def ink(canvas: Any) -> None:
            canvas.setFillGray(1 if white else 0)
            path = canvas.beginPath()
            path.moveTo(points[0][0], -points[0][1])
            for x, y in points[1:]:
                path.lineTo(x, -y)
            path.close()
            canvas.drawPath(path, stroke=0, fill=1)

        self._inks.append(ink)

    def picture(self, x: float, y: float, dots: Image.Image) -> None:
        """Black dots at their own size; y is the top."""

        def ink(canvas: Any) -> None:
            canvas.drawImage(PICTURE(dots), x, -y - dots.height, dots.width, dots.height)

        self._inks.append(ink)

    def line(self, points: list[tuple[float, float]], thickness: float, *, dashes: bool = False) -> None:
        """From point to point."""

        def ink(canvas: Any) -> None:
            canvas.setLineWidth(thickness)
            canvas.setDash([8, 6] if dashes else [])
            path = canvas.beginPath()
            path.moveTo(points[0][0], -points[0][1])
            for x, y in points[1:]:
                path.lineTo(x, -y)
            canvas.drawPath(path, stroke=1, fill=0)
            canvas.setDash([])

        self._inks.append(ink)

    def qr(self, x: float, y: float, text: str, *, most: int) -> int:
        """A QR code of whole dots per module, at most `most` wide; returns how wide it came out."""
        code = QR.QRCode(None, QR.QRErrorCorrectLevel.M)
        code.addData(text)
        code.make()
        count = int(code.getModuleCount())
        dots = most // count
        for row in range(count):
            for column in range(count):
                if code.isDark(row, column):
                    self.box(x + column * dots, y + row * dots, dots, dots)
        return count * dots

    def pdf(self, height: float, *, title: str, author: str) -> bytes:
        """The page, as high as what stands on it."""
        return pdf_of([self], height, title=title, author=author)

    def put(self, canvas: Any) -> None:
        """Everything that stands on it, on a page whose origin is its top."""
        for ink in self._inks:
            ink(canvas)


def pdf_of(sheets: Sequence[Sheet], height: float, *, title: str, author: str) -> bytes:
    """Pages of one width and height, in their order."""
    out = BytesIO()
    size = (sheets[0].width * POINT, height * POINT)
    # Without the time of making: the same sale gives the same bytes.
    canvas = CANVAS(out, pagesize=size, pageCompression=1, invariant=1)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    for sheet in sheets:
        canvas.scale(POINT, POINT)
        canvas.translate(0, height)
        sheet.put(canvas)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def face_of(bold: bool) -> Face:
    return BOLD if bold else REGULAR


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text is, in dots."""
    return face_of(bold).width(text, size)


def fitting(text: str, size: float, room: float, *, bold: bool = False, least: float = 0) -> float:
    """The size at which a text fits into its room, but not below `least`."""
    wide = width(text, size, bold=bold)
    return size if wide <= room else max(least, size * room / wide)


def wrapped(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """Lines that fit, broken between words, and inside a word that is too long by itself."""
    lines = [""]
    for word in text.split():
        for part in _broken(word, size, room, bold=bold):
            longer = f"{lines[-1]} {part}".strip()
            if lines[-1] and width(longer, size, bold=bold) > room:
                lines.append(part)
            else:
                lines[-1] = longer
    return lines


def _broken(word: str, size: float, room: float, *, bold: bool) -> list[str]:
    parts = [""]
    for character in word:
        if parts[-1] and width(parts[-1] + character, size, bold=bold) > room:
            parts.append("")
        parts[-1] += character
    return parts if width(word, size, bold=bold) > room else [word]
