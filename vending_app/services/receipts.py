"""Receipts: made from the ledger, shown, printed, and printed again as a copy. A printer never undoes a sale."""

from __future__ import annotations

from dataclasses import dataclass

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import SaleId
from vending_app.domain.sale import Sale, SaleState
from vending_app.ports import Clock, Ledger, PaperMaker, Printer
from vending_app.services.reading import Reading
from vending_app.services.usage import lasts_days, usage_of
from vending_app.services.use_cases import Printed, ReceiptPdf


@dataclass(frozen=True, slots=True)
class Receipts:
    """Shows and prints receipts; one per desk."""

    ledger: Ledger
    paper: PaperMaker
    printer: Printer
    clock: Clock
    reading: Reading

    def show(self, sale_id: SaleId) -> ReceiptPdf:
        """The receipt as it would come out next; nothing is noted. Raises OperatorError sale-unknown."""
        sale = self._posted(sale_id)
        return ReceiptPdf(sale.id, str(sale.receipt), self._pdf(sale, copy=1 if sale.is_printed else 0))

    def original(self, sale_id: SaleId) -> bytes:
        """The PDF of the first print, for `sell --receipt FILE`. Raises OperatorError sale-unknown."""
        return self._pdf(self._posted(sale_id), copy=0)

    def print(self, sale_id: SaleId) -> Printed:
        """Print; every print after the first is marked COPY. Raises EnvironmentFault printer-failed."""
        sale = self._posted(sale_id)
        pdf = self._pdf(sale, copy=1 if sale.is_printed else 0)
        self.printer.print_pdf(pdf, title=str(sale.receipt))
        copy = self.ledger.mark_printed(sale.id, at=self.clock(), is_copy=sale.is_printed)
        return Printed(sale.id, str(sale.receipt), copy, self.printer.name)

    def _posted(self, sale_id: SaleId) -> Sale:
        sale = self.ledger.sale(sale_id)
        # A sale that was entered again by its card alone never had a receipt.
        if sale is None or sale.state is not SaleState.POSTED or sale.receipt is None:
            raise OperatorError(Code.SALE_UNKNOWN, sale=sale_id)
        return sale

    def _pdf(self, sale: Sale, *, copy: int) -> bytes:
        supply = self.ledger.supply(sale.intent.order.supply, today=self.reading.today())
        known = [wb for wb in self.ledger.write_backs(supply.number) if _was_known(wb.sequence, sale)]
        usage = usage_of(known)
        return self.paper.receipt(
            sale,
            office=self.ledger.letterhead(at=sale.intent.at),
            supply=supply,
            last=known[0] if known else None,
            lasts_days=lasts_days(sale.intent.order.last_purchase, usage.per_day if usage else None),
            copy=copy,
            takes_back=self._taken_back(sale),
        )

    def _taken_back(self, sale: Sale) -> str:
        """The number of the receipt that a reversal takes back."""
        undone = self.ledger.sale(sale.intent.undoes) if sale.intent.undoes else None
        return str(undone.receipt) if undone is not None and undone.receipt else ""


def _was_known(write_back_sequence: int, sale: Sale) -> bool:
    """Whether the meter wrote this before it could have seen the sale: a copy shows what the first print showed."""
    return write_back_sequence < sale.intent.order.sequence
