"""What the screens say of the drawer, of undoing and of closings. No Qt here."""

from __future__ import annotations

from datetime import date

from vending_app.domain.cash import CashKind
from vending_app.domain.closing import ClosingKind
from vending_app.domain.money import ZERO, Money
from vending_app.domain.reversal import MeterHas
from vending_app.domain.sale import Purpose, Sale, SaleState
from vending_app.ui.phrases import LONG_MONTHS, WEEKDAYS, counted

METER_HAS: dict[MeterHas, str] = {
    MeterHas.LOADED: "The meter has taken this energy. It gives it back when the card is put in again.",
    MeterHas.NOT_SEEN: (
        "The meter had not taken this energy when it last wrote back. If it has since, it gives it back."
    ),
    MeterHas.UNKNOWN: "The meter has never written back. Whatever it took, the new order puts it right.",
}
CASH_KINDS: dict[CashKind, tuple[str, str, str]] = {
    CashKind.FROM_SAFE: ("From the safe", "change for the drawer", "arrow-down-left"),
    CashKind.TO_SAFE: ("To the safe", "too much in the drawer", "arrow-up-right"),
    CashKind.PAID_IN: ("Paid in", "with a reason", "plus-circle"),
    CashKind.PAID_OUT: ("Paid out", "with a reason", "minus-circle"),
}
"""Name, remark and icon of each."""
CLOSINGS: dict[ClosingKind, tuple[str, str, str]] = {
    ClosingKind.SHIFT: ("Shift", "Shifts", "shift"),
    ClosingKind.DAY: ("Day", "Days", "day"),
    ClosingKind.MONTH: ("Month", "Months", "month"),
    ClosingKind.YEAR: ("Year", "Years", "year"),
}
"""One, many, and in a sentence."""


def signed(amount: Money) -> str:
    """`+0.50`, `−0.50`, `0.00`: which way a difference goes is seen at once."""
    return f"+{amount}" if amount > ZERO else str(amount)


def said_age(minutes: int) -> str:
    """For how long something has waited: `3 minutes`, `2 hours`, `5 days`."""
    if minutes < 60:
        return counted(minutes, "minute", "minutes")
    hours = minutes // 60
    return counted(hours, "hour", "hours") if hours < 48 else counted(hours // 24, "day", "days")


def said_period(kind: ClosingKind, period: str) -> str:
    """`Friday, 14 November 2025`, `November 2025`, `2025`, `Shift 318`."""
    if kind is ClosingKind.SHIFT:
        return f"Shift {period}"
    if kind is ClosingKind.YEAR:
        return period
    day = date.fromisoformat(period if kind is ClosingKind.DAY else f"{period}-01")
    month = f"{LONG_MONTHS[day.month - 1]} {day.year}"
    return f"{WEEKDAYS[day.weekday()]}, {day.day} {month}" if kind is ClosingKind.DAY else month


def said_what(sale: Sale) -> str:
    """What kind of paper or order this is: `Sale`, `Reversal`, `Cancellation`, `Card issued`."""
    return {
        Purpose.SALE: "Sale",
        Purpose.REVERSAL: "Reversal",
        Purpose.CANCELLATION: "Cancellation",
        Purpose.ISSUE: "Card issued",
    }[sale.intent.purpose]


def said_mark(sale: Sale) -> str:
    """What is not as usual with it; nothing for a sale that is posted, printed and stands."""
    if sale.state is SaleState.VOIDED:
        return "Void"
    if sale.state is not SaleState.POSTED:
        return "Interrupted"
    if sale.reversed_by is not None:
        return "Reversed"
    if sale.intent.purpose is not Purpose.SALE:
        return said_what(sale)
    return "" if sale.is_printed else "Not printed"


def mark_of(sale: Sale) -> tuple[str, str]:
    """Icon and tone of that mark: warm where somebody must act."""
    return {
        "": ("", ""),
        "Interrupted": ("clock-counter-clockwise", "warn"),
        "Not printed": ("warning-fill", "warn"),
        "Reversal": ("arrow-u-up-left", "muted"),
    }.get(said_mark(sale), ("", "muted"))
