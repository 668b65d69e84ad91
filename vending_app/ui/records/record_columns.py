"""The columns of each kind of record."""

from __future__ import annotations

from typing import Any

from vending_app.domain.ids import masked, spaced
from vending_app.domain.record_lines import AreaLine, CardLine, CardStanding, CustomerLine, MeterLine, RecordKind
from vending_app.domain.records import MeterState
from vending_app.ui.components.table import Column
from vending_app.ui.phrases import full_day
from vending_app.ui.records.record_words import CARDS, METERS, kind_of, supplies_counted

_METER_MARKS: dict[MeterState, tuple[str, str]] = {
    MeterState.REMOVED: ("warning-fill", "warn"),
    MeterState.STOCK: ("gauge", "text"),
}
_CUSTOMER: list[Column[CustomerLine]] = [
    Column("Customer", lambda row: row.customer.name, strong=True),
    Column("Address", lambda row: row.customer.address),
    Column("Number", lambda row: row.customer.number, 112),
    Column("Phone", lambda row: row.customer.phone, 156, muted=True),
    Column("Supplies", lambda row: str(row.supplies) if row.supplies else "none", 84, right=True),
]
_METER: list[Column[MeterLine]] = [
    Column("Meter", lambda row: spaced(row.meter.number), 164, strong=True),
    Column("Make and model", kind_of),
    Column("Customer", lambda row: row.customer if row.state is MeterState.INSTALLED else ""),
    Column("Supply", lambda row: spaced(row.supply) if row.supply else "", 112, muted=True),
    # What hangs where it belongs is as usual, and so is what waits in stock.
    Column("State", lambda row: METERS[row.state][0], 124, mark=lambda row: _METER_MARKS.get(row.state, ("", "muted"))),
]
_CARD: list[Column[CardLine]] = [
    Column("Card", lambda row: masked(row.number), 124, strong=True),
    Column("Customer", lambda row: row.customer),
    Column("Supply", lambda row: spaced(row.supply), 112, muted=True),
    Column("Since", lambda row: full_day(row.since), 112, muted=True),
    Column("State", lambda row: CARDS[row.standing][0], 144, mark=lambda row: _mark_of(row.standing)),
]


def _mark_of(standing: CardStanding) -> tuple[str, str]:
    """An active card is as usual; one that is dead is only muted."""
    _, icon, tone = CARDS[standing]
    return ("", "text") if standing is CardStanding.ACTIVE else (icon, tone)


_AREA: list[Column[AreaLine]] = [
    Column("Code", lambda row: row.area.code, 112, strong=True),
    Column("Name", lambda row: row.area.name),
    Column("Transformer", lambda row: row.area.transformer, 160),
    Column("Supplies", supplies_counted, 100, right=True),
]
COLUMNS: dict[RecordKind, list[Column[Any]]] = {
    RecordKind.CUSTOMER: _CUSTOMER,
    RecordKind.METER: _METER,
    RecordKind.CARD: _CARD,
    RecordKind.AREA: _AREA,
}
SPARE = {RecordKind.CUSTOMER: (3, 4), RecordKind.METER: (2, 3), RecordKind.CARD: (2, 3), RecordKind.AREA: ()}
"""Columns that give way beside the practice dock; the record at the right tells them."""
