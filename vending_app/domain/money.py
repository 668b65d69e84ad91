"""Money in integer minor units (cents) of the office's one currency."""

from __future__ import annotations

from dataclasses import dataclass

from vending_app.domain.errors import Code, OperatorError

MINOR_DIGITS = 2
MINOR_PER_MAJOR = 10**MINOR_DIGITS
NARROW_SPACE = "\u202f"


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount of money; `minor` is a whole number of minor units and may be negative."""

    minor: int

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"money is a whole number of minor units, not {type(self.minor).__name__}")

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + other.minor)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - other.minor)

    def __neg__(self) -> Money:
        return Money(-self.minor)

    def __mul__(self, times: int) -> Money:
        return Money(self.minor * times)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        """`1 086.40` with a narrow space between thousands, as screens and paper show it."""
        return grouped(self.minor, digits=MINOR_DIGITS)

    @property
    def plain(self) -> str:
        """`1086.40`, for fields, files and the command line."""
        return str(self).replace(NARROW_SPACE, "")

    @classmethod
    def parse(cls, text: str) -> Money:
        """Money from what a cashier types: `50`, `50.5`, `50,00`, `1 086.40`.

        Raises OperatorError amount-not-a-number or amount-too-precise.
        """
        return cls(parse_decimal(text, digits=MINOR_DIGITS))


ZERO = Money(0)


def grouped(value: int, *, digits: int) -> str:
    """A scaled integer as decimal text with narrow spaces between thousands."""
    whole, part = divmod(abs(value), 10**digits)
    sign = "−" if value < 0 else ""
    text = f"{whole:,}".replace(",", NARROW_SPACE)
    return f"{sign}{text}.{part:0{digits}d}" if digits else f"{sign}{text}"


def nearest_whole(value: int, unit: int) -> int:
    """How many units, the nearest; half of one away from zero: for a figure at a glance."""
    whole = (abs(value) + unit // 2) // unit
    return whole if value >= 0 else -whole


def parse_decimal(text: str, *, digits: int) -> int:
    """The integer meant by decimal text; `.` and `,` are both a decimal mark, spaces are ignored.

    A sign is kept, so that a service can say that the amount is not positive.
    Raises OperatorError amount-not-a-number, or amount-too-precise for digits that would be lost.
    """
    squeezed = "".join(text.split()).replace(",", ".").replace("−", "-")
    sign = -1 if squeezed.startswith("-") else 1
    whole, _, part = squeezed.removeprefix("-").partition(".")
    if not (whole + part).isascii() or not (whole + part).isdigit() or len(whole) > 12 or len(part) > 12:
        raise OperatorError(Code.AMOUNT_NOT_A_NUMBER, text=text[:40])
    if part[digits:].strip("0"):
        raise OperatorError(Code.AMOUNT_TOO_PRECISE, digits=digits)
    return sign * int((whole or "0") + part[:digits].ljust(digits, "0"))
