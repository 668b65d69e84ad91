"""The JSON of the verbs about drawer, payments and closings, as docs/command-line.md describes it."""

from __future__ import annotations

from vending_app.commands.shapes import Shape, resolved, shift
from vending_app.domain.cash import CashMovement, Counted
from vending_app.domain.closing import Closing, ShiftReport, Totals
from vending_app.domain.payment import Payment
from vending_app.services.book_cases import OpenSales


def counted(of: Counted) -> Shape:
    return {
        "shift": of.shift,
        "counted_minor": of.counted.minor,
        "expected_minor": of.expected.minor,
        "difference_minor": of.difference.minor,
        "times": of.times,
    }


def movement(of: CashMovement) -> Shape:
    return {
        "id": of.id,
        "shift": of.shift,
        "kind": of.kind.value,
        "amount_minor": of.amount.minor,
        "reason": of.reason,
        "at": of.at.isoformat(),
        "operator": of.operator,
    }


def payment(of: Payment) -> Shape:
    return {
        "id": of.id,
        "kind": of.kind.value,
        "slip": of.number,
        "supply": of.supply,
        "amount_minor": of.amount.minor,
        "tender": of.tender.value,
        "reference": of.reference,
        "at": of.at.isoformat(),
    }


def totals(of: Totals) -> Shape:
    return {
        "sales": of.count,
        "sold_minor": of.sold.minor,
        "energy_wh": of.energy_sold.wh,
        "cells": [
            {
                "desk": cell.desk,
                "operator": cell.operator,
                "purpose": cell.purpose.value,
                "tariff": cell.tariff,
                "tender": cell.tender.value if cell.tender else None,
                "count": cell.count,
                "energy_wh": cell.energy.wh,
                "total_minor": cell.total.minor,
            }
            for cell in of.cells
        ],
        "money_minor": dict(of.money),
        "energy_by_account_wh": dict(of.energy),
        "acts": dict(of.acts),
    }


def closing(of: Closing) -> Shape:
    return {
        "kind": of.kind.value,
        "number": of.number,
        "period": of.period,
        "fingerprint": of.fingerprint,
        "perpetual_minor": of.perpetual.minor,
        "perpetual_wh": of.perpetual_energy.wh,
        "totals": totals(of.totals),
    }


def report(of: ShiftReport) -> Shape:
    """An X or a Z; while the count is blind, null for what is expected and for all that would tell it."""
    is_blind = of.expected is None
    return {
        **shift(of.shift),
        "expected_minor": of.expected.minor if of.expected is not None else None,
        "totals": None if is_blind else totals(of.totals),
        "movements": [movement(one) for one in of.movements],
        "paid_in_minor": None if is_blind else of.paid_in.minor,
        "paid_out_minor": None if is_blind else of.paid_out.minor,
        "waiting": [resolved(sale) for sale in of.open_sales],
        "z": closing(of.closing) if of.closing else None,
    }


def waiting(of: OpenSales) -> Shape:
    return {
        "waiting": [{**resolved(entry.sale), "minutes": entry.minutes, "signed": entry.is_signed} for entry in of.sales]
    }
