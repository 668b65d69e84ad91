"""What stands on a paper, and what would not fit on it."""

from __future__ import annotations

from io import BytesIO

from pypdf import PdfReader

from vending_app.documents.sheet import width
from vending_app.documents.slip import LEFT, RIGHT


def lines(pdf: bytes) -> list[str]:
    """Every text as people read it: plain spaces, and a minus where an en dash stands for it."""
    (page,) = PdfReader(BytesIO(pdf)).pages
    return [
        line.strip().replace("\u202f", " ").replace("\u2013", "\u2212") for line in page.extract_text().splitlines()
    ]


def texts_of_pages(pdf: bytes) -> list[str]:
    """What stands on each page, as people read it."""
    return [
        page.extract_text().replace("\u202f", " ").replace("\u2013", "\u2212") for page in PdfReader(BytesIO(pdf)).pages
    ]


def out_of_bounds(pdf: bytes) -> list[tuple[str, float]]:
    """Texts that begin left of the margin or end beyond the right one, by their places in the PDF."""
    (page,) = PdfReader(BytesIO(pdf)).pages
    found: list[tuple[str, float]] = []

    def visit(text: str, cm: list[float], tm: list[float], font: object, size: float) -> None:
        left = tm[4]
        is_bold = "Bold" in str(font)
        right = left + width(text.strip(), size, bold=is_bold)
        if text.strip() and not (left >= LEFT - 1 and right <= RIGHT + 1):
            found.append((text, right))

    page.extract_text(visitor_text=visit)
    return found
