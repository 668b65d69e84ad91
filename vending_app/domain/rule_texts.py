"""The rules of an office as text in the books: any text gives a rule or a refusal, never anything else."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.money import Money
from vending_app.domain.office_rules import (
    Calendar,
    Demands,
    DeskNames,
    Holiday,
    Identity,
    Limits,
    ReceiptTexts,
    Rule,
    Subject,
    checked,
    demand_key,
)
from vending_app.domain.people import LOCK_MINUTES, Role
from vending_app.domain.permissions import Act

Body = dict[str, Any]


def body_of(rule: Rule) -> Body:
    """The rule for JSON: money in minor units, days in ISO 8601."""
    if isinstance(rule, Identity):
        return {name: getattr(rule, name) for name in Identity.__slots__}
    if isinstance(rule, ReceiptTexts):
        return {"above": list(rule.above), "below": list(rule.below), "logo": rule.logo}
    if isinstance(rule, Limits):
        return {
            "drawer_most_minor": rule.drawer_most.minor,
            "count_difference_minor": rule.count_difference.minor,
            "silent_days": rule.silent_days,
            "low_cards": rule.low_cards,
            "blind_count": rule.blind_count,
            "lock_minutes": rule.lock_minutes,
        }
    if isinstance(rule, Demands):
        return {"demanded": [demand_key(role, act) for role, act in rule.pairs]}
    if isinstance(rule, DeskNames):
        # Only if there are some: older rows have none of it.
        given_up = {"given_up": list(rule.given_up)} if rule.given_up else {}
        return {"names": [list(pair) for pair in rule.names], **given_up}
    holidays = [[holiday.day.isoformat(), holiday.name] for holiday in rule.holidays]
    return {"weekdays": list(rule.weekdays), "holidays": holidays}


def parse(subject: Subject, text: str | bytes) -> Rule:
    """Total: any text gives a rule of this subject, or OperatorError rule-refused with the `field` that is wrong."""
    try:
        body = json.loads(text)
        return checked(_READERS[subject](body))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as cause:
        raise OperatorError(Code.RULE_REFUSED, field="text") from cause


def _demands_of(body: Body) -> Demands:
    keys = [key.partition(":") for key in body["demanded"]]
    return Demands(tuple((Role(role), Act(act)) for role, _, act in keys))


def _calendar_of(body: Body) -> Calendar:
    holidays = tuple(Holiday(date.fromisoformat(day), name) for day, name in body["holidays"])
    return Calendar(tuple(body["weekdays"]), holidays)


_READERS: Mapping[Subject, Callable[[Body], Rule]] = {
    Subject.IDENTITY: lambda body: Identity(**body),
    Subject.RECEIPT: lambda body: ReceiptTexts(tuple(body["above"]), tuple(body["below"]), body["logo"]),
    Subject.LIMITS: lambda body: Limits(
        Money(body["drawer_most_minor"]),
        Money(body["count_difference_minor"]),
        body["silent_days"],
        body["low_cards"],
        # Rules that were kept before these two were the office's say nothing of them.
        body.get("blind_count", True),
        body.get("lock_minutes", LOCK_MINUTES),
    ),
    Subject.APPROVALS: _demands_of,
    Subject.DESKS: lambda body: DeskNames(
        tuple((number, name) for number, name in body["names"]), tuple(body.get("given_up", ()))
    ),
    Subject.CALENDAR: _calendar_of,
}
