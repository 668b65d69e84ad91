"""Dates, durations and names in words, the same on every page. No Qt here."""

from __future__ import annotations

from datetime import date, datetime

from vending_app.domain.money import grouped

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONG_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def local(at: datetime) -> datetime:
    """The moment on the clock of this desk."""
    return at.astimezone()


def clock(at: datetime) -> str:
    """`10:42`."""
    return local(at).strftime("%H:%M")


def clock_seconds(at: datetime) -> str:
    """`10:42:07`."""
    return local(at).strftime("%H:%M:%S")


def short_day(day: date, *, today: date) -> str:
    """`today`, `27 Sep`, and with its year when that is another: `14 Jan 2024`."""
    if day == today:
        return "today"
    return day_and_month(day) if day.year == today.year else day_and_year(day)


def day_and_month(day: date) -> str:
    """`13 Nov`."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def day_and_year(day: date) -> str:
    """`14 Nov 2025`."""
    return f"{day_and_month(day)} {day.year}"


def long_day(day: date) -> str:
    """`14 November 2025`."""
    return f"{day.day} {LONG_MONTHS[day.month - 1]} {day.year}"


def full_day(at: datetime) -> str:
    """`14 Nov 2025`."""
    return day_and_year(local(at).date())


def long_moment(at: datetime) -> str:
    """`Friday, 14 November 2025, 07:58`."""
    here = local(at)
    return f"{WEEKDAYS[here.weekday()]}, {long_day(here.date())}, {clock(at)}"


def status_moment(at: datetime) -> str:
    """`Fri 14 Nov  10:42`."""
    here = local(at)
    return f"{WEEKDAYS[here.weekday()][:3]} {here.day} {MONTHS[here.month - 1]}  {clock(at)}"


def day_and_clock(at: datetime) -> str:
    """`13 Nov 18:42`."""
    return f"{day_and_month(local(at).date())} {clock(at)}"


def when(at: datetime, *, today: date) -> str:
    """`today at 18:42`, `yesterday at 18:42`, `on 27 Sep`."""
    day = local(at).date()
    apart = (today - day).days
    if apart == 0:
        return f"today at {clock(at)}"
    if apart == 1:
        return f"yesterday at {clock(at)}"
    return f"on {short_day(day, today=today)}"


def greeting(at: datetime) -> str:
    """What one says at this hour; the evening lasts into the night."""
    hour = local(at).hour
    if 4 <= hour < 12:
        return "Good morning"
    return "Good afternoon" if 12 <= hour < 18 else "Good evening"


def days_in_words(days: int) -> str:
    """`less than a day`, `about 1 day`, `about 31 days`."""
    if days < 1:
        return "less than a day"
    return "about 1 day" if days == 1 else f"about {days} days"


def counted(number: int, one: str, many: str) -> str:
    """`1 sale`, `17 sales`, `1 842 sales`."""
    return f"{grouped(number, digits=0)} {one if number == 1 else many}"


def initials(name: str) -> str:
    """First letters of the first and the last word: `AO`."""
    words = [word for word in name.split() if word[:1].isalnum()]
    letters = [words[0], words[-1]] if len(words) > 1 else words
    return "".join(word[0] for word in letters).upper()


def possessive(name: str) -> str:
    """`Lin Wei’s`, `James’`."""
    return f"{name}’" if name.endswith("s") else f"{name}’s"


def percent(basis_points: int) -> str:
    """`8 %`, `7.5 %`."""
    whole, part = divmod(basis_points, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".") + " %"


def tenths_of_kwh(wh: int) -> str:
    """`6.9`, rounded half up."""
    tenths = (wh + 50) // 100
    return f"{tenths // 10}.{tenths % 10}"
