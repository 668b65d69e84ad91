"""The rules that an office makes for itself: who it is on paper, limits, what needs two people, when it works (row P2).

Each subject has one rule at a time; `checked` says which may be kept, `rule_texts.py` how it is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NoReturn

from vending_app.domain.card_stock import LOW
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import DeskNo, OperatorName
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import LOCK_MINUTES, MOST_LOCK_MINUTES, Role
from vending_app.domain.permissions import Act, can_be_demanded
from vending_app.domain.report_asked import MOST_DAYS, USUAL_DAYS

LONGEST_NAME, LONGEST_TEXT, LONGEST_DESK = 60, 80, 40
LINES_ABOVE, LINES_BELOW, LONGEST_LINE = 3, 4, 48
"""Of a receipt; a line of 48 letters fits an 80 mm roll."""
BIGGEST_LOGO = 64 * 1024
LOGO_ID = 64
"""Figures of the SHA-256 of a logo."""
MOST_MONEY = Money(99_999_999_99)
MOST_BLANK_CARDS = 10_000
MOST_HOLIDAYS = 200
"""Ten years of twenty."""
JOINERS = "\u200c\u200d"
"""Invisible, but letters of Persian and of Indian scripts are written with them."""


class Subject(StrEnum):
    """What a rule is about."""

    IDENTITY = "identity"
    RECEIPT = "receipt"
    LIMITS = "limits"
    APPROVALS = "approvals"
    DESKS = "desks"
    CALENDAR = "calendar"


DESK_PREFIX = "desk-"
"""`desk-3` is what desk 3 chose for itself: no rule of the office, told in the same place."""
CRITERIA_SUBJECT = "criteria"
"""What the inspection list is counted by: kept by itself, told in the same place."""


@dataclass(frozen=True, slots=True)
class Identity:
    """The utility as papers name it."""

    name: str
    address: str = ""
    tax_number: str = ""
    help_hours: str = ""
    help_phone: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptTexts:
    """What the office adds to its papers: lines of a receipt, and the picture at the head of every paper."""

    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    logo: str = ""
    """The SHA-256 of a PNG in the books, in hexadecimal; empty for the usual mark."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on somebody is told, and what no desk may decide for itself: how it counts and when it locks."""

    drawer_most: Money = ZERO
    """Cash of a drawer above which some belongs in the safe; nothing for no limit."""
    count_difference: Money = ZERO
    """A count that differs by more is odd; nothing for any difference."""
    silent_days: int = USUAL_DAYS
    """A customer without a purchase for so long is silent."""
    low_cards: int = LOW
    """Blank cards of a desk below which somebody should order."""
    blind_count: bool = True
    """Whether the cashier counts before he is told what should be in the drawer."""
    lock_minutes: int = LOCK_MINUTES
    """Without a touch, until the window locks itself; 0 never."""


@dataclass(frozen=True, slots=True)
class Demands:
    """What this office lets nobody of a role do alone, although the table of permissions would; sorted."""

    pairs: tuple[tuple[Role, Act], ...] = ()


@dataclass(frozen=True, slots=True)
class Holiday:
    """A day on which the office is closed."""

    day: date
    name: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """When the office works."""

    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4, 5, 6)
    """0 is Monday."""
    holidays: tuple[Holiday, ...] = ()

    def works_on(self, day: date) -> bool:
        """Whether anybody is expected at a desk."""
        return day.weekday() in self.weekdays and all(holiday.day != day for holiday in self.holidays)


@dataclass(frozen=True, slots=True)
class DeskNames:
    """How desks are called other than at their founding, and which of them nobody works at any more."""

    names: tuple[tuple[int, str], ...] = ()
    """Number and name, by number."""
    given_up: tuple[int, ...] = ()
    """By number: nobody asks why they are silent."""


Rule = Identity | ReceiptTexts | Limits | Demands | DeskNames | Calendar

SUBJECTS: Mapping[type, Subject] = {
    Identity: Subject.IDENTITY,
    ReceiptTexts: Subject.RECEIPT,
    Limits: Subject.LIMITS,
    Demands: Subject.APPROVALS,
    DeskNames: Subject.DESKS,
    Calendar: Subject.CALENDAR,
}


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One line of the journal about a rule, what a desk chose for itself, or the criteria of inspections."""

    subject: str
    at: datetime
    operator: OperatorName | None
    """None where nobody was logged in: at the command line of a desk."""
    approver: OperatorName | None
    before: Rule | Mapping[str, str] | None
    """None for the first rule of its subject; texts by their name for a desk and for criteria."""
    after: Rule | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DeskTold:
    """One desk of the books: what it is called now, and what it tells of itself."""

    number: DeskNo
    name: str
    last_act: datetime | None
    chosen: Mapping[str, str]
    """By its setting; what it never chose is not in it."""
    is_given_up: bool = False


def subject_of(rule: Rule) -> Subject:
    """What it is about."""
    return SUBJECTS[type(rule)]


def demand_key(role: Role, act: Act) -> str:
    """How a demand is written in the books, where the database itself looks for it."""
    return f"{role.value}:{act.value}"


# --- what may be kept ------------------------------------------------------------------------------------


def checked(rule: Rule) -> Rule:
    """The rule as it is kept: without what stands in it twice, in order. Raises OperatorError rule-refused."""
    if isinstance(rule, Identity):
        _check_identity(rule)
        return rule
    if isinstance(rule, ReceiptTexts):
        return _checked_texts(rule)
    if isinstance(rule, Limits):
        _check_limits(rule)
        return rule
    if isinstance(rule, Demands):
        return _checked_demands(rule)
    if isinstance(rule, DeskNames):
        return _checked_names(rule)
    return _checked_calendar(rule)


def _refuse(field: str) -> NoReturn:
    raise OperatorError(Code.RULE_REFUSED, field=field)


def _check_text(text: object, *, field: str, most: int, least: int = 0) -> None:
    if not isinstance(text, str) or not least <= len(text) <= most or text != text.strip():
        _refuse(field)
    if not all(letter.isprintable() or letter in JOINERS for letter in text):
        _refuse(field)


def _check_identity(rule: Identity) -> None:
    _check_text(rule.name, field="name", most=LONGEST_NAME, least=1)
    for field in Identity.__slots__[1:]:
        _check_text(getattr(rule, field), field=field, most=LONGEST_TEXT)


def _checked_texts(rule: ReceiptTexts) -> ReceiptTexts:
    """A line may be empty between two others, not at the end."""
    above, below = _without_empty_end(rule.above), _without_empty_end(rule.below)
    for lines, most in ((above, LINES_ABOVE), (below, LINES_BELOW)):
        if len(lines) > most:
            _refuse("lines")
        for line in lines:
            _check_text(line, field="line", most=LONGEST_LINE)
    if rule.logo and not (isinstance(rule.logo, str) and _is_logo_id(rule.logo)):
        _refuse("logo")
    return ReceiptTexts(above, below, rule.logo or "")


def _without_empty_end(lines: tuple[str, ...]) -> tuple[str, ...]:
    while lines and lines[-1] == "":
        lines = lines[:-1]
    return lines


def _is_logo_id(text: str) -> bool:
    return len(text) == LOGO_ID and set(text) <= set("0123456789abcdef")


def _check_limits(rule: Limits) -> None:
    for field, money in (("drawer_most", rule.drawer_most), ("count_difference", rule.count_difference)):
        if not ZERO <= money <= MOST_MONEY:
            _refuse(field)
    for field, number, most, least in (
        ("silent_days", rule.silent_days, MOST_DAYS, 1),
        ("low_cards", rule.low_cards, MOST_BLANK_CARDS, 0),
        ("lock_minutes", rule.lock_minutes, MOST_LOCK_MINUTES, 0),
    ):
        if type(number) is not int or not least <= number <= most:
            _refuse(field)
    if type(rule.blind_count) is not bool:
        _refuse("blind_count")


def _checked_demands(rule: Demands) -> Demands:
    if not all(can_be_demanded(role, act) for role, act in rule.pairs):
        _refuse("act")
    return Demands(tuple(sorted(set(rule.pairs))))


def _checked_names(rule: DeskNames) -> DeskNames:
    for number, name in rule.names:
        if type(number) is not int or number < 1:
            _refuse("desk")
        _check_text(name, field="desk_name", most=LONGEST_DESK, least=1)
    if len(dict(rule.names)) < len(rule.names):
        _refuse("desk")
    if any(type(number) is not int or number < 1 for number in rule.given_up):
        _refuse("desk")
    return DeskNames(tuple(sorted(rule.names)), tuple(sorted(set(rule.given_up))))


def check_desks(rule: DeskNames, desks: Iterable[DeskTold]) -> None:
    """What is said is of desks that are there, and no two have one name. Raises OperatorError rule-refused."""
    called = {int(desk.number): desk.name for desk in desks}
    names = called | dict(rule.names)
    if len(names) > len(called) or not called.keys() >= set(rule.given_up):
        _refuse("desk")
    if len({name.casefold() for name in names.values()}) < len(names):
        _refuse("desk_twice")


def _checked_calendar(rule: Calendar) -> Calendar:
    days = sorted(set(rule.weekdays))
    if not days or any(type(day) is not int or not 0 <= day <= 6 for day in days):
        _refuse("weekdays")
    if len(rule.holidays) > MOST_HOLIDAYS or len({holiday.day for holiday in rule.holidays}) < len(rule.holidays):
        _refuse("holidays")
    for holiday in rule.holidays:
        _check_text(holiday.name, field="holiday", most=LONGEST_LINE, least=1)
    return Calendar(tuple(days), tuple(sorted(rule.holidays, key=lambda holiday: holiday.day)))
