"""The prose of every code: sentences (the one that needs most facts first), remedy, and the code for the phone.

Letters of the short codes: C card, A amount, P people and shifts, W writing and sales, R readers, L books and
machine, B bug. The last sentence of a code needs no facts.
"""

from __future__ import annotations

from vending_app.domain.errors import Code
from vending_app.ui.book_troubles import BOOK_TROUBLE
from vending_app.ui.card_troubles import CARD_TROUBLE
from vending_app.ui.keeping_words import KEEPING_TROUBLE
from vending_app.ui.key_troubles import KEY_TROUBLE
from vending_app.ui.supply_troubles import SUPPLY_TROUBLE
from vending_app.ui.tariffs.tariff_troubles import TARIFF_TROUBLE
from vending_app.ui.tool_troubles import TOOL_TROUBLE

TROUBLE: dict[Code, tuple[tuple[str, ...], str, str]] = {
    **BOOK_TROUBLE,
    **SUPPLY_TROUBLE,
    **TOOL_TROUBLE,
    **TARIFF_TROUBLE,
    **CARD_TROUBLE,
    # amounts
    Code.AMOUNT_NOT_A_NUMBER: (("This is not a number.",), "Type figures and one decimal mark.", "A-101"),
    Code.AMOUNT_TOO_PRECISE: (
        ("At most {digits} decimals.", "Too many decimals."),
        "Leave out the figures that are too small.",
        "A-102",
    ),
    Code.AMOUNT_NOT_POSITIVE: (("The amount must be above zero.",), "Type what the customer wants to buy.", "A-103"),
    Code.AMOUNT_BELOW_MINIMUM: (
        ("The least is {minimum}.", "The amount is below the least that is sold."),
        "Type a larger amount.",
        "A-104",
    ),
    Code.AMOUNT_BELOW_CHARGES: (
        (
            "The least is {least}; the charges alone take the rest.",
            "The charges alone take it all; nothing is left for energy.",
        ),
        "Type a larger amount.",
        "A-105",
    ),
    Code.AMOUNT_OVER_MAXIMUM: (
        ("The most is {maximum}.", "The amount is over the most that is sold at once."),
        "Type a smaller amount.",
        "A-106",
    ),
    Code.AMOUNT_OVER_HOARDING: (
        (
            "The meter would refuse it: {over} above its limit. It takes {at_most} at most.",
            "The meter takes {at_most} at most.",
            "The meter would refuse so much credit at once.",
        ),
        "Sell less now; the rest can be bought later.",
        "A-107",
    ),
    Code.TENDER_NOT_EXACT: (
        ("A bank card or a mobile payment is exactly the total of {total}.", "This payment is not the total."),
        "Take exactly the total; if it changed, read the card again with F5.",
        "A-108",
    ),
    Code.TENDER_TOO_MUCH: (
        ("More than {most} in cash is not taken at once.", "This is more cash than is taken at once."),
        "Look at the figure; type what was really received.",
        "A-111",
    ),
    Code.TENDER_SHORT: (
        ("{received} is less than {total}.", "The money received is less than the total."),
        "Ask for the rest, or type a smaller amount.",
        "A-109",
    ),
    Code.TENDER_UNKNOWN: (("This way of paying is not known.",), "Choose cash, bank card, mobile or cheque.", "A-110"),
    # people, shifts, supplies
    Code.LOGIN_REFUSED: (("The name and the secret do not belong together.",), "Type it again.", "P-101"),
    Code.LOGIN_WAIT: (
        ("Tried too often. Wait {seconds} s, then type it again.", "Tried too often."),
        "Wait a little, then type it again.",
        "P-102",
    ),
    Code.PERMISSION_DENIED: (
        ("This is not among what your role may do.",),
        "Ask somebody whose role it is.",
        "P-103",
    ),
    Code.LOGIN_LOCKED: (
        ("{name} is locked.", "This name is locked."),
        "Ask the administrator to unlock it.",
        "P-120",
    ),
    Code.APPROVAL_NEEDED: (("This needs the approval of a supervisor.",), "Let a supervisor type his secret.", "P-121"),
    Code.APPROVAL_EXPIRED: (("The approval is too old.",), "Let the supervisor approve again.", "P-122"),
    Code.APPROVAL_USED: (("The approval was used already.",), "Each act needs an approval of its own.", "P-123"),
    Code.APPROVAL_OTHER: (
        ("The approval was given for something else.",),
        "Let the supervisor approve what is on the screen now.",
        "P-124",
    ),
    Code.APPROVAL_SELF: (
        ("Nobody approves what he does himself, or for himself.",),
        "Ask another supervisor.",
        "P-125",
    ),
    Code.OPERATOR_UNKNOWN: (
        ("Nobody here has the name {name}.", "Nobody here has this name."),
        "Look for it with: operator list.",
        "P-126",
    ),
    Code.OPERATOR_EXISTS: (("The name {name} is taken.", "This name is taken."), "Choose another name.", "P-127"),
    Code.OPERATOR_LAST: (
        ("Without {name} nobody could keep operators here any more.", "Nobody could keep operators here any more."),
        "Make somebody else an administrator, or a supervisor where a second person has to approve.",
        "P-128",
    ),
    Code.NAME_REFUSED: (
        ("{name} cannot be a name here.", "This cannot be a name here."),
        "Use letters and figures; the short name has no spaces.",
        "P-131",
    ),
    Code.SECRET_WEAK: (
        ("This secret is too easy to guess: {reason}.", "This secret is too easy to guess."),
        "Choose another one.",
        "P-129",
    ),
    Code.SECRET_DIFFERS: (
        ("The two secrets are not the same.",),
        "Type the new one twice. Nothing was changed.",
        "P-132",
    ),
    Code.SECRET_MUST_CHANGE: (
        ("This secret was given to you by somebody else.",),
        "Choose your own before you work.",
        "P-130",
    ),
    Code.SECRET_MISSING: (
        ("{variable} is not set, and there is nobody to ask.", "A password or passphrase is missing."),
        "Set it in the environment, or run the command at a terminal.",
        "P-111",
    ),
    Code.SHIFT_CLOSED: (("No shift is open at this desk.",), "Open your shift, then sell.", "P-104"),
    Code.SHIFT_ALREADY_OPEN: (
        ("The shift of {operator} is still open at this desk.", "A shift is already open at this desk."),
        "Close it first.",
        "P-105",
    ),
    Code.SHIFT_HAS_OPEN_SALES: (
        ("{count} interrupted sales are not finished.", "An interrupted sale is not finished."),
        "Finish it with its card, or let a supervisor sign for it.",
        "P-106",
    ),
    Code.SUPPLY_UNKNOWN: (
        ("Supply {supply} is not in these books.", "This supply is not in these books."),
        "Find the customer with F3.",
        "P-107",
    ),
    Code.SUPPLY_CLOSED: (("The supply is closed.",), "Sell nothing to it; its history is under F6.", "P-108"),
    Code.SUPPLY_HAS_CARD: (
        ("The supply already has a card.",),
        "Use that card. A lost one is re-issued by the technician.",
        "P-109",
    ),
    Code.TARIFF_MISSING: (
        ("Tariff {tariff} has no prices for today.", "The tariff has no prices for today."),
        "Ask the supervisor to enter them.",
        "P-110",
    ),
    # sales
    Code.PRICE_CHANGED: (
        (
            "The price is another one now: {total} for {energy}. Nothing was sold.",
            "The price is another one now. Nothing was sold.",
        ),
        "Tell the customer what the page says now, then sell.",
        "A-113",
    ),
    Code.SALE_INTERRUPTED: (
        ("Another sale of this card is not finished yet.",),
        "Finish it first. Nothing is lost.",
        "W-201",
    ),
    Code.SALE_UNKNOWN: (("This sale is not in these books.",), "Look it up in the history with F6.", "W-202"),
    Code.SALE_ID_REUSED: (
        ("The same sale was asked for twice with different content. The second was not made.",),
        "Start the sale again.",
        "W-203",
    ),
    Code.SALE_IN_DOUBT: (
        ("The card left before it could be checked.",),
        "Put the same card back. Nothing is lost.",
        "W-206",
    ),
    Code.SALE_ALREADY_RESOLVED: (("This sale is already settled.",), "Nothing more is to be done.", "W-207"),
    Code.SALE_VOIDED: (
        ("It was begun before and has been undone since. Nothing was written or paid.",),
        "If it is still wanted, begin it anew.",
        "W-216",
    ),
    # readers
    Code.READER_NONE: (("No card reader is connected.",), "Plug the reader in; nothing is lost.", "R-100"),
    Code.READER_UNKNOWN: (
        ("No reader has “{wanted}” in its name.", "There is no reader of this name."),
        "Look at the list of readers.",
        "R-102",
    ),
    Code.READER_AMBIGUOUS: (
        ("It could be any of {readers}.", "More than one reader fits."),
        "Leave a card in only one of them, or choose the reader on page Set-up (`--reader`).",
        "R-103",
    ),
    Code.READER_GONE: (("The reader was unplugged.",), "Plug it in again; nothing is lost.", "R-101"),
    Code.READER_BUSY: (("Another program holds the reader.",), "Close the other program and try again.", "R-104"),
    Code.READER_TIMEOUT: (
        ("The reader did not answer in time; another program may hold the card.",),
        "Close other programs that use cards, or plug the reader in again; then read the card with F5.",
        "R-105",
    ),
    Code.READER_FAULT: (
        ("The reader or its service failed.",),
        "Take the card out and try again; if that does not help, plug the reader in again. Nothing is lost.",
        "R-109",
    ),
    Code.READER_DIALECT: (
        ("The reader does not speak the dialect that is set for it.",),
        "Ask the technician to set the reader’s dialect.",
        "R-106",
    ),
    Code.PCSC_NO_SERVICE: (
        ("The card service of this computer is not running.",),
        "Start it (pcscd), or restart the computer.",
        "R-107",
    ),
    Code.PCSC_DENIED: (
        ("The card service does not let this user in.",),
        "Ask the administrator to let this user’s group in with 60-vending-pcsc.rules (README, *Connecting a reader*).",
        "R-108",
    ),
    # ledger, vault, settings, printer, meter
    Code.WORK_ENDED: (
        ("What was read beside the counter ended before it was done.",),
        "Ask for it again. Selling goes on; if it happens again, call the help line.",
        "L-248",
    ),
    Code.LEDGER_MISSING: (("There are no books here yet.",), "Set the office up with `init`.", "L-101"),
    Code.LEDGER_EXISTS: (("There are books here already. They were not touched.",), "Choose an empty folder.", "L-102"),
    Code.LEDGER_LOCKED: (("Another program holds the books.",), "Close it and try again; nothing is lost.", "L-103"),
    Code.LEDGER_NEWER: (("The books were written by a newer program.",), "Install that version here.", "L-104"),
    Code.LEDGER_DISK_FULL: (("The disk is full. Nothing was sold.",), "Make room, then try again.", "L-105"),
    Code.LEDGER_NOT_COPIED: (
        (
            "The books of an older version could not be copied first: that takes {needs} MB. They are as they were.",
            "The books of an older version could not be copied first. They are as they were.",
        ),
        "Make room on their disk, or have it looked at, then start again.",
        "L-189",
    ),
    Code.LEDGER_DAMAGED: (("The books do not add up. Selling is stopped.",), "Call the help desk.", "L-106"),
    Code.LEDGER_UNAVAILABLE: (("The books cannot be reached.",), "Check the disk, then try again.", "L-107"),
    Code.LEDGER_OLDER: (
        ("The books on the server were made by an older program.",),
        "Ask the administrator for `ledger migrate`.",
        "L-140",
    ),
    Code.LEDGER_BUSY: (
        ("Another desk was at the same place in the books. Nothing was written.",),
        "Do it once more.",
        "L-141",
    ),
    Code.LEDGER_SERVER_GONE: (
        ("The server of the books cannot be reached. Nothing can be sold until it is back.",),
        "Look at the network, then try again: this desk goes on by itself.",
        "L-142",
    ),
    Code.LEDGER_SERVER_SLOW: (
        ("The server of the books does not answer in time.",),
        "Wait a minute, then try again. A sale that came through is found when its card is put in.",
        "L-143",
    ),
    Code.LEDGER_SERVER_REFUSED: (
        ("The server of the books does not let this desk in.",),
        "Ask the administrator for this desk’s account on the server.",
        "L-144",
    ),
    Code.LEDGER_RESTORED: (
        ("The server’s books are older than what this desk wrote. Nothing is sold, so that nothing is sold twice.",),
        "Call the help desk: an older backup was put back on the server.",
        "L-145",
    ),
    Code.SQLITE_TOO_OLD: (
        ("The database library of this machine is too old to be safe.",),
        "Run the installer again.",
        "L-108",
    ),
    Code.SETTINGS_DAMAGED: (("The settings cannot be read.",), "Correct or remove the settings file.", "L-114"),
    Code.SETTING_REFUSED: (
        (
            "“{value}” cannot be the setting “{setting}”. There are: {known}.",
            "“{value}” cannot be the setting “{setting}”.",
            "The setting was not changed.",
        ),
        "Give a setting that exists, and a value of its kind.",
        "L-119",
    ),
    Code.DESK_UNKNOWN: (
        ("Desk {desk} is not in these books.", "This desk is not in these books."),
        "Give this desk its number again: settings desk NUMBER.",
        "L-122",
    ),
    Code.FONT_MISSING: (
        ("These fonts are missing: {fonts}.", "Fonts are missing."),
        "Run the installer again.",
        "L-120",
    ),
    Code.CLOCK_WRONG: (
        ("The clock of this computer says {now}, and that cannot be right.", "The clock of this computer looks wrong."),
        "Set the clock, then start again.",
        "L-121",
    ),
    Code.PRINTER_FAILED: (
        ("{printer}: {reason}.", "{reason}", "The printer did not take the receipt."),
        "The sale stands. Look after the printer, then press F7.",
        "L-115",
    ),
    Code.METER_STATE_DAMAGED: (("The file of the meter is damaged.",), "Take its backup, or a new meter.", "L-116"),
    Code.METER_OTHER: (
        ("The file holds the registers of meter {of}.", "The file holds the registers of another meter."),
        "Choose the file of this meter.",
        "L-123",
    ),
    Code.METER_SILENT: (
        ("The program of the meter gives no answer: {why}.", "The program of the meter gives no answer."),
        "Start its command by hand and see that it answers a line with a line.",
        "L-124",
    ),
    Code.IMAGE_DAMAGED: (("The card image is not 256 bytes of a card.",), "Choose another file.", "L-117"),
    Code.FILE_UNREADABLE: (
        ("“{path}” cannot be read or written.", "A file cannot be read or written."),
        "Check that it exists and that you may use it.",
        "L-118",
    ),
    Code.CANCELLED: (("Nothing was done.",), "Start again when you like.", "B-100"),
    Code.BUG: (
        ("The program met something it does not understand and stopped selling.",),
        "Close it and start it again. What was saved stays saved.",
        "B-101",
    ),
    **KEEPING_TROUBLE,
    **KEY_TROUBLE,
}
