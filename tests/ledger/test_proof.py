"""Whoever changes the books behind the program's back is found, and the first bad row is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from tests.ledger.at_work import ANA, STAFF, AtWork, an_approval
from tests.ledger.builders import DESK, METER, PARAMETERS, SUPPLY, Counter, a_reentry, a_write_back, connection_of
from tests.ledger.strangers import attack
from tests.ledger.tools import a_field_record, a_tool_card, reads_in
from vending_app.domain.allowance import Grant, SignedGrant
from vending_app.domain.area_reading import AreaReading
from vending_app.domain.cash import CashKind
from vending_app.domain.closing import ClosingKind
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import CardNo, MeterNo
from vending_app.domain.inspection import Criteria, Criterion, Finding, Outcome, Reason, Sample, SupplyRecord, Suspect
from vending_app.domain.key_ceremony import KeyDeed, KeyEvent
from vending_app.domain.money import Money
from vending_app.domain.office_rules import ReceiptTexts
from vending_app.domain.payment import PaymentKind
from vending_app.domain.people import Customer, Meter, Role
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.records import Area, CardEnd, FinalReading, ReadingHow, Terms
from vending_app.domain.restoring import PaperReceipt
from vending_app.domain.returned import NOTHING
from vending_app.domain.sale import Sale, TenderKind
from vending_app.ledger import SqliteFile
from vending_app.ledger.books import Store
from vending_app.ledger.driver import sqlite3
from vending_app.ledger.entries import money, post_entry
from vending_app.ledger.journal import acting
from vending_app.ledger.kinds import Kind
from vending_app.ledger.tables import APPEND_ONLY, PRIMARY_KEYS


@pytest.fixture
def store(path: Path) -> Store:
    """This module is about the file."""
    return SqliteFile(path)


WRITTEN = tuple(APPEND_ONLY)
WITHOUT_ROW_NUMBERS = {"sale_events", "postings", "tariffs", "cards", "approvals", "permissions", "act_kinds", "logos"}


@pytest.fixture
def busy(counter: Counter) -> Counter:
    """Books with every kind of row in them."""
    ledger = counter.ledger
    ledger.record_login(counter.ledger.operators()[0].name, succeeded=True, at=counter.tick(), desk=DESK)
    first = counter.sell("50.00")
    doubtful = counter.intent("20.00")
    ledger.reserve(doubtful)
    ledger.mark_in_doubt(doubtful.id, reason="card gone", at=counter.tick())
    ledger.post(doubtful.id, at=counter.tick())
    voided = counter.intent("10.00")
    ledger.reserve(voided)
    approved = Authority(ANA, Act.VOID, an_approval(Act.VOID, at=counter.now))
    with ledger.acting_as(approved):
        ledger.void(voided.id, reason="not on the card", at=counter.tick())
    ledger.mark_printed(first.id, at=counter.tick(), is_copy=False)
    found = a_write_back(1, total="100.00", used="20.00")
    ledger.harvest(found, supply=SUPPLY, card=CardNo("000770000001"), record=bytes(64), at=counter.tick())
    ledger.note_code_refused(CardNo("000770000001"), at=counter.tick())
    ledger.note_tries_spent(CardNo("000770000001"), 1, at=counter.tick())
    undo_and_close(counter)
    move_and_end(counter)
    reads_in(counter, a_tool_card(counter, "E1"), a_field_record(2, used_wh=30_000, remaining_wh=70_000))
    inspect(counter)
    make_rules(counter)
    hold_a_ceremony(counter)
    mend_a_card(counter, first)
    retire_a_card(counter)
    allow(counter)
    ledger.note_restored(backup="3F9A0C22", made_at=counter.now, at=counter.tick(), is_older=False)
    ledger.reenter(a_reentry(counter, "30.00", receipt="2-000050:0A1B2C3D"), at=counter.tick())
    ledger.end_restoration([PaperReceipt.parse("2-000055")], at=counter.tick())
    assert ledger.verify().is_ok
    return counter


def move_and_end(counter: Counter) -> None:
    """Records are entered and changed, one meter is changed, one supply is closed."""
    ledger = counter.ledger
    petra = STAFF[Role.TECHNICIAN].name
    limits = replace(PARAMETERS, overload_w=4_000)
    with ledger.acting_as(Authority(petra, Act.RECORDS)):
        ledger.enter_area(Area("E1", "Eastfield", "T-04"), reason="new", at=counter.tick())
        lena = ledger.enter_customer(Customer("", "Lena Hoffmann", "3 Quay Road"), reason="", at=counter.tick())
        for meter in ("000087654321", "000087654322", "000087654323"):
            ledger.enter_meter(Meter(MeterNo(meter), "DDSY", 1_600), reason="delivered", at=counter.tick())
        terms = Terms(lena.number, "H2", limits, area="E1")
        at = counter.tick()
        moved = ledger.enter_supply(None, MeterNo("000087654321"), terms, opened_on=at.date(), reason="", at=at)
        ended = ledger.enter_supply(None, MeterNo("000087654322"), terms, opened_on=at.date(), reason="", at=at)
        ledger.note_supply(moved, "dog in the yard", at=counter.tick())
    reading = FinalReading(ReadingHow.HAND, Energy(0), Energy(0))
    with ledger.acting_as(Authority(petra, Act.METER_CHANGE)):
        ledger.change_meter(
            moved, MeterNo("000087654323"), reading, price=lambda _: NOTHING, reason="dark", at=counter.tick()
        )
    approval = replace(an_approval(Act.CLOSE_SUPPLY, at=counter.now, approval_id="c" * 32), operator=petra)
    with ledger.acting_as(Authority(petra, Act.CLOSE_SUPPLY, approval)):
        ledger.settle(ended, reading, price=lambda _: NOTHING, reason="moved", at=counter.tick())


def inspect(counter: Counter) -> None:
    """Criteria are set, a list is kept, a meter is put on the route and visited; the feeder of its area is read."""
    ledger = counter.ledger
    record = SupplyRecord(SUPPLY, METER, "Amara Okafor", "E1", "H2", counter.now.date(), (), ())
    reasons = (Reason(Criterion.FELL, 40, {"percent": 30, "peers": 5, "since": counter.now.date()}),)
    with ledger.acting_as(Authority(STAFF[Role.SUPERVISOR].name, Act.INSPECT)):
        ledger.set_criteria(Criteria(size=3), at=counter.tick())
        sample = Sample(counter.now.date(), Criteria(size=3), (Suspect(record, 40, reasons),), 1, 1)
        number = ledger.keep_sample(sample, until=ledger.newest_row(), at=counter.tick())
        ledger.mark_route(number, SUPPLY, is_on=True, at=counter.tick())
        found = Finding(SUPPLY, Outcome.BYPASS, counter.now.date(), Energy(21_000), "wire behind the board")
        ledger.enter_finding(number, found, at=counter.tick())
    with ledger.acting_as(Authority(STAFF[Role.SUPERVISOR].name, Act.READINGS)):
        reading = AreaReading("E1", "T-04", counter.now.date(), Energy(48_210_500), factor=40, note="read by torch")
        ledger.enter_readings([reading], at=counter.tick())


def make_rules(counter: Counter) -> None:
    """The office puts its picture on its papers, and the desk takes another printer."""
    ledger, sam, png = counter.ledger, STAFF[Role.SUPERVISOR].name, b"a picture"
    approval = an_approval(Act.RULES, at=counter.now, approval_id="e" * 32)
    approval = replace(approval, operator=sam, approver=STAFF[Role.ADMINISTRATOR].name)
    texts = ReceiptTexts(("Welcome",), logo=sha256(png).hexdigest())
    with ledger.acting_as(Authority(sam, Act.RULES, approval)):
        ledger.keep_rule(texts, was=ReceiptTexts(), at=counter.tick(), png=png)
    with ledger.noting_choices({"printer": ""}, {"printer": "Office"}, at=counter.tick()):
        pass


def hold_a_ceremony(counter: Counter) -> None:
    """A master key is shared out to two custodians."""
    ledger, admin = counter.ledger, STAFF[Role.ADMINISTRATOR].name
    approval = replace(an_approval(Act.KEYS, at=counter.now, approval_id="f" * 32), operator=admin)
    approval = replace(approval, approver=STAFF[Role.SUPERVISOR].name)
    shared = KeyEvent(KeyDeed.SHARED, 1, "BE7ED6", ("Ann", "Bo"), "A1B2", counter.tick())
    with ledger.acting_as(Authority(admin, Act.KEYS, approval)):
        ledger.tell_of_key(shared)
    assert ledger.key_events() == (replace(shared, operator=admin, approver=approval.approver),)


def mend_a_card(counter: Counter, sale: Sale) -> None:
    """The order of a posted sale is written on its card again."""
    ledger, petra = counter.ledger, STAFF[Role.TECHNICIAN].name
    approval = replace(an_approval(Act.REPAIR_CARD, at=counter.now, approval_id="7" * 32), operator=petra)
    with ledger.acting_as(Authority(petra, Act.REPAIR_CARD, approval)):
        ledger.note_repair(sale.id, sale.intent.write.card, at=counter.tick())


def retire_a_card(counter: Counter) -> None:
    """A card that was replaced is made blank again."""
    ledger, petra, before = counter.ledger, STAFF[Role.TECHNICIAN].name, counter.file().card
    assert before is not None
    counter.reissue(CardEnd.BROKEN)
    approval = replace(an_approval(Act.RETIRE_CARD, at=counter.now, approval_id="8" * 32), operator=petra)
    with ledger.acting_as(Authority(petra, Act.RETIRE_CARD, approval)):
        ledger.retire_card(before, chip="SLE4442", uid=b"", at=counter.tick())


def allow(counter: Counter) -> None:
    """The desk may sell a thousand kWh more."""
    ledger, admin = counter.ledger, STAFF[Role.ADMINISTRATOR].name
    grant = Grant(7, DESK, 1, Energy(1_000_000), counter.now.date() + timedelta(days=30), counter.now)
    approval = replace(an_approval(Act.ALLOWANCE, at=counter.now, approval_id="9" * 32), operator=admin)
    with ledger.acting_as(Authority(admin, Act.ALLOWANCE, replace(approval, approver=STAFF[Role.SUPERVISOR].name))):
        ledger.enter_grant(SignedGrant(grant, bytes(64)), at=counter.tick())


def undo_and_close(counter: Counter) -> None:
    """A void with its cancellation, a reversal paid back, cash, a corrected tender, a signed sale, closings."""
    ledger, shift = counter.ledger, counter.shift
    assert shift is not None
    gone = ledger.reserve(counter.intent("10.00"))
    cancelled = ledger.cancel(gone.id, counter.cancellation_intent(gone))
    ledger.post(cancelled.id, at=counter.tick())
    wrong = counter.sell("30.00")
    counter.reverse(wrong)
    ledger.pay(counter.payment(PaymentKind.REFUND, "30.00"), request="refund")
    paid = counter.sell("20.00")
    counter.correct_tender(paid, TenderKind.MOBILE)
    counter.move_cash(CashKind.TO_SAFE, "50.00")
    ledger.note_drawer_opened(operator=ANA, reason="change for a customer", at=counter.tick())
    waiting = ledger.reserve(counter.intent("10.00"))
    counter.sign(waiting)
    counter.close_shift("129.00", reason="a coin fell")
    ledger.close_period(ClosingKind.DAY, "2025-11-14", at=counter.tick())
    counter.open_shift()
    ledger.post(waiting.id, at=counter.tick())


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_every_table_that_is_attacked_has_a_row_to_attack(busy: Counter, table: str) -> None:
    assert busy.ledger._books.value(f"SELECT count(*) FROM {table}") > 0


def problems_after(ledger: AtWork, *statements: str) -> tuple[str, ...]:
    assert attack(ledger._books, *statements) > 0, "the attack changed nothing"
    return ledger.verify().problems


def columns(ledger: AtWork, table: str) -> list[tuple[str, str]]:
    rows = ledger._books.all(f"PRAGMA table_info({table})")
    return [(row["name"], row["type"]) for row in rows]


@pytest.mark.parametrize("table", WRITTEN)
def test_no_column_of_any_row_can_be_changed_unseen(busy: Counter, table: str) -> None:
    ledger = busy.ledger
    changed = {
        # A number of its own where there was none: some may stand once only.
        "INTEGER": "coalesce({0} + 1, 1000)",
        "TEXT": "coalesce({0}, '') || 'x'",
        "BLOB": "CAST({0} || x'01' AS BLOB)",
    }
    key = PRIMARY_KEYS.get(table, "1")
    missed = []
    for name, kind in columns(ledger, table):
        which = f"rowid = (SELECT max(rowid) FROM {table})"
        if table in WITHOUT_ROW_NUMBERS:
            which = f"{name} = (SELECT max({name}) FROM {table})"
        connection_of(ledger).execute("SAVEPOINT attack")
        connection_of(ledger).execute("PRAGMA defer_foreign_keys = ON")
        _spoil(ledger, f"UPDATE OR IGNORE {table} SET {name} = {changed[kind].format(name)} WHERE {which}")
        if ledger.verify().is_ok:
            missed.append(f"{table}.{name} ({key})")
        connection_of(ledger).execute("ROLLBACK TO attack")
        connection_of(ledger).execute("RELEASE attack")
    assert missed == []
    assert ledger.verify().is_ok


def _spoil(ledger: AtWork, statement: str) -> None:
    connection = connection_of(ledger)
    for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {row['name']}")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    assert connection.execute(statement).rowcount > 0, f"nothing was changed by {statement}"


@pytest.mark.parametrize("table", WRITTEN)
def test_no_row_can_be_deleted_unseen(busy: Counter, table: str) -> None:
    where = "id = (SELECT min(id) FROM journal)" if table == "journal" else "1 = 1"
    assert problems_after(busy.ledger, f"DELETE FROM {table} WHERE {where}")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO prints (journal, sale, at, is_copy) SELECT 1, sale, at, 1 FROM prints",
        "INSERT INTO logins (journal, operator, at, succeeded) SELECT 999, operator, at, 0 FROM logins",
        "INSERT INTO postings SELECT 1, line, commodity, account, amount FROM postings"
        " WHERE journal = (SELECT max(journal) FROM postings)",
        "INSERT INTO postings SELECT journal, 99, commodity, account, -amount FROM postings LIMIT 1",
        "INSERT INTO journal (id, desk, number, at, kind, body, previous, hash)"
        " SELECT 999, desk, number + 1, at, kind, body, hash, hash FROM journal"
        " ORDER BY number DESC LIMIT 1",
        "UPDATE sale_events SET receipt_desk = 2, receipt_number = 99"
        " WHERE sale = (SELECT sale FROM sale_events WHERE state = 'voided' LIMIT 1) AND is_final = 1",
    ],
)
def test_no_row_can_be_added_unseen(busy: Counter, statement: str) -> None:
    assert problems_after(busy.ledger, statement)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"x"', '{"sales":7}', "[" * 100_000, '{"a":' * 100_000])
def test_whatever_the_journal_is_made_to_say_is_found_out(busy: Counter, text: str) -> None:
    found = "SELECT number FROM journal WHERE kind = 'reserve' ORDER BY number LIMIT 1"
    number = busy.ledger._books.value(found)
    problems = problems_after(busy.ledger, f"UPDATE journal SET body = '{text}' WHERE number = {number}")
    assert f"journal of desk 2, row {number}: its text was changed after it was written" in problems
    assert any(f"row {number} (reserve): the tables do not hold" in problem for problem in problems)


@pytest.mark.parametrize(
    "statement",
    [
        # resolved twice, in doubt twice
        "INSERT INTO sale_events SELECT 99, sale, 1, 'voided', at, '', NULL, NULL, NULL FROM sale_events"
        " WHERE state = 'posted'",
        "INSERT INTO sale_events SELECT 99, sale, 0, 'in_doubt', at, '', NULL, NULL, NULL FROM sale_events"
        " WHERE state = 'in_doubt'",
        # a final state that says it is none
        "INSERT INTO sale_events SELECT 99, id, 0, 'posted', at, '', NULL, NULL, NULL FROM sales WHERE sequence = 2",
        # a second open sale of the supply, of the card
        "INSERT INTO open_sales SELECT supply, id FROM sales WHERE sequence = 2",
        "INSERT INTO open_sales SELECT card, id FROM sales ORDER BY journal DESC LIMIT 1",
        # an order sequence, a sale and a receipt number given twice
        "INSERT INTO sales SELECT 99, 'other', purpose, desk, operator, at, shift, request, supply, sequence,"
        " energy_total_wh, purchases, card, energy_wh, total_minor, charged_until, tariff, tender, undoes"
        " FROM sales WHERE sequence = 2",
        "INSERT INTO sales SELECT 99, id, purpose, desk, operator, at, shift, request, supply, 99,"
        " energy_total_wh, purchases, card, energy_wh, total_minor, charged_until, tariff, tender, undoes"
        " FROM sales WHERE sequence = 2",
        "INSERT INTO sale_events SELECT 99, sale, 1, 'posted', '', '', 2, 1, NULL FROM open_sales LIMIT 1",
        # a receipt of a voided sale, half a receipt number
        "INSERT INTO sale_events SELECT 99, sale, 1, 'voided', '', '', 2, 99, NULL FROM open_sales LIMIT 1",
        "INSERT INTO sale_events SELECT 99, sale, 1, 'posted', '', '', NULL, 99, NULL FROM open_sales LIMIT 1",
        # a row of a chain that is there already
        "INSERT INTO journal (id, desk, number, at, kind, body, previous, hash)"
        " SELECT 99, desk, number, at, kind, body, previous, hash FROM journal LIMIT 1",
    ],
)
def test_the_database_itself_refuses_what_must_happen_once(busy: Counter, statement: str) -> None:
    busy.ledger.reserve(busy.intent("10.00"))
    for table in APPEND_ONLY:  # they stand before the keys, and the keys must hold without them
        connection_of(busy.ledger).execute(f"DROP TRIGGER {table}_no_replace")
    with pytest.raises(sqlite3.IntegrityError, match=r"UNIQUE|CHECK"), busy.ledger.setting_up():
        busy.ledger._books.run(statement)
    assert busy.ledger.verify().is_ok


@pytest.mark.parametrize(
    ("restored", "number", "missing"), [(0, 1002, 1000), (1, 3, 1), (1, 1502, 1500), (1, 2002, 2000)]
)
def test_payment_numbers_are_skipped_at_a_restoration_alone(
    counter: Counter, restored: int, number: int, missing: int
) -> None:
    """Payments come before and after it, and what the second was given is not `number`."""
    ledger = counter.ledger
    ledger.pay(counter.payment(PaymentKind.ARREARS, "1.00"), request="before")
    for _ in range(restored):
        ledger.note_restored(backup="3F9A0C22", made_at=counter.now, at=counter.tick(), is_older=False)
        ledger.end_restoration([PaperReceipt.parse("2-0")], at=counter.tick())
    ledger.pay(counter.payment(PaymentKind.ARREARS, "2.00"), request="after")
    assert ledger.verify().is_ok
    problems = problems_after(ledger, f"UPDATE payments SET number = {number} WHERE request = 'after'")
    assert f"payments of desk 2: {missing} numbers are missing" in problems


def test_money_that_waits_for_no_sale_is_named(busy: Counter) -> None:
    books = busy.ledger._books
    # balanced and well chained: the program itself did it
    with busy.ledger.by_right(Act.IMPORT), acting(books, Kind.OPENING, at=busy.tick()) as page:
        post_entry(page, [money(f"suspense:{SUPPLY}", Money(-700)), money("opening", Money(700))])
    assert busy.ledger.verify().problems == (f"account suspense:{SUPPLY} holds -700, and no open sale explains it",)


def test_two_journal_rows_cannot_be_swapped_unseen(busy: Counter) -> None:
    problems = problems_after(
        busy.ledger,
        "UPDATE journal SET number = 900 WHERE number = 3",
        "UPDATE journal SET number = 3 WHERE number = 4",
        "UPDATE journal SET number = 4 WHERE number = 900",
    )
    assert "journal of desk 2, row 3" in problems[0]


def test_a_changed_amount_is_named_by_its_journal_row(busy: Counter) -> None:
    number = busy.ledger._books.value(
        "SELECT number FROM journal JOIN postings ON journal = id WHERE account = 'tax:VAT' AND kind = 'post'"
        " ORDER BY number DESC"
    )
    problems = problems_after(
        busy.ledger,
        "UPDATE postings SET amount = amount - 1 WHERE account = 'income:energy'",
        "UPDATE postings SET amount = amount + 1 WHERE account = 'tax:VAT'",
    )
    assert f"journal of desk 2, row {number} (post): the tables do not hold what was written then" in problems


def test_a_chain_cut_in_the_middle_is_seen_from_the_next_row(busy: Counter) -> None:
    problems = problems_after(busy.ledger, "DELETE FROM journal WHERE number = 5")
    assert problems[0].startswith("journal of desk 2, row 6") or "parent" in problems[0] or "names" in problems[0]
    assert any("journal of desk 2, row 6: row 5 is missing before it" in problem for problem in problems)


def test_the_end_of_the_chain_cannot_be_cut_while_its_rows_stand(busy: Counter) -> None:
    assert problems_after(busy.ledger, "DELETE FROM journal WHERE number = (SELECT max(number) FROM journal)")


def test_a_file_damaged_in_the_middle_is_told_and_not_believed(busy: Counter) -> None:
    ledger = busy.ledger
    path = Path(ledger._books.where)
    ledger.close()
    raw = bytearray(path.read_bytes())
    raw[4096 * 3 : 4096 * 40] = b"\x5a" * (4096 * 37)
    path.write_bytes(raw)
    try:
        opened = AtWork.open(SqliteFile(path), desk=DESK)
    except EnvironmentFault as fault:
        assert fault.code is Code.LEDGER_DAMAGED
        return
    proof = opened.verify()
    opened.close()
    assert not proof.is_ok


CHANGES = ("UPDATE {0} SET {1} = {1}", "DELETE FROM {0}", "REPLACE INTO {0} SELECT * FROM {0}")


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("change", CHANGES)
def test_what_is_written_is_neither_changed_nor_deleted_nor_replaced(busy: Counter, table: str, change: str) -> None:
    column = columns(busy.ledger, table)[0][0]
    with pytest.raises(sqlite3.IntegrityError, match=r"append-only|not approved"), busy.ledger.setting_up():
        busy.ledger._books.run(change.format(table, column))
    assert busy.ledger.verify().is_ok


def keys(ledger: AtWork, table: str) -> list[list[str]]:
    """Every group of columns that may not come twice in a table, as the database itself tells."""
    books = ledger._books
    primary = [row["name"] for row in books.all(f"PRAGMA table_info({table})") if row["pk"]]
    unique = [row["name"] for row in books.all(f"PRAGMA index_list({table})") if row["unique"]]
    found = [[row["name"] for row in books.all(f"PRAGMA index_info({name})")] for name in unique]
    return [primary, *(key for key in found if key != primary)]


def replacement(ledger: AtWork, table: str, key: list[str]) -> str:
    """A statement that puts another row in the place of one that has this key; its other keys are new."""
    new = {"INTEGER": "coalesce({0}, 0) + 1000", "TEXT": "coalesce({0}, '') || 'x'", "BLOB": "CAST({0} || 'x' AS BLOB)"}
    values = [name if name in key else new[kind].format(name) for name, kind in columns(ledger, table)]
    which = " AND ".join(f"{name} IS NOT NULL" for name in key)
    return f"INSERT OR REPLACE INTO {table} SELECT {', '.join(values)} FROM {table} WHERE {which} LIMIT 1"


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_a_stranger_who_leaves_the_triggers_alone_cannot_replace_a_row_by_any_key(busy: Counter, table: str) -> None:
    """An ordinary connection, as any tool makes it: no recursive triggers, no foreign keys, no checks."""
    before = busy.ledger._books.all(f"SELECT * FROM {table}")
    stranger = sqlite3.connect(str(Path(busy.ledger._books.where)), isolation_level=None)
    stranger.execute("PRAGMA ignore_check_constraints = ON")
    for key in keys(busy.ledger, table):
        with pytest.raises(sqlite3.IntegrityError, match=r"append-only|not approved|may not"):
            stranger.execute(replacement(busy.ledger, table, key))
    stranger.close()
    assert busy.ledger._books.all(f"SELECT * FROM {table}") == before


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_no_hidden_row_number_is_one_more_key(ledger: AtWork, table: str) -> None:
    sql = ledger._books.value("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,))
    assert "INTEGER PRIMARY KEY" in sql or sql.endswith("WITHOUT ROWID")
