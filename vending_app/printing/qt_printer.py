"""The office printer: the PDF's pages drawn by Qt on a printer of the system, chosen by name."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from vending_app.domain.errors import Code, EnvironmentFault

DOTS_PER_INCH_MAX = 300
"""A receipt printer has 203; more than 300 only makes an office printer slow."""
POINTS_PER_INCH = 72


def available_printers() -> tuple[str, ...]:
    """The printers of this system, the default one first."""
    default = QPrinterInfo.defaultPrinterName()
    names = [name for name in QPrinterInfo.availablePrinterNames() if name != default]
    return (default, *names) if default else tuple(names)


class QtPrinter:
    """`ports.Printer` on a printer of the system. Needs the running Qt application of the counter."""

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def name(self) -> str:
        return self._name

    def print_pdf(self, pdf: bytes, *, title: str) -> None:
        """Raises EnvironmentFault printer-failed with the reason."""
        document = self._load(pdf)
        try:
            printer = self._printer()
            self.lay_out(printer, document, title=title)
            self._print(document, printer)
        finally:
            document.close()

    def _load(self, pdf: bytes) -> QPdfDocument:
        document = QPdfDocument()
        buffer = QBuffer(document)
        buffer.setData(QByteArray(pdf))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        document.load(buffer)
        if document.status() is not QPdfDocument.Status.Ready or not document.pageCount():
            raise self._failed("the document cannot be drawn")
        return document

    def _printer(self) -> QPrinter:
        info = QPrinterInfo.printerInfo(self._name)
        if info.isNull():
            raise self._failed("no printer of this name")
        return QPrinter(info, QPrinter.PrinterMode.HighResolution)

    def lay_out(self, printer: QPrinter, document: QPdfDocument, *, title: str) -> None:
        """Paper as large as the page, without the margins of an office."""
        printer.setDocName(title)
        printer.setFullPage(True)
        printer.setPageSize(_page_size(document.pagePointSize(0)))
        printer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Point)

    def _print(self, document: QPdfDocument, printer: QPrinter) -> None:
        painter = QPainter()
        if not painter.begin(printer):
            raise self._failed("the printer does not accept the print")
        try:
            for number in range(document.pageCount()):
                if number and not printer.newPage():
                    raise self._failed("the printer does not take another page")
                _draw(painter, document, number, resolution=printer.resolution())
        finally:
            ended = painter.end()
        if not ended or printer.printerState() is QPrinter.PrinterState.Error:
            raise self._failed("the printer broke off")

    def _failed(self, reason: str) -> EnvironmentFault:
        return EnvironmentFault(Code.PRINTER_FAILED, printer=self._name, reason=reason)


def _page_size(points: QSizeF) -> QPageSize:
    return QPageSize(points, QPageSize.Unit.Point, "receipt", QPageSize.SizeMatchPolicy.FuzzyMatch)


def _draw(painter: QPainter, document: QPdfDocument, number: int, *, resolution: int) -> None:
    """One page at its true size: 80 mm stay 80 mm on every printer."""
    points = document.pagePointSize(number)
    dots = min(resolution, DOTS_PER_INCH_MAX)
    size = QSize(*(round(side * dots / POINTS_PER_INCH) for side in (points.width(), points.height())))
    image = document.render(number, size)
    scale = resolution / POINTS_PER_INCH
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.fillRect(QRectF(0, 0, points.width() * scale, points.height() * scale), Qt.GlobalColor.white)
    painter.drawImage(QRectF(0, 0, points.width() * scale, points.height() * scale), image)
