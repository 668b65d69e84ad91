"""What can be done to the books: one word for each kind of row in the journal."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a row of the journal tells; which person may write it stands in `authority.py`."""

    FOUNDING = "founding"
    TARIFF = "tariff"
    OPENING = "opening"
    LOGIN = "login"
    SHIFT_OPEN = "shift-open"
    SHIFT_CLOSE = "shift-close"
    RESERVE = "reserve"
    DOUBT = "doubt"
    POST = "post"
    VOID = "void"
    HARVEST = "harvest"
    PRINT = "print"
    CODE_REFUSED = "code-refused"
    OPERATOR = "operator"
    SECRET = "secret"
    LOCKOUT = "lockout"
    CASH = "cash"
    COUNT = "count"
    SIGN = "sign"
    PAYMENT = "payment"
    REFUND = "refund"
    TENDER = "tender"
    DRAWER = "drawer"
    CLOSING = "closing"
    RESTORED = "restored"
    RESTORATION_END = "restoration-end"
    REENTRY = "reentry"
    RECEIPT_GAP = "receipt-gap"
    RECORD = "record"
    METER_CHANGE = "meter-change"
    SETTLE = "settle"
    TOOL_CARD = "tool-card"
    TOOL_MARK = "tool-mark"
    TOOL_READING = "tool-reading"
