"""Closings: numbered, folded from the journal, signed, and nothing they bind can be told otherwise afterwards."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from cryptography.exceptions import InvalidSignature

from tests.independent_proof_check import check
from tests.ledger.at_work import SIGNER, STAFF, OfficeKey, an_approval
from tests.ledger.builders import DESK, SUPPLY, Counter, a_reentry
from tests.ledger.strangers import attack
from vending_app.domain.closing import Closing, ClosingKind
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.money import Money
from vending_app.domain.payment import PaymentKind
from vending_app.domain.people import Role
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.records import FinalReading, ReadingHow
from vending_app.domain.returned import NOTHING
from vending_app.domain.sale import TenderKind
from vending_app.ledger import merkle
from vending_app.ledger.closings import OFFICE, _close, hashes, shifts_within, stretch_of
from vending_app.ledger.fold import Stretch

PETRA = STAFF[Role.TECHNICIAN].name


def a_day(counter: Counter, day: str, *amounts: str) -> Closing:
    """A shift with these sales on that day, and the day closed after it."""
    counter.now += max(timedelta(), timedelta(days=(date.fromisoformat(day) - counter.now.date()).days))
    if counter.shift is None:
        counter.open_shift()
    for amount in amounts:
        counter.sell(amount)
    total = sum((Money.parse(amount) for amount in amounts), Money(100_00))
    counter.close_shift(total.plain)
    return counter.ledger.close_period(ClosingKind.DAY, day, at=counter.tick())


def three_zs(counter: Counter) -> list[Closing]:
    """Three shifts one after the other, with a sale of 20.00 each."""
    zs = []
    for _ in range(3):
        if counter.shift is None:
            counter.open_shift()
        counter.sell("20.00")
        zs.append(counter.close_shift("120.00"))
    return zs


def refused(act: Callable[[], object]) -> Code:
    with pytest.raises(OperatorError) as caught:
        act()
    return caught.value.code


def test_z_numbers_rise_by_one_and_the_perpetual_total_never_starts_again(counter: Counter) -> None:
    found = three_zs(counter)
    assert [z.number for z in found] == [1, 2, 3]
    assert [z.perpetual for z in found] == [Money(20_00), Money(40_00), Money(60_00)]
    assert found[2].previous == hashlib.sha256(found[1].text.encode()).hexdigest()
    assert counter.ledger.verify().is_ok


def test_a_reversal_lowers_the_perpetual_total_by_an_entry_of_its_own(counter: Counter) -> None:
    counter.reverse(counter.sell("50.00"))
    counter.sell("20.00")
    z = counter.close_shift("170.00")
    assert (z.perpetual, z.totals.sold, z.totals.count) == (Money(20_00), Money(20_00), 2)
    assert z.totals.money["refund-due"] == -50_00


def test_a_closing_is_signed_under_the_key_of_the_office(counter: Counter) -> None:
    z = counter.close_shift("100.00")
    assert z.key == SIGNER.signing_key
    assert z.signature == SIGNER.sign(z.text.encode())
    assert z.fingerprint == hashlib.sha256(z.text.encode()).hexdigest()[:8].upper()
    assert counter.ledger.verify(trusted=SIGNER.signing_key).is_ok
    stranger = OfficeKey(bytes(32)).signing_key
    assert "signed under a key that is not this office's" in counter.ledger.verify(trusted=stranger).problems[0]


def test_a_day_adds_up_every_row_since_the_day_before_once(counter: Counter) -> None:
    first = a_day(counter, "2025-11-14", "50.00", "20.00")
    second = a_day(counter, "2025-11-15", "30.00")
    assert (first.totals.sold, second.totals.sold) == (Money(70_00), Money(30_00))
    assert (first.heads[0].since, second.heads[0].since) == (0, first.heads[0].until)
    assert second.perpetual == Money(100_00)
    assert sum(hour.count for hour in first.totals.hours) == 2


def test_a_month_is_the_sum_of_its_days_and_a_year_of_its_months(counter: Counter) -> None:
    a_day(counter, "2025-11-14", "50.00")
    a_day(counter, "2025-11-30", "20.00")
    a_day(counter, "2025-12-01", "10.00")
    ledger = counter.ledger
    november = ledger.close_period(ClosingKind.MONTH, "2025-11", at=counter.tick())
    december = ledger.close_period(ClosingKind.MONTH, "2025-12", at=counter.tick())
    year = ledger.close_period(ClosingKind.YEAR, "2025", at=counter.tick())
    assert (november.totals.sold, december.totals.sold, year.totals.sold) == (Money(70_00), Money(10_00), Money(80_00))
    assert (len(november.parts), year.parts) == (2, (november.digest, december.digest))
    assert year.totals.of_tender(TenderKind.CASH) == Money(80_00)
    assert ledger.verify().is_ok


def test_a_closed_period_is_not_closed_again_nor_one_before_it(counter: Counter) -> None:
    a_day(counter, "2025-11-14", "50.00")
    close = counter.ledger.close_period
    for day in ("2025-11-14", "2025-11-13"):
        assert refused(lambda day=day: close(ClosingKind.DAY, day, at=counter.tick())) is Code.PERIOD_CLOSED  # type: ignore[misc]
    counter.now += timedelta(days=60)
    assert refused(lambda: close(ClosingKind.YEAR, "2024", at=counter.tick())) is Code.PERIOD_EMPTY
    assert refused(lambda: close(ClosingKind.MONTH, "2025-10", at=counter.tick())) is Code.PERIOD_EMPTY


def forgotten(counter: Counter) -> Counter:
    """The fourteenth was left open: two sales on it, one before breakfast of the day after, whose shift is open."""
    counter.sell("50.00")
    counter.sell("20.00", tender=TenderKind.BANK_CARD)
    counter.close_shift("150.00")
    counter.now += timedelta(days=1)
    counter.open_shift()
    counter.sell("30.00")
    return counter


def test_a_day_that_is_closed_late_holds_nothing_of_the_next(counter: Counter) -> None:
    ledger = forgotten(counter).ledger
    told = [ledger.period_totals(ClosingKind.DAY, f"2025-11-{day}", today=date(2025, 11, 15)) for day in (14, 15)]
    assert [totals.sold for totals, _ in told] == [Money(70_00), Money(30_00)]
    assert ledger.day_to_close(today=date(2025, 11, 15)) == date(2025, 11, 14)
    late = ledger.close_period(ClosingKind.DAY, "2025-11-14", at=counter.tick())
    assert (late.totals.sold, late.totals.count) == (Money(70_00), 2)
    counter.sell("10.00")
    counter.close_shift("140.00")
    next_ = ledger.close_period(ClosingKind.DAY, "2025-11-15", at=counter.tick())
    assert (next_.totals.sold, next_.totals.count) == (Money(40_00), 2)
    assert next_.heads[0].since == late.heads[0].until
    assert ledger.verify().is_ok
    whole = ledger.close_period(ClosingKind.MONTH, "2025-11", at=counter.tick())
    assert (whole.totals.sold, len(whole.parts)) == (Money(110_00), 2)


def test_days_are_closed_one_after_the_other(counter: Counter) -> None:
    close = forgotten(counter).ledger.close_period
    counter.close_shift("130.00")
    for kind, period, later in (
        (ClosingKind.DAY, "2025-11-15", timedelta()),
        (ClosingKind.MONTH, "2025-11", timedelta(days=30)),
        (ClosingKind.YEAR, "2025", timedelta(days=60)),
    ):
        at = counter.tick() + later
        assert refused(lambda of=(kind, period), at=at: close(*of, at=at)) is Code.PERIOD_PART_OPEN  # type: ignore[misc]
    assert close(ClosingKind.DAY, "2025-11-14", at=counter.tick()).number == 1
    assert close(ClosingKind.DAY, "2025-11-15", at=counter.tick()).number == 2
    assert counter.ledger.verify().is_ok


def test_a_month_of_closed_days_is_not_left_out_of_its_year(counter: Counter) -> None:
    a_day(counter, "2025-11-14", "50.00")
    a_day(counter, "2025-12-01", "20.00")
    close = counter.ledger.close_period
    counter.now += timedelta(days=60)
    close(ClosingKind.MONTH, "2025-11", at=counter.tick())
    assert refused(lambda: close(ClosingKind.YEAR, "2025", at=counter.tick())) is Code.PERIOD_PART_OPEN
    close(ClosingKind.MONTH, "2025-12", at=counter.tick())
    assert close(ClosingKind.YEAR, "2025", at=counter.tick()).totals.sold == Money(70_00)


def test_money_that_moved_without_a_sale_keeps_its_day(counter: Counter) -> None:
    """What is given back before midnight, what is entered again and what a settlement gives back, outside any shift."""
    ledger = counter.ledger
    counter.reverse(counter.sell("50.00"))
    counter.close_shift("150.00")
    ledger.close_period(ClosingKind.DAY, "2025-11-14", at=counter.tick())
    counter.now += timedelta(days=1)
    counter.open_shift("150.00")
    ledger.pay(counter.payment(PaymentKind.REFUND, "5.00"), request="refund")
    counter.now += timedelta(days=1)
    counter.close_shift("145.00")
    counter.now += timedelta(days=1)
    ledger.reenter(a_reentry(counter, "20.00"), at=counter.tick())
    counter.now += timedelta(days=1)
    settle(counter)
    counter.now += timedelta(days=1)
    for day in ("2025-11-15", "2025-11-16", "2025-11-17", "2025-11-18"):
        assert ledger.day_to_close(today=counter.now.date()) == date.fromisoformat(day)
        ledger.close_period(ClosingKind.DAY, day, at=counter.tick())
    assert ledger.day_to_close(today=counter.now.date()) == counter.now.date()


def settle(counter: Counter) -> None:
    """Somebody moves out, on a day on which no drawer is open."""
    approval = replace(an_approval(Act.CLOSE_SUPPLY, at=counter.now, approval_id="c" * 32), operator=PETRA)
    left = counter.file().energy_total
    with counter.ledger.acting_as(Authority(PETRA, Act.CLOSE_SUPPLY, approval)):
        reading = FinalReading(ReadingHow.HAND, left, Energy(0))
        counter.ledger.settle(SUPPLY, reading, price=lambda _: NOTHING, reason="moved", at=counter.tick())


def test_months_and_years_are_closed_one_after_the_other(counter: Counter) -> None:
    """None falls to the one after it, and no year waits for a month that can never be closed."""
    for day in ("2025-11-14", "2025-12-01", "2026-01-02"):
        a_day(counter, day, "50.00")
    counter.now += timedelta(days=400)
    ledger, close = counter.ledger, counter.ledger.close_period
    for kind, period, before in (
        (ClosingKind.MONTH, "2025-12", "2025-11"),
        (ClosingKind.MONTH, "2026-01", "2025-12"),
    ):
        assert refused(lambda of=(kind, period): close(*of, at=counter.tick())) is Code.PERIOD_PART_OPEN  # type: ignore[misc]
        assert ledger.oldest_left(kind) == before
        assert close(kind, before, at=counter.tick()).totals.sold == Money(50_00)
    close(ClosingKind.MONTH, "2026-01", at=counter.tick())
    assert refused(lambda: close(ClosingKind.YEAR, "2026", at=counter.tick())) is Code.PERIOD_PART_OPEN
    assert ledger.oldest_left(ClosingKind.YEAR) == "2025"
    years = [close(ClosingKind.YEAR, year, at=counter.tick()).totals.sold for year in ("2025", "2026")]
    assert years == [Money(100_00), Money(50_00)]
    assert (ledger.oldest_left(ClosingKind.MONTH), ledger.oldest_left(ClosingKind.YEAR)) == ("", "")


def close_as_before(counter: Counter, month: str) -> None:
    """As an older program closed a month: whatever was left open."""
    supervisor = STAFF[Role.SUPERVISOR].name
    books, at = counter.ledger._books, counter.tick()
    with counter.ledger.by_right(Act.CLOSE_DAY), books.writing():
        _close(books, ClosingKind.MONTH, OFFICE, month, (), operator=supervisor, at=at, signer=SIGNER)


def test_a_month_that_an_older_program_skipped_keeps_no_year_from_being_closed(counter: Counter) -> None:
    a_day(counter, "2025-11-14", "50.00")
    a_day(counter, "2025-12-01", "20.00")
    counter.now += timedelta(days=60)
    close_as_before(counter, "2025-12")
    year = counter.ledger.close_period(ClosingKind.YEAR, "2025", at=counter.tick())
    assert year.totals.sold == Money(70_00)
    assert counter.ledger.verify().is_ok


def test_what_was_left_out_of_a_closed_month_counts_in_the_next_one(counter: Counter) -> None:
    a_day(counter, "2025-11-14", "50.00")
    counter.now += timedelta(days=16)
    counter.open_shift()
    counter.sell("20.00")
    counter.close_shift("120.00")
    counter.now += timedelta(days=1)
    close_as_before(counter, "2025-11")
    ledger, today = counter.ledger, counter.now.date()
    close = ledger.close_period
    assert ledger.day_to_close(today=today) == today == date(2025, 12, 1)
    assert refused(lambda: close(ClosingKind.DAY, "2025-11-30", at=counter.tick())) is Code.PERIOD_CLOSED
    assert close(ClosingKind.DAY, "2025-12-01", at=counter.tick()).totals.sold == Money(20_00)
    counter.now += timedelta(days=31)
    assert close(ClosingKind.MONTH, "2025-12", at=counter.tick()).totals.sold == Money(20_00)
    assert close(ClosingKind.YEAR, "2025", at=counter.tick()).totals.sold == Money(70_00)


def test_a_shift_over_midnight_is_cut_in_two_days(counter: Counter) -> None:
    """And what was said wrongly before midnight is said right after it: each day moves what was moved on it."""
    cash = counter.sell("50.00")
    counter.now = datetime.combine(counter.now.date() + timedelta(days=1), time(0, 30), counter.now.tzinfo)
    counter.sell("30.00")
    close = counter.ledger.close_period
    assert refused(lambda: close(ClosingKind.DAY, "2025-11-14", at=counter.tick())) is Code.PERIOD_HAS_OPEN_SHIFT
    counter.correct_tender(cash, TenderKind.BANK_CARD)
    z = counter.close_shift("130.00")
    before = close(ClosingKind.DAY, "2025-11-14", at=counter.tick())
    after = close(ClosingKind.DAY, "2025-11-15", at=counter.tick())
    assert (before.totals.of_tender(TenderKind.CASH), before.totals.count) == (Money(50_00), 1)
    assert after.totals.of_tender(TenderKind.BANK_CARD) == Money(50_00)
    assert (after.totals.of_tender(TenderKind.CASH), after.totals.sold) == (Money(-20_00), Money(30_00))
    assert (after.totals.count, z.totals.count) == (1, 2)
    both = before.totals + after.totals
    assert (both.of_tender(TenderKind.CASH), both.money) == (z.totals.of_tender(TenderKind.CASH), z.totals.money)
    assert counter.ledger.verify().is_ok


def test_a_period_that_runs_comes_to_what_its_rows_come_to_counted_once(counter: Counter) -> None:
    ledger = counter.ledger
    waiting = ledger.reserve(counter.intent("10.00"))
    counter.sign(waiting)
    counter.close_shift("110.00")
    ledger.post(waiting.id, at=counter.tick())
    ledger.close_period(ClosingKind.DAY, "2025-11-14", at=counter.tick())
    counter.open_shift()
    counter.sell("50.00")
    counter.close_shift("150.00")
    counter.open_shift()
    counter.reverse(counter.sell("20.00"))
    for kind, period, sold, count in (
        (ClosingKind.DAY, "2025-11-14", "10.00", 1),
        (ClosingKind.DAY, "2025-11-15", "50.00", 2),
        (ClosingKind.MONTH, "2025-11", "60.00", 3),
        (ClosingKind.YEAR, "2025", "60.00", 3),
        (ClosingKind.YEAR, "2024", "0.00", 0),
    ):
        totals, is_closed = ledger.period_totals(kind, period, today=date(2025, 11, 15))
        assert (totals.sold, totals.count) == (Money.parse(sold), count)
        assert is_closed == (period == "2025-11-14")
    running, _ = ledger.period_totals(ClosingKind.DAY, "2025-11-15", today=date(2025, 11, 15))
    counter.close_shift("120.00")
    day = ledger.close_period(ClosingKind.DAY, "2025-11-15", at=counter.tick())
    assert (running.cells, running.hours) == (day.totals.cells, day.totals.hours)


def test_of_many_zs_those_that_end_within_are_read(counter: Counter) -> None:
    zs = three_zs(counter)
    ends = [z.heads[0].until for z in zs]
    for since, until, within in (
        (0, ends[2], zs),
        (ends[0], ends[1], zs[1:2]),
        (ends[0] - 1, ends[1], zs[:2]),
        (ends[0], ends[1] - 1, []),
        (ends[1], ends[2] + 1, zs[2:]),
    ):
        assert list(shifts_within(counter.ledger._books, Stretch(DESK, since, until))) == within


def test_what_comes_after_a_closing_belongs_to_the_next(counter: Counter) -> None:
    waiting = counter.ledger.reserve(counter.intent("10.00"))
    counter.sign(waiting)
    counter.close_shift("110.00")
    day = counter.ledger.close_period(ClosingKind.DAY, "2025-11-14", at=counter.tick())
    counter.ledger.post(waiting.id, at=counter.tick())
    assert day.totals.sold == Money(0)
    assert a_day(counter, "2025-11-15").totals.sold == Money(10_00)
    assert counter.ledger.verify().is_ok


def test_a_proof_leads_from_a_sale_to_the_signature(counter: Counter) -> None:
    sold = counter.sell("50.00")
    assert refused(lambda: counter.ledger.proof_of(sold.id)) is Code.SALE_NOT_CLOSED
    z = counter.close_shift("150.00")
    told = json.loads(counter.ledger.proof_of(sold.id).text)
    assert [row["row"]["kind"] for row in told["rows"]] == ["reserve", "post"]
    leaves = hashes(counter.ledger._books, stretch_of(z.heads[0]))
    assert {row["head"] for row in told["rows"]} == {merkle.root(leaves).hex()}


def test_a_stranger_s_script_believes_a_true_proof_and_no_false_one(counter: Counter) -> None:
    sold = counter.sell("50.00")
    for _ in range(5):
        counter.sell("10.00")
    counter.close_shift("200.00")
    text = counter.ledger.proof_of(sold.id).text
    key = SIGNER.signing_key.hex()
    assert [line.split()[1] for line in check(json.loads(text), key)] == ["reserve", "post"]
    for was, becomes in (("sold_at", "sold_au"), ('"number":', '"number":1'), ('"operator":"c', '"operator":"d')):
        assert was in text
        with pytest.raises((AssertionError, InvalidSignature)):
            check(json.loads(text.replace(was, becomes)), key)
    with pytest.raises(AssertionError):
        check(json.loads(text), OfficeKey(bytes(32)).signing_key.hex())


@pytest.mark.parametrize("count", range(1, 18))
def test_every_leaf_of_every_tree_climbs_to_its_root(count: int) -> None:
    leaves = [bytes([number]) * 32 for number in range(count)]
    root = merkle.root(leaves)
    assert all(merkle.climb(leaf, merkle.path(leaves, at)) == root for at, leaf in enumerate(leaves))
    assert merkle.climb(b"other", merkle.path(leaves, 0)) != root


def test_the_tree_is_that_of_rfc_6962() -> None:
    """The roots of the first eight leaves of RFC 9162's and Certificate Transparency's own test data."""
    leaves = [bytes.fromhex(leaf) for leaf in LEAVES_RFC]
    roots = [merkle.root(leaves[:count]).hex() for count in range(1, 9)]
    assert roots == ROOTS_RFC
    assert merkle.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


LEAVES_RFC = (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)  # fmt: skip
ROOTS_RFC = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


# --- tampering -------------------------------------------------------------------------------------------


def problems_of(counter: Counter, *statements: str) -> tuple[str, ...]:
    """What is found after an attack; signatures alone must show it, so no key is told."""
    assert attack(counter.ledger._books, *statements) > 0
    return counter.ledger.verify().problems


@pytest.fixture
def closed(counter: Counter) -> Counter:
    """Two closed days and a closed month."""
    a_day(counter, "2025-11-14", "50.00", "20.00")
    a_day(counter, "2025-11-15", "30.00")
    counter.ledger.close_period(ClosingKind.MONTH, "2025-11", at=counter.tick())
    assert counter.ledger.verify(trusted=SIGNER.signing_key).is_ok
    return counter


TAMPERING = {
    "a total": "UPDATE closings SET text = replace(text, '\"perpetual_minor\":7', '\"perpetual_minor\":6')",
    "a signature": "UPDATE closings SET signature = zeroblob(64) WHERE kind = 'day' AND number = 1",
    "a key": "UPDATE closings SET key = zeroblob(32) WHERE kind = 'shift' AND number = 2",
    "a closing gone": "DELETE FROM closings WHERE kind = 'day' AND number = 1",
    "the newest closing gone": "DELETE FROM closings WHERE kind = 'month'",
    "a sale's sum": "UPDATE sales SET total_minor = total_minor - 100 WHERE sequence = 2",
    "a posting moved": "UPDATE postings SET account = 'income:other' WHERE account = 'income:energy'",
    "a reversal invented": "UPDATE sale_events SET reverses = (SELECT id FROM sales WHERE purpose = 'sale' LIMIT 1)"
    " WHERE receipt_number = 2",
}


@pytest.mark.parametrize("what", TAMPERING)
def test_nothing_that_a_closing_binds_is_changed_unseen(closed: Counter, what: str) -> None:
    assert problems_of(closed, TAMPERING[what])


def test_a_chain_that_was_computed_anew_does_not_fit_the_signed_closing(closed: Counter) -> None:
    """Somebody with the whole file and this program rewrites a sale and every hash after it."""
    rewrite_chain(closed, lambda body: body.replace('"total_minor":2000', '"total_minor":1000'))
    problems = closed.ledger.verify().problems
    assert any("closing" in problem for problem in problems)


def rewrite_chain(counter: Counter, change: Callable[[str], str]) -> None:
    from vending_app.ledger.journal import FIRST, digest

    books = counter.ledger._books
    rows = books.all("SELECT * FROM journal ORDER BY desk, number")
    previous, statements = FIRST, []
    for row in rows:
        row["previous"], row["body"] = previous, change(row["body"])
        previous = digest(row)
        body = row["body"].replace("'", "''")
        statements.append(
            f"UPDATE journal SET body = '{body}', previous = x'{row['previous'].hex()}', hash = x'{previous.hex()}'"
            f" WHERE id = {row['id']}"
        )
    statements.append("UPDATE sales SET total_minor = 1000 WHERE total_minor = 2000")
    attack(books, *statements)


def test_a_journal_cut_short_behind_a_closing_is_found(closed: Counter) -> None:
    newest = closed.ledger._books.value("SELECT max(id) FROM journal")
    cut = [f"DELETE FROM journal WHERE id > {newest - 4}"]
    cut += [
        f"DELETE FROM {table} WHERE journal > {newest - 4}"
        for table in ("sale_events", "shift_closings", "cash_counts")
    ]
    assert problems_of(closed, *cut)


def test_the_closing_of_a_desk_is_found_by_its_shift(closed: Counter) -> None:
    found = closed.ledger.closing(ClosingKind.SHIFT, "2", desk=DESK)
    assert found is not None
    assert (found.number, found.totals.sold) == (2, Money(30_00))
    assert closed.ledger.closing(ClosingKind.DAY, "2025-11-16") is None
    assert [day.period for day in closed.ledger.closings(ClosingKind.DAY)] == ["2025-11-15", "2025-11-14"]


def _rfc_6962(leaves: list[bytes]) -> bytes:
    """The tree hash as the standard defines it (2.1): split at the greatest power of two below the count."""
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    middle = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + _rfc_6962(leaves[:middle]) + _rfc_6962(leaves[middle:])).digest()


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 40, 63, 64, 65, 100])
def test_a_tree_taken_block_by_block_has_the_root_of_the_standard(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(merkle, "BLOCK", 8)
    leaves = [bytes([at]) * 32 for at in range(count)]
    assert merkle.root(iter(leaves)) == _rfc_6962(leaves)
