"""What can go wrong, as closed codes; the prose for each stands in `ui/words.py` and nowhere else."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class Code(StrEnum):
    """Every reason the program can give; the value is what the command line prints."""

    # cards
    CARD_ABSENT = "card-absent"
    CARD_BLANK = "card-blank"
    CARD_FOREIGN = "card-foreign"
    CARD_UNREADABLE = "card-unreadable"
    CARD_UNKNOWN = "card-unknown"
    CARD_WRONG_SUPPLY = "card-wrong-supply"
    CARD_REPLACED = "card-replaced"
    CARD_MAC_WRONG = "card-mac-wrong"
    CARD_TORN = "card-torn"
    CARD_AHEAD = "card-ahead"
    CARD_NOT_BLANK = "card-not-blank"
    CARD_LOCKED = "card-locked"
    CARD_LAST_TRY = "card-last-try"
    CARD_SWAPPED = "card-swapped"
    CARD_REMOVED = "card-removed"
    CARD_ADDRESS_REFUSED = "card-address-refused"
    PSC_WRONG = "psc-wrong"
    # tool cards
    CARD_NOT_TOOL = "card-not-tool"
    CARD_IS_TOOL = "card-is-tool"
    TOOL_CARD_TORN = "tool-card-torn"
    TOOL_CARD_UNKNOWN = "tool-card-unknown"
    TOOL_CARD_UNREAD = "tool-card-unread"
    TOOL_CARD_IN_DOUBT = "tool-card-in-doubt"
    TOOL_CARD_ISSUED_ANEW = "tool-card-issued-anew"
    TOOL_AREA_REFUSED = "tool-area-refused"
    # amounts
    AMOUNT_NOT_A_NUMBER = "amount-not-a-number"
    AMOUNT_TOO_PRECISE = "amount-too-precise"
    AMOUNT_NOT_POSITIVE = "amount-not-positive"
    AMOUNT_BELOW_MINIMUM = "amount-below-minimum"
    AMOUNT_BELOW_CHARGES = "amount-below-charges"
    AMOUNT_OVER_MAXIMUM = "amount-over-maximum"
    AMOUNT_OVER_HOARDING = "amount-over-hoarding"
    TENDER_SHORT = "tender-short"
    TENDER_UNKNOWN = "tender-unknown"
    TENDER_NOT_EXACT = "tender-not-exact"
    TENDER_NEEDS_REFERENCE = "tender-needs-reference"
    TENDER_TOO_MUCH = "tender-too-much"
    # people, shifts, supplies
    LOGIN_REFUSED = "login-refused"
    LOGIN_WAIT = "login-wait"
    LOGIN_LOCKED = "login-locked"
    PERMISSION_DENIED = "permission-denied"
    APPROVAL_NEEDED = "approval-needed"
    APPROVAL_EXPIRED = "approval-expired"
    APPROVAL_USED = "approval-used"
    APPROVAL_OTHER = "approval-other"
    APPROVAL_SELF = "approval-self"
    OPERATOR_UNKNOWN = "operator-unknown"
    OPERATOR_EXISTS = "operator-exists"
    OPERATOR_LAST = "operator-last"
    NAME_REFUSED = "name-refused"
    SECRET_MISSING = "secret-missing"
    SECRET_DIFFERS = "secret-differs"
    SECRET_WEAK = "secret-weak"
    SECRET_MUST_CHANGE = "secret-must-change"
    SHIFT_CLOSED = "shift-closed"
    SHIFT_ALREADY_OPEN = "shift-already-open"
    SHIFT_HAS_OPEN_SALES = "shift-has-open-sales"
    COUNT_MISSING = "count-missing"
    COUNT_OUTDATED = "count-outdated"
    COUNT_NOT_A_NUMBER = "count-not-a-number"
    DIFFERENCE_NEEDS_REASON = "difference-needs-reason"
    HANDOVER_OTHER = "handover-other"
    HANDOVER_DIFFERS = "handover-differs"
    CASH_NOT_THERE = "cash-not-there"
    DRAWER_MISSING = "drawer-missing"
    REASON_MISSING = "reason-missing"
    PAYMENT_TOO_MUCH = "payment-too-much"
    PERIOD_CLOSED = "period-closed"
    PERIOD_HAS_OPEN_SHIFT = "period-has-open-shift"
    PERIOD_EMPTY = "period-empty"
    PERIOD_NOT_OVER = "period-not-over"
    PERIOD_NOT_A_DATE = "period-not-a-date"
    PERIOD_BACKWARDS = "period-backwards"
    SUPPLY_UNKNOWN = "supply-unknown"
    SUPPLY_CLOSED = "supply-closed"
    SUPPLY_HAS_CARD = "supply-has-card"
    SUPPLY_HAS_NO_CARD = "supply-has-no-card"
    SUPPLY_ENDED = "supply-ended"
    CUSTOMER_UNKNOWN = "customer-unknown"
    CUSTOMER_OWES = "customer-owes"
    CUSTOMER_IS_OWED = "customer-is-owed"
    AREA_UNKNOWN = "area-unknown"
    METER_UNKNOWN = "meter-unknown"
    METER_INSTALLED = "meter-installed"
    METER_NOT_REMOVED = "meter-not-removed"
    READING_BEHIND = "reading-behind"
    READING_MISSING = "reading-missing"
    READING_BEYOND = "reading-beyond"
    READING_LOWER = "reading-lower"
    READING_TOO_OLD = "reading-too-old"
    DISPLAY_AHEAD = "display-ahead"
    CARD_STILL_GOOD = "card-still-good"
    NO_CARD_WAITED_FOR = "no-card-waited-for"
    RECORD_REFUSED = "record-refused"
    RECORD_CHANGED = "record-changed"
    PROCEDURE_UNKNOWN = "procedure-unknown"
    SAMPLE_UNKNOWN = "sample-unknown"
    CRITERIA_REFUSED = "criteria-refused"
    FINDING_REFUSED = "finding-refused"
    RULE_REFUSED = "rule-refused"
    RULE_OUTDATED = "rule-outdated"
    RULE_SAME = "rule-same"
    LOGO_REFUSED = "logo-refused"
    ROUTE_EMPTY = "route-empty"
    REPORT_PERIOD = "report-period"
    REPORT_FILTER = "report-filter"
    TARIFF_MISSING = "tariff-missing"
    TARIFF_REFUSED = "tariff-refused"
    TARIFF_NOT_AHEAD = "tariff-not-ahead"
    TARIFF_EXISTS = "tariff-exists"
    DESK_UNKNOWN = "desk-unknown"
    # sales
    SALE_INTERRUPTED = "sale-interrupted"
    SALE_UNKNOWN = "sale-unknown"
    SALE_ID_REUSED = "sale-id-reused"
    SALE_IN_DOUBT = "sale-in-doubt"
    SALE_ALREADY_RESOLVED = "sale-already-resolved"
    SALE_NOT_CLOSED = "sale-not-closed"
    PRICE_CHANGED = "price-changed"
    SALE_ON_CARD = "sale-on-card"
    REVERSAL_NOT_NEWEST = "reversal-not-newest"
    REVERSAL_TOO_LATE = "reversal-too-late"
    REVERSAL_USED = "reversal-used"
    REVERSAL_OLD_CARD = "reversal-old-card"
    CORRECTION_TOO_LATE = "correction-too-late"
    TENDER_SAME = "tender-same"
    # readers
    READER_NONE = "reader-none"
    READER_UNKNOWN = "reader-unknown"
    READER_AMBIGUOUS = "reader-ambiguous"
    READER_GONE = "reader-gone"
    READER_BUSY = "reader-busy"
    READER_TIMEOUT = "reader-timeout"
    READER_DIALECT = "reader-dialect"
    PCSC_NO_SERVICE = "pcsc-no-service"
    PCSC_DENIED = "pcsc-denied"
    # ledger, vault, settings, printer, meter
    LEDGER_MISSING = "ledger-missing"
    LEDGER_EXISTS = "ledger-exists"
    LEDGER_LOCKED = "ledger-locked"
    LEDGER_NEWER = "ledger-newer"
    LEDGER_DISK_FULL = "ledger-disk-full"
    LEDGER_DAMAGED = "ledger-damaged"
    LEDGER_UNAVAILABLE = "ledger-unavailable"
    LEDGER_OLDER = "ledger-older"
    LEDGER_BUSY = "ledger-busy"
    LEDGER_SERVER_GONE = "ledger-server-gone"
    LEDGER_SERVER_SLOW = "ledger-server-slow"
    LEDGER_SERVER_REFUSED = "ledger-server-refused"
    LEDGER_RESTORED = "ledger-restored"
    SQLITE_TOO_OLD = "sqlite-too-old"
    VAULT_MISSING = "vault-missing"
    VAULT_PASSPHRASE_WRONG = "vault-passphrase-wrong"
    VAULT_DAMAGED = "vault-damaged"
    VAULT_LOCKED = "vault-locked"
    SIGNING_KEY_DIFFERS = "signing-key-differs"
    KEY_VERSION_UNKNOWN = "key-version-unknown"
    SETTINGS_DAMAGED = "settings-damaged"
    SETTING_REFUSED = "setting-refused"
    PRINTER_FAILED = "printer-failed"
    METER_STATE_DAMAGED = "meter-state-damaged"
    METER_OTHER = "meter-other"
    IMAGE_DAMAGED = "image-damaged"
    FILE_UNREADABLE = "file-unreadable"
    FONT_MISSING = "font-missing"
    CLOCK_WRONG = "clock-wrong"
    # keeping: backups, restored books, tables that come in and go out
    BACKUP_FAILED = "backup-failed"
    BACKUP_DAMAGED = "backup-damaged"
    RECOVERY_KEY_MISSING = "recovery-key-missing"
    RECOVERY_KEY_EXISTS = "recovery-key-exists"
    RECOVERY_KEY_WRONG = "recovery-key-wrong"
    RECOVERY_KEY_OTHER = "recovery-key-other"
    FOLDER_TAKEN = "folder-taken"
    BOOKS_RESTORED = "books-restored"
    BOOKS_NOT_RESTORED = "books-not-restored"
    RECEIPT_NOT_READ = "receipt-not-read"
    RECEIPT_OTHER = "receipt-other"
    RECEIPTS_UNPROVEN = "receipts-unproven"
    REENTRY_KNOWN = "reentry-known"
    REENTRY_DIFFERS = "reentry-differs"
    TABLE_UNREADABLE = "table-unreadable"
    IMPORT_REFUSED = "import-refused"
    CANCELLED = "cancelled"
    BUG = "bug"


Fact = str | int | date | object


class VendingError(Exception):
    """A known trouble: a code and the facts of this case, never prose and never a secret."""

    def __init__(self, code: Code, **facts: Fact) -> None:
        super().__init__(code.value)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        return f"{self.code.value} {self.facts}" if self.facts else self.code.value


class OperatorError(VendingError):
    """The person at the desk can act now."""


class EnvironmentFault(VendingError):
    """Somebody else must act: a reader, a disk, a service."""


class OutcomeUnknown(VendingError):
    """It is not known whether the card was written: never retried blindly, settled by reading that card."""


class Cancelled(VendingError):
    """The person changed his mind; silent."""

    def __init__(self) -> None:
        super().__init__(Code.CANCELLED)
