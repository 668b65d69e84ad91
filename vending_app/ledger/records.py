"""Records and their changes: each is a row of the journal with what stood before and what stands now.

The record itself is written in the same transaction; `verify` holds it to the newest change of it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime

from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import MeterNo, SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.people import Customer, Meter, SupplyState
from vending_app.domain.records import Area, MeterState, RecordChange, RecordVerb, Subject, Terms
from vending_app.ledger import entries, search
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import canonical, day, day_of, day_text, parameters_json, parameters_of, time_text
from vending_app.ledger.journal import acting
from vending_app.ledger.kinds import Kind
from vending_app.ledger.tables import RECORDS
from vending_app.ledger.tariff_counts import COUNTS

TABLES = {
    Subject.CUSTOMER: "customers",
    Subject.AREA: "areas",
    Subject.METER: "meters",
    Subject.SUPPLY: "supplies",
}
KEYS = {subject: "number" if table == "supplies" else RECORDS[table] for subject, table in TABLES.items()}
NUMBER_FIGURES = {Subject.CUSTOMER: 7, Subject.SUPPLY: 8}


def write(books: Books, subject: Subject, row: Row, *, reason: str, at: datetime) -> None:
    """Enter or change one record, inside a transaction; what stays the same is not written."""
    table, key = TABLES[subject], KEYS[subject]
    before = books.one(f"SELECT * FROM {table} WHERE {key} = ?", (row[key],))
    kept = _told(before) if before else None
    told = {**kept, **row} if kept else row
    if kept == told:
        return
    verb = RecordVerb.CHANGE if kept else RecordVerb.ENTER
    if kept is None:
        books.insert(table, row)
    else:
        sets = ", ".join(f"{column} = ?" for column in row)
        books.run(f"UPDATE {table} SET {sets} WHERE {key} = ?", (*row.values(), row[key]))
    after = books.one(f"SELECT * FROM {table} WHERE {key} = ?", (row[key],))
    assert after is not None, "it was just written"
    texts = {"before": canonical(kept) if kept else "", "after": canonical(_told(after))}
    _note(books, subject, str(row[key]), verb, texts, reason=reason, at=at)


def _told(row: Row) -> Row:
    """A record as the journal tells it: without the row's place in the table, which is nobody's business."""
    return {name: value for name, value in row.items() if name != "id"}


def _note(books: Books, subject: Subject, key: str, verb: RecordVerb, texts: Row, *, reason: str, at: datetime) -> None:
    with acting(books, Kind.RECORD, at=at) as page:
        row: Row = {"subject": subject.value, "key": key, "verb": verb.value, **texts}
        page.insert("record_changes", row | {"reason": reason.strip(), "at": time_text(at)})


# --- customers, areas, meters ----------------------------------------------------------------------------


def enter_customer(books: Books, customer: Customer, *, reason: str, at: datetime) -> Customer:
    """A new customer, who is given a number if he has none, or a correction of a known one."""
    with books.writing():
        number = customer.number or _next_number(books, Subject.CUSTOMER)
        fields = ("name", "address", "phone", "identity", "notes")
        row: Row = {"number": number, **{field: getattr(customer, field) for field in fields}}
        write(books, Subject.CUSTOMER, row, reason=reason, at=at)
        for supply in books.all("SELECT number FROM supplies WHERE customer = ?", (number,)):
            search.index_supply(books, supply["number"])
        search.index_customer(books, number)
        return Customer(**row)


def enter_area(books: Books, area: Area, *, reason: str, at: datetime) -> None:
    with books.writing():
        row: Row = {"code": area.code, "name": area.name, "transformer": area.transformer}
        write(books, Subject.AREA, row, reason=reason, at=at)


def enter_meter(books: Books, meter: Meter, *, reason: str, at: datetime) -> None:
    """A meter that came into stock, or a correction. Raises OperatorError meter-installed for one at work.

    What an installed meter counts by stands on its card; it is changed by changing the meter.
    """
    with books.writing():
        known = books.one("SELECT state FROM meters WHERE number = ?", (meter.number,))
        if known is not None and known["state"] != MeterState.STOCK:
            raise OperatorError(Code.METER_INSTALLED, meter=meter.number, state=known["state"])
        write(books, Subject.METER, meter_row(meter, MeterState.STOCK), reason=reason, at=at)


def return_meter(books: Books, number: MeterNo, reading: Energy, *, reason: str, at: datetime) -> None:
    """A removed meter is tested and lies in stock again; what it shows now is where its next supply begins.

    Raises OperatorError meter-unknown, meter-installed for one that is at work or in stock already.
    """
    with books.writing():
        # Two desks that take the same meter wait here for each other.
        books.lock_office()
        known = books.one("SELECT state FROM meters WHERE number = ?", (number,))
        if known is None:
            raise OperatorError(Code.METER_UNKNOWN, meter=number)
        if known["state"] != MeterState.REMOVED:
            raise OperatorError(Code.METER_NOT_REMOVED, meter=number, state=known["state"])
        row: Row = {"number": number, "initial_reading_wh": reading.wh, "state": MeterState.STOCK.value}
        write(books, Subject.METER, row, reason=reason, at=at)


def meter_row(meter: Meter, state: MeterState) -> Row:
    fields = ("number", "model", "constant_imp_per_kwh", "phases", "ct_ratio", "pt_ratio", "make")
    row: Row = {field: getattr(meter, field) for field in fields}
    return row | {"initial_reading_wh": meter.initial_reading.wh, "state": state.value}


def move_meter(books: Books, number: MeterNo, state: MeterState, *, reason: str, at: datetime) -> None:
    """Inside a transaction: taken from stock, or removed."""
    write(books, Subject.METER, {"number": number, "state": state.value}, reason=reason, at=at)


def stock(books: Books) -> tuple[Meter, ...]:
    """Meters that wait to be installed, by number."""
    rows = books.all("SELECT * FROM meters WHERE state = 'stock' ORDER BY number")
    return tuple(map(meter_of, rows))


def meter_of(row: Row) -> Meter:
    return Meter(
        number=MeterNo(row["number"]),
        model=row["model"],
        constant_imp_per_kwh=row["constant_imp_per_kwh"],
        phases=row["phases"],
        ct_ratio=row["ct_ratio"],
        pt_ratio=row["pt_ratio"],
        initial_reading=Energy(row["initial_reading_wh"]),
        make=row["make"],
    )


def areas(books: Books) -> tuple[Area, ...]:
    """By code."""
    return tuple(Area(**row) for row in books.all("SELECT code, name, transformer FROM areas ORDER BY code"))


def customer(books: Books, number: str) -> Customer:
    """Raises OperatorError customer-unknown."""
    row = books.one("SELECT * FROM customers WHERE number = ?", (number,))
    if row is None:
        raise OperatorError(Code.CUSTOMER_UNKNOWN, number=number)
    return Customer(**row)


# --- supplies --------------------------------------------------------------------------------------------


def enter_supply(
    books: Books,
    number: SupplyNo | None,
    meter: MeterNo,
    terms: Terms,
    *,
    opened_on: date,
    reason: str,
    at: datetime,
    charged_until: str | None = None,
) -> SupplyNo:
    """A new supply on a meter from stock; it opens with its first card.

    Raises OperatorError meter-unknown, meter-installed, customer-unknown, tariff-missing; record-refused for a number
    that another supply has or had.
    """
    with books.writing():
        # Two desks that take the same meter wait here for each other.
        books.lock_office()
        _require_free(books, meter)
        _require_known(books, terms, on=opened_on)
        if number is not None and books.value("SELECT 1 FROM supplies WHERE number = ?", (number,)) is not None:
            raise OperatorError(Code.RECORD_REFUSED, field="supply")
        fresh = number or SupplyNo(_next_number(books, Subject.SUPPLY))
        row: Row = {"number": fresh, "meter": meter, "opened_on": opened_on.isoformat(), **_terms_row(terms)}
        row["charged_until"] = charged_until
        write(books, Subject.SUPPLY, row, reason=reason, at=at)
        move_meter(books, meter, MeterState.INSTALLED, reason=f"supply {fresh}", at=at)
        search.index_supply(books, fresh)
        search.index_customer(books, terms.customer)
        return fresh


def _require_free(books: Books, meter: MeterNo) -> None:
    row = books.one("SELECT state FROM meters WHERE number = ?", (meter,))
    if row is None:
        raise OperatorError(Code.METER_UNKNOWN, meter=meter)
    if row["state"] != MeterState.STOCK:
        raise OperatorError(Code.METER_INSTALLED, meter=meter, state=row["state"])


def _require_known(books: Books, terms: Terms, *, on: date) -> None:
    customer(books, terms.customer)
    asked = f"SELECT 1 FROM tariffs WHERE code = ? AND valid_from <= ? AND {COUNTS}"
    if books.value(asked, (terms.tariff, on.isoformat())) is None:
        raise OperatorError(Code.TARIFF_MISSING, tariff=terms.tariff, on=on)
    if terms.area and books.value("SELECT 1 FROM areas WHERE code = ?", (terms.area,)) is None:
        raise OperatorError(Code.AREA_UNKNOWN, area=terms.area)


def change_terms(
    books: Books,
    number: SupplyNo,
    terms: Terms,
    *,
    reason: str,
    at: datetime,
    shown: Terms | None = None,
    newcomer: Customer | None = None,
) -> None:
    """Other terms from now on; what the meter is told of them travels with the next order.

    A `newcomer` is entered as its customer in the same transaction: whoever may not take over is not entered.

    Raises OperatorError supply-unknown, supply-closed, customer-unknown, tariff-missing, area-unknown,
    record-changed if they are not any more what was `shown`; customer-owes, customer-is-owed or sale-interrupted if
    somebody else takes over what is between the office and the first one.
    """
    with books.writing():
        books.lock_supply(number)
        before = terms_of(books, number)
        if shown is not None and shown != before:
            raise OperatorError(Code.RECORD_CHANGED, supply=number)
        if before.state is SupplyState.CLOSED or not _may_become(before.state, terms.state):
            raise OperatorError(Code.SUPPLY_CLOSED, supply=number, state=before.state.value)
        if newcomer is not None:
            terms = replace(terms, customer=enter_customer(books, newcomer, reason="", at=at).number)
        _require_known(books, terms, on=day_of(at))
        if terms.customer != before.customer:
            _require_settled(books, number)
        write(books, Subject.SUPPLY, {"number": number, **_terms_row(terms)}, reason=reason, at=at)
        search.index_supply(books, number)
        for customer_no in {before.customer, terms.customer}:
            search.index_customer(books, customer_no)


def _require_settled(books: Books, number: SupplyNo) -> None:
    """Nobody takes over what the customer before him owes, is owed, or has paid and not got."""
    if entries.balance(books, entries.arrears(number)) > 0:
        raise OperatorError(Code.CUSTOMER_OWES, supply=number)
    due = -entries.balance(books, entries.refund_due(number))
    if due > 0:
        raise OperatorError(Code.CUSTOMER_IS_OWED, supply=number, amount=Money(due))
    waiting = books.value("SELECT sale FROM open_sales WHERE held = ?", (number,))
    if waiting is not None:
        raise OperatorError(Code.SALE_INTERRUPTED, sale=waiting, supply=number)


def _may_become(before: SupplyState, after: SupplyState) -> bool:
    """Opening is what the first card does, and closing settles."""
    return before is after or {before, after} == {SupplyState.OPEN, SupplyState.SUSPENDED}


def terms_of(books: Books, number: SupplyNo) -> Terms:
    """As they stand. Raises OperatorError supply-unknown."""
    row = books.one("SELECT * FROM supplies WHERE number = ?", (number,))
    if row is None:
        raise OperatorError(Code.SUPPLY_UNKNOWN, supply=number)
    return terms_in(row)


def terms_in(row: Row) -> Terms:
    """Those of a row of the supplies, or of what the journal tells of one."""
    return Terms(
        customer=row["customer"],
        tariff=row["tariff"],
        parameters=parameters_of(json.loads(row["parameters"])),
        state=SupplyState(row["state"]),
        area=row["area"] or "",
        ends_on=day(row["ends_on"]),
        arrears_share_percent=row["arrears_share_percent"],
    )


def tells_terms(before: str, after: str) -> bool:
    """Whether a change of a supply's record is one of its terms: an end stands in a table of its own."""
    if not before:
        return False
    was, now = terms_in(json.loads(before)), terms_in(json.loads(after))
    return was != now and now.state is not SupplyState.CLOSED


def _terms_row(terms: Terms) -> Row:
    return {
        "customer": terms.customer,
        "tariff": terms.tariff,
        "parameters": canonical(parameters_json(terms.parameters)),
        "state": terms.state.value,
        "area": terms.area or None,
        "ends_on": day_text(terms.ends_on),
        "arrears_share_percent": terms.arrears_share_percent,
    }


def end_supply(books: Books, number: SupplyNo, *, on: date, reason: str, at: datetime) -> None:
    """Inside a transaction: closed for ever."""
    row: Row = {"number": number, "state": SupplyState.CLOSED.value, "closed_on": on.isoformat()}
    write(books, Subject.SUPPLY, row, reason=reason, at=at)


def note_supply(books: Books, number: SupplyNo, text: str, *, at: datetime) -> None:
    """A sentence about a supply. Raises OperatorError supply-unknown."""
    with books.writing():
        terms_of(books, number)
        texts: Row = {"before": "", "after": canonical({"note": text.strip()})}
        _note(books, Subject.SUPPLY, number, RecordVerb.NOTE, texts, reason="", at=at)


# --- what became of records ------------------------------------------------------------------------------


def changes(books: Books, subject: Subject, key: str) -> tuple[RecordChange, ...]:
    """Of one record, oldest first."""
    rows = books.all(
        "SELECT record_changes.*, journal.operator FROM record_changes JOIN journal ON journal.id = journal"
        " WHERE subject = ? AND key = ? ORDER BY journal",
        (subject.value, key),
    )
    return tuple(map(change_of, rows))


def change_of(row: Row) -> RecordChange:
    return RecordChange(
        subject=Subject(row["subject"]),
        key=row["key"],
        verb=RecordVerb(row["verb"]),
        before=row["before"],
        after=row["after"],
        reason=row["reason"],
        at=datetime.fromisoformat(row["at"]),
        operator=row["operator"] or "",
        journal=row["journal"],
    )


def _next_number(books: Books, subject: Subject) -> str:
    """A number that no record has: the office's own come from elsewhere, so the counter steps over them."""
    table, key, figures = TABLES[subject], KEYS[subject], NUMBER_FIGURES[subject]
    while True:
        serial = books.value(
            "INSERT INTO counters VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = counters.value + 1"
            " RETURNING value",
            (subject.value,),
        )
        number = f"{serial:0{figures}d}"
        if books.value(f"SELECT 1 FROM {table} WHERE {key} = ?", (number,)) is None:
            return number
