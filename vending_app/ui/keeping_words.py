"""The prose of `trouble_words.py` for backups, restored books, and tables that come in and go out."""

from __future__ import annotations

from vending_app.domain.errors import Code
from vending_app.domain.importing import Reason

KEEPING_TROUBLE: dict[Code, tuple[tuple[str, ...], str, str]] = {
    Code.BACKUP_FAILED: (
        ("The backup could not be written to {path}: {reason}.", "The backup could not be written."),
        "Selling goes on. Look after the folder or the disk of the backups, or choose another: settings backup_folder.",
        "L-230",
    ),
    Code.BACKUP_DAMAGED: (
        ("The backup {file} is damaged: {why}.", "The backup is damaged."),
        "Take the one before it, or the copy in the second folder.",
        "L-231",
    ),
    Code.RECOVERY_KEY_MISSING: (
        ("This office has no recovery key, so nothing can be backed up.",),
        "Make one and keep it apart from this machine: backup key.",
        "L-232",
    ),
    Code.RECOVERY_KEY_EXISTS: (
        ("This office has a recovery key already.",),
        "Use the paper that was kept when it was made.",
        "L-233",
    ),
    Code.RECOVERY_KEY_WRONG: (
        ("Group {group} of the recovery key does not fit its check figure.", "This is no recovery key."),
        "Compare it with the paper, group by group.",
        "L-234",
    ),
    Code.RECOVERY_KEY_OTHER: (
        ("This recovery key belongs to another office or to older backups.",),
        "Take the key that was made before this backup.",
        "L-235",
    ),
    Code.FOLDER_TAKEN: (
        ("The folder {path} is not empty.", "The folder is not empty."),
        "Choose a folder that does not exist yet. For a restored office, --move-aside keeps the old one beside it.",
        "L-236",
    ),
    Code.BOOKS_RESTORED: (
        (
            "These books come from a copy of {made_at}. What was sold or paid later is not in them.",
            "These books come from an older copy. What was sold or paid later is not in them.",
        ),
        "Ask the supervisor to compare the last receipts and to enter later sales again: restore status.",
        "L-237",
    ),
    Code.BOOKS_NOT_RESTORED: (("These books do not come from a copy.",), "Nothing has to be entered again.", "L-238"),
    Code.RECEIPT_NOT_READ: (
        ("“{text}” is no receipt number with its mark.", "This is no receipt number with its mark."),
        "Type both as printed, such as 2-004518:3F9A0C22.",
        "L-239",
    ),
    Code.RECEIPT_OTHER: (
        (
            "Receipt {receipt} stands in these books with the mark {known}, not {given}.",
            "The receipt is another one in these books.",
        ),
        "Compare the figures. If they are right, keep the paper and ask the administrator.",
        "L-240",
    ),
    Code.RECEIPTS_UNPROVEN: (
        ("The last receipt of desk {desk} was not told.", "The last receipt of a desk was not told."),
        "Give the last paper of every desk; 1-0 for a desk that never printed one.",
        "L-241",
    ),
    Code.REENTRY_KNOWN: (
        ("Order {sequence} of supply {supply} is in these books already.", "The order is in these books already."),
        "Nothing has to be entered for it.",
        "L-242",
    ),
    Code.REENTRY_DIFFERS: (
        ("The {what} does not fit these books.", "What was given does not fit these books."),
        "Compare the card, the paper and the supply; enter older receipts first.",
        "L-243",
    ),
    Code.TABLE_UNREADABLE: (
        ("{file} cannot be read as a table: {why}.", "The file cannot be read as a table."),
        "Save it as CSV or as an Excel workbook (.xlsx) with one row of headings.",
        "L-244",
    ),
    Code.IMPORT_REFUSED: (
        ("{bad} of {rows} rows cannot be taken. Nothing was entered.", "Rows cannot be taken. Nothing was entered."),
        "Correct the rows that are listed, then try again. --dry-run lists them without entering anything.",
        "L-245",
    ),
}

REASONS: dict[Reason, str] = {
    Reason.MISSING: "there is nothing in it",
    Reason.NOT_A_NUMBER: "this is no number, or has too many decimals:",
    Reason.OUT_OF_RANGE: "too small or too big:",
    Reason.TOO_LONG: "too long:",
    Reason.BAD_NUMBER: "not a number of its figures:",
    Reason.BAD_DATE: "no day such as 2024-01-31 or 31.1.2024:",
    Reason.BAD_LETTERS: "signs that cannot be printed are in",
    Reason.TWICE: "it stands twice in this file:",
    Reason.IN_BOOKS: "it is in the books already:",
    Reason.METER_USED: "this meter feeds another supply:",
    Reason.CUSTOMER_DIFFERS: "the customer of this number is another one:",
    Reason.TARIFF_UNKNOWN: "there is no tariff",
    Reason.AREA_UNKNOWN: "no area has the code",
    Reason.NOT_YET: "this day is still to come:",
    Reason.TOO_OLD: "this day lies too far back:",
    Reason.NOT_A_KIND: "none of reading, first or last:",
    Reason.LOWER: "the counter showed more before, and no new one is named:",
    Reason.TOO_MANY_CELLS: "there is no heading above",
}
"""Why a row of a table cannot be taken; the cell follows."""
