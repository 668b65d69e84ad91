"""Records that came back from the field: each kept once, and counted as the write-back that it is the short form of."""

from __future__ import annotations

import json
from datetime import datetime

from vending_app.domain.card import CardKind, WriteBack
from vending_app.domain.energy import Energy
from vending_app.domain.field_reading import FieldOutcome, FieldReading, OrderTold, completed, nearest
from vending_app.domain.ids import SupplyNo
from vending_app.domain.records import MeterState, Subject
from vending_app.domain.tool_card import FieldRecord, Limits, ToolCard
from vending_app.ledger import records, write_backs
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import canonical, parameters_json, time_text, write_back_of, write_back_text
from vending_app.ledger.journal import acting
from vending_app.ledger.kinds import Kind
from vending_app.ledger.tool_cards import meter_state

_WHOLE = """
SELECT tool_readings.*, coalesce(customers.name, '') AS customer FROM tool_readings
LEFT JOIN supplies ON supplies.number = tool_readings.supply
LEFT JOIN customers ON customers.number = supplies.customer
"""
_LIVING = """
SELECT supplies.number FROM supplies JOIN meters ON meters.number = meter WHERE meter = ?1
AND supplies.state <> 'closed' AND (opened_on < ?2 OR opened_on = ?2 AND initial_reading_wh <= ?3)
"""
"""Of a record that is older than the supply, the meter fed somebody else: on the day itself its register tells."""
_CLEARED_BEFORE = """
SELECT body FROM tool_readings JOIN tool_cards ON tool_cards.mandate = tool_readings.mandate
WHERE kind = 'clear' AND tool_readings.meter = ? AND coalesce(supply, '') <> ?
ORDER BY tool_readings.journal DESC LIMIT 1
"""
"""What a clear card took from a meter before this supply had it."""
_ORDER = """
SELECT sequence, energy_total_wh, purchases FROM sales
WHERE supply = ?1 AND (sequence & 65535) = ?2 ORDER BY sequence DESC LIMIT 1
"""
_SERVED_SINCE = """
SELECT 1 FROM supplies WHERE meter = ?1 AND opened_on >= ?2 AND number <> (
    SELECT coalesce(supply, '') FROM tool_readings WHERE mandate = ?3 AND record = ?4)
"""
"""A meter that was put up again since it was cleared is not free by what an old card says."""
_LIMITS_SINCE = """
SELECT before, after FROM record_changes
WHERE subject = 'supply' AND key = ? AND verb = 'change'
    AND journal > (SELECT journal FROM tool_cards WHERE mandate = ?)
"""


def read_in(books: Books, tool: ToolCard, raw: bytes, record: FieldRecord, *, at: datetime) -> FieldReading:
    """Keep the record and whatever follows from it, in one transaction; one that is known changes nothing."""
    with books.writing():
        supply = _held(books, record)
        known = books.value("SELECT 1 FROM tool_readings WHERE mandate = ? AND record = ?", (tool.number, raw))
        if known is None:
            _keep(books, tool, raw, record, supply, at=at)
        if tool.draft.kind is CardKind.CLEAR:
            _take_back(books, tool, raw, record, at=at)
        [found] = _found(books, "WHERE mandate = ? AND record = ?", tool.number, raw, is_new=known is None)
        return found


def _held(books: Books, record: FieldRecord) -> SupplyNo | None:
    """Whose record it is, found again under the lock: another desk may have ended the supply while this one waited."""
    held: set[SupplyNo | None] = set()
    while (supply := _living(books, record)) not in held:
        if supply is not None:
            books.lock_supply(supply)
        else:
            books.lock_office()
        held.add(supply)
    return supply


def readings(books: Books, mandate: int) -> tuple[FieldReading, ...]:
    """Everything that came in under a mandate, as it came."""
    return _found(books, "WHERE mandate = ?", mandate)


def _found(books: Books, where: str, *values: object, is_new: bool = False) -> tuple[FieldReading, ...]:
    rows = books.all(f"{_WHOLE} {where} ORDER BY tool_readings.journal", values)
    return tuple(_reading_of(row, is_new=is_new) for row in rows)


def _living(books: Books, record: FieldRecord) -> SupplyNo | None:
    found = books.value(_LIVING, (record.meter, record.hour.date().isoformat(), record.used_total.wh))
    if found is None or _is_before_clearing(books, SupplyNo(found), record):
        return None
    return SupplyNo(found)


def _is_before_clearing(books: Books, supply: SupplyNo, record: FieldRecord) -> bool:
    """Whether a clear card took the meter from the supply before this one after it wrote the record."""
    body = books.value(_CLEARED_BEFORE, (record.meter, supply))
    if body is None:
        return False
    final = write_back_of(body).running
    return nearest(record.running_low, final, bits=16) <= final


def _keep(
    books: Books, tool: ToolCard, raw: bytes, record: FieldRecord, supply: SupplyNo | None, *, at: datetime
) -> None:
    last = write_backs.last_write_back(books, supply) if supply else None
    whole = _completed(books, tool, record, supply, last)
    outcome = _outcome(supply, whole, last)
    used = whole.used_total - write_backs.used_before(books, supply) if supply else None
    with acting(books, Kind.TOOL_READING, at=at) as page:
        row: Row = {
            "mandate": tool.number,
            "record": raw,
            "meter": record.meter,
            "supply": supply,
            "outcome": outcome.value,
            "used_wh": used.wh if used is not None and outcome is FieldOutcome.COUNTED else None,
            "body": write_back_text(whole),
            "at": time_text(at),
        }
        page.insert("tool_readings", row)
    if supply is not None and outcome is not FieldOutcome.CLEARED:
        write_backs.harvest(books, whole, supply=supply, card=tool.draft.write.card, record=raw, at=at)
        if tool.draft.limits is not None:
            _take_limits(books, tool, supply, tool.draft.limits, at=at)


def _completed(
    books: Books, tool: ToolCard, record: FieldRecord, supply: SupplyNo | None, last: WriteBack | None
) -> WriteBack:
    order = _order(books, supply, record) if supply else OrderTold(record.sequence_low)
    initial = write_backs.initial_reading(books, supply) if supply else Energy(0)
    proved = tool.draft.new_keys.version if tool.draft.new_keys else tool.draft.mandate.key_version
    # What a meter has proved to know it knows, whichever card it is read by.
    version = max(proved, last.key_version) if last else proved
    return completed(record, last, order, initial=initial, key_version=version)


def _order(books: Books, supply: SupplyNo, record: FieldRecord) -> OrderTold:
    """The newest order of this supply whose sequence ends so; a meter that accepted none has none."""
    row = books.one(_ORDER, (supply, record.sequence_low))
    if row is None:
        return OrderTold(record.sequence_low, None if record.sequence_low else Energy(0))
    return OrderTold(row["sequence"], Energy(row["energy_total_wh"]), row["purchases"])


def _outcome(supply: SupplyNo | None, whole: WriteBack, last: WriteBack | None) -> FieldOutcome:
    if supply is None:
        return FieldOutcome.NO_SUPPLY
    if last is None:
        return FieldOutcome.COUNTED
    if whole.running <= last.running:
        return FieldOutcome.OLDER
    return FieldOutcome.CLEARED if whole.sequence < last.sequence else FieldOutcome.COUNTED


def _take_limits(books: Books, tool: ToolCard, supply: SupplyNo, limits: Limits, *, at: datetime) -> None:
    """The meter has these limits: the next order repeats them, unless the office set others since the card went out."""
    if any(_sets_limits(row) for row in books.all(_LIMITS_SINCE, (supply, tool.number))):
        return
    terms = records.terms_of(books, supply)
    row: Row = {"number": supply, "parameters": canonical(parameters_json(limits.applied_to(terms.parameters)))}
    records.write(books, Subject.SUPPLY, row, reason=f"parameter card {tool.number}", at=at)


def _sets_limits(row: Row) -> bool:
    return bool(json.loads(row["before"])["parameters"] != json.loads(row["after"])["parameters"])


def _take_back(books: Books, tool: ToolCard, raw: bytes, record: FieldRecord, *, at: datetime) -> None:
    """A meter that was removed and is cleared waits in stock for its next supply.

    Whichever came first: a card that was read in before the meter was taken off is read in once more.
    """
    is_removed = meter_state(books, record.meter) is MeterState.REMOVED
    served = (record.meter, record.hour.date().isoformat(), tool.number, raw)
    if not is_removed or books.value(_SERVED_SINCE, served) is not None:
        return
    shown = record.used_total.wh
    row: Row = {"number": record.meter, "state": MeterState.STOCK.value, "initial_reading_wh": shown}
    records.write(books, Subject.METER, row, reason=f"clear card {tool.number}", at=at)


def _reading_of(row: Row, *, is_new: bool) -> FieldReading:
    used = row["used_wh"]
    return FieldReading(
        mandate=row["mandate"],
        record=bytes(row["record"]),
        write_back=write_back_of(row["body"]),
        supply=SupplyNo(row["supply"]) if row["supply"] else None,
        customer=row["customer"],
        outcome=FieldOutcome(row["outcome"]),
        used=None if used is None else Energy(used),
        at=datetime.fromisoformat(row["at"]),
        is_new=is_new,
    )
