"""Closing a shift, a day, a month, a year: folded, bound to every chain, signed, numbered without gaps, for good."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from vending_app.domain.closing import Cell, Closing, ClosingKind, Head, Hour, Totals
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import DeskNo, OperatorName
from vending_app.domain.money import Money
from vending_app.domain.sale import Purpose, TenderKind
from vending_app.ledger import merkle
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import Json, canonical, day_of, time_text
from vending_app.ledger.fold import Stretch, fold, last_row
from vending_app.ledger.journal import acting
from vending_app.ledger.kinds import Kind
from vending_app.ledger.open_days import before_midnight, closed_until, open_days
from vending_app.ports.book_keeping import Signer

OFFICE = 0
"""The desk of a closing that is not one desk's."""
LETTERS = {ClosingKind.MONTH: 7, ClosingKind.YEAR: 4}
"""How much of an ISO date names one."""


# --- closing ---------------------------------------------------------------------------------------------


def close_shift(books: Books, *, shift: int, operator: OperatorName, at: datetime, signer: Signer) -> Closing:
    """The Z of this desk, in the transaction that counted its till out."""
    before = newest(books, ClosingKind.SHIFT, desk=books.desk)
    tip = last_row(books, books.desk)
    rows = [Stretch(books.desk, until(before, books.desk), tip)]
    return _close(books, ClosingKind.SHIFT, books.desk, str(shift), rows, operator=operator, at=at, signer=signer)


def close_period(
    books: Books, kind: ClosingKind, period: str, *, operator: OperatorName, at: datetime, signer: Signer
) -> Closing:
    """Close a day (`2026-11-25`), a month (`2026-11`) or a year (`2026`) of the office, up to its last midnight.

    Raises OperatorError period-closed if it or a later one is closed, period-part-open if a day before it or a part
    of it is not, period-has-open-shift for a day, period-empty for a month or year without any closed part.
    """
    with books.writing():
        books.lock_office()
        last = newest(books, kind)
        if last is not None and period <= last.period:
            raise OperatorError(Code.PERIOD_CLOSED, period=period, last=last.period)
        rows = _rows_of_day(books, period, today=day_of(at)) if kind is ClosingKind.DAY else ()
        if kind is not ClosingKind.DAY:
            _require_closed_parts(books, kind, period, today=day_of(at))
        return _close(books, kind, OFFICE, period, rows, operator=operator, at=at, signer=signer)


def _rows_of_day(books: Books, period: str, *, today: date) -> tuple[Stretch, ...]:
    """What a day covers: of the one that runs all there is."""
    oldest = next(open_days(books, newest(books, ClosingKind.DAY), today=today))
    day = date.fromisoformat(period)
    if day < closed_until(books):
        raise OperatorError(Code.PERIOD_CLOSED, period=period, last=period[:7])
    if oldest.day < day:
        raise OperatorError(Code.PERIOD_PART_OPEN, period=period, part=oldest.day.isoformat())
    rows = oldest.stretches if oldest.day == day else before_midnight(books, oldest.stretches, day)
    _require_closed_shifts(books, rows)
    return rows


_OPEN_SHIFTS = """
SELECT shifts.desk, journal.number FROM shifts JOIN journal ON journal.id = shifts.journal
WHERE NOT EXISTS (SELECT 1 FROM shift_closings WHERE shift = shifts.number) ORDER BY shifts.desk
"""


def _require_closed_shifts(books: Books, rows: Iterable[Stretch]) -> None:
    ends = {stretch.desk: stretch.until for stretch in rows}
    for desk, begun in books.tuples(_OPEN_SHIFTS):
        if begun <= ends[desk]:
            raise OperatorError(Code.PERIOD_HAS_OPEN_SHIFT, desk=desk)


def _require_closed_parts(books: Books, kind: ClosingKind, period: str, *, today: date) -> None:
    """No day until its end, and no month or year before it, may be left out of a period, or fall to it, for good."""
    day = next(open_days(books, newest(books, ClosingKind.DAY), today=today)).day
    if day < today and day.isoformat() < period + "~":
        raise OperatorError(Code.PERIOD_PART_OPEN, period=period, part=day.isoformat())
    left = oldest_left(books, ClosingKind.MONTH)
    if left and left < (period if kind is ClosingKind.MONTH else period + "~"):
        raise OperatorError(Code.PERIOD_PART_OPEN, period=period, part=left)
    left = oldest_left(books, ClosingKind.YEAR) if kind is ClosingKind.YEAR else ""
    if left and left < period:
        raise OperatorError(Code.PERIOD_PART_OPEN, period=period, part=left)


_OLDEST_LEFT = """
SELECT min(period) FROM closings WHERE kind = ? AND desk = ?
    AND period > (SELECT coalesce(max(period) || '~', '') FROM closings WHERE kind = ? AND desk = ?)
"""


def oldest_left(books: Books, kind: ClosingKind) -> str:
    """The first month (year) of which days (months) are closed that no closing adds up; empty if there is none."""
    assert kind.parts is not None, "a month and a year have parts"
    part = books.value(_OLDEST_LEFT, (kind.parts.value, OFFICE, kind.value, OFFICE))
    return str(part or "")[: LETTERS[kind]]


def _close(
    books: Books,
    kind: ClosingKind,
    desk: int,
    period: str,
    rows: Iterable[Stretch],
    *,
    operator: OperatorName,
    at: datetime,
    signer: Signer,
) -> Closing:
    """`rows` are those of a shift or a day; a month and a year add up their parts."""
    before = newest(books, kind, desk=desk)
    heads, parts, totals = _covered(books, kind, period, before, rows)
    told: Json = {
        "kind": kind.value,
        "desk": desk,
        "number": before.number + 1 if before else 1,
        "period": period,
        "at": time_text(at),
        "operator": operator,
        "totals": totals_json(totals),
        "perpetual_minor": totals.sold.minor + (before.perpetual.minor if before else 0),
        "perpetual_wh": totals.energy_sold.wh + (before.perpetual_energy.wh if before else 0),
        "heads": [[head.desk, head.since, head.until, head.hash, head.root] for head in heads],
        "parts": list(parts),
        "previous": before.digest if before else "",
    }
    text = canonical(told)
    with acting(books, Kind.CLOSING, at=at) as page:
        row: Row = {name: told[name] for name in ("kind", "desk", "number", "period", "at")}
        row |= {"text": text, "signature": signer.sign(text.encode()), "key": signer.signing_key}
        page.insert("closings", row)
    return _closing_of(row)


def _covered(
    books: Books, kind: ClosingKind, period: str, before: Closing | None, rows: Iterable[Stretch]
) -> tuple[tuple[Head, ...], tuple[str, ...], Totals]:
    """How far the chains reach, the closings that are added up, and what it all comes to."""
    if kind.parts is not None:
        found = parts_of(books, kind.parts, period, after=before)
        if not found:
            raise OperatorError(Code.PERIOD_EMPTY, period=period)
        heads = tuple(_without_root(head, before) for head in found[-1].heads)
        return heads, tuple(part.digest for part in found), sum((part.totals for part in found), Totals())
    heads = tuple(filter(None, (_head(books, stretch) for stretch in rows)))
    return heads, (), fold(books, map(stretch_of, heads))


def parts_of(books: Books, kind: ClosingKind, period: str, *, after: Closing | None) -> tuple[Closing, ...]:
    """The closings of a kind within a longer period that were not added up before."""
    since = after.period + "~" if after else ""
    found = books.all(
        f"{_WHOLE} WHERE kind = ? AND period > ? AND period <= ? ORDER BY number", (kind.value, since, period + "~")
    )
    return tuple(map(_closing_of, found))


def _without_root(head: Head, before: Closing | None) -> Head:
    return Head(head.desk, until(before, head.desk), head.until, head.hash)


def _head(books: Books, rows: Stretch) -> Head | None:
    """How far a desk has come; None for one that never did anything."""
    tip = books.value("SELECT hash FROM journal WHERE desk = ? AND number = ?", (rows.desk, rows.until))
    if tip is None:
        return None
    return Head(rows.desk, rows.since, rows.until, bytes(tip).hex(), merkle.root(hashes(books, rows)).hex())


def until(before: Closing | None, desk: DeskNo) -> int:
    """Where the closing before stopped for this desk."""
    return next((head.until for head in before.heads if head.desk == desk), 0) if before else 0


def stretch_of(head: Head) -> Stretch:
    """The rows that a head covers."""
    return Stretch(head.desk, head.since, head.until)


def hashes(books: Books, stretch: Stretch) -> list[bytes]:
    """The hashes of a stretch, oldest first: the leaves of its tree."""
    within = "SELECT hash FROM journal WHERE desk = ? AND number > ? AND number <= ? ORDER BY number"
    return [bytes(found) for (found,) in books.tuples(within, stretch)]


# --- reading ---------------------------------------------------------------------------------------------

_WHOLE = "SELECT text, signature, key FROM closings"


def newest(books: Books, kind: ClosingKind, *, desk: int = OFFICE) -> Closing | None:
    """The last closing of a kind."""
    row = books.one(f"{_WHOLE} WHERE kind = ? AND desk = ? ORDER BY number DESC LIMIT 1", (kind.value, desk))
    return _closing_of(row) if row else None


def closing(books: Books, kind: ClosingKind, period: str, *, desk: int = OFFICE) -> Closing | None:
    """The closing of one period; a shift's is asked for with its desk."""
    row = books.one(f"{_WHOLE} WHERE kind = ? AND desk = ? AND period = ?", (kind.value, desk, period))
    return _closing_of(row) if row else None


def closings(books: Books, kind: ClosingKind, *, limit: int) -> tuple[Closing, ...]:
    """Newest first; of shifts, those of every desk."""
    rows = books.all(f"{_WHOLE} WHERE kind = ? ORDER BY journal DESC LIMIT ?", (kind.value, limit))
    return tuple(map(_closing_of, rows))


def within(books: Books, kind: ClosingKind, period: str) -> tuple[Closing, ...]:
    """The closings of the whole office that lie in a longer period, oldest first."""
    rows = books.all(
        f"{_WHOLE} WHERE kind = ? AND desk = ? AND period > ? AND period < ? ORDER BY number",
        (kind.value, OFFICE, period, period + "~"),
    )
    return tuple(map(_closing_of, rows))


def periods_within(books: Books, kind: ClosingKind, period: str) -> list[str]:
    """What those closings are of; one closing is read sooner than a year of them."""
    asked = "SELECT period FROM closings WHERE kind = ? AND desk = ? AND period > ? AND period < ? ORDER BY number"
    return [name for (name,) in books.tuples(asked, (kind.value, OFFICE, period, period + "~"))]


def shifts_within(books: Books, stretch: Stretch) -> tuple[Closing, ...]:
    """The Zs of a desk that end within a stretch, oldest first; the first may have begun before it.

    Only those are read: a Z stands in the row after its last one, and rows of a desk have rising ids.
    """
    desk, since, until = stretch
    place = "SELECT id FROM journal WHERE desk = ? AND number <= ? ORDER BY number DESC LIMIT 1"
    ends = f"journal > coalesce(({place}), 0) AND journal <= coalesce(({place}), 0)"
    rows = books.all(
        f"{_WHOLE} WHERE kind = 'shift' AND desk = ? AND {ends} ORDER BY number", (desk, desk, since, desk, until + 1)
    )
    found = map(_closing_of, rows)
    return tuple(z for z in found if since < z.heads[0].until <= until)


def all_closings(books: Books, after: int, last: int) -> Iterator[tuple[int, Closing | None]]:
    """Those of the journal's rows after the id `after` up to and with `last`, oldest first, each with its row.

    None for text that no closing of this program has.
    """
    within = f"journal > {after} AND journal <= {last}"
    for row in books.stream(f"SELECT journal, text, signature, key FROM closings WHERE {within} ORDER BY journal"):
        yield row["journal"], _closing_or_none(row)


def newest_before(books: Books, row: int) -> dict[tuple[ClosingKind, int], Closing]:
    """The last closing of each kind and desk (0 for the office) up to a row of the journal."""
    newest = "SELECT max(journal) FROM closings WHERE journal <= ? GROUP BY kind, desk"
    found = map(_closing_or_none, books.all(f"{_WHOLE} WHERE journal IN ({newest})", (row,)))
    return {(known.kind, known.desk or OFFICE): known for known in found if known is not None}


def _closing_or_none(row: Row) -> Closing | None:
    try:
        return _closing_of(row)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def closing_over(books: Books, desk: DeskNo, number: int) -> tuple[Closing, Head] | None:
    """The first closing of a shift or a day that covers this row of a desk's journal, and its head there."""
    after = "SELECT id FROM journal WHERE desk = ? AND number = ?"
    for row in books.all(
        f"{_WHOLE} WHERE kind IN ('shift', 'day') AND journal > ({after}) ORDER BY journal", (desk, number)
    ):
        found = _closing_of(row)
        for head in found.heads:
            if head.desk == desk and head.since < number <= head.until:
                return found, head
    return None


def _closing_of(row: Row) -> Closing:
    read = json.loads(row["text"])
    kind = ClosingKind(read["kind"])
    return Closing(
        kind=kind,
        desk=DeskNo(read["desk"]) if kind is ClosingKind.SHIFT else None,
        number=read["number"],
        period=read["period"],
        at=datetime.fromisoformat(read["at"]),
        operator=OperatorName(read["operator"]),
        totals=totals_of(read["totals"]),
        perpetual=Money(read["perpetual_minor"]),
        perpetual_energy=Energy(read["perpetual_wh"]),
        heads=tuple(Head(DeskNo(desk), *rest) for desk, *rest in read["heads"]),
        parts=tuple(read["parts"]),
        previous=read["previous"],
        text=row["text"],
        signature=bytes(row["signature"]),
        key=bytes(row["key"]),
    )


# --- totals as text --------------------------------------------------------------------------------------


def totals_json(totals: Totals) -> Json:
    """Lists where order is fixed, so that equal totals are equal text."""
    return {
        "cells": [[*cell.key, cell.count, cell.energy.wh, cell.total.minor] for cell in totals.cells],
        "hours": [[time_text(hour.begins), hour.count, hour.total.minor] for hour in totals.hours],
        "money": dict(totals.money),
        "energy": dict(totals.energy),
        "acts": dict(totals.acts),
    }


def totals_of(read: Json) -> Totals:
    """The other way."""
    return Totals(
        cells=tuple(_cell_of(*cell) for cell in read["cells"]),
        hours=tuple(Hour(datetime.fromisoformat(at), count, Money(total)) for at, count, total in read["hours"]),
        money=read["money"],
        energy=read["energy"],
        acts=read["acts"],
    )


def _cell_of(desk: int, operator: str, purpose: str, tariff: str, tender: str, *sums: int) -> Cell:
    count, energy_wh, total_minor = sums
    return Cell(
        desk=DeskNo(desk),
        operator=OperatorName(operator),
        purpose=Purpose(purpose),
        tariff=tariff,
        tender=TenderKind(tender) if tender else None,
        count=count,
        energy=Energy(energy_wh),
        total=Money(total_minor),
    )
