"""Procedures that were done, each made anew of the rows that tell it: so a slip is printed whenever somebody asks."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime

from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import CardNo, DeskNo, JournalRow, MeterNo, SaleId, SupplyNo
from vending_app.domain.keeping import short
from vending_app.domain.money import Money
from vending_app.domain.people import Customer
from vending_app.domain.procedure import Outcome, Procedure, TermsChange
from vending_app.domain.quote import QuoteLine
from vending_app.domain.records import CardAtEnd, FinalReading, MeterChange, ReadingHow, Settlement, Terms
from vending_app.domain.returned import ENERGY, Worth
from vending_app.domain.sale import Sale, SaleState
from vending_app.domain.tariff import LineKind
from vending_app.domain.tool_card import ToolCard, ToolIssue
from vending_app.ledger import entries, records, sale_reading, supplies
from vending_app.ledger.books import Books, Row
from vending_app.ledger.life import energy_of

_OF_SUPPLY = """
SELECT sales.journal AS journal, sale_events.journal AS done, 'issue' AS kind, sales.id AS sale, '' AS before,
    '' AS after
FROM sales JOIN sale_events ON sale = sales.id AND state = 'posted' WHERE supply = ?1 AND purpose = 'issue'
UNION ALL SELECT journal, journal, 'meter-change', '', '', ''
FROM meter_changes WHERE old_supply = ?1 OR new_supply = ?1
UNION ALL SELECT journal, journal, 'settlement', '', '', '' FROM settlements WHERE supply = ?1
UNION ALL SELECT journal, journal, 'record', '', before, after FROM record_changes
WHERE subject = 'supply' AND key = ?1 AND verb = 'change'
ORDER BY journal DESC
"""
"""`done` is the row that posted a card: its fee is owed from then on."""
_BY_WHOM = """
SELECT journal.desk, journal.hash, coalesce(worker.full_name, '') AS operator,
    coalesce(other.full_name, '') AS approver
FROM journal LEFT JOIN operators AS worker ON worker.name = journal.operator
LEFT JOIN approvals ON approvals.id = journal.approval LEFT JOIN operators AS other ON other.name = approver
WHERE journal.id = ?
"""
_ISSUED = """
SELECT cards.number FROM cards JOIN sale_events ON sale_events.sale = cards.sale AND state = 'posted' WHERE supply = ?
"""
_NEXT_CHANGE = """
SELECT before FROM record_changes WHERE subject = 'supply' AND key = ? AND verb = 'change' AND journal > ?
ORDER BY journal LIMIT 1
"""


def procedure(books: Books, supply: SupplyNo, row: JournalRow | None, *, today: date) -> Procedure:
    """What that row tells, or the newest one. Raises OperatorError supply-unknown, procedure-unknown."""
    with books.reading():
        supplies.supply(books, supply, today=today)
        told = next((each for each in books.all(_OF_SUPPLY, (supply,)) if _is_wanted(each, row)), None)
        if told is None:
            raise OperatorError(Code.PROCEDURE_UNKNOWN, supply=supply, row=row)
        return _Telling(books, supply, told).procedure(today)


def tool_issue(books: Books, card: ToolCard) -> ToolIssue:
    """By whom it went out, and by whose word."""
    with books.reading():
        row = JournalRow(books.value("SELECT journal FROM tool_cards WHERE mandate = ?", (card.number,)))
        who = _by_whom(books, row)
        return ToolIssue(card, DeskNo(who["desk"]), who["operator"], who["approver"], short(who["hash"]))


def _by_whom(books: Books, row: JournalRow) -> Row:
    who = books.one(_BY_WHOM, (row,))
    assert who is not None, "what is told is told by a row of the journal"
    return who


def _is_wanted(told: Row, row: JournalRow | None) -> bool:
    is_one = told["kind"] != "record" or records.tells_terms(told["before"], told["after"])
    return is_one and row in {None, told["journal"]}


@dataclass(frozen=True, slots=True)
class _Telling:
    """One row of the journal and what stands around it; everything is as it was right after it."""

    books: Books
    asked: SupplyNo
    told: Row

    @property
    def row(self) -> JournalRow:
        return JournalRow(self.told["journal"])

    def procedure(self, today: date) -> Procedure:
        who = _by_whom(self.books, self.row)
        outcome = self._outcome(short(who["hash"]))
        number = outcome.old if isinstance(outcome, MeterChange) else self.asked
        owed = self._posted_until(entries.arrears(number))
        file, then = supplies.supply(self.books, number, today=today), self._terms_then(number)
        return Procedure(
            row=self.row,
            outcome=outcome,
            supply=replace(file, customer=self._customer(then, file.customer), tariff=then.tariff, arrears=Money(owed)),
            desk=DeskNo(who["desk"]),
            operator=who["operator"],
            approver=who["approver"],
            old_card=self._card_before(outcome) if isinstance(outcome, Sale) else None,
        )

    def _outcome(self, fingerprint: str) -> Outcome:
        match self.told["kind"]:
            case "issue":
                sale = sale_reading.sale(self.books, SaleId(self.told["sale"]))
                assert sale is not None, "its row was just found"
                return sale
            case "meter-change":
                return self._meter_change(fingerprint)
            case "settlement":
                return self._settlement(fingerprint)
        return self._terms_change(fingerprint)

    # --- each kind ---

    def _terms_change(self, fingerprint: str) -> TermsChange:
        row = self._one("SELECT * FROM record_changes WHERE journal = ?")
        before, after = (records.terms_in(json.loads(row[name])) for name in ("before", "after"))
        held = energy_of(self.books, self.asked, until=self.row)
        accounts = entries.on_card(self.asked), entries.in_meter(self.asked)
        return TermsChange(
            supply=self.asked,
            before=before,
            after=after,
            giver=records.customer(self.books, before.customer),
            credit=sum((held.get(account, NO_ENERGY) for account in accounts), NO_ENERGY),
            reason=row["reason"],
            at=datetime.fromisoformat(row["at"]),
            fingerprint=fingerprint,
        )

    def _meter_change(self, fingerprint: str) -> MeterChange:
        row = self._one("SELECT * FROM meter_changes WHERE journal = ?")
        old = SupplyNo(row["old_supply"])
        return MeterChange(
            old=old,
            new=SupplyNo(row["new_supply"]),
            old_meter=MeterNo(row["old_meter"]),
            new_meter=MeterNo(row["new_meter"]),
            reading=_reading(row),
            carried=Energy(row["carried_wh"]),
            reason=row["reason"],
            at=datetime.fromisoformat(row["at"]),
            fingerprint=fingerprint,
            card=self._emptied(old) or CardAtEnd.NOTHING,
        )

    def _settlement(self, fingerprint: str) -> Settlement:
        row = self._one("SELECT * FROM settlements WHERE journal = ?")
        was_on_card = row["returned_wh"] > row["remaining_wh"] and self.books.value(_ISSUED, (self.asked,)) is not None
        return Settlement(
            supply=self.asked,
            reading=_reading(row),
            returned=Energy(row["returned_wh"]),
            price=Money(row["price_minor"]),
            offset=Money(row["offset_minor"]),
            reason=row["reason"],
            at=datetime.fromisoformat(row["at"]),
            fingerprint=fingerprint,
            worth=self._worth(),
            card=self._emptied(self.asked) or (CardAtEnd.METER_OFF if was_on_card else CardAtEnd.NOTHING),
        )

    # --- what stands around ---

    def _worth(self) -> Worth:
        """The price in parts, by the accounts that gave them back."""
        lines = "SELECT account, amount FROM postings WHERE journal = ? AND commodity = 'money' ORDER BY line"
        parts = (_part_of(row["account"], Money(row["amount"])) for row in self.books.all(lines, (self.row,)))
        return Worth(tuple(part for part in parts if part is not None))

    def _emptied(self, ended: SupplyNo) -> CardAtEnd | None:
        """By the order that follows an end, if one does: nothing else is written for what has ended."""
        found = "SELECT id FROM sales WHERE supply = ? AND purpose = 'cancellation' AND journal > ?"
        ending = self.books.value(found, (ended, self.row))
        if ending is None:
            return None
        sale = sale_reading.sale(self.books, SaleId(ending))
        return CardAtEnd.EMPTIED if sale is not None and sale.state is SaleState.POSTED else CardAtEnd.WAITS

    def _card_before(self, sale: Sale) -> CardNo | None:
        order = sale.intent.order
        found = self.books.value(f"{_ISSUED} AND generation = ?", (order.supply, order.generation - 1))
        return CardNo(found) if found else None

    def _terms_then(self, number: SupplyNo) -> Terms:
        """Those right after this row: the next change of its record tells what held until then."""
        later = self.books.value(_NEXT_CHANGE, (number, self.row))
        return records.terms_in(json.loads(later)) if later else records.terms_of(self.books, number)

    def _customer(self, then: Terms, now: Customer) -> Customer:
        return now if then.customer == now.number else records.customer(self.books, then.customer)

    def _posted_until(self, account: str) -> int:
        moved = f"SELECT coalesce(sum(amount), 0) FROM postings WHERE account = ? AND {self.books.of_one_supply}"
        return int(self.books.value(f"{moved} AND journal <= ?", (account, self.told["done"])))

    def _one(self, query: str) -> Row:
        row = self.books.one(query, (self.row,))
        assert row is not None, "its journal row was just found"
        return row


def _part_of(account: str, amount: Money) -> QuoteLine | None:
    """What `entries.earned` made an account of; None for one that belongs to no price."""
    of, _, name = account.partition(":")
    if account == entries.INCOME_ENERGY:
        return QuoteLine(*ENERGY, amount)
    if account == entries.ROUNDING:
        return QuoteLine(LineKind.ROUNDING, "", amount)
    return QuoteLine(LineKind(of), name, amount) if of in {LineKind.TAX, LineKind.LEVY} else None


def _reading(row: Row) -> FinalReading:
    return FinalReading(ReadingHow(row["how"]), Energy(row["used_total_wh"]), Energy(row["remaining_wh"]))
