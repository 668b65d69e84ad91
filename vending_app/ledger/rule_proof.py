"""Proving the rules of the office: each is one, begins where the one before it ended, and is two people's word."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from vending_app.domain.errors import OperatorError
from vending_app.domain.permissions import Act
from vending_app.domain.tariff import WITHDRAWN_PREFIX
from vending_app.ledger.books import Books, Row


def check_office_rules(books: Books) -> Iterator[str]:
    """Each rule begins where the one before it ended, is one, and is two people's word; a logo is what it is named."""
    # Loaded with the first proof (`rules_asked.py`).
    from vending_app.domain.office_rules import DESK_PREFIX  # noqa: PLC0415 - see above

    last: dict[str, str] = {}
    for row in books.all(_PROVEN):
        subject = row["subject"]
        if subject.startswith(DESK_PREFIX):
            if row["act"] == Act.RULES or subject != f"{DESK_PREFIX}{row['desk']}":
                yield f"office_rules: row {row['journal']} is about another desk"
            continue
        if subject.startswith(WITHDRAWN_PREFIX):
            yield from _check_withdrawal(books, row, subject.removeprefix(WITHDRAWN_PREFIX))
        elif not _is_rule(subject, row["after"]):
            yield f"office_rules: row {row['journal']} is no rule of {subject}"
        if row["act"] != Act.RULES or row["approval"] is None:
            yield f"office_rules: row {row['journal']} is one person's word"
        if row["before"] != last.get(subject, row["before"]):
            yield f"office_rules: row {row['journal']} does not begin where the one before it ended"
        last[subject] = row["after"]
    for row in books.all("SELECT id, png FROM logos ORDER BY id"):
        if sha256(bytes(row["png"])).hexdigest() != row["id"]:
            yield f"logos: {row['id']} is another picture"


def _check_withdrawal(books: Books, row: Row, version: str) -> Iterator[str]:
    """Of a version that there is, before its day; days of an office may begin half a day before those of UTC."""
    code, _, day = version.rpartition(":")
    if books.value("SELECT 1 FROM tariffs WHERE code = ? AND valid_from = ?", (code, day)) is None:
        yield f"office_rules: row {row['journal']} withdraws prices that there are not"
    elif row["written"][:10] > day:
        yield f"office_rules: row {row['journal']} withdraws prices that had begun"


_PROVEN = """
SELECT office_rules.*, desk, act, approval, journal.at AS written
FROM office_rules JOIN journal ON journal.id = office_rules.journal
ORDER BY office_rules.journal
"""


def _is_rule(subject: str, text: str) -> bool:
    from vending_app.domain.office_rules import Subject  # noqa: PLC0415 - as above
    from vending_app.domain.rule_texts import parse  # noqa: PLC0415 - as above

    try:
        return parse(Subject(subject), text) is not None
    except (ValueError, OperatorError):
        return False
