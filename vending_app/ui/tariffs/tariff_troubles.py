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
}
