"""Tool cards in the books: each mandate a row before its card is touched, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime

from vending_app.domain.card import NO_PARAMETERS, CardKind, CardWrite
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import ActId, CardNo, MeterNo, OperatorName
from vending_app.domain.records import MeterState
from vending_app.domain.tool_card import Limits, Mandate, NewKeys, ToolCard, ToolDraft, limits_of
from vending_app.ledger import card_stock
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import canonical, parameters_json, parameters_of, time_text
from vending_app.ledger.journal import acting
from vending_app.ledger.kinds import Kind
from vending_app.ledger.repeats import repeated

WRITTEN, READ = "written", "read"
MOST_SHOWN = 500
"""Tool cards on a page: years of rounds."""

_WHOLE = """
SELECT tool_cards.*, operators.full_name AS carrier_name,
    EXISTS (SELECT 1 FROM tool_marks WHERE tool_marks.mandate = tool_cards.mandate AND mark = 'written') AS is_written,
    (SELECT max(at) FROM tool_marks WHERE tool_marks.mandate = tool_cards.mandate AND mark = 'read') AS read_at,
    (SELECT count(DISTINCT tool_readings.meter) FROM tool_readings
        WHERE tool_readings.mandate = tool_cards.mandate) AS meters,
    NOT EXISTS (SELECT 1 FROM tool_cards AS later
        WHERE later.card = tool_cards.card AND later.mandate > tool_cards.mandate) AS is_newest
FROM tool_cards JOIN operators ON operators.name = carrier
"""


def new_number(books: Books) -> int:
    """Of the next mandate: never given twice, even if its card is never issued."""
    return _counted(books, "mandate")


def carrier_number(books: Books, operator: OperatorName) -> int:
    """By which a card names whoever carries it: given at his first tool card, and his from then on."""
    known = books.value("SELECT min(carrier_number) FROM tool_cards WHERE carrier = ?", (operator,))
    return int(known) if known is not None else _counted(books, "carrier")


def _counted(books: Books, name: str) -> int:
    with books.writing():
        return int(
            books.value(
                "INSERT INTO counters VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = counters.value + 1"
                " RETURNING value",
                (name,),
            )
        )


def issue(books: Books, draft: ToolDraft) -> ToolCard:
    """Durable before the card is touched; the same id and request returns what is known of it.

    Raises OperatorError sale-id-reused, key-version-retired.
    """
    with books.writing():
        # Whoever retires its keys waits here, or is waited for.
        books.lock_office()
        if not repeated(books, "tool_cards", draft.id, draft.request):
            if books.value(_IS_RETIRED, (draft.write.key_version,)) is not None:
                raise OperatorError(Code.KEY_VERSION_RETIRED, key_version=draft.write.key_version)
            with acting(books, Kind.TOOL_CARD, at=draft.at) as page:
                page.insert("tool_cards", _row(draft))
        found = by_id(books, draft.id)
        assert found is not None, "it was just written"
        return found


_IS_RETIRED = "SELECT 1 FROM key_events WHERE deed = 'retired' AND key_version = ? LIMIT 1"


def mark(books: Books, mandate: int, what: str, *, at: datetime) -> None:
    """It was written and proved, or read in."""
    with books.writing():
        was_blank = what == WRITTEN and not books.value(_WRITTEN_BEFORE, (mandate,))
        with acting(books, Kind.TOOL_MARK, at=at) as page:
            page.insert("tool_marks", {"mandate": mandate, "mark": what, "at": time_text(at)})
            if was_blank:
                card_stock.take(page, mandate=mandate)


_WRITTEN_BEFORE = """
SELECT 1 FROM tool_cards AS this JOIN tool_cards AS earlier ON earlier.card = this.card
JOIN tool_marks ON tool_marks.mandate = earlier.mandate AND mark = 'written' WHERE this.mandate = ? LIMIT 1
"""
"""A tool card goes out again and again; from the box it came once."""


def by_id(books: Books, number: ActId) -> ToolCard | None:
    return _first(books, "WHERE id = ?", (number,))


def by_mandate(books: Books, mandate: int) -> ToolCard | None:
    return _first(books, "WHERE tool_cards.mandate = ?", (mandate,))


def unfinished(books: Books) -> tuple[ToolCard, ...]:
    """Whose issue was interrupted, newest first."""
    rows = books.all(
        f"{_WHOLE} WHERE NOT EXISTS (SELECT 1 FROM tool_marks WHERE tool_marks.mandate = tool_cards.mandate"
        f" AND mark = 'written') ORDER BY tool_cards.mandate DESC LIMIT {MOST_SHOWN}"
    )
    return tuple(map(_card_of, rows))


def all_cards(books: Books) -> tuple[ToolCard, ...]:
    """Newest first."""
    return tuple(map(_card_of, books.all(f"{_WHOLE} ORDER BY tool_cards.mandate DESC LIMIT {MOST_SHOWN}")))


def meter_state(books: Books, meter: MeterNo) -> MeterState | None:
    """None for a meter that the books do not know."""
    found = books.value("SELECT state FROM meters WHERE number = ?", (meter,))
    return MeterState(found) if found is not None else None


def _first(books: Books, where: str, values: Sequence[object]) -> ToolCard | None:
    row = books.one(f"{_WHOLE} {where}", values)
    return _card_of(row) if row else None


def _row(draft: ToolDraft) -> Row:
    mandate, write = draft.mandate, draft.write
    limits = draft.limits.applied_to(NO_PARAMETERS) if draft.limits else None
    return {
        "mandate": mandate.number,
        "id": draft.id,
        "request": draft.request,
        "card": write.card,
        "kind": draft.kind.value,
        "area": mandate.area or None,
        "meter": mandate.meter,
        "limits": canonical(parameters_json(limits)) if limits else _new_keys_text(draft.new_keys),
        "carrier": draft.carrier,
        "carrier_number": mandate.carrier,
        "issued_by": draft.issued_by,
        "expires_on": mandate.expires_on.isoformat(),
        "header": write.header,
        "record": write.record,
        "key_version": write.key_version,
        "at": time_text(draft.at),
    }


def _new_keys_text(new_keys: NewKeys | None) -> str:
    return canonical({"area": new_keys.area, "version": new_keys.version}) if new_keys else ""


def _limits_of(row: Row) -> Limits | None:
    is_set = row["kind"] == CardKind.PARAMETER.value
    return limits_of(parameters_of(json.loads(row["limits"]))) if is_set else None


def _new_keys_of(row: Row) -> NewKeys | None:
    return NewKeys(**json.loads(row["limits"])) if row["kind"] == CardKind.KEY.value else None


def _card_of(row: Row) -> ToolCard:
    mandate = Mandate(
        number=row["mandate"],
        area=row["area"] or "",
        meter=MeterNo(row["meter"]) if row["meter"] else None,
        expires_on=date.fromisoformat(row["expires_on"]),
        carrier=row["carrier_number"],
        key_version=row["key_version"],
    )
    draft = ToolDraft(
        id=ActId(row["id"]),
        request=row["request"],
        kind=CardKind(row["kind"]),
        mandate=mandate,
        limits=_limits_of(row),
        carrier=OperatorName(row["carrier"]),
        issued_by=OperatorName(row["issued_by"]),
        write=CardWrite(CardNo(row["card"]), bytes(row["record"]), bytes(row["header"]), row["key_version"]),
        at=datetime.fromisoformat(row["at"]),
        new_keys=_new_keys_of(row),
    )
    return ToolCard(
        draft=draft,
        carrier_name=row["carrier_name"],
        is_written=bool(row["is_written"]),
        read_at=datetime.fromisoformat(row["read_at"]) if row["read_at"] else None,
        meters=row["meters"],
        is_newest=bool(row["is_newest"]),
    )
