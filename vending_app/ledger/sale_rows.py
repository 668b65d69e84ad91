"""A sale as a row, and the row as a sale: the intent comes back equal to what was stored."""

from __future__ import annotations

from datetime import datetime

from vending_app.domain.card import CardWrite, Order
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.ids import CardNo, DeskNo, MeterNo, OperatorName, ReceiptNo, SaleId, ShiftNo, SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.sale import Purpose, Sale, SaleIntent, SaleState, Tender, TenderKind
from vending_app.ledger.codec import (
    day_text,
    parameters_of,
    parameters_text,
    quote_of,
    quote_text,
    time_text,
)
from vending_app.ledger.transaction import Row

_OUTCOME = """
customers.name AS customer_name, operators.full_name AS operator_name,
    coalesce(newest.state, 'pending') AS state, newest.at AS state_at,
    receipts.desk AS receipt_desk, receipts.number AS receipt_number,
    EXISTS (SELECT 1 FROM prints WHERE prints.sale = sales.id) AS is_printed
FROM sales
JOIN supplies ON supplies.number = sales.supply
JOIN customers ON customers.number = supplies.customer
JOIN operators ON operators.name = sales.operator
LEFT JOIN sale_events AS newest ON newest.sale = sales.id
    AND newest.journal = (SELECT max(journal) FROM sale_events WHERE sale = sales.id)
LEFT JOIN receipts ON receipts.sale = sales.id
"""
WHOLE = f"SELECT sales.*, {_OUTCOME}"
"""A sale with what became of it; ends where a WHERE may follow."""
OUTCOME = f"SELECT {_OUTCOME}"
"""Only what became of it."""


def row_of(intent: SaleIntent) -> Row:
    """Every column of `sales` but its journal."""
    return {
        "id": intent.id,
        "purpose": intent.purpose.value,
        "desk": intent.desk,
        "operator": intent.operator,
        "at": time_text(intent.at),
        "shift": intent.shift,
        "request": intent.request,
        **_order_columns(intent.order),
        "card": intent.write.card,
        "record": intent.write.record,
        "header": intent.write.header,
        "key_version": intent.write.key_version,
        **_money_columns(intent),
    }


def _order_columns(order: Order) -> Row:
    return {
        "supply": order.supply,
        "meter": order.meter,
        "generation": order.generation,
        "sequence": order.sequence,
        "energy_total_wh": order.energy_total.wh,
        "last_purchase_wh": order.last_purchase.wh,
        "purchases": order.purchases,
        "parameters": parameters_text(order.parameters),
        "sold_at": time_text(order.sold_at),
        "order_desk": order.desk,
        "order_key_version": order.key_version,
    }


def _money_columns(intent: SaleIntent) -> Row:
    quote, tender = intent.quote, intent.tender
    return {
        "quote": quote_text(quote) if quote else None,
        "total_minor": quote.total.minor if quote else None,
        "energy_wh": (quote.energy if quote else NO_ENERGY).wh,
        "charged_until": day_text(quote.charged_until) if quote else None,
        "tender_kind": tender.kind.value if tender else None,
        "tender_minor": tender.received.minor if tender else None,
        "tender_reference": tender.reference if tender else None,
    }


def sale_of(row: Row, *, intent: SaleIntent | None = None) -> Sale:
    """The sale of a row of WHOLE, or of OUTCOME for an intent that is at hand."""
    state = SaleState(row["state"])
    return Sale(
        intent=intent or intent_of(row),
        state=state,
        resolved_at=datetime.fromisoformat(row["state_at"]) if state.is_final else None,
        receipt=receipt_no(row["receipt_desk"], row["receipt_number"]) if row["receipt_number"] else None,
        customer_name=row["customer_name"],
        operator_name=row["operator_name"],
        is_printed=bool(row["is_printed"]),
    )


def intent_of(row: Row) -> SaleIntent:
    """The intent as it was stored."""
    return SaleIntent(
        id=SaleId(row["id"]),
        purpose=Purpose(row["purpose"]),
        order=order_of(row),
        write=CardWrite(
            card=CardNo(row["card"]),
            record=bytes(row["record"]),
            header=bytes(row["header"]),
            key_version=row["key_version"],
        ),
        desk=DeskNo(row["desk"]),
        operator=OperatorName(row["operator"]),
        at=datetime.fromisoformat(row["at"]),
        shift=None if row["shift"] is None else ShiftNo(row["shift"]),
        quote=quote_of(row["quote"]) if row["quote"] else None,
        tender=_tender_of(row),
        request=row["request"],
    )


def order_of(row: Row) -> Order:
    """The order as it was stored."""
    return Order(
        meter=MeterNo(row["meter"]),
        supply=SupplyNo(row["supply"]),
        generation=row["generation"],
        sequence=row["sequence"],
        energy_total=Energy(row["energy_total_wh"]),
        last_purchase=Energy(row["last_purchase_wh"]),
        purchases=row["purchases"],
        parameters=parameters_of(row["parameters"]),
        sold_at=datetime.fromisoformat(row["sold_at"]),
        desk=DeskNo(row["order_desk"]),
        key_version=row["order_key_version"],
    )


def _tender_of(row: Row) -> Tender | None:
    if row["tender_kind"] is None:
        return None
    return Tender(TenderKind(row["tender_kind"]), Money(row["tender_minor"]), row["tender_reference"])


def receipt_no(desk: int, number: int) -> ReceiptNo:
    """`2-004518`."""
    return ReceiptNo(f"{desk}-{number:06d}")


def receipt_parts(text: str) -> tuple[int, int] | None:
    """Desk and number of a receipt as typed; None for any other text."""
    desk, mark, number = text.strip().partition("-")
    parts = (desk, number)
    if not mark or not all(part.isascii() and part.isdigit() and len(part) < 16 for part in parts):
        return None
    return int(desk), int(number)
