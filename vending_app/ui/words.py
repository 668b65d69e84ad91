"""Every word of trouble and every verdict, in one place, for the screen and for the command line. No Qt here.

A sentence is chosen by the facts at hand: the first of a code's sentences whose facts are all known is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from string import Formatter

from vending_app.domain.energy import Energy
from vending_app.domain.errors import Fact, OutcomeUnknown, VendingError
from vending_app.domain.people import Role
from vending_app.domain.sale import TenderKind
from vending_app.domain.tariff import TariffField
from vending_app.domain.verdict import Verdict
from vending_app.ui.phrases import clock, full_day
from vending_app.ui.tariffs.tariff_words import FIELDS
from vending_app.ui.trouble_words import TROUBLE


@dataclass(frozen=True, slots=True)
class Trouble:
    """A trouble for people: what happened, what to do, and the code for the phone."""

    sentence: str
    remedy: str
    short: str


@dataclass(frozen=True, slots=True)
class VerdictWords:
    """A verdict for people. `sentences` are tried in order; `button` may be empty; `tone` is a colour's name."""

    title: str
    sentences: tuple[str, ...]
    button: str
    tone: str
    icon: str
    key: str = ""
    brief: tuple[str, ...] = ()
    """The same in fewer words, for a narrow window."""


NOTHING_LOST = "Nothing is lost."

VERDICTS: dict[Verdict, VerdictWords] = {
    Verdict.READY: VerdictWords(
        "Ready to sell",
        (
            "The card is this supply’s current card. The meter wrote back {wrote_back}; {taken}.",
            "The card is this supply’s current card. {never}.",
            "The card is this supply’s current card.",
        ),
        "",
        "ok",
        "check-circle-fill",
        brief=("This supply’s current card. The meter wrote back {wrote_back}.", "This supply’s current card."),
    ),
    Verdict.FINISH_SALE: VerdictWords(
        "Finish interrupted sale",
        (
            "{amount} of {sold_at} is reserved for this card; nothing is charged twice.",
            "A sale of this card was interrupted. It is saved; nothing is charged twice.",
        ),
        "Finish sale",
        "warn",
        "clock-counter-clockwise",
        "F12",
        brief=("It is saved; nothing is charged twice.",),
    ),
    Verdict.BLANK: VerdictWords(
        "Blank card",
        ("Nothing is written on it. {who} issues it.", "Nothing is written on it."),
        "Issue card",
        "accent",
        "sparkle",
    ),
    Verdict.NOT_OURS: VerdictWords(
        "Not our card", ("Of another utility or another use. Nothing was written.",), "Show details", "bad", "prohibit"
    ),
    Verdict.UNREADABLE: VerdictWords(
        "Unreadable", ("Wipe the contacts, put the card in again.",), "Read again", "bad", "warning-circle-fill", "F5"
    ),
    Verdict.UNKNOWN_CARD: VerdictWords(
        "Unknown card",
        ("Card {card} is ours, but it is not in these books.", "The card is ours, but it is not in these books."),
        "Show details",
        "bad",
        "prohibit",
    ),
    Verdict.NOT_A_CUSTOMER_CARD: VerdictWords(
        "Not a customer card",
        (
            "This is {tool}. A technician or supervisor reads it in under Tools.",
            "It is a {kind} card without a whole mandate. Nothing is sold to it.",
            "It is a tool card. Nothing is sold to it.",
        ),
        "Show details",
        "bad",
        "prohibit",
    ),
    Verdict.LOCKED: VerdictWords(
        "Locked card",
        ("Its chip takes no more codes. The credit stays with the supply; a technician issues another card.",),
        "Show details",
        "bad",
        "prohibit",
    ),
    Verdict.TRIES_UNTOLD: VerdictWords(
        "Not at this reader",
        ("It does not tell how many tries the card has left for its code. Put it into a reader that tells (an ACS).",),
        "Show details",
        "warn",
        "warning-circle-fill",
        brief=("It does not tell the card’s tries. Put it into a reader that tells.",),
    ),
    Verdict.REPLACED: VerdictWords(
        "Card was replaced",
        ("Dead now. Ask for the card {replaced_by}.", "Dead now. Ask for the newer card."),
        "Open supply",
        "bad",
        "identification-card",
    ),
    Verdict.WRONG_SUPPLY: VerdictWords(
        "Wrong supply",
        ("Open is {opened}; the card is {owner_possessive}.", "The card belongs to another supply than the open one."),
        "Go to {owner}",
        "warn",
        "swap",
    ),
    Verdict.SUPPLY_CLOSED: VerdictWords(
        "Supply closed",
        ("Closed since {closed_on}. Nothing is sold to it.", "It is not open. Nothing is sold to it."),
        "History",
        "bad",
        "lock-simple",
        "F6",
    ),
    Verdict.SUPPLY_ENDED: VerdictWords(
        "Supply ended",
        ("Temporary until {ends_on}. Nothing is sold to it.", "It was temporary. Nothing is sold to it."),
        "History",
        "bad",
        "lock-simple",
        "F6",
    ),
    Verdict.KEYS_MISSING: VerdictWords(
        "Keys missing",
        ("The card was made under keys that this desk does not hold. Ask for the office’s newest key file.",),
        "Show details",
        "bad",
        "key",
        brief=("Made under keys that this desk does not hold.",),
    ),
    Verdict.MAC_WRONG: VerdictWords(
        "Order not ours",
        ("An order on this card was not made by this office. Ask for the supervisor.",),
        "Show details",
        "bad",
        "warning-circle-fill",
        brief=("An order on it is not ours. Ask for the supervisor.",),
    ),
    Verdict.ORDER_LOST: VerdictWords(
        "Ready to sell",
        ("The last order is missing on the card. This sale writes it whole again; nothing is lost.",),
        "",
        "warn",
        "clock-counter-clockwise",
        brief=("The last order is missing; this sale writes it again.",),
    ),
    Verdict.ORDER_BEHIND: VerdictWords(
        "Ready to sell",
        ("The card carries an older order. This sale puts it right; nothing is lost.",),
        "",
        "warn",
        "clock-counter-clockwise",
        brief=("It carries an older order; this sale puts it right.",),
    ),
    Verdict.CARD_AHEAD: VerdictWords(
        "Card is ahead",
        ("It carries an order that these books do not know. Ask for the supervisor.",),
        "Show details",
        "bad",
        "warning-circle-fill",
        brief=("Its order is not in these books. Ask for the supervisor.",),
    ),
}

HEALTH: dict[str, tuple[str, str]] = {
    "reader": ("Reader ready", "No reader"),
    "printer": ("Printer ready", "Printer not ready"),
    "ledger": ("Ledger in order", "Ledger needs help"),
    "backup": ("Backed up", "No backup yet"),
    "keys": ("Keys in order", "Wrong key file"),
    "fonts": ("Fonts ready", "Fonts missing"),
    "disk": ("Disk has room", "Disk nearly full"),
    "clock": ("Clock right", "Clock looks wrong"),
}
"""By the name of a Health: when all is well, and when it is not."""

ROLES: dict[Role, str] = {
    Role.CASHIER: "Cashier",
    Role.SUPERVISOR: "Supervisor",
    Role.TECHNICIAN: "Technician",
    Role.ADMINISTRATOR: "Administrator",
}
TENDERS: dict[TenderKind, str] = {
    TenderKind.CASH: "Cash",
    TenderKind.BANK_CARD: "Bank card",
    TenderKind.MOBILE: "Mobile",
    TenderKind.CHEQUE: "Cheque",
}
SHORT_TENDERS: dict[TenderKind, str] = {**TENDERS, TenderKind.BANK_CARD: "Card"}


def trouble(error: VendingError) -> Trouble:
    """What to tell a person about an error."""
    sentences, remedy, short = TROUBLE[error.code]
    if isinstance(error, OutcomeUnknown) and NOTHING_LOST not in remedy:
        remedy = f"{remedy} {NOTHING_LOST}"
    return Trouble(choose(sentences, error.facts), remedy, short)


def verdict_line(verdict: Verdict) -> str:
    """A verdict in one line of text, for the command line."""
    words = VERDICTS[verdict]
    return f"{words.title}: {choose(words.sentences, {})}"


def choose(sentences: tuple[str, ...], facts: Mapping[str, Fact]) -> str:
    """The first sentence whose facts are all known, filled in."""
    known = {name: said(value) for name, value in facts.items() if value is not None}
    for sentence in sentences:
        if _fields(sentence) <= known.keys():
            return sentence.format_map(known)
    raise KeyError(f"no sentence fits: {sentences[-1]!r}")


def said(value: Fact) -> str:
    """A fact as people read it: dates in words, amounts with their unit."""
    if isinstance(value, Energy):
        return f"{value} kWh"
    if isinstance(value, datetime):
        return f"{full_day(value)} at {clock(value)}"
    if isinstance(value, date):
        return f"{value.day} {value:%b %Y}"
    if isinstance(value, TariffField):
        return FIELDS[value]
    return str(value)


def _fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}
