"""One statement that reserves a plain sale at a server, and one that posts it (`at_once.py`).

It locks the supply as the ordinary way does, compares, and writes. Where something is not as the rows say it finds
nothing to write, or ends with an integrity error as any other writer would: then the ordinary way finds out why.

It sees the books as they were when it began, also if it then waits for a lock. That is enough: what somebody else adds
meanwhile to this chain or this supply takes a key that this act needs (the number in the chain, the sequence, what is
held, the end of the sale), and what it compares otherwise never changes once it is there.

One statement rather than a function of the server: no rule is kept there, and it costs a fifth less than PL/pgSQL.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from vending_app.ledger.codec import Json
from vending_app.ledger.kinds import Kind

_NUMBERS = frozenset(
    {
        *("desk", "shift", "sequence", "energy_total_wh", "purchases", "energy_wh", "total_minor"),
        *("is_final", "receipt_desk", "receipt_number"),
    }
)
"""The columns of sales and their events that hold a number; the others hold text."""

# `?1` to `?11` are the values that `at_once` tells, `:column` is that of the act's row.

_TIP = "EXISTS (SELECT 1 FROM journal WHERE desk = ?1 AND number = ?2::bigint - 1 AND hash = ?3)"

_FOLLOWS = f"""
    SELECT customers.name AS customer_name, operators.full_name AS operator_name
    FROM supplies JOIN customers ON customers.number = supplies.customer, operators
    WHERE supplies.number = ?10::text AND supplies.state = 'open' AND operators.name = :operator
        AND {_TIP}
        AND EXISTS (SELECT 1 FROM sales JOIN sale_events ON sale = id AND is_final = 1
            WHERE supply = ?10 AND sequence = :sequence - 1
                AND sale_events.state = 'posted' AND energy_total_wh = :energy_total_wh - :energy_wh)
        AND EXISTS (SELECT 1 FROM shifts WHERE number = :shift AND desk = :desk)
        AND NOT EXISTS (SELECT 1 FROM shift_closings WHERE shift = :shift)
        AND NOT EXISTS (SELECT 1 FROM allowances WHERE desk = :desk)
        AND NOT EXISTS (SELECT 1 FROM restorations
            WHERE NOT EXISTS (SELECT 1 FROM restoration_ends WHERE restoration = restorations.journal))
        AND NOT EXISTS (SELECT 1 FROM key_events WHERE deed = 'retired' AND key_version IN (
            (?9::text::json -> 'intent' ->> 'order_key_version')::bigint,
            (?9::text::json -> 'intent' ->> 'key_version')::bigint))
    FOR NO KEY UPDATE OF supplies"""

_IS_OPEN = f"""
    SELECT 1
    FROM supplies
    WHERE supplies.number = ?10::text
        AND {_TIP}
        AND NOT EXISTS (SELECT 1 FROM receipt_gaps WHERE desk = :receipt_desk AND last >= :receipt_number)
    FOR NO KEY UPDATE OF supplies"""

_HOLD = "INSERT INTO open_sales SELECT held, :id FROM bound, (VALUES (?10), (?11::text)) AS two (held)"
_LET_GO = "DELETE FROM open_sales USING bound WHERE held IN (?10, ?11::text) AND sale = :sale RETURNING 1"
_IF_LET_GO = "CASE WHEN (SELECT count(*) FROM besides) = 2 THEN ?2::bigint END"
"""The number in the chain; NULL, which no row may have, unless both supply and card were let go."""


@cache
def _statement(kind: Kind, columns: tuple[str, ...], commodities: tuple[str, ...]) -> str:
    """Its values: the eleven of `at_once`, those of the row, then account and amount of each posting."""
    table, conditions, besides, number, answer = _OF_KIND[kind]
    row = {column: f"?{at}::{_type(column)}" for at, column in enumerate(columns, 12)}
    first = 12 + len(columns)
    lines = ", ".join(
        f"({at + 1}, '{commodity}', ?{first + 2 * at}::text, ?{first + 2 * at + 1}::bigint)"
        for at, commodity in enumerate(commodities)
    )
    sql = f"""WITH locked AS MATERIALIZED ({conditions}),
bound AS MATERIALIZED (
    SELECT *, sha256(?3::bytea || convert_to(?7::text || given_id || ?8::text || ?9::text, 'UTF8')) AS bound_hash
    FROM (SELECT locked.*, nextval('journal_ids') AS given_id FROM locked) AS given),
the_row AS (INSERT INTO {table} (journal, {", ".join(columns)}) SELECT given_id, {", ".join(row.values())} FROM bound),
lines AS (INSERT INTO postings SELECT given_id, line.* FROM bound, (VALUES {lines}) AS line),
besides AS ({besides})
INSERT INTO journal (id, desk, number, at, kind, body, previous, hash, operator, act)
    SELECT given_id, ?1::bigint, {number}, ?4::text, '{kind.value}', ?9, ?3, bound_hash, ?5::text, ?6::text
    FROM bound
    RETURNING hash{answer}"""
    return _NAMED.sub(lambda found: row[found[1]], sql)


_NAMED = re.compile(r"(?<!:):(\w+)")
"""A value of the row by its column; two colons are a type."""


def _type(column: str) -> str:
    return "bigint" if column in _NUMBERS else "text"


_NAMES = ", (SELECT customer_name FROM bound), (SELECT operator_name FROM bound)"
_OF_KIND = {
    Kind.RESERVE: ("sales", _FOLLOWS, _HOLD, "?2::bigint", _NAMES),
    Kind.POST: ("sale_events", _IS_OPEN, _LET_GO, _IF_LET_GO, ""),
}
"""The table of its row, what must be so, what it holds or lets go, its number, what it answers besides the hash."""


def at_once(kind: Kind, known: Sequence[object], body: Json) -> tuple[str, list[object]]:
    """The statement of an act, and its values: eleven that are `known`, and those of its rows.

    Known are desk, number, previous, at, operator, act, the head before and after its id, the body; supply and card.
    """
    row, lines = body[_OF_KIND[kind][0]][0], body["postings"]
    values = [*known, *row.values()]
    for _, _, account, amount in lines:
        values += (account, amount)
    return _statement(kind, tuple(row), tuple([line[1] for line in lines])), values
