"""The prose of what can go wrong with tool cards; a part of `trouble_words.TROUBLE`."""

from __future__ import annotations

from vending_app.domain.errors import Code

TOOL_TROUBLE: dict[Code, tuple[tuple[str, ...], str, str]] = {
    Code.CARD_NOT_TOOL: (
        ("The card in the reader is no tool card of this office.",),
        "Put the tool card in. A customer’s card is read on the page Sell.",
        "C-130",
    ),
    Code.CARD_IS_TOOL: (
        ("This is a {kind} card, not a customer’s card.", "This is a tool card, not a customer’s card."),
        "Read it in under Tools. Nothing was written.",
        "C-131",
    ),
    Code.TOOL_CARD_TORN: (
        ("The card’s mandate is not whole, or not of this office.",),
        "Issue it anew. What meters left under an older mandate is not lost: they have it still.",
        "C-132",
    ),
    Code.TOOL_CARD_UNKNOWN: (
        ("These books know no mandate {mandate}.", "These books do not know this mandate."),
        "It was issued by another office, or after the backup that these books come from. Ask the supervisor.",
        "C-133",
    ),
    Code.TOOL_CARD_UNREAD: (
        ("Meters left records on this card that are not in the books yet.",),
        "Read it in first, then issue it anew. Nothing was written.",
        "C-134",
    ),
    Code.TOOL_CARD_IN_DOUBT: (
        ("The card left while it was written.",),
        "Put the same card back and press the button again.",
        "C-135",
    ),
    Code.TOOL_CARD_ISSUED_ANEW: (
        ("The card bears a later mandate than this one.",),
        "Take the card as it is now, or begin a new one. Nothing was written.",
        "C-136",
    ),
    Code.TOOL_AREA_REFUSED: (
        ("The code {area} does not fit on a tool card.", "The area’s code does not fit on a tool card."),
        "A code for tool cards has one to eight plain letters or figures. Give the area a shorter one.",
        "C-137",
    ),
    Code.TOOL_KEYS_KNOWN: (
        ("There are no newer keys than version {key_version}.", "There are no newer keys to bring."),
        "Make the next version first: `keys roll`.",
        "C-139",
    ),
}
