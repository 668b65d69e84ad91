"""The two libraries that draw, which carry no types: named once, used as Any."""

from __future__ import annotations

from typing import Any

import uharfbuzz
from reportlab.graphics.barcode import qrencoder
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfgen import canvas

HARFBUZZ: Any = uharfbuzz
METRICS: Any = pdfmetrics
TRUE_TYPE_FONT: Any = ttfonts.TTFont
QR: Any = qrencoder
CANVAS: Any = canvas.Canvas
PICTURE: Any = ImageReader
