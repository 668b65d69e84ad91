"""What the practice dock and the meter on screen may ask, and what they get."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from vending_app.domain.ids import SupplyNo
from vending_app.domain.meter import Insertion, MeterView


@dataclass(frozen=True, slots=True)
class TrayCard:
    """One card of the practice tray."""

    key: str
    label: str
    colour: str
    """A key of the theme's card colours: blue, green, brown, silver, slate, red."""


class CardFault(StrEnum):
    """What happens to the next card that is written."""

    NONE = "none"
    UNWRITTEN = "unwritten"
    """It is pulled before the first byte is written."""
    TORN = "torn"
    """It is torn out while a byte is written."""
    UNCHECKED = "unchecked"
    """It is pulled after the last byte, before the desk has seen that all is there."""
    SWAPPED = "swapped"
    """Another card lies in the reader when the desk comes to write."""


@dataclass(frozen=True, slots=True)
class PracticeFaults:
    """Which faults are switched on."""

    card: CardFault = CardFault.NONE
    is_paper_out: bool = False
    is_reader_unplugged: bool = False
    are_books_locked: bool = False


@dataclass(frozen=True, slots=True)
class House:
    """One house of the practice street."""

    supply: SupplyNo
    name: str
    meter: MeterView


@dataclass(frozen=True, slots=True)
class Appliance:
    """Something that a household switches on."""

    key: str
    name: str
    power_w: int


APPLIANCES = (
    Appliance("lamp", "Lamp", 60),
    Appliance("fridge", "Fridge", 140),
    Appliance("kettle", "Kettle", 2000),
    Appliance("heater", "Heater", 2400),
    Appliance("cooker", "Cooker", 3500),
    Appliance("welder", "Welder", 7500),
)
"""From what nobody notices to what trips any household's meter beside a kettle."""


@dataclass(frozen=True, slots=True)
class SetStreetUpAnew:
    """Houses, cards and meters as on the first day; what trainees did is kept. Answer: StreetLeft."""


@dataclass(frozen=True, slots=True)
class StreetLeft:
    """The next start makes the street anew: until then nothing more is worth doing here."""


@dataclass(frozen=True, slots=True)
class PracticeState:
    """The practice dock, and the meter that is looked at."""

    tray: tuple[TrayCard, ...]
    in_reader: str | None
    """Key of the card in the reader."""
    meter_of: str
    """Name of the customer whose meter is shown."""
    meter: MeterView | None
    insertion: Insertion | None
    """What this meter did with the last card."""
    load_w: int
    faults: PracticeFaults
    in_meter: str | None = None
    """Key of the card in the slot of this meter."""
    appliances: frozenset[str] = frozenset()
    """Keys of those that are on in this house."""
    street: tuple[House, ...] = ()


@dataclass(frozen=True, slots=True)
class PracticeAct:
    """Do something at the practice dock. Answer: PracticeState.

    `show` · `insert` (card) into the reader · `pull` · `renew` (card) puts a fresh blank card in its place ·
    `house` (card: the number of a supply) looks at its meter · `meter` puts a card (if none is named, the one in the
    reader or last pulled, else the house's own) into that meter · `meter-pull` · `load` (watts) ·
    `appliance` (card: its key; 1 or 0) · `pass-time` (seconds of meter time) · `mains`, `cover` (1 on or open, 0) ·
    `card-fault` (card: a CardFault) · `paper-out`, `reader-off`, `books-locked` (1 or 0)
    """

    verb: str
    card: str = ""
    number: int = 0
