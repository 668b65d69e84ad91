"""Whether a sale may be taken back: asked before a reversal is begun, and before one that waited is written."""

from __future__ import annotations

from datetime import date, datetime

from vending_app.domain.energy import NO_ENERGY
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import SaleId
from vending_app.domain.reversal import ReversalAdvice, advise
from vending_app.ports import Ledger


def advice_on(ledger: Ledger, number: SaleId, *, today: date) -> ReversalAdvice:
    """Of this sale; a reversal of it that waits changes nothing yet. Raises OperatorError sale-unknown."""
    sale = ledger.sale(number)
    if sale is None:
        raise OperatorError(Code.SALE_UNKNOWN, sale=number)
    supply = sale.intent.order.supply
    return advise(
        sale,
        newest=ledger.newest_standing(supply),
        write_back=ledger.last_write_back(supply),
        sold_on=_local_day(sale.intent.at),
        today=today,
        refund_due=ledger.refund_due(supply),
    )


def require_reversible(ledger: Ledger, number: SaleId, *, today: date) -> None:
    """Raises OperatorError sale-unknown, reversal-not-newest, reversal-too-late, reversal-used."""
    advice = advice_on(ledger, number, today=today)
    if advice.refusal is not None:
        raise OperatorError(advice.refusal, sale=number, left=advice.remaining or NO_ENERGY)


def _local_day(at: datetime) -> date:
    return at.astimezone().date()
