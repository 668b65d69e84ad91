"""The prose of what is refused of a tariff; a part of `trouble_words.TROUBLE`. No Qt here."""

from __future__ import annotations

from vending_app.domain.errors import Code

TARIFF_TROUBLE: dict[Code, tuple[tuple[str, ...], str, str]] = {
    Code.TARIFF_REFUSED: (
        (
            "{field}, row {row}: {why}.",
            "{field}: {why}.",
            "These prices have no meaning.",
        ),
        "Correct it and try again. Nothing was put in force.",
        "P-190",
    ),
    Code.TARIFF_NOT_AHEAD: (
        ("What is in force is never changed: new prices begin on {first} or later.", "New prices begin later."),
        "Choose a later day. Nothing was put in force.",
        "P-191",
    ),
    Code.TARIFF_EXISTS: (
        ("Tariff {tariff} has prices from {on} already.", "The tariff has prices from that day already."),
        "They stay as they are. Choose a day of its own for other ones.",
        "P-192",
    ),
    Code.TARIFF_BEGUN: (
        ("The prices of tariff {tariff} from {on} have begun: they stay.", "These prices have begun: they stay."),
        "Enter other prices for a day to come.",
        "P-195",
    ),
    Code.TARIFF_FEE_DIFFERS: (
        ("Withdrawn prices and those that would hold instead do not agree whether a card is free.",),
        "Put other prices in force for the day after the withdrawn ones first, then it can be done.",
        "P-196",
    ),
}
