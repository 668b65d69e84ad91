"""The words on paper, in one place, so that another language is another table."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from vending_app.domain.card import CardKind
from vending_app.domain.cash import CashKind
from vending_app.domain.day import Oddity
from vending_app.domain.inspection import Outcome
from vending_app.domain.people import SupplyState
from vending_app.domain.procedure import TermsVerb
from vending_app.domain.records import CardAtEnd, CardEnd, ReadingHow
from vending_app.domain.sale import TenderKind
from vending_app.domain.statement import LineOf


@dataclass(frozen=True, slots=True)
class Words:
    """What papers say besides names and numbers."""

    receipt: str = "Receipt"
    tax_number: str = "Tax {number}"
    desk: str = "Desk {desk}, {cashier}"
    customer: str = "Customer"
    meter: str = "Meter"
    card: str = "Card"
    order: str = "Order"
    energy_bought: str = "Energy bought"
    about_days: str = "about {days} days"
    about_one_day: str = "about one day"
    kwh: str = "kWh"
    still_owed: str = "{owed} still owed"
    taxed: str = "on {base}"
    total: str = "TOTAL"
    change: str = "Change"
    reference: str = "Reference"
    bought_in_all: str = "Bought in all"
    left_in_meter: str = "Left in the meter, {day}"
    below_alarm: str = "Below the alarm level of"
    put_card: str = "Put the card in your meter"
    wait_for_credit: str = "Wait until its display shows the credit."
    help: str = "Help, {hours}"
    keep: str = "Keep this receipt."
    copy: str = "COPY"
    practice: str = "PRACTICE"
    specimen: str = "SPECIMEN"
    subject: str = "Receipt {receipt}"
    reversal: str = "Reversal"
    takes_back: str = "Takes back receipt"
    reason: str = "Reason"
    taken_back: str = "Taken back"
    wait_for_less: str = "Wait until its display shows the new credit."
    books: str = "Books {fingerprint}"
    # shift reports
    x_report: str = "X report"
    z_report: str = "Z report"
    shift: str = "Shift {shift}"
    desk_alone: str = "Desk {desk}"
    cashier: str = "Cashier"
    opened: str = "Opened"
    closed: str = "Closed"
    printed_at: str = "As of"
    sales: str = "Sales"
    reversals: str = "Reversals"
    taken_together: str = "Sales less reversals"
    energy_sold: str = "Energy sold"
    payments: str = "Payments in cash"
    arrears_paid_in: str = "Arrears paid"
    refunds_paid_out: str = "Refunds paid out"
    movements: str = "Cash without a sale"
    nothing: str = "none"
    drawer: str = "Drawer"
    float_cash: str = "Float"
    expected: str = "Expected"
    counted: str = "Counted"
    difference: str = "Difference"
    adds_up: str = "The count adds up."
    blind: str = "What is expected is told after the count."
    handed_to: str = "Handed to"
    to_safe: str = "Brought to the safe"
    drawer_opened: str = "Drawer opened without a sale"
    tenders_corrected: str = "Ways of paying corrected"
    interrupted: str = "Interrupted sales"
    signed_for: str = "signed for"
    not_signed_for: str = "not signed for"
    ever_sold: str = "Sold since the books began"
    signature: str = "Cashier, signed"
    # payments
    refund: str = "Refund"
    arrears_payment: str = "Payment"
    supply: str = "Supply"
    paid_out: str = "PAID OUT"
    paid: str = "PAID"
    still_owed_now: str = "Still owed"
    received_by: str = "Received by the customer"
    # procedures
    card_reissued: str = "Card re-issued"
    meter_changed: str = "Meter changed"
    supply_closed: str = "Supply closed"
    identity: str = "Identity"
    old_card: str = "Old card"
    new_card: str = "New card"
    purchases: str = "Purchases"
    fee: str = "Fee, owed from now on"
    carried: str = "CARRIED OVER"
    old_card_dead: str = (
        "All of it is on the new card; the meter adds what it has not had yet, and refuses the old card from then on."
    )
    old_meter: str = "Old meter"
    new_meter: str = "New meter"
    last_registers: str = "Last registers"
    read_from: str = "Known from"
    used_in_all: str = "Used in all"
    left_over: str = "Left"
    went_back: str = "Went back to the office"
    cards_at_end: dict[CardAtEnd, str] = field(
        default_factory=lambda: {
            CardAtEnd.EMPTIED: "The card was emptied: no meter gets anything from it any more.",
            CardAtEnd.WAITS: "The card is to be brought back: it was not emptied yet.",
            CardAtEnd.METER_OFF: "The card was not there; the meter was taken down or disconnected.",
        }
    )
    its_price: str = "Its price"
    of_it: str = "of it {name}"
    kept_for_arrears: str = "Kept for arrears"
    due: str = "DUE TO THE CUSTOMER"
    owed_by_customer: str = "STILL OWED"
    approved_by: str = "Approved by"
    card_issued: str = "First card issued"
    tariff: str = "Tariff"
    limits: str = "Limits of the meter"
    power_limit: str = "Power"
    kw: str = "{power} kW"
    no_limit: str = "no limit"
    alarm_level: str = "Alarm at"
    trip_level: str = "Opens once at"
    overdraft: str = "Overdraft"
    hoarding: str = "At most in the meter"
    carried_to_it: str = "From the meter before"
    connection_fee: str = "CONNECTION FEE"
    fee_is_owed: str = "The fee is owed from now on; it is paid at a till."
    # other terms
    terms_verbs: dict[TermsVerb, str] = field(
        default_factory=lambda: {
            TermsVerb.CUSTOMER: "Change of customer",
            TermsVerb.SUSPEND: "Supply suspended",
            TermsVerb.RESUME: "Supply resumed",
            TermsVerb.AGREEMENT: "Arrears agreement",
            TermsVerb.PARAMETERS: "Other terms",
        }
    )
    terms_mean: dict[TermsVerb, str] = field(
        default_factory=lambda: {
            TermsVerb.CUSTOMER: "Who takes over buys from now on; the credit stays with the supply.",
            TermsVerb.SUSPEND: "Nothing is sold to it until it is resumed. What its meter has stays usable.",
            TermsVerb.RESUME: "It may buy again from now on.",
        }
    )
    changed: str = "Changed"
    goes_over: str = "Goes over with it"
    state: str = "State"
    states: dict[SupplyState, str] = field(
        default_factory=lambda: {
            SupplyState.PREPARED: "prepared",
            SupplyState.OPEN: "open",
            SupplyState.SUSPENDED: "suspended",
            SupplyState.CLOSED: "closed",
        }
    )
    now: str = "{before}, now {after}"
    area: str = "Area"
    last_day: str = "Last day"
    share: str = "Share for arrears"
    gives: str = "Gives"
    takes_over: str = "Takes over"
    credit_taken_over: str = "Credit, as last known"
    arrears_taken_over: str = "Arrears"
    owed_now: str = "OWED"
    share_is_taken: str = "Of each purchase {percent} % is taken off what is owed, until nothing is owed."
    no_share: str = "Nothing of a purchase is taken off what is owed any more."
    limits_travel: str = "The meter is told its limits with the next order on the card: buy once, then put the card in."
    giver_signed: str = "Who gives, signed"
    taker_signed: str = "Who takes over, signed"
    # tool cards
    tool_kinds: dict[CardKind, str] = field(
        default_factory=lambda: {
            CardKind.CHECK: "Check card",
            CardKind.PARAMETER: "Parameter card",
            CardKind.CLEAR: "Clear card",
            CardKind.KEY: "Key card",
        }
    )
    carried_by: str = "Carried by"
    carrier_answers: str = "The carrier has received the card, answers for it, and brings it back to be read in."
    came_back: str = "Came back"
    read_in: str = "Read in"
    meters_read: str = "Meters on it"
    issuer_signed: str = "Issued by, signed"
    carrier_signed: str = "Received by the carrier, signed"
    customer_signed: str = "Customer, signed"
    technician_signed: str = "Technician, signed"
    keep_slip: str = "Keep this slip."
    # days and routes
    day_report: str = "Day report"
    all_desks: str = "all desks"
    closed_as: str = "closed, Z {number}"
    still_open: str = "not closed yet"
    never_closed: str = "by the clock; counts in the day closed next"
    takings: str = "Takings"
    average_sale: str = "Average sale"
    arrears_recovered: str = "Arrears recovered"
    by_hour: str = "Sold by hour, without reversals"
    usual_line: str = "The line across a bar is what this weekday usually sells in that hour."
    nothing_sold: str = "Nothing was sold."
    by_cashier: str = "By cashier"
    by_tender: str = "By tender"
    total_of_all: str = "All"
    oddities: str = "Exceptions"
    nothing_odd: str = "Nothing is odd about this day."
    oddities_of: dict[Oddity, str] = field(
        default_factory=lambda: {
            Oddity.INTERRUPTED: "Interrupted sale not finished",
            Oddity.METER: "Illegal cards / cover opened",
            Oddity.DIFFERENCE: "Cash difference",
            Oddity.UNPRINTED: "Receipt not printed",
            Oddity.REVERSAL: "Reversal",
            Oddity.VOID: "Sale voided",
        }
    )
    route_sheet: str = "Route sheet"
    route_meters: str = "{count} meters, chosen on {day}"
    route_meter: str = "1 meter, chosen on {day}"
    inspector: str = "Inspector"
    no_area: str = "No area"
    priority: str = "priority {points} of 100"
    at_stake: str = "{amount} at stake"
    seen: str = "Seen"
    before: str = "last"
    register_of_use: str = "Used in all"
    register_left: str = "Left"
    outcomes: dict[Outcome, str] = field(
        default_factory=lambda: {
            Outcome.NOTHING: "nothing wrong",
            Outcome.BYPASS: "bypass",
            Outcome.SLOW_METER: "runs slow",
            Outcome.RELAY: "relay",
            Outcome.TAMPERING: "tampering",
            Outcome.CARD: "other’s card",
            Outcome.OTHER: "else",
            Outcome.NO_ACCESS: "nobody there",
        }
    )
    # statements
    statement: str = "Statement"
    period: str = "Period"
    customer_number: str = "Customer number"
    owed_before: str = "Owed before {day}"
    owed_on: str = "Owed on {day}"
    bought: str = "Bought"
    bought_by_month: str = "Energy bought by month, in kWh"
    paid_in_all: str = "Paid"
    agreement: str = "Agreement: {percent} % of each purchase is taken off what is owed."
    date_column: str = "Date"
    what: str = "What"
    paid_column: str = "Paid"
    owed_column: str = "Owed"
    balance: str = "Balance"
    opening_balance: str = "Owed until then"
    carried_forward: str = "Owed on the page before"
    nothing_happened: str = "Nothing happened in this period."
    goes_on: str = "goes on"
    registers: str = "used {used} kWh, left {remaining} kWh"
    its_fee: str = "the fee is owed"
    due_to_him: str = "{amount} due to the customer"
    closing_balance: str = "Owed on {day}"
    due_balance: str = "Due to the customer"
    in_all: str = "In this period {energy} kWh were bought and {paid} paid; {taken} were taken off what is owed."
    page: str = "Page {number} of {count}"
    lines_of: dict[LineOf, str] = field(
        default_factory=lambda: {
            LineOf.SALE: "Purchase",
            LineOf.REVERSAL: "Purchase taken back",
            LineOf.ISSUE: "Card issued",
            LineOf.PAYMENT: "Payment",
            LineOf.REFUND: "Paid out",
            LineOf.WRITE_BACK: "Meter read by the card",
            LineOf.METER_CHANGE: "Meter changed",
            LineOf.SETTLEMENT: "Supply closed",
            LineOf.OPENING: "Owed before these books",
        }
    )
    card_ends: dict[CardEnd, str] = field(
        default_factory=lambda: {
            CardEnd.LOST: "lost",
            CardEnd.STOLEN: "stolen",
            CardEnd.BROKEN: "broken",
            CardEnd.CUSTOMER: "another customer",
        }
    )
    readings: dict[ReadingHow, str] = field(
        default_factory=lambda: {
            ReadingHow.CARD: "the card",
            ReadingHow.HAND: "the display",
            ReadingHow.ESTIMATE: "an estimate",
        }
    )
    tender: dict[TenderKind, str] = field(
        default_factory=lambda: {
            TenderKind.CASH: "Cash",
            TenderKind.BANK_CARD: "Bank card",
            TenderKind.MOBILE: "Mobile money",
            TenderKind.CHEQUE: "Cheque",
        }
    )
    cash: dict[CashKind, str] = field(
        default_factory=lambda: {
            CashKind.FROM_SAFE: "From the safe",
            CashKind.TO_SAFE: "To the safe",
            CashKind.PAID_IN: "Paid in",
            CashKind.PAID_OUT: "Paid out",
        }
    )
    months: tuple[str, ...] = (
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    )  # fmt: skip

    def day(self, on: date) -> str:
        """`13 Nov`."""
        return f"{on.day} {self.months[on.month - 1]}"

    def moment(self, at: datetime) -> str:
        """`14 Nov 2025, 10:42`."""
        return f"{self.day(at)} {at.year}, {at:%H:%M}"

    def days(self, count: int) -> str:
        """How long the energy lasts."""
        return self.about_one_day if count == 1 else self.about_days.format(days=count)


ENGLISH = Words()


def rate(basis_points: int) -> str:
    """`8 %`, `7.5 %`: hundredths of a per cent as people write them."""
    whole, part = divmod(basis_points, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".") + " %"
