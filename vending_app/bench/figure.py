"""One measured figure: a ratio against a floor measured in the same run, and what it must keep to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`ratio` is in thousandths, so that no page of figures depends on how a float prints."""

    name: str
    value: str
    floor: str
    ratio_milli: int
    limit_milli: int
    at_most: bool = True

    @property
    def is_kept(self) -> bool:
        """Whether the figure is within its limit."""
        if self.at_most:
            return self.ratio_milli <= self.limit_milli
        return self.ratio_milli >= self.limit_milli

    @property
    def shape(self) -> dict[str, object]:
        """As the command line answers it."""
        return {
            "name": self.name,
            "value": self.value,
            "floor": self.floor,
            "ratio_milli": self.ratio_milli,
            "limit_milli": self.limit_milli,
            "kept": self.is_kept,
        }

    @property
    def line(self) -> str:
        sign = "≤" if self.at_most else "≥"
        kept = "kept" if self.is_kept else "NOT KEPT"
        return (
            f"{self.name:<44} {self.value:>16}  floor {self.floor:>16}  "
            f"{_decimal(self.ratio_milli):>9} {sign} {_decimal(self.limit_milli)}  {kept}"
        )


def milli(value: int, floor: int) -> int:
    """value ÷ floor in thousandths; both in the same unit."""
    return value * 1000 // max(1, floor)


def _decimal(thousandths: int) -> str:
    return f"{thousandths // 1000}.{thousandths % 1000:03d}"
