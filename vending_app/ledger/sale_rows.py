"""A sale as a row, and the row as a sale: the intent comes back equal to what was stored."""

from __future__ import annotations

import json
from datetime import datetime

from vending_app.domain.card import CardWrite, Order
from vending_app.domain.energy import Energy
from vending_app.domain.ids import CardNo, DeskNo, MeterNo, OperatorName, ReceiptNo, SaleId, ShiftNo, SupplyNo
from vending_app.domain.keeping import short
from vending_app.domain.money import Money
from vending_app.domain.records import CardEnd
from vending_app.domain.sale import Purpose, Sale, SaleIntent, SaleState, Tender, TenderKind
from vending_app.ledger.books import Row
from vending_app.ledger.codec import Json, day_text, parameters_json, parameters_of, quote_json, quote_of, time_text
from vending_app.ledger.journal import INTENT

_OUTCOME = """
customers.name AS customer_name, operators.full_name AS operator_name,
    coalesce(newest.state, 'pending') AS state, newest.at AS state_at, newest.receipt_desk, newest.receipt_number,
    EXISTS (SELECT 1 FROM prints WHERE prints.sale = sales.id) AS is_printed,
    (SELECT reversal.sale FROM sale_events AS reversal WHERE reversal.reverses = sales.id) AS reversed_by,
    (SELECT hash FROM journal WHERE id = newest.journal) AS posted_hash,
    corrected.tender AS corrected_tender, corrected.reference AS corrected_reference
FROM sales
JOIN supplies ON supplies.number = sales.supply
JOIN customers ON customers.number = supplies.customer
JOIN operators ON operators.name = sales.operator
LEFT JOIN sale_events AS newest ON newest.sale = sales.id
    AND newest.is_final = (SELECT max(is_final) FROM sale_events WHERE sale = sales.id)
LEFT JOIN tender_corrections AS corrected
    ON corrected.journal = (SELECT max(journal) FROM tender_corrections WHERE sale = sales.id)
"""
WHOLE = f"SELECT sales.*, (SELECT body FROM journal WHERE id = sales.journal) AS body, {_OUTCOME}"
"""A sale with what became of it; ends where a WHERE may follow."""
OUTCOME = f"SELECT {_OUTCOME}"
"""Only what became of it."""


def row_of(intent: SaleIntent) -> Row:
    """Every column of `sales` but its journal: what is asked for by more than the sale's own page."""
    order, quote = intent.order, intent.quote
    return {
        "id": intent.id,
        "purpose": intent.purpose.value,
        "desk": intent.desk,
        "operator": intent.operator,
        "at": time_text(intent.at),
        "shift": intent.shift,
        "request": intent.request,
        "supply": order.supply,
        "sequence": order.sequence,
        "energy_total_wh": order.energy_total.wh,
        "purchases": order.purchases,
        "card": intent.write.card,
        "energy_wh": intent.energy.wh,
        "total_minor": quote.total.minor if quote else None,
        "charged_until": day_text(quote.charged_until) if quote else None,
        "tariff": quote.tariff if quote else None,
        "tender": intent.tender.kind.value if intent.tender else None,
        "undoes": intent.undoes,
    }


def intent_json(intent: SaleIntent) -> Json:
    """What the intent is besides its row."""
    order, write, tender = intent.order, intent.write, intent.tender
    return {
        "meter": order.meter,
        "generation": order.generation,
        "last_purchase_wh": order.last_purchase.wh,
        "parameters": parameters_json(order.parameters),
        "sold_at": time_text(order.sold_at),
        "order_desk": order.desk,
        "order_key_version": order.key_version,
        "record": write.record.hex(),
        "header": write.header.hex(),
        "key_version": write.key_version,
        "quote": quote_json(intent.quote) if intent.quote else None,
        "tender": [tender.kind.value, tender.received.minor, tender.reference] if tender else None,
        "reason": intent.reason,
        **_of_issue(intent),
    }


def _of_issue(intent: SaleIntent) -> Json:
    """What only an issue may have, and only if it has it: older rows have none of it."""
    told = {"fee_minor": intent.fee.minor, "carried_wh": intent.carried.wh, "ends": intent.ends and intent.ends.value}
    return {name: value for name, value in told.items() if value}


def sale_of(row: Row, *, intent: SaleIntent | None = None) -> Sale:
    """The sale of a row of WHOLE, or of OUTCOME for an intent that is at hand."""
    state = SaleState(row["state"])
    known = intent or intent_of(row)
    return Sale(
        intent=known,
        state=state,
        resolved_at=datetime.fromisoformat(row["state_at"]) if state.is_final else None,
        receipt=receipt_no(row["receipt_desk"], row["receipt_number"]) if row["receipt_number"] else None,
        customer_name=row["customer_name"],
        operator_name=row["operator_name"],
        is_printed=bool(row["is_printed"]),
        corrected=_correction_of(row, known),
        reversed_by=SaleId(row["reversed_by"]) if row["reversed_by"] else None,
        fingerprint=short(row["posted_hash"]) if state is SaleState.POSTED else "",
    )


def _correction_of(row: Row, intent: SaleIntent) -> Tender | None:
    if row["corrected_tender"] is None or intent.quote is None:
        return None
    return Tender(TenderKind(row["corrected_tender"]), intent.quote.total, row["corrected_reference"])


def intent_of(row: Row) -> SaleIntent:
    """The intent as it was stored: its row, and the rest from the journal."""
    read: Json = json.loads(row["body"])[INTENT]
    return SaleIntent(
        id=SaleId(row["id"]),
        purpose=Purpose(row["purpose"]),
        order=order_of(row, read),
        write=CardWrite(
            card=CardNo(row["card"]),
            record=bytes.fromhex(read["record"]),
            header=bytes.fromhex(read["header"]),
            key_version=read["key_version"],
        ),
        desk=DeskNo(row["desk"]),
        operator=OperatorName(row["operator"]),
        at=datetime.fromisoformat(row["at"]),
        shift=None if row["shift"] is None else ShiftNo(row["shift"]),
        quote=quote_of(read["quote"]) if read["quote"] else None,
        tender=_tender_of(*read["tender"]) if read["tender"] else None,
        request=row["request"],
        undoes=SaleId(row["undoes"]) if row["undoes"] else None,
        reason=read.get("reason", ""),
        fee=Money(read.get("fee_minor", 0)),
        carried=Energy(read.get("carried_wh", 0)),
        ends=CardEnd(read["ends"]) if "ends" in read else None,
    )


def order_of(row: Row, read: Json) -> Order:
    """The order as it was stored."""
    return Order(
        meter=MeterNo(read["meter"]),
        supply=SupplyNo(row["supply"]),
        generation=read["generation"],
        sequence=row["sequence"],
        energy_total=Energy(row["energy_total_wh"]),
        last_purchase=Energy(read["last_purchase_wh"]),
        purchases=row["purchases"],
        parameters=parameters_of(read["parameters"]),
        sold_at=datetime.fromisoformat(read["sold_at"]),
        desk=DeskNo(read["order_desk"]),
        key_version=read["order_key_version"],
    )


def _tender_of(kind: str, received: int, reference: str) -> Tender:
    return Tender(TenderKind(kind), Money(received), reference)


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
