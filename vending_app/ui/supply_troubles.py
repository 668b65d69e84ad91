"""The prose of what the technician's desk refuses; see `trouble_words.py`."""

from __future__ import annotations

from vending_app.domain.errors import Code

SUPPLY_TROUBLE: dict[Code, tuple[tuple[str, ...], str, str]] = {
    Code.SUPPLY_HAS_NO_CARD: (
        ("The supply has no card yet.",),
        "Issue its first card instead of replacing one.",
        "P-160",
    ),
    Code.SUPPLY_ENDED: (
        ("The temporary supply ended on {ends_on}.", "The temporary supply has ended."),
        "Give it a later end, or close it. Nothing was sold.",
        "P-161",
    ),
    Code.CUSTOMER_UNKNOWN: (
        ("No customer has the number {number}.", "No customer has this number."),
        "Leave the number empty to enter a new customer.",
        "P-162",
    ),
    Code.CUSTOMER_OWES: (
        ("The customer of now still owes arrears.",),
        "Let him pay them first, then the next one can take over.",
        "P-163",
    ),
    Code.CUSTOMER_IS_OWED: (
        ("{amount} is due to the customer of now.", "Money is due to the customer of now."),
        "Pay it out to him at a till, then the next one can take over.",
        "P-176",
    ),
    Code.AREA_UNKNOWN: (("No area has the code {area}.", "No area has this code."), "Enter the area first.", "P-164"),
    Code.METER_UNKNOWN: (
        ("Meter {meter} is not in stock.", "The meter is not in stock."),
        "Enter it into the stock of meters first.",
        "P-165",
    ),
    Code.METER_INSTALLED: (
        ("Meter {meter} is {state}, not in stock.", "The meter is not in stock."),
        "Take another meter, or correct the number.",
        "P-166",
    ),
    Code.METER_NOT_REMOVED: (
        ("Meter {meter} is {state}: only a removed one comes back to stock.", "The meter was not removed."),
        "Change the meter of its supply, or close the supply, first. Nothing was changed.",
        "P-177",
    ),
    Code.PERIOD_BACKWARDS: (
        ("The last day, {until}, lies before the first, {since}.", "The last day lies before the first."),
        "Type the first day first.",
        "P-175",
    ),
    Code.PROCEDURE_UNKNOWN: (
        ("The books know of nothing here that a slip is signed for.",),
        "Choose a procedure from the list: supply page, More, Print an earlier slip.",
        "P-186",
    ),
    Code.READING_BEHIND: (
        ("The meter showed more use before: {used} kWh.", "The meter showed more use before."),
        "Read its register of use again. A register never goes back.",
        "P-167",
    ),
    Code.READING_MISSING: (
        ("Nobody knows what the meter showed last.",),
        "Put its card in the meter and read it here, or type what the display shows.",
        "P-168",
    ),
    Code.READING_BEYOND: (
        ("By these books the meter can have {most} kWh left at most.", "The meter cannot have so much left."),
        "Read the display again. If it is so, enter it as an estimate, which a supervisor approves.",
        "P-171",
    ),
    Code.READING_LOWER: (
        ("{point} showed {before} on {since}; on {on} it cannot show less.", "The counter showed more before."),
        "Read it again. If another counter hangs there now, enter its first reading as one.",
        "P-187",
    ),
    Code.READING_TOO_OLD: (
        (
            "{on} lies too far back: these books begin on {began} and take readings from {oldest} on.",
            "The day of the reading lies too far back.",
        ),
        "Look at the year that was typed. Nothing was changed.",
        "P-197",
    ),
    Code.DISPLAY_AHEAD: (
        (
            "The display tells {purchases} purchases; these books sold {known}.",
            "The display tells more than these books ever sold.",
        ),
        "Ask for the figures of this meter again. No card was replaced.",
        "P-169",
    ),
    Code.CARD_STILL_GOOD: (
        ("{energy} kWh are on a card that its meter would still take.", "A card could still load what goes back now."),
        "Put the card into the reader, or take the meter down or off the mains first. Nothing was changed.",
        "P-174",
    ),
    Code.NO_CARD_WAITED_FOR: (
        ("No card of this supply is waited for.",),
        "Its card was emptied, or written off before. Nothing was changed.",
        "P-184",
    ),
    Code.REVERSAL_OLD_CARD: (
        ("The sale was written on a card that was replaced, and may still be loaded from it.",),
        "Put the new card in the meter first, then bring it here.",
        "P-173",
    ),
    Code.RECORD_CHANGED: (
        ("Somebody changed this supply a moment ago.",),
        "Open it again and look. Nothing was changed now.",
        "P-172",
    ),
    Code.SAMPLE_UNKNOWN: (
        (
            "Supply {supply} is not on this inspection list.",
            "There is no inspection list {number}.",
            "The supply is not on this inspection list.",
        ),
        "Open the inspection list anew and choose there.",
        "P-180",
    ),
    Code.ROUTE_EMPTY: (
        ("No meter is on the route.",),
        "Put meters of the list on it first.",
        "P-182",
    ),
    Code.REPORT_PERIOD: (
        ("No report can be about {period}.", "This report cannot be made like that."),
        "A month is written 2026-11, a year 2026; days go from 1 to 3650.",
        "P-183",
    ),
    Code.REPORT_FILTER: (
        ("There is no {by} {of} in the books.", "There is nothing of that kind in the books."),
        "Cashiers are named as they log in, tenders cash, card, mobile or cheque, hours 0 to 23.",
        "P-199",
    ),
    Code.CRITERIA_REFUSED: (
        ("A criterion cannot be set like this: {field}.", "A criterion cannot be set like this."),
        "Points and per cent go from 0 to 100, the list from 1 to 1000 meters, the lot from 0 to 4294967295.",
        "P-181",
    ),
    Code.FINDING_REFUSED: (
        ("This cannot have been found: {field}.", "This cannot have been found at the meter."),
        "A visit is made between the day of the list and today. Registers start at 0, a note ends at 1000 letters.",
        "P-179",
    ),
    Code.RULE_REFUSED: (
        ("This cannot be a rule of the office: {field}.", "This cannot be a rule of the office."),
        "Correct what is named. What held before still holds.",
        "P-193",
    ),
    Code.RULE_OUTDATED: (
        ("Somebody changed this meanwhile.",),
        "Look at what holds now, then change it anew.",
        "P-188",
    ),
    Code.RULE_SAME: (("This is what holds already.",), "Change something first, or leave it as it is.", "P-189"),
    Code.LOGO_REFUSED: (
        ("The picture cannot be printed as a logo.",),
        "Take a PNG of at most 64 KiB, up to 2000 dots wide and high.",
        "P-194",
    ),
    Code.RECORD_REFUSED: (
        ("A field of the record is missing or cannot be right: {field}.", "A field of the record cannot be right."),
        "Correct the field that is marked. Nothing was changed.",
        "P-170",
    ),
}
