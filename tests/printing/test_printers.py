"""A printer that fails says why; one that works prints at true size."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import RectangleObject
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from tests.documents.builders import OFFICE, WRITE_BACK, a_sale, a_supply
from vending_app.documents.papers import Papers
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.printing.folder import FolderPrinter, file_name
from vending_app.printing.qt_printer import QtPrinter, available_printers


@pytest.fixture(scope="module")
def receipt() -> bytes:
    return Papers().receipt(a_sale(), office=OFFICE, supply=a_supply(), last=WRITE_BACK, lasts_days=31, copy=0)


def reason(printer: FolderPrinter | QtPrinter, pdf: bytes) -> object:
    with pytest.raises(EnvironmentFault) as caught:
        printer.print_pdf(pdf, title="2-004518")
    assert caught.value.code is Code.PRINTER_FAILED
    assert caught.value.facts["printer"] == printer.name
    return caught.value.facts["reason"]


def test_a_folder_keeps_each_print_under_its_title(tmp_path: Path) -> None:
    FolderPrinter(tmp_path / "receipts").print_pdf(b"%PDF one", title="2-004518")
    assert (tmp_path / "receipts" / "2-004518.pdf").read_bytes() == b"%PDF one"
    assert len(list((tmp_path / "receipts").iterdir())) == 1


def test_a_folder_without_paper_fails_until_it_has_some(tmp_path: Path) -> None:
    printer = FolderPrinter(tmp_path)
    printer.is_paper_out = True
    assert reason(printer, b"%PDF") == "no paper"
    assert list(tmp_path.iterdir()) == []
    printer.is_paper_out = False
    printer.print_pdf(b"%PDF", title="2-004518")


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert reason(FolderPrinter(tmp_path / "file" / "receipts"), b"%PDF")


@pytest.mark.parametrize("title", ["../../etc/passwd", "a/b", "", "…", "x" * 500, "NUL\0"])
def test_no_title_leads_out_of_the_folder(title: str) -> None:
    name = file_name(title)
    assert name
    assert len(name) <= 80
    assert not set(name) & set("/\\.\0")


def test_a_printer_nobody_has_is_refused_by_name(qapp: QApplication, receipt: bytes) -> None:
    assert reason(QtPrinter("No such printer"), receipt) == "no printer of this name"
    assert "No such printer" not in available_printers()


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.4 broken", b"not a document"])
def test_what_is_no_document_is_not_printed(qapp: QApplication, pdf: bytes) -> None:
    assert reason(QtPrinter("any"), pdf) == "the document cannot be drawn"


def test_eighty_millimetres_stay_eighty_millimetres(qapp: QApplication, receipt: bytes, tmp_path: Path) -> None:
    printer = QtPrinter("to a file")
    document = printer._load(receipt)
    paper = QPrinter(QPrinter.PrinterMode.HighResolution)
    paper.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    paper.setOutputFileName(str(tmp_path / "out.pdf"))
    printer.lay_out(paper, document, title="2-004518")
    printer._print(document, paper)
    document.close()
    printed, original = _size((tmp_path / "out.pdf").read_bytes()), _size(receipt)
    assert abs(printed.width - original.width) < 2
    assert abs(printed.height - original.height) < 2


def _size(pdf: bytes) -> RectangleObject:
    (page,) = PdfReader(BytesIO(pdf)).pages
    return RectangleObject(page.mediabox)
