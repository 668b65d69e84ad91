"""How every paper that is no receipt comes out of the printer."""

from __future__ import annotations

from vending_app.ports import Printer
from vending_app.services.book_cases import ReportPrinted


def printed(printer: Printer, pdf: bytes, *, title: str) -> ReportPrinted:
    """Raises EnvironmentFault printer-failed: what the paper tells of stands."""
    printer.print_pdf(pdf, title=title)
    return ReportPrinted(title, printer.name)
