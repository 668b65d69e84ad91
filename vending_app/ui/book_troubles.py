"""The prose of what can go wrong with the drawer, the closings and undoing; a part of `trouble_words.TROUBLE`."""

from __future__ import annotations

from vending_app.domain.errors import Code

BOOK_TROUBLE: dict[Code, tuple[tuple[str, ...], str, str]] = {
    Code.TENDER_NEEDS_REFERENCE: (
        ("This way of paying needs its slip number.",),
        "Type the number of the slip, the message or the cheque.",
        "A-112",
    ),
    Code.SIGNING_KEY_DIFFERS: (
        ("The published key of the office is not that of its vault.",),
        "Do not sell. Call the administrator: books and keys are not of one office, or a file was changed.",
        "L-150",
    ),
    Code.COUNT_MISSING: (("The drawer is not counted yet.",), "Count it, then close the shift.", "P-140"),
    Code.COUNT_OUTDATED: (
        ("Money came or went after the count.",),
        "Count the drawer again.",
        "P-141",
    ),
    Code.COUNT_NOT_A_NUMBER: (
        ("This is not how many notes or coins lie in a drawer.",),
        "Type how many pieces there are.",
        "P-142",
    ),
    Code.DIFFERENCE_NEEDS_REASON: (
        ("The count differs by {difference}.", "The count differs from what is expected."),
        "Count again, or say in a few words why.",
        "P-143",
    ),
    Code.HANDOVER_OTHER: (
        ("A drawer is handed to one other person, and only he opens with it.",),
        "Let him open the shift, or choose another one to hand it to.",
        "P-144",
    ),
    Code.HANDOVER_DIFFERS: (
        ("{counted} was handed over, and this is another sum.", "This is not the sum that was handed over."),
        "Count it again together with whoever handed it over.",
        "P-145",
    ),
    Code.CASH_NOT_THERE: (
        ("There is less in the drawer than this.",),
        "Pay out less, or get cash from the safe first.",
        "P-146",
    ),
    Code.DRAWER_MISSING: (
        ("This desk has no drawer that opens by itself.",),
        "Open it with its key, or set it up with: settings drawer.",
        "P-147",
    ),
    Code.REASON_MISSING: (("A reason is missing.",), "Say in a few words why.", "P-148"),
    Code.PAYMENT_TOO_MUCH: (
        ("The most is {most}.", "This is more than is owed."),
        "Type what is owed, or less.",
        "P-149",
    ),
    Code.PERIOD_CLOSED: (
        ("{period} is closed; the last one closed is {last}.", "This period is closed."),
        "What comes later belongs to the next one.",
        "P-150",
    ),
    Code.PERIOD_HAS_OPEN_SHIFT: (
        ("A shift is still open at desk {desk}.", "A shift is still open."),
        "Close it first, then the day.",
        "P-151",
    ),
    Code.PERIOD_PART_OPEN: (
        ("{part} is not closed yet.", "A day or month before it is not closed yet."),
        "Close it first.",
        "P-159",
    ),
    Code.PERIOD_EMPTY: (
        ("Nothing in {period} is closed yet.", "There is nothing to close."),
        "A month is closed after its days, a year after its months.",
        "P-152",
    ),
    Code.PERIOD_NOT_OVER: (("{period} is not over yet.", "This period is not over yet."), "Close it later.", "P-153"),
    Code.PERIOD_NOT_A_DATE: (
        ("{period} is no period.", "This is no period."),
        "Write it like 2026-11-25, 2026-11 or 2026.",
        "P-154",
    ),
    Code.SALE_NOT_CLOSED: (
        ("This sale lies in no closing yet.",),
        "Its proof can be made once its shift or its day is closed.",
        "W-208",
    ),
    Code.SALE_ON_CARD: (
        ("The card carries this sale already.",),
        "Finish it, then reverse it. Nothing is lost.",
        "W-209",
    ),
    Code.SALE_IN_METER: (
        ("The meter has taken this sale already: it says so on the card.",),
        "Finish it, then reverse it. Nothing is lost.",
        "W-219",
    ),
    Code.SALE_VOIDED_SINCE: (
        ("The card shows that this sale was voided after the copy of the books was made.",),
        "Nothing was booked. A supervisor voids it here too, then enters the card again.",
        "W-217",
    ),
    Code.SALE_FATE_UNTOLD: (
        ("The card has newer orders, and they do not tell whether this sale was finished or voided.",),
        "Keep the customer’s receipts. A supervisor voids it here and enters the card again with what he paid.",
        "W-218",
    ),
    Code.REVERSAL_NOT_NEWEST: (
        ("The customer has bought again since.",),
        "Only the newest sale of a supply can be reversed.",
        "W-210",
    ),
    Code.REVERSAL_TOO_LATE: (
        ("The month of this sale is over; its charges and taxes are settled.",),
        "If its reversal waits, void it; else ask the supervisor for another way.",
        "W-211",
    ),
    Code.REVERSAL_USED: (
        (
            "The meter took this energy and has only {left} left.",
            "The meter took this energy, and less than that is left.",
        ),
        "If its reversal waits, void it. What is used stays sold.",
        "W-212",
    ),
    Code.CORRECTION_TOO_LATE: (
        ("The shift of this sale is closed; its money is counted.",),
        "Tell the supervisor.",
        "W-213",
    ),
    Code.CORRECTION_ELSEWHERE: (
        (
            "The sale was finished at desk {desk} and counts there; its way of paying stays.",
            "The sale was finished at another desk and counts there; its way of paying stays.",
        ),
        "Say so when you count this drawer: the difference has this reason.",
        "W-215",
    ),
    Code.TENDER_SAME: (("The sale is booked like this already.",), "Nothing more is to be done.", "W-214"),
}
