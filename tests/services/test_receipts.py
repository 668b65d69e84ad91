"""Receipts: the first print, copies, failures, and what a copy says long afterwards."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.services.desk_of import DeskOf
from vending_app.bench.world import CASHIER, SUPPLY, TECHNICIAN
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import SaleId
from vending_app.printing.folder import FolderPrinter
from vending_app.services.counter import Counter
from vending_app.services.use_cases import Printed, PrintReceipt, ReceiptPdf, ShowReceipt


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def receipts(desk: DeskOf) -> Path:
    return desk.world.folder / "receipts"


def test_the_first_print_is_the_receipt_and_every_further_one_a_copy(desk: DeskOf) -> None:
    sale = desk.sell("50.00").sale
    first = desk.counter.do(PrintReceipt(sale.id))
    original = (receipts(desk) / "1-000001.pdf").read_bytes()
    again = [desk.counter.do(PrintReceipt(sale.id)) for _ in range(2)]
    copy = (receipts(desk) / "1-000001.pdf").read_bytes()
    assert isinstance(first, Printed)
    assert [first.copy, *(p.copy for p in again if isinstance(p, Printed))] == [0, 1, 2]
    assert "COPY" not in text_of(original)
    assert "COPY" in text_of(copy)
    assert "1-000001" in text_of(copy)


def test_looking_at_a_receipt_is_no_print(desk: DeskOf) -> None:
    sale = desk.sell("50.00").sale
    shown = desk.counter.do(ShowReceipt(sale.id))
    assert isinstance(shown, ReceiptPdf)
    assert "COPY" not in text_of(shown.pdf)
    printed = desk.counter.do(PrintReceipt(sale.id))
    assert isinstance(printed, Printed)
    assert printed.copy == 0


def test_a_printer_that_fails_undoes_nothing_and_the_next_print_is_the_first(desk: DeskOf) -> None:
    sale = desk.sell("50.00").sale
    printer = FolderPrinter(receipts(desk))
    printer.is_paper_out = True
    failing = Counter(replace(desk.counter.outside, printer=printer), operator=CASHIER)
    with pytest.raises(EnvironmentFault) as failed:
        failing.do(PrintReceipt(sale.id))
    assert failed.value.code is Code.PRINTER_FAILED
    assert desk.counter.outside.ledger.verify().is_ok
    printer.is_paper_out = False
    printed = failing.do(PrintReceipt(sale.id))
    assert isinstance(printed, Printed)
    assert printed.copy == 0


def test_a_copy_tells_what_the_meter_had_left_at_the_time_of_the_sale(desk: DeskOf) -> None:
    desk.sell("50.00")
    desk.world.load_meter()
    desk.world.meter.use(Energy(40_000))
    desk.world.load_meter()
    desk.reinsert()
    sale = desk.sell("20.00").sale
    left = desk.counter.outside.ledger.last_write_back(sale.intent.order.supply)
    assert left is not None
    desk.world.load_meter()
    desk.world.meter.use(Energy(60_000))
    desk.world.load_meter()
    desk.reinsert()
    desk.read()
    shown = desk.counter.do(ShowReceipt(sale.id))
    assert isinstance(shown, ReceiptPdf)
    assert left.remaining.plain in text_of(shown.pdf).replace("\u202f", "").replace(" ", "")


def test_an_issue_has_no_receipt_and_an_unknown_sale_none(desk: DeskOf) -> None:
    assert desk.refusal(PrintReceipt(SaleId("01J8ZC5W9Q3T7V2X4N6M8K0H1G"))) is Code.SALE_UNKNOWN
    issue = desk.counter.outside.ledger.history(SUPPLY)[-1]
    assert issue.sale is not None
    assert desk.refusal(PrintReceipt(issue.sale)) is Code.SALE_UNKNOWN


def test_a_technician_prints_no_receipts(desk: DeskOf) -> None:
    sale = desk.sell("50.00").sale
    desk.counter.operator = TECHNICIAN
    assert desk.refusal(PrintReceipt(sale.id)) is Code.PERMISSION_DENIED
