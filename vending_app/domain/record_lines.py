"""Records as they are looked up: one line of a list each, with what the books know of it besides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from vending_app.domain.ids import CardNo, SupplyNo
from vending_app.domain.people import Customer, Meter
from vending_app.domain.records import Area, MeterState


class RecordKind(StrEnum):
    """What can be looked up."""

    CUSTOMER = "customer"
    METER = "meter"
    CARD = "card"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """A customer, and how many supplies he has or had."""

    customer: Customer
    supplies: int
    supply: SupplyNo | None = None
    """One that is not closed, else the newest."""

    @property
    def key(self) -> str:
        return self.customer.number


@dataclass(frozen=True, slots=True)
class MeterLine:
    """A device, where it is, and where it was last."""

    meter: Meter
    state: MeterState
    supply: SupplyNo | None = None
    """At which it hangs, or hung last."""
    customer: str = ""

    @property
    def key(self) -> str:
        return self.meter.number


class CardStanding(StrEnum):
    """What became of a card, as far as the books know."""

    ISSUING = "issuing"
    """Its issue was begun and waits for the card."""
    ACTIVE = "active"
    REPLACED = "replaced"
    LOST = "lost"
    STOLEN = "stolen"
    BROKEN = "broken"
    RETIRED = "retired"
    """Its supply was closed, or its issue came to nothing."""


@dataclass(frozen=True, slots=True)
class CardLine:
    """A card, whose it is or was, and since when."""

    number: CardNo
    supply: SupplyNo
    customer: str
    generation: int
    standing: CardStanding
    since: datetime
    until: datetime | None = None

    @property
    def key(self) -> str:
        return self.number


MOST_COUNTED = 1_000
"""Supplies of an area that a list counts; its own page counts all."""


@dataclass(frozen=True, slots=True)
class AreaLine:
    """A place, what feeds it, and how many supplies hang there."""

    area: Area
    supplies: int
    """At most MOST_COUNTED in a list."""

    @property
    def key(self) -> str:
        return self.area.code


RecordLine = CustomerLine | MeterLine | CardLine | AreaLine
