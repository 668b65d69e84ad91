"""Two days on which much is undone: every figure is still what it opens, and what the accounts say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from tests.services import real_books as story
from tests.services.real_books import ANNEXE, SHOP, At, RealBooks, word_for
from tests.services.test_equal_reports import told
from vending_app.bench.world import SUPERVISOR, SUPPLY, TECHNICIAN
from vending_app.domain.closing import ClosingKind
from vending_app.domain.day import DayReport
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import DeskNo, MeterNo, SaleId
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import Meter
from vending_app.domain.permissions import Act
from vending_app.domain.records import FinalReading, ReadingHow
from vending_app.domain.report import Opens, Report
from vending_app.domain.report_asked import ReportAsked, ReportKind
from vending_app.domain.reversal import ReversalAdvice
from vending_app.domain.sale import Sale, TenderKind
from vending_app.services import book_cases as book
from vending_app.services.day_cases import DayShown, ShowDay
from vending_app.services.report_cases import ShowReport
from vending_app.services.supply_cases import ChangeMeter, EnterMeter, LifeShown, ShowLife
from vending_app.services.use_cases import FinishSale
from vending_app.ui.books.sale_asks import verbs_of
from vending_app.ui.books.sale_words import facts_of
from vending_app.ui.day import leads
from vending_app.ui.day.tiles import tiles_of

FIRST, SECOND = date(2026, 3, 2), date(2026, 3, 3)
NEW_METER = Meter(MeterNo("000099999999"), "RM-1", 1600)


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealBooks]:
    """Played once for all of them; the first day is closed, the second runs."""
    with story.office(tmp_path_factory.mktemp("office")) as (books, annexe):
        wrong = _first(books, annexe)
        _second(books, annexe, wrong)
        yield books


def _first(books: RealBooks, annexe: At) -> SaleId:
    """Arrears are paid, by themselves and with the sale that is answered, a meter that gave too much is changed, and a
    sale that one desk began is finished at the other."""
    hall = books.hall
    hall.opens("100.00")
    annexe.opens("50.00")
    story.give_cards(books, annexe)
    torn = hall.tears(books.cards[SUPPLY], "15.00")
    annexe.takes(books.cards[SUPPLY])
    annexe.does(FinishSale(), object)
    for at, shift_is_there in ((hall, True), (annexe, False)):
        corrected = book.CorrectTender(at.act(), torn, TenderKind.MOBILE, "paid by phone", reference="TX 77")
        with pytest.raises(OperatorError) as refused:
            at.does(corrected, Sale, by=SUPERVISOR)
        code = Code.CORRECTION_ELSEWHERE if shift_is_there else Code.CORRECTION_TOO_LATE
        assert refused.value.code is code
        assert not shift_is_there or refused.value.facts["desk"] == ANNEXE
    shown = hall.does(book.ShowReversal(torn), ReversalAdvice, by=SUPERVISOR)
    assert shown.sale.finished_elsewhere == ANNEXE
    offered = verbs_of(shown, SUPERVISOR, shown.sale.intent.shift)
    assert "tender" not in [option.key for option in offered]
    assert ("Finished", f"at desk {ANNEXE}: it counts there, and its way of paying stays", "") in facts_of(shown, str)
    annexe.does(book.PayArrears(hall.act(), SHOP, Money(3_00)), object)
    sold = annexe.sells(books.cards[SHOP], "80.00")
    hall.sells(books.cards[SUPPLY], "50.00")
    books.loads(SUPPLY)
    books.uses(SUPPLY, Energy(61_230))
    _changes_meter(books, past=Energy(40_000))
    hall.closes()
    annexe.closes()
    hall.does(book.ClosePeriod(ClosingKind.DAY, FIRST.isoformat()), object, by=SUPERVISOR)
    return sold.id


def _second(books: RealBooks, annexe: At, wrong: SaleId) -> None:
    """The sale that paid arrears is taken back."""
    books.hall.time.goes_to(SECOND)
    annexe.opens("150.00")
    annexe.takes(books.cards[SHOP])
    back = book.ReverseSale(annexe.world.new_id(), wrong, "typed 80 for 8", annexe.act(), pay_by=None)
    annexe.does(back, object, by=SUPERVISOR)


def _changes_meter(books: RealBooks, *, past: Energy) -> None:
    """Of a dead meter that is taken to have given more than was bought."""
    hall = books.hall
    hall.does(EnterMeter(NEW_METER, "stock"), object, by=TECHNICIAN)
    last = books.asks(ShowLife(SUPPLY), LifeShown).write_back
    assert last is not None
    reading = FinalReading(ReadingHow.ESTIMATE, last.used_total + last.remaining + past, -past)
    change = ChangeMeter(SUPPLY, NEW_METER.number, "dead", reading)
    hall.does(replace(change, approval=word_for(hall, change, Act.ESTIMATE)), object, by=TECHNICIAN)


def day_of(books: RealBooks, day: date, desk: DeskNo | None = None) -> DayReport:
    return books.asks(ShowDay(day, desk), DayShown).report


def report(books: RealBooks, kind: ReportKind, period: str) -> Report:
    return books.asks(ShowReport(ReportAsked(kind, period)), Report)


def below(books: RealBooks, opens: Opens, column: str) -> int:
    """What the rows that a figure opens add up to."""
    assert opens.asked is not None
    listed = books.asks(ShowReport(opens.asked), Report)
    return told(listed, listed.tables[0].key, column)


PAID = """
SELECT -sum(amount) FROM postings JOIN journal ON journal.id = postings.journal WHERE account LIKE 'arrears:%'
AND at LIKE ? AND (journal.kind = 'payment' OR EXISTS (SELECT 1 FROM sale_events JOIN sales ON sales.id = sale
    WHERE sale_events.journal = postings.journal AND state = 'posted' AND purpose IN ('sale', 'reversal')))
"""
"""With sales and by itself, less what reversals gave back."""


@pytest.mark.parametrize(("day", "paid"), [(FIRST, Money(19_00)), (SECOND, Money(-16_00))])
def test_new_debt_is_no_negative_recovery_and_a_reversal_is_one(books: RealBooks, day: date, paid: Money) -> None:
    assert books.sql(PAID, f"{day}%") == paid.minor
    assert books.sql(OWED_ANEW) > 0, "a meter that gave too much made new debt"
    page = day_of(books, day)
    assert page.sums.arrears == paid
    assert below(books, leads.arrears(page), "amount") == paid.minor
    tile = next(tile for tile in tiles_of(page) if tile.name == "Arrears recovered")
    assert tile.figure == str(paid)
    assert ("given back" in tile.beside) is (paid < ZERO)
    lines = told(report(books, ReportKind.DAY, day.isoformat()), "lines", "amount", kind_of_line="arrears")
    assert lines == paid.minor


OWED_ANEW = """
SELECT sum(amount) FROM postings JOIN meter_changes USING (journal) WHERE account LIKE 'arrears:%'
"""


def test_a_month_and_a_year_tell_the_same_recovery_as_their_days(books: RealBooks) -> None:
    paid = books.sql(PAID, "2026-03%")
    assert paid == 3_00
    assert told(report(books, ReportKind.MONTH, "2026-03"), "days", "recovered") == paid
    assert told(report(books, ReportKind.YEAR, "2026"), "months", "recovered") == paid


def test_a_reversal_tells_the_reason_that_was_typed(books: RealBooks) -> None:
    (undone,) = [each for each in report(books, ReportKind.DAY, SECOND.isoformat()).tables if each.key == "undone"]
    (row,) = undone.rows
    assert (row[undone.place_of("undoing")], row[undone.place_of("reason")]) == ("reversal", "typed 80 for 8")


@pytest.mark.parametrize(("desk", "cash"), [(1, Money(50_00)), (2, Money(95_00))])
def test_each_tender_of_a_desk_is_what_it_opens(books: RealBooks, desk: int, cash: Money) -> None:
    """A sale stands at the desk that finished it, and so does the way it was paid."""
    page = day_of(books, FIRST, DeskNo(desk))
    assert page.tenders == {TenderKind.CASH: cash}
    assert below(books, leads.paid_by(page, TenderKind.CASH), "takings") == cash.minor


def test_the_books_of_these_days_prove_themselves(books: RealBooks) -> None:
    assert books.hall.counter.outside.ledger.verify().problems == ()
