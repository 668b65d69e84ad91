"""The words on paper, in one place, so that another language is another table."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from vending_app.domain.sale import TenderKind


@dataclass(frozen=True, slots=True)
class Words:
    """What a receipt says besides names and numbers."""

    receipt: str = "Receipt"
    tax_number: str = "Tax {number}"
    desk: str = "Desk {desk}, {cashier}"
    customer: str = "Customer"
    meter: str = "Meter"
    card: str = "Card"
    order: str = "Order"
    energy_bought: str = "Energy bought"
    about_days: str = "about {days} days"
    about_one_day: str = "about one day"
    kwh: str = "kWh"
    still_owed: str = "{owed} still owed"
    taxed: str = "on {base}"
    total: str = "TOTAL"
    change: str = "Change"
    reference: str = "Reference"
    bought_in_all: str = "Bought in all"
    left_in_meter: str = "Left in the meter, {day}"
    below_alarm: str = "Below the alarm level of"
    put_card: str = "Put the card in your meter"
    wait_for_credit: str = "Wait until its display shows the credit."
    help: str = "Help, {hours}"
    keep: str = "Keep this receipt."
    copy: str = "COPY"
    practice: str = "PRACTICE"
    subject: str = "Receipt {receipt}"
    tender: dict[TenderKind, str] = field(
        default_factory=lambda: {
            TenderKind.CASH: "Cash",
            TenderKind.BANK_CARD: "Bank card",
            TenderKind.MOBILE: "Mobile money",
        }
    )
    months: tuple[str, ...] = (
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    )  # fmt: skip

    def day(self, on: date) -> str:
        """`13 Nov`."""
        return f"{on.day} {self.months[on.month - 1]}"

    def moment(self, at: datetime) -> str:
        """`14 Nov 2025, 10:42`."""
        return f"{self.day(at)} {at.year}, {at:%H:%M}"

    def days(self, count: int) -> str:
        """How long the energy lasts."""
        return self.about_one_day if count == 1 else self.about_days.format(days=count)


ENGLISH = Words()


def rate(basis_points: int) -> str:
    """`8 %`, `7.5 %`: hundredths of a per cent as people write them."""
    whole, part = divmod(basis_points, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".") + " %"
