"""What may be asked about the readers of a desk, and the answer; frozen values, as every use case."""

from __future__ import annotations

from dataclasses import dataclass

from vending_app.domain.errors import VendingError
from vending_app.domain.ids import ReaderName
from vending_app.services.use_cases import CardReading


@dataclass(frozen=True, slots=True)
class LookInReaders:
    """What lies in each reader; a write-back is kept on the way, as whenever a card is read. Answer: ReadersLooked."""


@dataclass(frozen=True, slots=True)
class InReader:
    """One reader: the card in it, or why that could not be read; neither where none lies there."""

    reader: ReaderName
    read: CardReading | None = None
    trouble: VendingError | None = None


@dataclass(frozen=True, slots=True)
class ReadersLooked:
    """In the order in which the readers are listed."""

    readers: tuple[InReader, ...]
