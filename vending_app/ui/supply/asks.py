"""What a technician is asked for each procedure on a supply, step by step; a summary stands before every effect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import MeterNo, SupplyNo, masked, spaced
from vending_app.domain.money import ZERO
from vending_app.domain.people import SupplyState
from vending_app.domain.records import FinalReading, ReadingHow, Terms
from vending_app.services import supply_cases as ask
from vending_app.services.supply_cases import LifeShown
from vending_app.ui.books.ask import Ask, Deed, Fact, Filled
from vending_app.ui.components.choice_list import Option
from vending_app.ui.supply.customer_asks import ask_customer
from vending_app.ui.supply.slip_asks import ask_slip


def as_day(text: str) -> date | None:
    """`2026-11-30` or `30.11.2026`; None where nothing was typed. Raises OperatorError period-not-a-date."""
    if not text:
        return None
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            continue
    raise OperatorError(Code.PERIOD_NOT_A_DATE, period=text)


# --- another meter, the end ------------------------------------------------------------------------------


def ask_reading(shown: LifeShown, *, title: str) -> Ask:
    """How the last registers are known."""
    supply, last = shown.supply, shown.write_back
    known = f"used {last.used_total}, left {last.remaining} kWh" if last else "no write-back was ever read"
    options = (
        Option(ReadingHow.CARD.value, "From the card", "identification-card", known),
        Option(ReadingHow.HAND.value, "From the display", "gauge", "typed from what the meter shows"),
        Option(ReadingHow.ESTIMATE.value, "Estimated", "question", "the meter shows nothing; a supervisor approves"),
    )

    def make(filled: Filled) -> Deed | Ask:
        how = ReadingHow(filled.choice)
        if how is ReadingHow.CARD:
            return Deed(ask.ShowLeft(supply.number), "")
        return ask_registers(supply.number, how, title=title)

    return Ask(
        title=title,
        button="Next",
        make=make,
        sentence="The last registers of the meter come first. Surest: its card once more in it, then in the reader.",
        choices=options,
        choice="How they are known",
    )


def ask_registers(supply: SupplyNo, how: ReadingHow, *, title: str) -> Ask:
    """The two registers that matter; what is left may be below zero, which no figure field takes."""

    def make(filled: Filled) -> Deed:
        reading = FinalReading(how, Energy(filled.amount.minor * 10), Energy.parse(filled.reference))
        return Deed(ask.ShowLeft(supply, reading), "")

    is_guess = how is ReadingHow.ESTIMATE
    return Ask(
        title=title,
        button="Next",
        make=make,
        sentence="What the meter is taken to have shown." if is_guess else "As the display shows them.",
        amount="Used in all, kWh",
        reference="Left, kWh; -2.50 if below zero",
    )


def ask_meter(left: ask.Left) -> Ask:
    """The summary of a meter change, and the meter that takes over."""
    reading = _told_reading(left)

    def make(filled: Filled) -> Deed:
        meter = MeterNo(filled.choice)
        request = ask.ChangeMeter(left.supply.number, meter, filled.reason, reading)
        sentence = (
            f"Meter {spaced(left.supply.meter.number)} of {left.supply.customer.name} is taken to have shown"
            f" {left.reading.remaining} kWh left; {spaced(meter)} takes over."
        )
        return Deed(request, sentence)

    carried = max(left.energy, Energy(0))
    facts: tuple[Fact, ...] = (
        ("Used in all, kWh", str(left.reading.used_total), ""),
        ("Left, kWh", str(left.reading.remaining), ""),
        ("Carried over, kWh", str(carried), "accent"),
    )
    return Ask(
        title="Change meter",
        button="Change meter",
        icon="swap",
        make=make,
        sentence="The old meter comes off the wall, and this supply ends. A new one takes over credit, arrears and"
        " customer; its card is issued next.",
        facts=facts,
        choices=tuple(Option(each.number, spaced(each.number), "gauge", each.model) for each in left.stock),
        choice="Meter from stock",
        reason="Reason",
    )


METER_STAYS = "stays"
METER_OFF = (
    Option(METER_STAYS, "still takes cards", "warning-circle"),
    Option("off", "was taken down or disconnected", "lock-simple"),
)
"""What keeps a card that is not here from giving what goes back now; nobody confirms it by pressing Enter once more."""


def _on_card(left: ask.Left) -> tuple[Fact, ...]:
    """What an order takes off the card, or a meter that is off keeps on it."""
    if left.left.on_card <= Energy(0) or left.supply.card is None:
        return ()
    words = "of it on a card that is not here" if left.is_loose else "of it taken off the card"
    return ((words, str(left.left.on_card), "warn" if left.is_loose else ""),)


def ask_close(left: ask.Left) -> Ask:
    """The summary of a settlement."""
    reading = _told_reading(left)
    kept = max(min(left.price, left.arrears), ZERO)
    due = left.price - kept

    def make(filled: Filled) -> Deed:
        if filled.choice == METER_STAYS:
            raise OperatorError(Code.CARD_STILL_GOOD, energy=left.left.on_card)
        request = ask.CloseSupply(left.supply.number, filled.reason, reading, left.price, is_meter_off=left.is_loose)
        who = f"Supply {spaced(left.supply.number)} of {left.supply.customer.name}"
        off = f" Its meter is off; {left.left.on_card} kWh are on a card that is not here." if left.is_loose else ""
        return Deed(request, f"{who} is closed; {due} is due.{off}")

    facts: tuple[Fact, ...] = (
        ("Left, kWh", str(left.energy), ""),
        *_on_card(left),
        ("Worth", str(left.price), ""),
        *_for_others(left),
        *((("Kept for arrears", str(kept), "warn"),) if kept > ZERO else ()),
        ("Due to the customer" if due >= ZERO else "Owed by the customer", str(due if due >= ZERO else -due), "accent"),
    )
    return Ask(
        title="Close supply",
        button="Close supply",
        icon="lock-simple",
        make=make,
        sentence="For ever. What is due is paid out at a till.",
        facts=facts,
        choices=METER_OFF if left.is_loose else (),
        choice="The card is not here. The meter",
        reason="Reason",
    )


def ask_write_off(shown: LifeShown) -> Ask:
    """A card that left before it was emptied, and will not come back."""
    assert shown.waiting is not None, "offered only while a card is waited for"
    supply, energy = shown.supply, -shown.waiting.intent.carried

    def make(filled: Filled) -> Deed:
        if filled.choice == METER_STAYS:
            raise OperatorError(Code.CARD_STILL_GOOD, energy=energy)
        request = ask.WriteOffCard(supply.number, filled.reason, is_meter_off=True)
        who = f"supply {spaced(supply.number)} of {supply.customer.name}"
        return Deed(request, f"The card of {who} is waited for no longer. Its meter is off; {energy} kWh are on it.")

    return Ask(
        title="Write the card off",
        button="Write it off",
        icon="prohibit",
        make=make,
        sentence="It left before it was emptied. If it turns up after all, it is a card of a closed supply.",
        facts=(("Card", masked(supply.card or ""), ""), ("Still on it, kWh", str(energy), "warn")),
        choices=METER_OFF,
        choice="The card is not here. The meter",
        reason="Reason",
    )


def _for_others(left: ask.Left) -> tuple[Fact, ...]:
    """What the office only collected of the price, in one line: the slip names each."""
    lines = left.worth.for_others
    if not lines:
        return ()
    label = f"of it {lines[0].name}" if len(lines) == 1 else "of it taxes and levies"
    return ((label, str(sum((line.amount for line in lines), ZERO)), "muted"),)


def _told_reading(left: ask.Left) -> FinalReading | None:
    """What was read from the card is read from the books again."""
    return None if left.reading.how is ReadingHow.CARD else left.reading


# --- terms -----------------------------------------------------------------------------------------------

LIMITS = (
    ("overload_w", "Overload limit, kW"),
    ("alarm_1", "Alarm level, kWh"),
    ("alarm_2", "Trip level, kWh"),
    ("overdraft", "Overdraft, kWh"),
    ("hoarding", "Hoarding limit, kWh; 0 for none"),
)


def ask_parameters(shown: LifeShown) -> Ask:
    """One limit at a time; it travels with the next order."""
    limits = shown.terms.parameters

    def make(filled: Filled) -> Deed:
        value: int | Energy = filled.amount.minor * 10
        if filled.choice != "overload_w":
            value = Energy(filled.amount.minor * 10)
        fresh = replace(shown.terms, parameters=replace(limits, **{filled.choice: value}))  # type: ignore[arg-type]
        return Deed(ask.ChangeTerms(shown.supply.number, fresh, filled.reason, before=shown.terms), "")

    return Ask(
        title="Parameters",
        button="Keep",
        icon="sliders-horizontal",
        make=make,
        sentence="The meter is told with the next order that is sold or issued.",
        choices=tuple(Option(name, words, "", _limit(limits, name)) for name, words in LIMITS),
        choice="Which limit",
        amount="From now on",
        reason="Reason",
    )


def _limit(limits: object, name: str) -> str:
    value = getattr(limits, name)
    if isinstance(value, Energy):
        return f"{value} kWh"
    return f"{value // 1000}.{value % 1000 // 10:02d} kW"


def ask_more(shown: LifeShown) -> Ask:
    """Everything that is seldom done."""
    supply = shown.supply
    is_open = supply.state is SupplyState.OPEN
    steps: dict[str, tuple[str, Callable[[], Ask]]] = {
        "note": ("Write a note", lambda: ask_note(shown)),
        "customer": ("Another customer", lambda: ask_customer(shown)),
        "tariff": (f"Another tariff than {supply.tariff}", lambda: ask_tariff(shown)),
        "area": (f"Area {supply.area or '–'}", lambda: ask_area(shown)),
        "ends": (f"Ends on {supply.ends_on or 'no day'}", lambda: ask_end(shown)),
        "share": (f"Arrears share {shown.terms.arrears_share_percent} %", lambda: ask_share(shown)),
        "state": ("Suspend" if is_open else "Resume", lambda: ask_state(shown)),
        "close": ("Close the supply", lambda: ask_reading(shown, title="Close supply")),
        "slip": ("Print an earlier slip", lambda: ask_slip(shown)),
    }
    if not shown.life.procedures:
        steps.pop("slip")
    if supply.state is SupplyState.CLOSED:
        steps = {key: step for key, step in steps.items() if key in {"note", "slip"}}
        if shown.waiting is not None:
            steps["write-off"] = ("The card will not come back", lambda: ask_write_off(shown))
    if supply.state is SupplyState.PREPARED:
        steps.pop("state")
    return Ask(
        title="More",
        button="Next",
        make=lambda filled: steps[filled.choice][1](),
        choices=tuple(Option(key, words, "") for key, (words, _) in steps.items()),
        choice="What is to be done",
    )


def ask_note(shown: LifeShown) -> Ask:
    return Ask(
        title="Note",
        button="Keep",
        make=lambda filled: Deed(ask.NoteSupply(shown.supply.number, filled.reason), ""),
        sentence="It stands in the life of the supply for ever.",
        reason="Note",
    )


def _change(shown: LifeShown, terms: Terms, reason: str) -> Deed:
    return Deed(ask.ChangeTerms(shown.supply.number, terms, reason, before=shown.terms), "")


def ask_tariff(shown: LifeShown) -> Ask:
    return Ask(
        title="Another tariff",
        button="Keep",
        make=lambda filled: _change(shown, replace(shown.terms, tariff=filled.reference), filled.reason),
        sentence="The next purchase is priced by it. Nothing sold before changes.",
        reference="Code of the tariff",
        reason="Reason",
    )


def ask_area(shown: LifeShown) -> Ask:
    return Ask(
        title="Area",
        button="Keep",
        make=lambda filled: _change(shown, replace(shown.terms, area=filled.reference), filled.reason),
        reference="Code of the area; empty for none",
        reason="Reason",
    )


def ask_end(shown: LifeShown) -> Ask:
    return Ask(
        title="Temporary supply",
        button="Keep",
        make=lambda filled: _change(shown, replace(shown.terms, ends_on=as_day(filled.reference)), filled.reason),
        sentence="After its last day nothing is sold to it. An empty day makes it a lasting supply.",
        reference="Last day, such as 30.11.2026",
        reason="Reason",
    )


def ask_share(shown: LifeShown) -> Ask:
    def make(filled: Filled) -> Deed:
        percent, rest = divmod(filled.amount.minor, 100)
        if rest:
            # Nobody agrees to another share than the one that he typed.
            raise OperatorError(Code.RECORD_REFUSED, field="share")
        return _change(shown, replace(shown.terms, arrears_share_percent=percent), filled.reason)

    return Ask(
        title="Arrears agreement",
        button="Keep",
        make=make,
        sentence=f"Owed now: {shown.supply.arrears}. This share of each purchase goes to it.",
        amount="Share of each sale, %",
        reason="Agreed with",
    )


def ask_state(shown: LifeShown) -> Ask:
    is_open = shown.supply.state is SupplyState.OPEN
    fresh = SupplyState.SUSPENDED if is_open else SupplyState.OPEN
    return Ask(
        title="Suspend" if is_open else "Resume",
        button="Suspend" if is_open else "Resume",
        make=lambda filled: _change(shown, replace(shown.terms, state=fresh), filled.reason),
        sentence="Nothing is sold to a suspended supply; the meter goes on with what it has."
        if is_open
        else "From now on it buys again.",
        reason="Reason",
    )
