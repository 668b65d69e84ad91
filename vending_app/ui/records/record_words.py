"""The words of records: columns, facts, states, and what a change changed. No Qt here."""

from __future__ import annotations

import json

from vending_app.domain.ids import masked, spaced
from vending_app.domain.record_lines import (
    MOST_COUNTED,
    AreaLine,
    CardLine,
    CardStanding,
    CustomerLine,
    MeterLine,
    RecordKind,
    RecordLine,
)
from vending_app.domain.records import MeterState, RecordChange, RecordVerb
from vending_app.services.record_cases import RecordShown
from vending_app.ui.phrases import counted, full_day
from vending_app.ui.records.told import Told

Tag = tuple[str, str, str]
"""Word, icon and tone."""

HINTS = {
    RecordKind.CUSTOMER: "Part of a name, number, address, phone, meter or card",
    RecordKind.METER: "Part of a number, make, model or customer",
    RecordKind.CARD: "Figures of a card, or part of its customer or supply",
    RecordKind.AREA: "Part of a code, name or transformer",
}
MANY = {
    RecordKind.CUSTOMER: ("customer", "customers"),
    RecordKind.METER: ("meter", "meters"),
    RecordKind.CARD: ("card", "cards"),
    RecordKind.AREA: ("area", "areas"),
}
EMPTY = {
    RecordKind.CUSTOMER: ("users", "Nobody found", "Type less, or another part of the name."),
    RecordKind.METER: ("gauge", "No meter found", "Type less, or enter a meter into stock."),
    RecordKind.CARD: ("identification-card", "No card found", "Cards are issued on page Cards."),
    RecordKind.AREA: ("map-pin", "No area found", "Areas are entered here with their transformer."),
}
METERS: dict[MeterState, Tag] = {
    MeterState.STOCK: ("In stock", "gauge", "accent"),
    MeterState.INSTALLED: ("Installed", "check-circle-fill", "ok"),
    MeterState.REMOVED: ("Removed", "warning-fill", "warn"),
}
CARDS: dict[CardStanding, Tag] = {
    CardStanding.ISSUING: ("Being issued", "clock-counter-clockwise", "warn"),
    CardStanding.ACTIVE: ("Active", "check-circle-fill", "ok"),
    CardStanding.REPLACED: ("Replaced", "swap", "muted"),
    CardStanding.LOST: ("Lost", "prohibit", "muted"),
    CardStanding.STOLEN: ("Stolen", "prohibit", "muted"),
    CardStanding.BROKEN: ("Broken", "prohibit", "muted"),
    CardStanding.RETIRED: ("Retired", "lock-simple", "muted"),
}


def kind_of(meter: MeterLine) -> str:
    """`Reference RM-2`."""
    return f"{meter.meter.make} {meter.meter.model}".strip()


def supplies_counted(line: AreaLine) -> str:
    """`37`, `1000+` where a list stops counting."""
    return f"{line.supplies}+" if line.supplies == MOST_COUNTED else str(line.supplies)


def title_of(line: RecordLine) -> str:
    match line:
        case CustomerLine():
            return line.customer.name
        case MeterLine():
            return f"Meter {spaced(line.meter.number)}"
        case CardLine():
            return f"Card {masked(line.number)}"
    return line.area.name


def tag_of(line: RecordLine) -> Tag | None:
    """The state of what has one."""
    match line:
        case MeterLine():
            return METERS[line.state]
        case CardLine():
            return CARDS[line.standing]
    return None


def facts_of(line: RecordLine) -> tuple[tuple[str, str], ...]:
    """The whole record, label and value; what is not known is a dash."""
    match line:
        case CustomerLine():
            return _of_customer(line)
        case MeterLine():
            return _of_meter(line)
        case CardLine():
            return _of_card(line)
    area = line.area
    return _said(
        ("Code", area.code), ("Transformer", area.transformer), ("Supplies", supplies_counted(line)),
    )  # fmt: skip


def _of_customer(line: CustomerLine) -> tuple[tuple[str, str], ...]:
    of = line.customer
    has = spaced(line.supply) if line.supply else "none"
    more = f"{has} and {line.supplies - 1} more" if line.supplies > 1 else has
    return _said(
        ("Number", of.number), ("Address", of.address), ("Phone", of.phone), ("Identity", of.identity),
        ("Notes", of.notes), ("Supply", more),
    )  # fmt: skip


def _of_meter(line: MeterLine) -> tuple[tuple[str, str], ...]:
    of = line.meter
    hangs = line.state is MeterState.INSTALLED
    phases = "single phase" if of.phases == 1 else "three phases"
    return _said(
        ("Make and model", kind_of(line)),
        ("Constant", f"{of.constant_imp_per_kwh} imp/kWh"),
        ("Connection", phases),
        ("CT and PT ratio", f"{of.ct_ratio} and {of.pt_ratio}"),
        ("Begins at", f"{of.initial_reading} kWh"),
        ("At supply" if hangs or not line.supply else "Last at supply", spaced(line.supply) if line.supply else ""),
        ("Customer", line.customer),
    )


def _of_card(line: CardLine) -> tuple[tuple[str, str], ...]:
    return _said(
        ("Customer", line.customer), ("Supply", spaced(line.supply)), ("Generation", str(line.generation)),
        ("Since", full_day(line.since)), ("Until", full_day(line.until) if line.until else ""),
    )  # fmt: skip


def _said(*facts: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((label, value or "–") for label, value in facts)


# --- history ---------------------------------------------------------------------------------------------


_FIELDS = {
    "name": "Name",
    "address": "Address",
    "phone": "Phone",
    "identity": "Identity",
    "notes": "Notes",
    "transformer": "Transformer",
    "model": "Model",
    "make": "Make",
    "constant_imp_per_kwh": "Constant",
    "phases": "Phases",
    "ct_ratio": "CT ratio",
    "pt_ratio": "PT ratio",
    "initial_reading_wh": "Begins at",
    "state": "State",
}


def history_of(shown: RecordShown) -> tuple[Told, ...]:
    """Newest first: changes with what stood before; of a card, when it came and how it ended."""
    if isinstance(shown.line, CardLine):
        return _history_of_card(shown.line)
    return tuple(map(_told, shown.changes))


def _told(change: RecordChange) -> Told:
    changed = [] if change.verb is RecordVerb.ENTER else changed_fields(change.before, change.after)
    title = "Entered" if change.verb is RecordVerb.ENTER else ", ".join(map(_in_title, changed)) or "Changed"
    detail = "; ".join(f"{label}: {before or '–'} → {after or '–'}" for label, before, after in changed)
    return Told(change.at, title, detail, change.reason, change.operator)


def _in_title(changed: tuple[str, str, str]) -> str:
    """What changed; of a meter's state what it came to."""
    label, _, after = changed
    return METERS[MeterState(after)][0] if label == _FIELDS["state"] else label


def changed_fields(before: str, after: str) -> list[tuple[str, str, str]]:
    """Label, before and after of every field that is another one now."""
    was, now = json.loads(before or "{}"), json.loads(after or "{}")
    return [
        (label, _value(name, was.get(name)), _value(name, now.get(name)))
        for name, label in _FIELDS.items()
        if was.get(name) != now.get(name)
    ]


def _value(name: str, value: object) -> str:
    if name == "initial_reading_wh" and isinstance(value, int):
        return f"{value // 1000}.{value % 1000 // 10:02d} kWh"
    return "" if value is None else str(value)


def _history_of_card(line: CardLine) -> tuple[Told, ...]:
    issued = Told(line.since, "Issued", f"to {line.customer}, generation {line.generation}", "", "")
    if line.until is None:
        return (issued,)
    return (
        Told(line.until, CARDS[line.standing][0], "Another one serves the supply, or it was closed.", "", ""),
        issued,
    )


def how_many(kind: RecordKind, number: int, *, has_more: bool) -> str:
    if has_more:
        return f"the first {number}; type more to find the others"
    return counted(number, *MANY[kind])
