"""Versions of tariffs: entered by two people for a day to come, read with whose word they were; never changed.

One that has not begun may be withdrawn by two people: its row stays, and one of the rules says that it does not count.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime

from vending_app.domain.ids import OperatorName
from vending_app.domain.people import SupplyState
from vending_app.domain.tariff import WITHDRAWN_PREFIX, Tariff
from vending_app.domain.tariff_entry import TariffLife, TariffVersion, check_day, check_fees, check_withdrawal
from vending_app.ledger import office_rules
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import tariff_of
from vending_app.ledger.journal import newest_moment
from vending_app.ledger.setup import add_tariff
from vending_app.ledger.tariff_counts import COUNTS

_VERSIONS = f"""
SELECT tariffs.body, journal.at, journal.operator, approvals.approver, {COUNTS} AS counts FROM tariffs
JOIN journal ON journal.id = tariffs.journal LEFT JOIN approvals ON approvals.journal = tariffs.journal
ORDER BY code, valid_from
"""
ENTERED, WITHDRAWN = {"prices": "entered"}, {"prices": "withdrawn"}
"""Before and after, as the journal tells it."""
_BUY_BY_IT = "SELECT tariff, count(*) AS many FROM supplies WHERE state <> ? GROUP BY tariff"


def lives(books: Books) -> tuple[TariffLife, ...]:
    """Every code that has a version which counts, by code."""
    return tuple(life for life in _all_lives(books) if life.versions)


def _all_lives(books: Books) -> tuple[TariffLife, ...]:
    found: dict[str, list[TariffVersion]] = defaultdict(list)
    withdrawn: dict[str, list[TariffVersion]] = defaultdict(list)
    with books.reading():
        for row in books.all(_VERSIONS):
            version = _version(row)
            (found if row["counts"] else withdrawn)[version.tariff.code].append(version)
        many = {row["tariff"]: row["many"] for row in books.all(_BUY_BY_IT, (SupplyState.CLOSED.value,))}
    return tuple(
        TariffLife(code, tuple(found[code]), many.get(code, 0), tuple(withdrawn[code]))
        for code in sorted({*found, *withdrawn})
    )


def _life(books: Books, code: str) -> TariffLife:
    return next((life for life in _all_lives(books) if life.code == code), TariffLife(code, (), 0))


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

    Raises OperatorError tariff-not-ahead, tariff-exists, tariff-fee-differs.
    """
    with books.writing():
        books.lock_office()
        life, day = _life(books, tariff.code), max(today, _newest_day(books, today))
        check_day(tariff, life.days, today=day)
        fresh = TariffVersion(tariff, at)
        check_fees(
            replace(life, versions=tuple(sorted((*life.versions, fresh), key=lambda each: each.tariff.valid_from)))
        )
        add_tariff(books, tariff, at=at)


def withdraw(books: Books, code: str, day: date, *, today: date, at: datetime) -> None:
    """It never comes into force. Asked again here, as what is entered.

    Raises OperatorError tariff-missing, tariff-begun, tariff-fee-differs.
    """
    with books.writing():
        books.lock_office()
        check_withdrawal(_life(books, code), day, today=max(today, _newest_day(books, today)))
        office_rules.note(books, f"{WITHDRAWN_PREFIX}{code}:{day.isoformat()}", ENTERED, WITHDRAWN, at=at)


def _newest_day(books: Books, today: date) -> date:
    """The day of the newest row: a clock that was set back would open the past."""
    newest = newest_moment(books)
    return newest.astimezone().date() if newest is not None else today
