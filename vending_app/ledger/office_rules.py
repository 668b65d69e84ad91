"""The rules of an office in the books: what holds, what was changed and by whom (row P2).

Every rule is a row of `office_rules`; the newest of a subject is what holds, and without one the default does.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import cast

from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.ids import DeskNo, OperatorName
from vending_app.domain.office_rules import (
    CRITERIA_SUBJECT,
    DESK_PREFIX,
    Calendar,
    Demands,
    DeskNames,
    DeskTold,
    Identity,
    Limits,
    ReceiptTexts,
    Rule,
    RuleChange,
    Subject,
    subject_of,
)
from vending_app.domain.people import Office, Role
from vending_app.domain.permissions import Act
from vending_app.domain.rule_texts import body_of, parse
from vending_app.domain.tariff import WITHDRAWN_PREFIX
from vending_app.ledger import people
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import canonical, time_text
from vending_app.ledger.inspections import told_criteria
from vending_app.ledger.journal import acting
from vending_app.ledger.kinds import Kind

_DEFAULTS: Mapping[Subject, Rule] = {
    Subject.RECEIPT: ReceiptTexts(),
    Subject.LIMITS: Limits(),
    Subject.APPROVALS: Demands(),
    Subject.DESKS: DeskNames(),
    Subject.CALENDAR: Calendar(),
}
"""What holds until somebody makes a rule; who the office is stands in its founding row."""

FOUNDING_IDENTITY = tuple(Identity.__slots__)


# --- what holds ------------------------------------------------------------------------------------------


def rule(books: Books, subject: Subject, *, at: datetime | None = None) -> Rule:
    """What holds, or held at a moment. Raises EnvironmentFault ledger-damaged for text that is no rule."""
    text = _newest(books, subject, at)
    if text is not None:
        return _rule_of(books, subject, text)
    if subject is Subject.IDENTITY:
        founded = people.founded(books)
        return Identity(**{name: getattr(founded, name) for name in FOUNDING_IDENTITY})
    return _DEFAULTS[subject]


def _newest(books: Books, subject: str, at: datetime | None = None) -> str | None:
    until = "" if at is None else " AND at <= ?"
    values = (subject,) if at is None else (subject, time_text(at))
    text: str | None = books.value(
        f"SELECT after FROM office_rules WHERE subject = ?{until} ORDER BY journal DESC LIMIT 1", values
    )
    return text


def _rule_of(books: Books, subject: Subject, text: str) -> Rule:
    try:
        return parse(subject, text)
    except OperatorError as cause:
        raise EnvironmentFault(Code.LEDGER_DAMAGED, path=books.where, reason=f"the rule {subject.value}") from cause


def limits(books: Books) -> Limits:
    return cast(Limits, rule(books, Subject.LIMITS))


def calendar(books: Books) -> Calendar:
    return cast(Calendar, rule(books, Subject.CALENDAR))


def demands(books: Books, role: Role, act: Act) -> bool:
    """Whether this office wants a second person for what the role might do alone."""
    return (role, act) in cast(Demands, rule(books, Subject.APPROVALS)).pairs


def letterhead(books: Books, *, at: datetime | None = None) -> Office:
    """The same with all that its papers carry; of a moment, so that a copy is like the first print."""
    called = _as_called(people.founded(books), cast(Identity, rule(books, Subject.IDENTITY, at=at)))
    texts = cast(ReceiptTexts, rule(books, Subject.RECEIPT, at=at))
    return replace(called, above=texts.above, below=texts.below, logo=logo(books, texts.logo) if texts.logo else b"")


def _as_called(founded: Office, identity: Identity) -> Office:
    return replace(founded, **{name: getattr(identity, name) for name in FOUNDING_IDENTITY})


def logo(books: Books, logo_id: str) -> bytes:
    """The PNG of this SHA-256; nothing for one that is not in the books."""
    png = books.value("SELECT png FROM logos WHERE id = ?", (logo_id,))
    return bytes(png) if png is not None else b""


# --- desks -----------------------------------------------------------------------------------------------

_DESKS = """
SELECT number, name, (SELECT at FROM journal WHERE desk = desks.number ORDER BY journal.number DESC LIMIT 1) AS at
FROM desks ORDER BY number
"""


def desks(books: Books) -> tuple[DeskTold, ...]:
    """Every desk by number, as it is called now; each row of what it chose tells only what was another one before."""
    told = cast(DeskNames, rule(books, Subject.DESKS))
    names = dict(told.names)
    chosen: dict[str, dict[str, str]] = {}
    asked = "SELECT subject, after FROM office_rules WHERE subject LIKE ? ORDER BY journal"
    for row in books.all(asked, (f"{DESK_PREFIX}%",)):
        chosen.setdefault(row["subject"], {}).update(json.loads(row["after"]))
    return tuple(
        DeskTold(
            DeskNo(row["number"]),
            names.get(row["number"]) or row["name"],
            datetime.fromisoformat(row["at"]) if row["at"] else None,
            chosen.get(f"{DESK_PREFIX}{row['number']}", {}),
            row["number"] in told.given_up,
        )
        for row in books.all(_DESKS)
    )


# --- changing it -----------------------------------------------------------------------------------------


def keep(books: Books, wanted: Rule, *, was: Rule, at: datetime, png: bytes = b"") -> None:
    """Make it hold. `png` is its logo, if the books may not have it yet.

    Raises OperatorError rule-outdated if something else than `was` holds by now; permission-denied, approval-…
    """
    subject = subject_of(wanted)
    with books.writing():
        books.lock_office()
        if rule(books, subject) != was:
            raise OperatorError(Code.RULE_OUTDATED, subject=subject.value)
        before = _newest(books, subject)
        _write(books, subject, before or canonical(body_of(was)), canonical(body_of(wanted)), at=at, png=png)


def _write(books: Books, subject: str, before: str, after: str, *, at: datetime, png: bytes = b"") -> None:
    row: Row = {"subject": subject, "before": before, "after": after, "at": time_text(at)}
    with acting(books, Kind.RULE, at=at) as page:
        page.insert("office_rules", row)
        logo_id = sha256(png).hexdigest() if png else ""
        if logo_id and not logo(books, logo_id):
            page.insert("logos", {"id": logo_id, "png": png})


def note(books: Books, subject: str, before: Mapping[str, str], after: Mapping[str, str], *, at: datetime) -> None:
    """What two people said of something that is no rule by itself."""
    _write(books, subject, canonical(dict(before)), canonical(dict(after)), at=at)


@contextmanager
def noting_choices(
    books: Books, before: Mapping[str, str], after: Mapping[str, str], *, at: datetime
) -> Iterator[None]:
    """What this desk chooses for itself is told with the block that keeps it, or neither is done."""
    with books.writing():
        _write(books, f"{DESK_PREFIX}{books.desk}", canonical(dict(before)), canonical(dict(after)), at=at)
        yield


# --- what was changed ------------------------------------------------------------------------------------

_CHANGES = """
SELECT told.*, journal.operator, approvals.approver FROM (
    SELECT journal, subject, before, after, at FROM office_rules
    UNION ALL
    SELECT journal, ?, coalesce(lag(body) OVER (ORDER BY journal), ''), body, at FROM sampling_criteria
) told
JOIN journal ON journal.id = told.journal LEFT JOIN approvals ON approvals.id = journal.approval
ORDER BY told.journal DESC LIMIT ?
"""


def changes(books: Books, *, limit: int) -> tuple[RuleChange, ...]:
    """Of rules, of what desks chose for themselves, and of the criteria of inspections, newest first."""
    return tuple(_change_of(books, row) for row in books.all(_CHANGES, (CRITERIA_SUBJECT, limit)))


def _change_of(books: Books, row: Row) -> RuleChange:
    return RuleChange(
        subject=row["subject"],
        at=datetime.fromisoformat(row["at"]),
        operator=OperatorName(row["operator"]) if row["operator"] else None,
        approver=OperatorName(row["approver"]) if row["approver"] else None,
        before=_told(books, row["subject"], row["before"]),
        after=_told(books, row["subject"], row["after"]),
    )


def _told(books: Books, subject: str, text: str) -> Rule | Mapping[str, str]:
    if subject == CRITERIA_SUBJECT:
        return told_criteria(text)
    if not subject.startswith((DESK_PREFIX, WITHDRAWN_PREFIX)):
        return _rule_of(books, Subject(subject), text)
    chosen: Mapping[str, str] = json.loads(text)
    return chosen
