"""The words of tool cards, for the screen and for the command line. No Qt here."""

from __future__ import annotations

from datetime import date

from vending_app.domain.card import CardImage, CardKind, MeterStatus
from vending_app.domain.field_reading import FieldOutcome, FieldReading
from vending_app.domain.ids import spaced
from vending_app.domain.tool_card import Limits, Mandate, RecordPlace, ToolCard, ToolContent, ToolState
from vending_app.services.tool_cases import ToolRead
from vending_app.ui.phrases import counted, day_and_month

PURPOSES = {
    CardKind.CHECK: ("Check card", "clipboard-text"),
    CardKind.PARAMETER: ("Parameter card", "sliders-horizontal"),
    CardKind.CLEAR: ("Clear card", "eraser"),
    CardKind.KEY: ("Key card", "key"),
}
"""Word and icon."""
STATES = {
    ToolState.UNFINISHED: ("unfinished", "warning-fill", "warn"),
    ToolState.OUT: ("out", "arrow-square-out", "accent"),
    ToolState.EXPIRED: ("expired", "warning-fill", "warn"),
    ToolState.READ: ("read in", "check-circle-fill", "ok"),
    ToolState.ANEW: ("issued anew", "", "muted"),
}
"""Word, icon and tone."""
OUTCOMES = {
    FieldOutcome.COUNTED: ("counted", "check-circle-fill", "ok"),
    FieldOutcome.OLDER: ("known since", "clock-counter-clockwise", "muted"),
    FieldOutcome.CLEARED: ("was cleared", "eraser", "warn"),
    FieldOutcome.NO_SUPPLY: ("no supply", "question", "warn"),
}
_FLAGS = {
    MeterStatus.COVER_OPEN: "cover open",
    MeterStatus.OVERLOAD_TRIPPED: "overload",
    MeterStatus.LOW_CREDIT_TRIPPED: "low credit",
    MeterStatus.AT_ZERO: "nothing left",
    MeterStatus.RELAY_OPEN: "off",
    MeterStatus.LOW_CREDIT: "alarm",
}
"""The gravest first; one is enough for a cell of a table."""


def purpose(kind: CardKind) -> str:
    return PURPOSES[kind][0]


def named_by(mandate: Mandate) -> str:
    """`N-3`, `0000 1234 5678`."""
    return spaced(mandate.meter) if mandate.meter else mandate.area


def bound_to(mandate: Mandate) -> str:
    """`area N-3`, `meter 0000 1234 5678`."""
    return f"{'meter' if mandate.meter else 'area'} {named_by(mandate)}"


def flag_of(reading: FieldReading) -> str:
    """What the meter's flags say, in two words."""
    status = reading.write_back.status
    return next((words for flag, words in _FLAGS.items() if status & flag), "")


def what_lies_there(image: CardImage) -> str | None:
    """`check card of area N-3`, for a tool card whose mandate is proved."""
    if image.header is None or image.tool is None or image.tool.mandate is None:
        return None
    mandate = image.tool.mandate
    return f"{purpose(image.header.kind).lower()} {mandate.number} of {bound_to(mandate)}"


def tool_facts(tool: ToolContent) -> list[tuple[str, str]]:
    """What stands on a tool card behind its header, for the page of a card's details."""
    if tool.mandate is None:
        return [("Mandate", tool.state.value.replace("-", " "))]
    mandate = tool.mandate
    facts = [
        ("Mandate", f"{mandate.number}, {bound_to(mandate)}"),
        ("Carrier", f"number {mandate.carrier}"),
        ("Last day", day_and_month(mandate.expires_on)),
    ]
    if tool.limits is not None:
        facts.append(("Limits", limits_words(tool.limits)))
    return facts + [(f"Record {at}", _record_text(place)) for at, place in enumerate(tool.places, 1)]


def _record_text(place: RecordPlace) -> str:
    if place.record is None:
        return place.state.value.replace("-", " ")
    return f"meter {spaced(place.record.meter)}, {place.record.remaining} kWh left"


def limits_words(limits: Limits) -> str:
    """`6.00 kW, alarm 20.00 and 5.00, overdraft 0.00, hoarding 5 000.00 kWh`."""
    power = f"{limits.overload_w // 10 / 100:.2f} kW" if limits.overload_w else "no power limit"
    return (
        f"{power}, alarm {limits.alarm_1} and {limits.alarm_2}, overdraft {limits.overdraft},"
        f" hoarding {limits.hoarding} kWh"
    )


def card_line(card: ToolCard, *, today: date | None = None) -> str:
    """One card in one line of text."""
    draft = card.draft
    day = day_and_month(draft.mandate.expires_on)
    state = f" ({STATES[card.state(today)][0]})" if today else ""
    bound = bound_to(draft.mandate)
    return f"{purpose(draft.kind)} {card.number} of {bound}, carried by {card.carrier_name} until {day}{state}."


def read_line(read: ToolRead) -> str:
    """What came of reading a card in."""
    name = f"{purpose(read.card.draft.kind)} {read.card.number}"
    if read.was_finished:
        return f"{name} was not finished. It is now, and may go out."
    if not read.fresh:
        known = counted(len(read.readings), "reading is", "readings are")
        return f"Nothing new on {name.lower()}: {known} in the books." if read.readings else f"{name} comes back empty."
    strangers = sum(reading.outcome is FieldOutcome.NO_SUPPLY for reading in read.fresh)
    words = f"{counted(len(read.fresh), 'meter', 'meters')} read in from {name.lower()}"
    if read.stocked:
        return f"{words}. Meter {spaced(read.stocked)} is in stock again."
    return f"{words}; {strangers} of no supply." if strangers else f"{words}."
