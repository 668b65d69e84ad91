"""What screens and the command line say of the rules of the office, and of what was changed. No Qt here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from vending_app.domain.errors import Code, VendingError
from vending_app.domain.money import Money
from vending_app.domain.office_rules import (
    CRITERIA_SUBJECT,
    DESK_PREFIX,
    LONGEST_DESK,
    LONGEST_LINE,
    LONGEST_NAME,
    MOST_BLANK_CARDS,
    MOST_HOLIDAYS,
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
)
from vending_app.domain.people import MOST_LOCK_MINUTES
from vending_app.domain.permissions import Act
from vending_app.domain.report_asked import MOST_DAYS
from vending_app.domain.tariff import WITHDRAWN_PREFIX
from vending_app.ui.inspect.inspect_words import CRITERIA
from vending_app.ui.operators.operator_words import said_moment
from vending_app.ui.phrases import WEEKDAYS, counted, day_and_year
from vending_app.ui.words import ROLES, trouble

SUBJECTS: dict[Subject, str] = {
    Subject.IDENTITY: "The office on paper",
    Subject.RECEIPT: "Receipts",
    Subject.LIMITS: "Limits",
    Subject.APPROVALS: "Approvals",
    Subject.DESKS: "Desks",
    Subject.CALENDAR: "Calendar",
}
IDENTITY: dict[str, str] = {
    "name": "Name",
    "address": "Address",
    "tax_number": "Tax number",
    "help_hours": "Help hours",
    "help_phone": "Help phone",
}
ACTS: dict[Act, str] = {
    Act.REVERSAL: "Taking a sale back",
    Act.REFUND: "Paying a refund out",
    Act.VOID: "Voiding a sale",
    Act.TENDER_CORRECTION: "Correcting how a sale was paid",
    Act.CASH_OVER: "Paying cash out of the drawer",
    Act.DRAWER: "Opening the drawer without a sale",
    Act.CARD_STOCK: "Blank cards: deliveries, spoilt, counts",
    Act.REISSUE: "Replacing a card",
    Act.METER_CHANGE: "Changing a meter",
    Act.OPERATORS: "Entering and changing operators",
}
"""What an office may demand a second person for."""
SETTINGS: dict[str, str] = {
    "printer": "Printer",
    "reader": "Reader",
    "quick_amounts": "Quick amounts",
    "blind_count": "Counting blind",
    "lock_minutes": "Minutes until it locks",
    "desk": "Number of the desk",
    "dialect": "How the reader is spoken to",
    "tries_from_books": "By the books where no tries are told",
    "drawer": "Cash drawer",
    "ledger": "Server of the books",
    "backup_folder": "Folder of backups",
    "backup_copy": "Copy of backups",
    "vault": "Key vault",
    "vault_module": "Module of the key token",
    "vault_token": "Key token",
    "prices": "Prices",
    "dark": "Dark",
    "less_motion": "Less motion",
    "size": "Meters on a list",
    "by_chance_percent": "Drawn by lot, %",
    "seed": "Number of the lot",
    **{criterion.value: f"Points: {name}" for criterion, name in CRITERIA.items()},
}
WRONG: dict[str, str] = {
    "name": f"The name has 1 to {LONGEST_NAME} letters.",
    "line": f"A line has at most {LONGEST_LINE} letters.",
    "drawer_most": "The cash of a drawer is no sum below zero.",
    "count_difference": "A difference is no sum below zero.",
    "silent_days": f"Days go from 1 to {MOST_DAYS}.",
    "low_cards": f"Cards go from 0 to {MOST_BLANK_CARDS}.",
    "lock_minutes": f"Minutes go from 0 to {MOST_LOCK_MINUTES}.",
    "weekdays": "The office works on one day at least.",
    "holidays": f"There are at most {MOST_HOLIDAYS} holidays.",
    "holiday": f"A holiday has a name of at most {LONGEST_LINE} letters.",
    "desk": "There is no such desk.",
    "desk_name": f"A desk has a name of 1 to {LONGEST_DESK} letters.",
    "desk_twice": "Another desk is called so already.",
    "day": "A day is written 2027-01-01.",
}
"""What is wrong with a field of a rule, where more can be said than that it is wrong."""
NOTHING, AS_IT_CAME = "none", "as it came"
CHOSEN = ("printer", "reader")
"""What is told of each desk."""
LONGEST_SENTENCE, MORE = 150, 24
"""What fits beside the one who approves, and of it the words for what does not."""
COUNTING = {True: "before its sum is told", False: "with its sum told"}
ALONE, TWO = "one person", "two people"
IN_USE, GIVEN_UP = "in use", "given up"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is another now."""

    label: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.label}: {self.before} → {self.after}"


def said_wrong(error: VendingError) -> str:
    """Why a rule cannot hold, and what to do."""
    said = trouble(error)
    found = WRONG.get(str(error.facts.get("field")), "") if error.code is Code.RULE_REFUSED else ""
    return found or f"{said.sentence} {said.remedy}"


def said_subject(subject: str) -> str:
    """`Limits`, `Desk 3`."""
    if subject.startswith(WITHDRAWN_PREFIX):
        code, _, day = subject.removeprefix(WITHDRAWN_PREFIX).rpartition(":")
        return f"Tariff {code} from {day_and_year(date.fromisoformat(day))}"
    if subject == CRITERIA_SUBJECT:
        return "Inspection"
    if subject.startswith(DESK_PREFIX):
        return f"Desk {subject.removeprefix(DESK_PREFIX)}"
    return SUBJECTS[Subject(subject)]


def differences(before: Rule | Mapping[str, str] | None, after: Rule | Mapping[str, str]) -> tuple[Difference, ...]:
    """What a change changed; of a first rule all that it says."""
    if isinstance(after, Demands):
        return tuple(_demanded(before if isinstance(before, Demands) else Demands(), after))
    if isinstance(after, DeskNames):
        return tuple(_renamed(before if isinstance(before, DeskNames) else DeskNames(), after))
    was = dict(_facts(before)) if before is not None else {}
    now = dict(_facts(after))
    names = [*now, *(name for name in was if name not in now)]
    found = (Difference(name, was.get(name, NOTHING), now.get(name, NOTHING)) for name in names)
    return tuple(each for each in found if each.before != each.after)


def sentence_of(before: Rule, after: Rule) -> str:
    """What exactly somebody approves; of many things the first, because all of them stand on the summary before it."""
    told = [str(each) for each in differences(before, after)]
    if len("; ".join(told)) <= LONGEST_SENTENCE:
        return "; ".join(told) + "."
    room = [each for at, each in enumerate(told) if len("; ".join(told[: at + 1])) <= LONGEST_SENTENCE - MORE]
    shown = room or [told[0][: LONGEST_SENTENCE - MORE] + "…"]
    more = counted(len(told) - len(shown), "other thing", "other things")
    return f"{'; '.join(shown)}{f'; and {more}' if len(told) > len(shown) else ''}."


def said_change(change: RuleChange) -> str:
    """All of it on one line."""
    return "; ".join(map(str, differences(change.before, change.after)))


def facts_of(rule: Rule) -> tuple[tuple[str, str], ...]:
    """What a rule says, label by label."""
    return tuple(_facts(rule))


def _facts(rule: Rule | Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if isinstance(rule, Identity):
        yield from ((label, getattr(rule, name) or NOTHING) for name, label in IDENTITY.items())
    elif isinstance(rule, ReceiptTexts):
        yield "Lines at the top", _lines(rule.above)
        yield "Lines at the foot", _lines(rule.below)
        yield "Logo", f"picture {rule.logo[:8]}" if rule.logo else NOTHING
    elif isinstance(rule, Limits):
        yield from _limits(rule)
    elif isinstance(rule, Demands):
        yield from ((_pair(role.value, act), TWO) for role, act in rule.pairs)
    elif isinstance(rule, DeskNames):
        yield from ((f"Desk {number}", name) for number, name in rule.names)
        yield from ((f"Desk {number}", GIVEN_UP) for number in rule.given_up)
    elif isinstance(rule, Calendar):
        yield "Works on", said_weekdays(rule.weekdays)
        yield from ((day_and_year(holiday.day), holiday.name) for holiday in rule.holidays)
    else:
        yield from ((SETTINGS.get(name, name), value or NOTHING) for name, value in rule.items())


def _lines(lines: tuple[str, ...]) -> str:
    return " / ".join(lines) or NOTHING


def _limits(rule: Limits) -> Iterator[tuple[str, str]]:
    yield "Most cash in a drawer", str(rule.drawer_most) if rule.drawer_most else "no limit"
    yield "A count is odd from", said_difference(rule.count_difference)
    yield "A customer is silent after", counted(rule.silent_days, "day", "days")
    yield "Blank cards are few below", str(rule.low_cards)
    yield "A drawer is counted", COUNTING[rule.blind_count]
    yield "A desk locks itself after", counted(rule.lock_minutes, "minute", "minutes") if rule.lock_minutes else "never"


def said_difference(least: Money) -> str:
    """`any difference`, `more than 1.00`."""
    return f"more than {least}" if least else "any difference"


def said_weekdays(days: tuple[int, ...]) -> str:
    """`every day`, `Monday to Friday`, `Monday, Wednesday`."""
    if len(days) == len(WEEKDAYS):
        return "every day"
    is_run = len(days) > 2 and days[-1] - days[0] == len(days) - 1
    if is_run:
        return f"{WEEKDAYS[days[0]]} to {WEEKDAYS[days[-1]]}"
    return ", ".join(WEEKDAYS[day] for day in days)


def _demanded(before: Demands, after: Demands) -> Iterator[Difference]:
    for pairs, was, now in (
        (set(after.pairs) - set(before.pairs), ALONE, TWO),
        (set(before.pairs) - set(after.pairs), TWO, ALONE),
    ):
        for role, act in sorted(pairs):
            yield Difference(_pair(role.value, act), was, now)


def _renamed(before: DeskNames, after: DeskNames) -> Iterator[Difference]:
    """A desk is called by its number until somebody gives it a name, and in use until it is given up."""
    was, now = dict(before.names), dict(after.names)
    for number in sorted(was | now):
        usual = f"Desk {number}"
        if was.get(number, usual) != now.get(number, usual):
            yield Difference(usual, was.get(number, usual), now.get(number, usual))
    for number in sorted(set(before.given_up) ^ set(after.given_up)):
        states = (GIVEN_UP, IN_USE) if number in before.given_up else (IN_USE, GIVEN_UP)
        yield Difference(f"Desk {number}", *states)


def facts_of_desk(desk: DeskTold) -> tuple[tuple[str, str], ...]:
    """When it last did anything, and what it chose for itself."""
    state = (("State", GIVEN_UP),) if desk.is_given_up else ()
    chosen = ((SETTINGS[name], chosen_of(desk, name)) for name in CHOSEN)
    return (*state, ("Last at work", said_moment(desk.last_act)), *chosen)


def chosen_of(desk: DeskTold, setting: str) -> str:
    """What it chose; what it never chose is as the program came."""
    return (desk.chosen[setting] or NOTHING) if setting in desk.chosen else AS_IT_CAME


def said_choice(setting: str, before: str, after: str, *, usual: str) -> str:
    """What a desk chose: `Printer: none, as it came → Laser 7`, `Printer stays none, as it came`."""
    label = SETTINGS[setting]
    was, now = (f"{told or NOTHING}, {AS_IT_CAME}" if told == usual else told or NOTHING for told in (before, after))
    return f"{label} stays {now}." if before == after else f"{label}: {was} → {now}."


def _pair(role: str, act: Act) -> str:
    name = next(said for known, said in ROLES.items() if known.value == role)
    return f"{name}: {ACTS[act][0].lower()}{ACTS[act][1:]}"
