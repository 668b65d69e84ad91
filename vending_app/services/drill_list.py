"""The drills of the practice counter: ten for a cashier, six for a technician, and what each step looks for."""

from __future__ import annotations

import json
from collections.abc import Callable

from vending_app.domain.cash import Counted
from vending_app.domain.energy import Energy
from vending_app.domain.ids import SupplyNo
from vending_app.domain.money import Money
from vending_app.domain.people import Role, SupplyState
from vending_app.domain.records import CardEnd, MeterChange, Settlement, StakeFound
from vending_app.domain.sale import Purpose, TenderKind
from vending_app.domain.verdict import Verdict
from vending_app.services import book_cases as book
from vending_app.services import supply_cases as supply
from vending_app.services import use_cases as use
from vending_app.services.drills import Drill, Goal, Seen
from vending_app.services.practice_cases import CardFault, PracticeAct

# --- what is looked for ----------------------------------------------------------------------------------


def sold(
    *,
    money: Money | None = None,
    energy: Energy | None = None,
    change: Money | None = None,
    by: TenderKind | None = None,
) -> Callable[[Seen], bool]:
    """A sale that was posted, of this much and with this change."""

    def is_met(seen: Seen) -> bool:
        done = seen.answer
        if not isinstance(done, use.SaleDone) or done.sale.intent.purpose is not Purpose.SALE:
            return False
        quote, tender = done.sale.intent.quote, done.sale.tender
        return (
            quote is not None
            and tender is not None
            and money in {None, quote.total}
            and energy in {None, quote.energy}
            and change in {None, done.sale.change}
            and by in {None, tender.kind}
        )

    return is_met


def read_as(*verdicts: Verdict) -> Callable[[Seen], bool]:
    """A card that was read and judged so."""
    return lambda seen: isinstance(seen.answer, use.CardReading) and seen.answer.verdict in verdicts


def found(number: SupplyNo) -> Callable[[Seen], bool]:
    """Somebody was looked for by what was typed, and is among those who were found."""

    def is_met(seen: Seen) -> bool:
        done = seen.answer
        return isinstance(done, use.Found) and bool(done.text) and any(line.number == number for line in done.supplies)

    return is_met


def answered(kind: type) -> Callable[[Seen], bool]:
    """Any answer of this kind."""
    return lambda seen: isinstance(seen.answer, kind)


def issued(why: CardEnd | None) -> Callable[[Seen], bool]:
    """A card that was written, for this reason."""

    def is_met(seen: Seen) -> bool:
        done = seen.answer
        if not isinstance(done, use.SaleDone):
            return False
        intent = done.sale.intent
        return intent.purpose is Purpose.ISSUE and intent.ends is why

    return is_met


def in_doubt(seen: Seen) -> bool:
    """A sale that was broken off."""
    return isinstance(seen.asked, use.Sell) and seen.error is not None and seen.error.code.value == "sale-in-doubt"


def finished(seen: Seen) -> bool:
    """It was finished by the same card, and sold once."""
    return isinstance(seen.asked, use.FinishSale | use.Sell) and isinstance(seen.answer, use.SaleDone)


def closed_with_difference(seen: Seen) -> bool:
    """The drawer was counted honestly, and the difference has its reason."""
    done = seen.answer
    if not isinstance(done, book.ShiftClosed):
        return False
    return done.shift.counted != done.shift.expected and bool(done.shift.reason)


def changed(field: str, *, to: SupplyState | None = None) -> Callable[[Seen], bool]:
    """This of the terms of a supply, by what the books say of the change; perhaps to this state."""

    def is_met(seen: Seen) -> bool:
        shown = seen.answer
        if not isinstance(seen.asked, supply.ChangeTerms) or not isinstance(shown, supply.LifeShown):
            return False
        newest = next((event for event in reversed(shown.life.events) if event.kind == "record"), None)
        if newest is None or not newest.before:
            return False
        before, after = json.loads(newest.before), json.loads(newest.after)
        return before[field] != after[field] and to in {None, shown.supply.state}

    return is_met


# --- the drills ------------------------------------------------------------------------------------------

AMARA, BAKERY, TORN, CAFE, BLANK = "amara", "bakery", "torn", "cafe", "blank"
"""Of Amara and the bakery each drill leaves the card as it was: whoever comes next is asked for them again."""
AMARA_AT, BAKERY_AT, TORN_AT = SupplyNo("00417726"), SupplyNo("00417730"), SupplyNo("00417728")
LENA_AT, CAFE_AT = SupplyNo("00417727"), SupplyNo("00417740")
"""Where those live whom a task names."""
IN, OUT, FRESH = PracticeAct("insert", AMARA), PracticeAct("pull"), PracticeAct("renew", BLANK)


SWITCHES = ("paper-out", "reader-off", "books-locked")
"""Faults that a drill begins without, beside those of the card."""


def _scene(*acts: PracticeAct) -> tuple[PracticeAct, ...]:
    """From an empty reader, with no fault left."""
    return (OUT, PracticeAct("card-fault", CardFault.NONE), *(PracticeAct(verb) for verb in SWITCHES), *acts)


DRILLS: tuple[Drill, ...] = (
    Drill(
        "sale", Role.CASHIER, "A sale",
        "Amara Okafor buys for 20.00 and pays with 20.00.",
        (Goal("Sell for 20.00", sold(money=Money(20_00), change=Money(0)), AMARA_AT),),
        _scene(IN), 12,
    ),
    Drill(
        "change", Role.CASHIER, "Change",
        "She buys for 35.00 and hands you 50.00.",
        (Goal("Sell for 35.00, give 15.00 back", sold(money=Money(35_00), change=Money(15_00)), AMARA_AT),),
        _scene(IN), 14,
    ),
    Drill(
        "energy", Role.CASHIER, "By kilowatt-hours",
        "The bakery wants exactly 100 kWh (F4 changes the unit).",
        (Goal("Sell 100 kWh", sold(energy=Energy(100_000)), BAKERY_AT),),
        _scene(PracticeAct("insert", BAKERY)), 18,
    ),
    Drill(
        "other-amount", Role.CASHIER, "Another amount",
        "Type 50, then she says 30. Correct it before you write.",
        (Goal("Sell for 30.00", sold(money=Money(30_00)), AMARA_AT),),
        _scene(IN), 16,
    ),
    Drill(
        "mobile", Role.CASHIER, "Mobile money",
        "She pays 25.00 with her telephone.",
        (Goal("Sell for 25.00 by mobile money", sold(money=Money(25_00), by=TenderKind.MOBILE), AMARA_AT),),
        _scene(IN), 20,
    ),
    Drill(
        "quote", Role.CASHIER, "A price without a card",
        "On the telephone: what does Amara Okafor get for her money? Find her with F3 and open the trial price.",
        (
            Goal("Find her", found(AMARA_AT)),
            Goal("Open the trial price", answered(use.SupplyReading), AMARA_AT),
        ),
        _scene(), 20,
    ),
    Drill(
        "torn", Role.CASHIER, "A torn card",
        "The card will come out while it is written. Keep the money, and finish the sale with the same card.",
        (
            Goal("Sell; the card is torn out", in_doubt),
            Goal("Put the same card back and finish", finished, AMARA_AT),
        ),
        _scene(IN, PracticeAct("card-fault", CardFault.TORN)), 40,
    ),
    Drill(
        "not-ours", Role.CASHIER, "A card that is not ours",
        "Somebody brings a card of another office. Read it, and give it back.",
        (Goal("Read it", read_as(Verdict.NOT_OURS)),),
        _scene(PracticeAct("insert", "foreign")), 10,
    ),
    Drill(
        "reversal", Role.CASHIER, "A sale taken back",
        "Sell 15.00 to Amara, then take it back: list of the shift, Enter, reverse. A supervisor approves.",
        (
            Goal("Sell for 15.00", sold(money=Money(15_00)), AMARA_AT),
            Goal("Reverse it", answered(book.Reversed), AMARA_AT),
        ),
        _scene(IN), 75,
    ),
    Drill(
        "cash-up", Role.CASHIER, "Cash-up with a difference",
        "Count the drawer, but leave one coin out. Give a reason, and close the shift.",
        (
            Goal("Count the drawer", answered(Counted)),
            Goal("Close with a reason", closed_with_difference),
        ),
        _scene(), 60,
    ),
    Drill(
        "first-card", Role.TECHNICIAN, "A first card",
        "Enter a new supply (F9), then issue its card to a blank one.",
        (
            Goal("Enter the supply", lambda seen: isinstance(seen.asked, supply.EnterSupply) and seen.error is None),
            Goal("Issue its card", issued(None), is_same=True),
        ),
        _scene(FRESH, PracticeAct("insert", BLANK)), 120,
    ),
    Drill(
        "lost", Role.TECHNICIAN, "A lost card",
        "Lena Hoffmann lost her card; she does not know what her meter shows. A blank card lies in the reader.",
        (
            Goal("Ask what is at stake", answered(StakeFound), LENA_AT),
            Goal("Write the new card", issued(CardEnd.LOST), LENA_AT),
        ),
        _scene(FRESH, PracticeAct("insert", BLANK)), 60,
    ),
    Drill(
        "limit", Role.TECHNICIAN, "Another limit",
        "The bakery gets a larger oven: change its overload limit.",
        (Goal("Change the limit, with a reason", changed("parameters"), BAKERY_AT),),
        _scene(), 45,
    ),
    Drill(
        "suspend", Role.TECHNICIAN, "Suspended",
        "Building works: suspend the bakery, then resume it.",
        (
            Goal("Suspend it", changed("state", to=SupplyState.SUSPENDED), BAKERY_AT),
            Goal("Resume it", changed("state", to=SupplyState.OPEN), BAKERY_AT),
        ),
        _scene(), 60,
    ),
    Drill(
        "meter", Role.TECHNICIAN, "Another meter",
        "The display of Café Zoé’s meter is dark: change it. Its card is read first. (Done before? Set up anew.)",
        (
            Goal("Read its card", answered(use.CardReading), CAFE_AT),
            Goal("Change the meter", answered(MeterChange), CAFE_AT),
        ),
        _scene(PracticeAct("insert", CAFE)), 90,
    ),
    Drill(
        "close", Role.TECHNICIAN, "The end of a supply",
        "The customer of the torn card moved away: close it. A supervisor approves. (Done before? Set up anew.)",
        (
            Goal("See what is due", answered(supply.Left), TORN_AT),
            Goal("Close it", answered(Settlement), TORN_AT),
        ),
        _scene(PracticeAct("insert", TORN)), 90,
    ),
)  # fmt: skip
"""Ten for a cashier, six for a technician."""
