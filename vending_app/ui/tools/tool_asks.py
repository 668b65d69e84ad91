"""What is asked before a tool card is written, step by step; a summary stands before the effect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from vending_app.domain.card import CardKind
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import ActId, MeterNo, OperatorName, spaced
from vending_app.domain.money import Money
from vending_app.domain.records import USUAL_LIMITS
from vending_app.domain.tool_card import OF_ONE_METER, Limits, limits_of
from vending_app.services.supply_desk import require_sound
from vending_app.services.tool_cases import USUAL_DAYS, IssueToolCard, ToolCards
from vending_app.ui.books.ask import Ask, Deed, Fact, Filled
from vending_app.ui.components.choice_list import Option
from vending_app.ui.phrases import counted
from vending_app.ui.tools.tool_words import limits_words, purpose

NewId = Callable[[], str]
USUAL = limits_of(USUAL_LIMITS)
STEPS = {CardKind.CHECK: 2, CardKind.PARAMETER: 4, CardKind.CLEAR: 2, CardKind.KEY: 2}


@dataclass(frozen=True, slots=True)
class ToolAsked:
    """A tool card as far as it is filled in."""

    cards: ToolCards
    kind: CardKind
    me: OperatorName
    new_id: NewId
    area: str = ""
    meter: MeterNo | None = None
    days: int = USUAL_DAYS
    limits: Limits | None = None

    def title(self, step: int) -> str:
        return f"{purpose(self.kind)}, {step} of {STEPS[self.kind]}"

    @property
    def bound(self) -> Fact:
        return ("Meter", spaced(self.meter), "") if self.meter else ("Area", self.area, "")


def ask_tool_card(cards: ToolCards, kind: CardKind, *, me: OperatorName, new_id: NewId, area: str = "") -> Ask:
    """Step 1: where it is taken, and for how long; `area` is chosen to begin with."""
    draft = ToolAsked(cards, kind, me, new_id, area=area)
    return _ask_meter(draft) if kind in OF_ONE_METER else _ask_area(draft)


_SENTENCES = {
    CardKind.CHECK: "It takes the registers of five meters of one area. A round takes several cards.",
    CardKind.PARAMETER: "It sets the limits of four meters of one area, and brings back that they hold.",
    CardKind.CLEAR: "It takes the last registers of one meter and leaves it without a supply. The mains are switched"
    " off and on, and within two minutes the card is in.",
    CardKind.KEY: "It brings one meter the newest keys, beside those that it has. Read it in when it comes back.",
}


def _ask_area(draft: ToolAsked) -> Ask:
    def make(filled: Filled) -> Ask:
        fresh = replace(draft, area=filled.choice, days=_days(filled.reason))
        return _ask_alarms(fresh) if draft.kind is CardKind.PARAMETER else _ask_carrier(fresh, step=2)

    return Ask(
        title=draft.title(1),
        button="Next",
        make=make,
        sentence=_SENTENCES[draft.kind],
        choices=tuple(
            Option(area.code, area.code, "map-pin", area.name, is_chosen=area.code == draft.area)
            for area in draft.cards.areas
        ),
        choice="Area",
        reason="Days it is taken",
        reason_hint=f"{USUAL_DAYS} if empty",
    )


def _ask_meter(draft: ToolAsked) -> Ask:
    def make(filled: Filled) -> Ask:
        meter = MeterNo(filled.reference.replace(" ", ""))
        if not (len(meter) == 12 and meter.isascii() and meter.isdecimal()):
            raise OperatorError(Code.METER_UNKNOWN)
        return _ask_carrier(replace(draft, meter=meter, days=_days(filled.reason)), step=2)

    return Ask(
        title=draft.title(1),
        button="Next",
        make=make,
        sentence=_SENTENCES[draft.kind],
        reference="Meter number, 12 figures",
        reason="Days it is taken",
        reason_hint=f"{USUAL_DAYS} if empty",
    )


def _days(text: str) -> int:
    if not text:
        return USUAL_DAYS
    if not (text.isascii() and text.isdecimal() and len(text) < 4):
        raise OperatorError(Code.RECORD_REFUSED, field="days")
    return int(text)


def _ask_alarms(draft: ToolAsked) -> Ask:
    """Step 2 of a parameter card."""

    def make(filled: Filled) -> Ask:
        fresh = replace(
            USUAL,
            overload_w=filled.amount.minor * 10,
            alarm_1=_energy(filled.reference, USUAL.alarm_1),
            alarm_2=_energy(filled.reason, USUAL.alarm_2),
        )
        return _ask_stores(replace(draft, limits=fresh))

    return Ask(
        title=draft.title(2),
        button="Next",
        make=make,
        sentence="Every meter that takes the card gets all five limits. Its constant is never touched.",
        facts=(draft.bound,),
        amount="Overload limit, kW",
        amount_is=Money(USUAL.overload_w // 10),
        reference=f"First alarm level, kWh, {USUAL.alarm_1} if empty",
        reason="Second alarm level, kWh",
        reason_hint=f"{USUAL.alarm_2} if empty",
    )


def _ask_stores(draft: ToolAsked) -> Ask:
    """Step 3 of a parameter card."""
    known = draft.limits
    assert known is not None, "the step before filled them"

    def make(filled: Filled) -> Ask:
        limits = replace(
            known,
            overdraft=_energy(filled.reference, USUAL.overdraft),
            hoarding=_energy(filled.reason, USUAL.hoarding),
        )
        require_sound(limits)
        return _ask_carrier(replace(draft, limits=limits), step=4)

    return Ask(
        title=draft.title(3),
        button="Next",
        make=make,
        facts=(draft.bound,),
        reference=f"Overdraft, kWh, {USUAL.overdraft} if empty",
        reason="Most in the meter, kWh",
        reason_hint=f"{USUAL.hoarding} if empty",
    )


def _energy(text: str, usual: Energy) -> Energy:
    return Energy.parse(text) if text else usual


def _ask_carrier(draft: ToolAsked, *, step: int) -> Ask:
    """The last step: who carries it, and what is written; the card lies in the reader."""
    number = ActId(draft.new_id())

    def make(filled: Filled) -> Deed:
        request = IssueToolCard(
            number,
            draft.kind,
            area=draft.area,
            meter=draft.meter,
            limits=draft.limits,
            days=draft.days,
            carrier=OperatorName(filled.choice),
        )
        return Deed(request, _approved(draft))

    facts = (draft.bound, ("Taken for", counted(draft.days, "day", "days"), ""), *_limit_facts(draft.limits))
    people = draft.cards.carriers
    return Ask(
        title=draft.title(step),
        button="Write the card",
        icon="credit-card",
        make=make,
        sentence="Put a blank card into the reader, or a tool card that was read in.",
        facts=facts,
        choices=tuple(Option(each.name, each.full_name, "user", is_chosen=each.name == draft.me) for each in people),
        choice="Who carries it",
    )


def _limit_facts(limits: Limits | None) -> tuple[Fact, ...]:
    if limits is None:
        return ()
    power = f"{limits.overload_w // 10 / 100:.2f} kW" if limits.overload_w else "none"
    return (
        ("Overload limit", power, ""),
        ("Alarm levels, kWh", f"{limits.alarm_1} and {limits.alarm_2}", ""),
        ("Overdraft, kWh", str(limits.overdraft), ""),
        ("Most in the meter, kWh", str(limits.hoarding) if limits.hoarding else "no limit", ""),
    )


def _approved(draft: ToolAsked) -> str:
    """What exactly somebody approves."""
    days = counted(draft.days, "day", "days")
    if draft.limits is not None:
        return f"Every meter of area {draft.area} that takes it gets {limits_words(draft.limits)}; for {days}."
    if draft.kind is CardKind.KEY:
        return f"Meter {spaced(draft.meter or '')} gets the newest keys; for {days}."
    if draft.meter is not None:
        return f"Meter {spaced(draft.meter)} is cleared: it forgets its supply and its credit; for {days}."
    return f"The meters of area {draft.area} are read; for {days}."
