"""Versions of tariffs: entered by two people for a day to come, read with whose word they were; never changed."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from vending_app.domain.ids import OperatorName
from vending_app.domain.people import SupplyState
from vending_app.domain.tariff import Tariff
from vending_app.domain.tariff_entry import TariffLife, TariffVersion, check_day
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import tariff_of
from vending_app.ledger.journal import newest_moment
from vending_app.ledger.setup import add_tariff

_VERSIONS = """
SELECT tariffs.body, journal.at, journal.operator, approvals.approver FROM tariffs
JOIN journal ON journal.id = tariffs.journal LEFT JOIN approvals ON approvals.journal = tariffs.journal
ORDER BY code, valid_from
"""
_BUY_BY_IT = "SELECT tariff, count(*) AS many FROM supplies WHERE state <> ? GROUP BY tariff"


def lives(books: Books) -> tuple[TariffLife, ...]:
    """Every code with all its versions, by code."""
    found: dict[str, list[TariffVersion]] = defaultdict(list)
    with books.reading():
        for row in books.all(_VERSIONS):
            version = _version(row)
            found[version.tariff.code].append(version)
        many = {row["tariff"]: row["many"] for row in books.all(_BUY_BY_IT, (SupplyState.CLOSED.value,))}
    return tuple(TariffLife(code, tuple(versions), many.get(code, 0)) for code, versions in found.items())


def _version(row: Row) -> TariffVersion:
    operator, approver = row["operator"], row["approver"]
    return TariffVersion(
        tariff_of(row["body"]),
        datetime.fromisoformat(row["at"]),
        OperatorName(operator) if operator else None,
        OperatorName(approver) if approver else None,
    )


def enter(books: Books, tariff: Tariff, *, today: date, at: datetime) -> None:
    """Another version. Asked again here, where no other desk can come between: what is in force is never changed.

    Raises OperatorError tariff-not-ahead, tariff-exists.
    """
    with books.writing():
        books.lock_office()
        rows = books.all("SELECT valid_from FROM tariffs WHERE code = ?", (tariff.code,))
        known = [date.fromisoformat(row["valid_from"]) for row in rows]
        check_day(tariff, known, today=max(today, _newest_day(books, today)))
        add_tariff(books, tariff, at=at)


def _newest_day(books: Books, today: date) -> date:
    """The day of the newest row: a clock that was set back would open the past."""
    newest = newest_moment(books)
    return newest.astimezone().date() if newest is not None else today
