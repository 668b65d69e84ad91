"""The words of the day page: beside the usual, and what is odd about a day. No Qt here."""

from __future__ import annotations

from datetime import date

from vending_app.domain.day import DayOddity, DayReport, Oddity
from vending_app.domain.ids import spaced
from vending_app.domain.money import Money, grouped, nearest_whole
from vending_app.ui.book_words import signed
from vending_app.ui.phrases import WEEKDAYS, clock, day_and_clock, local

ODDITIES: dict[Oddity, tuple[str, str, str]] = {
    Oddity.INTERRUPTED: ("credit-card", "bad", "Settle"),
    Oddity.METER: ("shield-warning", "bad", "Look"),
    Oddity.DIFFERENCE: ("scales", "warn", "Open"),
    Oddity.UNPRINTED: ("printer", "warn", "Print"),
    Oddity.REVERSAL: ("arrow-u-up-left", "muted", "Look"),
    Oddity.VOID: ("arrow-u-up-left", "muted", "Look"),
}
"""Icon, tone, and the verb that does something about it."""


def beside_usual(now: int, usual: int) -> tuple[str, str]:
    """Which way, and `6 % above usual`."""
    if usual <= 0:
        return "", "nothing usual yet"
    percent = (now - usual) * 100 // usual if now >= usual else -((usual - now) * 100 // usual)
    if percent == 0:
        return "", "as usual"
    return ("up", f"{percent} % above usual") if percent > 0 else ("down", f"{-percent} % below usual")


def count_beside_usual(now: int, usual: int) -> tuple[str, str]:
    """Which way, and `9 more than usual`."""
    if now == usual:
        return "", "as usual"
    return ("up", f"{now - usual} more than usual") if now > usual else ("down", f"{usual - now} less than usual")


def money_beside_usual(now: Money, usual: Money) -> tuple[str, str]:
    """Which way, and `0.30 less than usual`."""
    if now == usual:
        return "", "as usual"
    return ("up", f"{now - usual} more than usual") if now > usual else ("down", f"{usual - now} less than usual")


def share_of(part: int, whole: int) -> str:
    """`12 % of takings`; below nothing reversals gave back more than was paid."""
    if part < 0:
        return "more given back than paid"
    return f"{part * 100 // whole} % of takings" if whole > 0 else "no takings yet"


def usual_day(day: date) -> str:
    """`usual Friday`."""
    return f"usual {WEEKDAYS[day.weekday()]}"


def hour_span(hour: int) -> str:
    """`08–09`."""
    return f"{hour:02d}–{(hour + 1) % 24:02d}"


def whole(value: int, unit: int) -> str:
    """Without its decimals, for a bar: `1 105`."""
    return grouped(nearest_whole(value, unit), digits=0)


def said_oddity(odd: DayOddity, *, of: date) -> tuple[str, str]:
    """Title and line of one; what began on another day than the one that tells it has its date."""
    at = clock(odd.at) if local(odd.at).date() == of else day_and_clock(odd.at)
    reason = f", {odd.reason}" if odd.reason else ""
    match odd.kind:
        case Oddity.INTERRUPTED:
            return "Interrupted sale not finished", f"{odd.amount}, {odd.name}, {at}"
        case Oddity.METER:
            return _meter_title(odd), f"Meter {spaced(odd.meter)}" if odd.meter else at
        case Oddity.DIFFERENCE:
            return f"Cash difference {signed(odd.amount)}", f"Desk {odd.desk}, {odd.name}"
        case Oddity.UNPRINTED:
            return f"Receipt {odd.receipt} not printed", f"{odd.amount}, {odd.name}, {at}"
        case Oddity.REVERSAL:
            approved = f", approved by {odd.approver}" if odd.approver else ""
            return f"Reversal {odd.receipt}, {at}", f"{odd.amount}{reason}{approved}"
    return f"Sale voided, {at}", f"{odd.amount}{reason}, desk {odd.desk}"


def _meter_title(odd: DayOddity) -> str:
    if odd.illegal_cards and odd.cover:
        return f"Illegal cards {odd.illegal_cards}, cover {odd.cover}"
    return f"Illegal cards tried: {odd.illegal_cards}" if odd.illegal_cards else f"Cover opened: {odd.cover}"


def need_you(report: DayReport) -> str:
    """`4 need you`; empty on a good day."""
    count = sum(odd.needs_somebody for odd in report.oddities)
    return f"{count} need{'s' if count == 1 else ''} you" if count else ""
