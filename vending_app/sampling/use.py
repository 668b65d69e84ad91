"""Use per month of many supplies at once, from registers that were read whenever a card came by (row S10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from vending_app.domain.energy_balance import month_edges
from vending_app.domain.inspection import Reading, SupplyRecord

Floats = NDArray[np.float64]

MONTHS = 24
"""Looked back: two winters and two summers."""
LEAST_DAYS = 10
"""A month of which less is known says nothing."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Use of all supplies: a row each, a column for each month, oldest first; not a number where nothing is known."""

    months: tuple[date, ...]
    per_day: Floats
    """Wh a day."""
    days: Floats
    """Of each month, as many as are known."""


def panel_of(records: Iterable[SupplyRecord], *, today: date, months: int = MONTHS) -> Panel:
    """The register is read on a straight line between two readings."""
    edges = month_edges(today, months)
    at = np.array([edge.toordinal() for edge in edges], dtype=np.float64)
    rows = [_row(record.readings, at) for record in records]
    shape = (len(rows), months)
    per_day = np.array([row[0] for row in rows]).reshape(shape)
    days = np.array([row[1] for row in rows]).reshape(shape)
    return Panel(tuple(edges[:-1]), per_day, days)


def _row(readings: Sequence[Reading], edges: Floats) -> tuple[Floats, Floats]:
    """Wh a day and days known, for each month between two edges."""
    unknown = np.full(len(edges) - 1, np.nan)
    if len(readings) < 2:
        return unknown, np.zeros(len(unknown))
    on = np.array([reading.on.toordinal() for reading in readings], dtype=np.float64)
    used = np.array([reading.used.wh for reading in readings], dtype=np.float64)
    known = np.clip(edges, on[0], on[-1])
    days = np.diff(known)
    is_known = days >= LEAST_DAYS
    per_day = np.where(is_known, np.diff(np.interp(known, on, used)) / np.where(is_known, days, 1.0), np.nan)
    return per_day, np.where(is_known, days, 0.0)
