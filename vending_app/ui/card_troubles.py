"""The prose of what is wrong with a card; a part of `trouble_words.TROUBLE`."""

from __future__ import annotations

from vending_app.domain.errors import Code

CARD_TROUBLE: dict[Code, tuple[tuple[str, ...], str, str]] = {
    Code.CARD_ABSENT: (("No card is in the reader.",), "Put the card in, chip first.", "C-101"),
    Code.CARD_BLANK: (("The card is blank.",), "Issue it to a supply, or ask for the customer’s card.", "C-102"),
    Code.CARD_FOREIGN: (
        ("The card is not one of ours. Nothing was written.",),
        "Give it back and ask for the meter’s card.",
        "C-103",
    ),
    Code.CARD_UNREADABLE: (
        ("The card cannot be read.",),
        "Wipe the contacts and put it in again. If that fails, have it re-issued.",
        "C-104",
    ),
    Code.CARD_UNKNOWN: (
        ("The card is ours, but these books do not know it.",),
        "Find the customer with F3 and ask the technician.",
        "C-105",
    ),
    Code.CARD_IN_USE: (
        ("This is the card of supply {supply}.", "This card is still somebody’s."),
        "Issue another card to the supply first, or close it. Nothing was changed.",
        "C-119",
    ),
    Code.CARD_NOT_REPAIRABLE: (
        ("This card lacks nothing that the books could write on it again.",),
        "See its details; a card that is damaged beyond that is replaced. Nothing was changed.",
        "C-121",
    ),
    Code.CARD_UNPROVED: (
        ("No meter has shown yet that it took what is on this card.",),
        "Let the supply’s new card be read once after the meter. Until then keep this one; nothing was changed.",
        "C-122",
    ),
    Code.CARD_NOT_CLEARED: (
        ("The card says that it was made blank, and is not.",),
        "Put it in and try once more. If that fails, throw it away; no meter takes it any more.",
        "C-120",
    ),
    Code.CARD_WRONG_SUPPLY: (
        ("The card belongs to another supply than the one that is open.",),
        "Ask for the right card, or open the supply of this one.",
        "C-106",
    ),
    Code.CARD_REPLACED: (("The card was replaced by a newer one.",), "Ask the customer for the newer card.", "C-107"),
    Code.CARD_MAC_WRONG: (
        ("An order on the card was not made by this office.",),
        "Keep the card and ask the supervisor.",
        "C-108",
    ),
    Code.CARD_TORN: (
        ("The card was taken out while it was being written.",),
        "Put the same card back. Nothing is lost.",
        "W-204",
    ),
    Code.CARD_AHEAD: (
        ("The card carries an order that these books do not know.",),
        "Sell nothing to it and ask the supervisor.",
        "C-109",
    ),
    Code.CARD_NOT_BLANK: (("The card is not blank.",), "Take a new card from the stock.", "C-110"),
    Code.CARD_LOCKED: (
        ("The card is locked for ever after three wrong codes.",),
        "Have a new card issued. The credit stays with the supply.",
        "C-111",
    ),
    Code.CARD_LAST_TRY: (
        (
            "The card has {tries} of three tries left for its code, too few. None was used.",
            "The card has too few tries left for its code. None was used.",
        ),
        "Have a new card issued. The credit stays with the supply.",
        "C-112",
    ),
    Code.CARD_SWAPPED: (
        ("Another card is in the reader than the one that was read.",),
        "Put the first card back, or read this one with F5.",
        "C-113",
    ),
    Code.CARD_REMOVED: (
        ("The card was taken out before anything was written.",),
        "Put it back and try again. Nothing is lost.",
        "C-114",
    ),
    Code.CARD_ADDRESS_REFUSED: (
        ("The program was about to write where a card must not be written. Nothing was written.",),
        "Call the help desk.",
        "C-115",
    ),
    Code.PSC_WRONG: (
        ("The card does not accept this office’s code. One of its three tries is gone.",),
        "Do not try again. Ask the technician.",
        "C-116",
    ),
    Code.CARD_TRIES_UNTOLD: (
        (
            "By the books {tries} of three tries may be left, and this reader does not tell how many. None was used.",
            "This reader does not tell how many tries the card has left for its code. None was used.",
        ),
        "Put the card into a reader that tells (an ACS). If it is blank, throw away one that was refused with C-116"
        " before, and enter it as spoilt.",
        "C-117",
    ),
    Code.CARD_KEYS_WRONG: (
        ("The card does not open with this office’s keys. Nothing was written.",),
        "Take another card. If a customer holds it, ask the technician.",
        "C-118",
    ),
}
