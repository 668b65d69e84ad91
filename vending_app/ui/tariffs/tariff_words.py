"""What is said of tariffs: their parts, what becomes another, and what a household pays. No Qt here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code
from vending_app.domain.ids import OperatorName
from vending_app.domain.money import Money, grouped
from vending_app.domain.tariff import Levy, LineKind, Rounding, Step, Tariff, TariffField, Tax
from vending_app.domain.tariff_entry import TariffLife, TariffVersion
from vending_app.domain.tariff_preview import TOLD, Pays, PreviewLine, TariffChange, Value, changes
from vending_app.ui.phrases import counted, day_and_year, long_day, percent

FIELDS: dict[TariffField, str] = {
    TariffField.CODE: "Code",
    TariffField.NAME: "Name",
    TariffField.VALID_FROM: "Valid from",
    TariffField.STEPS: "Steps",
    TariffField.STEP_END: "End of step",
    TariffField.STEP_PRICE: "Price of step",
    TariffField.FIXED: "Fixed charge",
    TariffField.LEVIES: "Levies",
    TariffField.LEVY_NAME: "Name of levy",
    TariffField.LEVY_PRICE: "Price of levy",
    TariffField.TAXES: "Taxes",
    TariffField.TAX_NAME: "Name of tax",
    TariffField.TAX_RATE: "Rate of tax",
    TariffField.TAX_ON: "What the tax is on",
    TariffField.MINIMUM: "Smallest sale",
    TariffField.MAXIMUM: "Largest sale",
    TariffField.ROUNDING: "Rounding",
    TariffField.CARD_FEE: "Replaced card",
    TariffField.CONNECTION_FEE: "First card",
}
ROUNDINGS = {Rounding.NEAREST: "to the nearest", Rounding.DOWN: "down", Rounding.UP: "up"}
TAXED = {LineKind.FIXED: "Fixed charge", LineKind.STEP: "Energy", LineKind.LEVY: "Levies"}
"""On what a tax may be, in the order of the page."""
STAYS = "Until its day two people may withdraw it; then it stays for ever, and other prices begin on another day."
TAKEN = "A tariff has this code already; its prices are changed by New prices."
_ROWS = {TariffField.STEPS: "Step", TariffField.LEVIES: "Levy", TariffField.TAXES: "Tax"}
NONE = "–"


def said_place(field: TariffField, row: int) -> str:
    """`Price of step 2`; `row` counts from 0."""
    is_row = field.value.startswith(("step-", "levy-", "tax-"))
    return f"{FIELDS[field]} {row + 1}" if is_row else FIELDS[field]


# --- parts -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Part:
    """One line: what it is, what it was, what it is then."""

    label: str
    before: str
    after: str
    is_changed: bool


def said_part(change: TariffChange) -> Part:
    """A part beside what it was."""
    label = f"{_ROWS[change.field]} {change.row}" if change.row else FIELDS[change.field]
    return Part(label, said_value(change.before), said_value(change.after), change.before != change.after)


def said_value(value: Value | None) -> str:
    """`to 60 kWh at 0.1050`, `VAT 8 %: fixed charge, energy`, `1.80`."""
    match value:
        case None:
            return NONE
        case Step():
            return f"to {kwh(value.up_to)} at {value.price}" if value.up_to else f"beyond, at {value.price}"
        case Levy():
            return f"{value.name} {value.price} per kWh"
        case Tax():
            on = ", ".join(words.lower() for kind, words in TAXED.items() if kind in value.applies_to)
            return f"{value.name} {percent(value.rate_basis_points)}: {on}"
        case Rounding():
            return ROUNDINGS[value]
    return str(value)


def kwh(energy: Energy) -> str:
    """`300 kWh`, `60.50 kWh`."""
    return f"{str(energy).removesuffix('.00')} kWh"


# --- what a household pays -------------------------------------------------------------------------------


def said_pays(pays: Pays | None) -> str:
    """A sum, or in a few words why there is none."""
    if pays is None:
        return NONE
    if pays.total is not None:
        return str(pays.total)
    if pays.refused is Code.AMOUNT_OVER_MAXIMUM:
        return f"over {pays.limit}"
    return f"under {pays.limit}" if pays.refused is Code.AMOUNT_BELOW_MINIMUM else NONE


def said_more(more: Money | None) -> str:
    """`+2.70`, `−0.40`, `0.00`."""
    return NONE if more is None else f"+{more}" if more.minor > 0 else str(more)


def said_rate(basis_points: int | None) -> str:
    """`+5.2 %`, to the tenth: nobody compares households by more."""
    if basis_points is None:
        return NONE
    tenths = (abs(basis_points) + 5) // 10
    sign = "" if not tenths else "+" if basis_points > 0 else "−"
    return f"{sign}{grouped(tenths, digits=1)} %"


def said_household(line: PreviewLine, valid_from: date) -> str:
    """`A household buying 300 kWh pays 52.40 now and 55.10 from 1 January 2027.`"""
    who, then = f"A household buying {kwh(line.energy)}", f"from {long_day(valid_from)}"
    now_total = line.now.total if line.now else None
    if line.then.total is None:
        return f"{who} {then}: {_why_not(line.then)}."
    if now_total is None:
        before = f" Now: {_why_not(line.now)}." if line.now else ""
        return f"{who} pays {line.then.total} {then}.{before}"
    if now_total == line.then.total:
        return f"{who} pays {now_total} now and the same {then}."
    return f"{who} pays {now_total} now and {line.then.total} {then}."


def said_versions(now: Tariff | None, follows: Tariff | None) -> str:
    """Whose prices now are, and which come before the new ones: `now since 1 Jul 2025, next 1 Dec 2026`."""
    parts = [f"now since {day_and_year(now.valid_from)}"] if now else []
    if follows is not None and follows != now:
        parts.append(f"next {day_and_year(follows.valid_from)}")
    return ", ".join(parts)


def said_beside(follows: Tariff | None, today: date) -> str:
    """What the parts of new prices are held against: `beside those from 1 Dec 2026, to come`."""
    if follows is None:
        return ""
    day = day_and_year(follows.valid_from)
    return f"beside those since {day}" if follows.valid_from <= today else f"beside those from {day}, {COMING}"


def _why_not(pays: Pays) -> str:
    if pays.refused is Code.AMOUNT_OVER_MAXIMUM:
        return f"more than the largest sale, {pays.limit}"
    if pays.refused is Code.AMOUNT_BELOW_MINIMUM:
        return f"less than the smallest sale, {pays.limit}"
    return "cannot be bought in one sale"


# --- versions --------------------------------------------------------------------------------------------

COMING, IN_FORCE, PAST = "to come", "in force", "past, never changed"


def said_standing(life: TariffLife, version: TariffVersion, today: date) -> str:
    """Where a version stands on that day."""
    if version.tariff.valid_from > today:
        return COMING
    return IN_FORCE if version is life.on(today) else PAST


def said_next(life: TariffLife, today: date) -> str:
    """When other prices come; nothing if none are entered."""
    coming = life.after(today)
    return day_and_year(coming.tariff.valid_from) if coming else ""


def signed(version: TariffVersion, names: Mapping[OperatorName, str]) -> str:
    """`Entered by Daniel Weiss, approved by Irene Sato, 14 Nov 2025.`"""
    on = day_and_year(version.entered_at.astimezone().date())
    if version.operator is None:
        return f"Entered when the office was made, {on}."
    by = names.get(version.operator, version.operator)
    approved = f", approved by {names.get(version.approver, version.approver)}" if version.approver else ""
    return f"Entered by {by}{approved}, {on}."


def said_withdrawal(code: str, version: TariffVersion, before: TariffVersion | None) -> str:
    """In one sentence what somebody approves."""
    on = long_day(version.tariff.valid_from)
    if before is None:
        return f"Tariff {code} from {on} is withdrawn: nothing is sold by it."
    since = day_and_year(before.tariff.valid_from)
    return f"The prices of tariff {code} from {on} are withdrawn: those since {since} go on."


def said_deed(tariff: Tariff, follows: Tariff | None, told: PreviewLine, today: date) -> str:
    """In one sentence what somebody approves."""
    assert told.energy == TOLD, "everybody hears of the same household"
    what = "a new tariff"
    if follows is not None:
        what = f"{counted(len(changes(follows, tariff)), 'change', 'changes')} {said_beside(follows, today)}"
    return f"Tariff {tariff.code} from {long_day(tariff.valid_from)}: {what}. {said_household(told, tariff.valid_from)}"
