"""The rules of the office for rooms that are loaded with the program: theirs are loaded with the first that is asked.

A start shows who the office is and asks for no other rule, and has no time for the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vending_app.domain.people import Role
from vending_app.domain.permissions import Act
from vending_app.ledger.books import Books
from vending_app.when_needed import WhenNeeded

if TYPE_CHECKING:
    from vending_app.domain.office_rules import Calendar, DeskTold, Limits
    from vending_app.ledger import office_rules
else:
    office_rules = WhenNeeded("vending_app.ledger.office_rules")


def limits(books: Books) -> Limits:
    """From where on somebody is told."""
    return office_rules.limits(books)


def demands(books: Books, role: Role, act: Act) -> bool:
    """Whether this office wants a second person for what the role might do alone."""
    return office_rules.demands(books, role, act)


def desks(books: Books) -> tuple[DeskTold, ...]:
    """Every desk, as it is called now."""
    return office_rules.desks(books)


def calendar(books: Books) -> Calendar:
    """When the office works."""
    return office_rules.calendar(books)
