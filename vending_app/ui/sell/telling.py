"""What the sell page says: from readings and sales to banners, cards and strips. No decisions, only words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.errors import Fact, VendingError
from vending_app.domain.foreseen import Foreseen
from vending_app.domain.ids import CardNo, masked, spaced
from vending_app.domain.meter import MeterDecision
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import CardState, SupplyFile
from vending_app.domain.sale import Sale, TenderKind
from vending_app.domain.verdict import Verdict
from vending_app.services.use_cases import CardReading, SaleDone, SupplyReading
from vending_app.ui.components.banner import Says
from vending_app.ui.components.reader_picture import Shows
from vending_app.ui.components.toast import Note
from vending_app.ui.components.write_strip import ALL_DONE, BROKEN, RUNNING, Step
from vending_app.ui.phrases import clock, clock_seconds, day_and_month, local, possessive, short_day, when
from vending_app.ui.sell.customer_card import CustomerShown, LastBought
from vending_app.ui.sell.meter_card import MeterShown
from vending_app.ui.sell.payment_card import Sum
from vending_app.ui.sell.write_card import WriteShown
from vending_app.ui.tools.tool_words import what_lies_there
from vending_app.ui.words import TENDERS, VERDICTS, choose, trouble

WAITING = Says("Put a card in", "The next customer’s card goes into the reader, chip first.", "accent", "credit-card")
NO_SHIFT = Says(
    "No shift is open", "Open your shift with the cash in the drawer, then sell.", "warn", "wallet", button="Open shift"
)
READING = Says("Reading the card", "Leave it in for a moment.", "accent", "credit-card")
WRITING = Says(
    "DO NOT REMOVE THE CARD",
    "The card is being written. This takes about two seconds.",
    "signal",
    "hand-palm",
    is_command=True,
)
DONE = Says(
    "DONE, TAKE THE CARD",
    "Written and checked. The next customer can put a card in while the receipt prints.",
    "ok",
    "check-circle-fill",
    is_command=True,
    brief="Written and checked.",
)
ISSUED = Says(
    "DONE, TAKE THE CARD",
    "Written and checked. It is this supply’s card now.",
    "ok",
    "check-circle-fill",
    is_command=True,
)
ISSUED_FIRST = replace(ISSUED, sentence="Next: the customer pays his first purchase at the till, with this very card.")
FIRST_NEXT = "Hand the card to the customer and send him to the till: there is nothing on it before he pays."
CARRIED_NEXT = "Hand the card to the customer. It carries what he had; the meter takes that when the card is put in."
STOPPED = Says(
    "Selling is stopped",
    "The program met something it does not understand. Close it and start it again; what was saved stays saved.",
    "bad",
    "warning-circle-fill",
    brief="Close the program and start it again; what was saved stays saved.",
)

WARN_DAYS = 30
"""So long before a temporary supply ends the counter says so."""


@dataclass(frozen=True, slots=True)
class Doing:
    """A sale while its card is written, or while it waits for its card."""

    customer: str
    card: CardNo | None
    meter: str
    sequence: int
    money: Money
    energy: Energy
    energy_total: Energy
    tender: TenderKind
    received: Money
    tax: Money
    at: datetime
    sale: str = ""

    @property
    def sum(self) -> Sum:
        return Sum(self.money, self.tax, self.tender, self.received, self.received - self.money)


def sum_of(done: SaleDone) -> Sum:
    """What changed hands; of a void that was settled here, what goes back."""
    shown = doing_of(done.sale).sum
    return replace(shown, change=done.voided.amount, goes_back=True) if done.voided is not None else shown


def doing_of(sale: Sale) -> Doing:
    """A sale of the books, as the page shows it."""
    intent = sale.intent
    quote, tender = intent.quote, intent.tender
    return Doing(
        customer=sale.customer_name,
        card=intent.write.card,
        meter=intent.order.meter,
        sequence=intent.order.sequence,
        money=sale.amount,
        energy=quote.energy if quote else NO_ENERGY,
        energy_total=intent.order.energy_total,
        tender=tender.kind if tender else TenderKind.CASH,
        received=tender.received if tender else sale.amount,
        tax=quote.tax if quote else Money(0),
        at=intent.at,
        sale=sale.id,
    )


def trial_says(reading: SupplyReading) -> Says:
    """A supply that was opened without its card."""
    return Says(
        "Trial price",
        f"No card is needed to try. To sell, put {possessive(reading.supply.customer.name)} card in.",
        "accent",
        "magnifying-glass",
        brief="To sell, put this customer’s card in.",
    )


def said_first(read: CardReading) -> str:
    """A customer who never bought may ask how it goes on; else nothing."""
    is_first = read.verdict.may_sell and read.reading is not None and read.reading.supply.buys_first
    return " First purchase: then the card goes into the meter." if is_first else ""


def said_end(read: CardReading) -> str:
    """That a temporary supply ends soon, so that nobody buys more than he can use; else nothing."""
    ends = read.reading.supply.ends_on if read.reading else None
    if ends is None or read.reading is None or not read.verdict.may_sell:
        return ""
    days = (ends - read.reading.buyer.today).days
    if not 0 <= days <= WARN_DAYS:
        return ""
    return f" Temporary: it buys until {day_and_month(ends)}."


def verdict_says(read: CardReading, *, opened: SupplyReading | None, may_issue: bool, may_sell: bool) -> Says:
    """The banner of a card that was read."""
    words = VERDICTS[read.verdict]
    facts = verdict_facts(read, opened=opened)
    if not may_issue:
        facts["who"] = "The technician"
    button = choose((words.button, ""), facts) if words.button else ""
    if read.verdict is Verdict.BLANK and not may_issue:
        button = ""
    sentence = choose(words.sentences, facts)
    if read.verdict.may_sell and not may_sell:
        sentence = "The card is in order. Your role looks, but does not sell."
    sentence += said_first(read) + said_end(read)
    return Says(
        words.title,
        sentence,
        words.tone,
        words.icon,
        button=button,
        key=words.key if button else "",
        shows_card="blue" if read.verdict is Verdict.READY else "",
        brief=choose(words.brief, facts) if words.brief else "",
    )


def verdict_facts(read: CardReading, *, opened: SupplyReading | None) -> dict[str, Fact]:
    """All that a verdict's sentence may want to know, as far as it is known."""
    facts: dict[str, Fact] = {}
    if read.card:
        facts["card"] = masked(read.card)
    if read.image.header is not None:
        facts["kind"] = read.image.header.kind.value
    if tool := what_lies_there(read.image):
        facts["tool"] = tool
    if read.replaced_by:
        facts["replaced_by"] = masked(read.replaced_by)
    if opened is not None:
        facts["opened"] = opened.supply.customer.name
    if read.reading is not None:
        facts |= _supply_facts(read.reading)
    if read.open_sale is not None and read.open_sale.amount > ZERO:
        facts["amount"] = read.open_sale.amount
        facts["sold_at"] = clock(read.open_sale.intent.at)
    return facts


def _supply_facts(reading: SupplyReading) -> dict[str, Fact]:
    name = reading.supply.customer.name
    facts: dict[str, Fact] = {"owner": name, "owner_possessive": possessive(name)}
    if reading.supply.closed_on is not None:
        facts["closed_on"] = day_and_month(reading.supply.closed_on)
    if reading.supply.ends_on is not None:
        facts["ends_on"] = day_and_month(reading.supply.ends_on)
    wrote = reading.write_back
    if wrote is None:
        facts["never"] = "The meter has not written back yet"
    else:
        facts["wrote_back"] = when(wrote.meter_time, today=reading.buyer.today)
        taken = wrote.sequence >= reading.supply.order_sequence
        facts["taken"] = "it has taken everything sold so far" if taken else "it has not taken the last order yet"
    return facts


def without_button(says: Says) -> Says:
    """The same sentence where the one right button stands elsewhere on the page."""
    return replace(says, button="", key="")


def card_is_back(shown: WriteShown) -> WriteShown:
    """The card of a torn sale lies in the reader again, nothing broken any more."""
    return replace(
        shown,
        title=shown.title.replace("Waiting for card", "Card", 1) + " is back",
        shows=Shows.WRITING,
        steps=(Step.OPEN, Step.OPEN, Step.OPEN),
        note=(
            "ok",
            "shield-check",
            "F12 writes exactly what was saved. If the card carries it already, it is only checked.",
        ),
    )


def torn_says(error: VendingError) -> Says:
    """The command after a card left too early."""
    said = trouble(error)
    return Says(
        "PUT THE SAME CARD BACK", said.sentence, "bad", "arrow-u-up-left-bold", is_command=True, short=said.short
    )


def customer_of(
    supply: SupplyFile, *, card: CardNo | None, state: CardState | None, last: LastBought | None, today: date
) -> CustomerShown:
    """The customer card of a supply; `state` is what the books say of the card in the reader."""
    says = {CardState.ACTIVE: "the current one", CardState.REPLACED: "replaced", CardState.RETIRED: "retired"}
    words = says.get(state, "") if state is not None else ""
    if state is None and card is not None:
        words = "the current one"
    return CustomerShown(supply, card, words, last, today)


def customer_of_reading(reading: SupplyReading, *, card: CardNo | None, state: CardState | None) -> CustomerShown:
    """The customer card of a reading."""
    entry = reading.last_purchase
    last = LastBought(entry.at, entry.money, entry.energy) if entry else None
    number = card or reading.supply.card
    return customer_of(reading.supply, card=number, state=state, last=last, today=reading.buyer.today)


def meter_of(reading: SupplyReading) -> MeterShown | None:
    """The meter card of a reading."""
    if reading.write_back is None:
        return None
    last = reading.last_purchase.energy if reading.last_purchase else NO_ENERGY
    alarm = reading.supply.parameters.alarm_1
    return MeterShown(reading.write_back, reading.usage, alarm, last, reading.buyer.today)


def writing_shown(doing: Doing, *, office: str) -> WriteShown:
    """The middle while the card is written."""
    number = masked(doing.card) if doing.card else "••••"
    return WriteShown(
        title=f"Writing card {number}",
        remark=f"sale saved {clock_seconds(doing.at)}",
        shows=Shows.WRITING,
        steps=RUNNING,
        facts=(
            ("Order", f"{doing.sequence}, for meter {spaced(doing.meter)}"),
            ("Energy bought", f"{doing.energy} kWh"),
            ("Total on this supply", f"{doing.energy_total} kWh"),
        ),
        note=(
            "ok",
            "shield-check",
            "The sale is already saved. If the card comes out too early, the same card finishes it; "
            "nothing is charged twice.",
        ),
        office=office,
        number=number,
    )


def torn_shown(doing: Doing, *, office: str, since: datetime, steps: tuple[Step, Step, Step] = BROKEN) -> WriteShown:
    """The middle while a sale waits for its card."""
    number = masked(doing.card) if doing.card else "••••"
    day = short_day(local(doing.at).date(), today=local(since).date())
    return WriteShown(
        title=f"Waiting for card {number}",
        remark=f"since {clock_seconds(since)}",
        shows=Shows.PUT_BACK,
        steps=steps,
        facts=(
            ("Customer", doing.customer),
            ("Sale", f"{doing.money} for {doing.energy} kWh, {day} {clock(doing.at)}"),
            ("In the books", "reserved until the card is back"),
        ),
        note=(
            "ok",
            "shield-check",
            "Nothing is lost. The sale is saved exactly as it was; the same card finishes it, "
            "now or when it comes back.",
        ),
        office=office,
        number=number,
    )


def done_shown(done: SaleDone, *, office: str, receipt: str, today: date) -> WriteShown:
    """The middle after the sale."""
    sale = done.sale
    number = masked(sale.intent.write.card)
    seconds, rest = divmod(done.milliseconds, 1000)
    return WriteShown(
        title=f"Card {number} written and checked",
        remark=f"{seconds}.{rest // 100} s",
        shows=Shows.TAKE,
        steps=ALL_DONE,
        facts=_done_facts(done, receipt),
        note=_advice(done),
        office=office,
        number=number,
        brief=f"Card {number} written",
    )


def _done_facts(done: SaleDone, receipt: str) -> tuple[tuple[str, str], ...]:
    sale, total = done.sale, ("Total on this supply", f"{done.sale.intent.order.energy_total} kWh")
    if done.voided is not None:
        return ("Voided", f"the sale of {clock(done.voided.intent.at)}"), ("Give back", _goes_back(done.voided)), total
    energy = sale.intent.quote.energy if sale.intent.quote else NO_ENERGY
    return ("Energy bought", f"{energy} kWh"), total, ("Receipt", receipt)


def _goes_back(sale: Sale) -> str:
    """`50.00, cash, if not done yet`."""
    by = f", {TENDERS[sale.tender.kind].lower()}" if sale.tender else ""
    return f"{sale.amount}{by}, if not done yet"


def give_back_note(voided: Sale) -> Note:
    """A void was settled away from its page, which says what goes back; whoever began it may have given it already."""
    by = TENDERS[voided.tender.kind] if voided.tender else "Voided"
    line = f"{by}, if that was not done yet."
    return Note(f"Give {voided.amount} back", line, "warn", about="refund", icon="money")


def _advice(done: SaleDone) -> tuple[str, str, str]:
    """What to tell the customer: what his meter will do with this card, and what to do at once."""
    if done.sale.intent.carried < NO_ENERGY:
        return (
            "ok",
            "check-circle-fill",
            "Its supply has ended: the card is empty now, and no meter gets anything from it.",
        )
    wrote, alarm, then = done.write_back, done.supply.parameters.alarm_1, said_foreseen(done.foreseen)
    if done.foreseen is not None and not done.foreseen.is_taken:
        return "warn", "warning-circle-fill", then
    if wrote is None:
        told = "Put the card in the meter and wait until its display shows the credit."
    elif wrote.remaining <= NO_ENERGY:
        told = "It had nothing left and switches on as soon as the card is in it."
    elif wrote.remaining <= alarm:
        told = f"It had {wrote.remaining} left, below its alarm level: put the card in today."
    else:
        told = f"It had {wrote.remaining} left when it wrote back."
    return "accent", "info", f"{then} {told}".strip()


def said_foreseen(found: Foreseen | None) -> str:
    """`The meter will take +151.52 kWh and have about 155 kWh then.`; empty where nobody can say."""
    if found is None:
        return ""
    if found.decision is MeterDecision.OVER_HOARDING:
        return "The meter will refuse this card: it would hold more than its limit. The credit stays on the card."
    if not found.is_taken:
        return "The meter will take nothing from this card."
    sign = "+" if found.credited >= NO_ENERGY else ""
    return f"The meter will take {sign}{found.credited} kWh and have about {found.remaining.wh // 1000} kWh then."


def foretold_in_short(found: Foreseen | None) -> tuple[str, ...]:
    """`the meter will have about 155 kWh`, and shorter, beside the energy of an offer; none where nobody can say."""
    if found is None or not found.is_taken:
        return ()
    then = f"{found.remaining.wh // 1000} kWh"
    return f"the meter will have about {then}", f"then about {then}", f"then {then}"


def at_most(error: VendingError) -> str:
    """At the field of an amount that the meter would refuse; the whole sentence stands below."""
    return f"{error.facts['at_most']} kWh at most"
