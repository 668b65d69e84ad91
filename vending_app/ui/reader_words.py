"""Which card lies in which reader, in words. No Qt here."""

from __future__ import annotations

from dataclasses import dataclass

from vending_app.domain.ids import masked
from vending_app.domain.reader_names import without_place
from vending_app.domain.verdict import Verdict
from vending_app.services.reader_cases import InReader, ReadersLooked
from vending_app.services.use_cases import CardReading
from vending_app.ui.tools.tool_words import what_lies_there
from vending_app.ui.words import VERDICTS, trouble

EMPTY = "no card"


@dataclass(frozen=True, slots=True)
class ReaderLine:
    """One reader and what lies in it; icon and tone of what is not as usual, or empty."""

    reader: str
    words: str
    icon: str = ""
    tone: str = ""


def lines_of(looked: ReadersLooked) -> tuple[ReaderLine, ...]:
    """Nothing where one reader needs no list."""
    names = [without_place(each.reader) for each in looked.readers]
    if len(names) < 2:
        return ()
    return tuple(
        _line(each, name if names.count(name) == 1 else each.reader)
        for each, name in zip(looked.readers, names, strict=True)
    )


def _line(found: InReader, name: str) -> ReaderLine:
    if found.trouble is not None:
        return ReaderLine(name, trouble(found.trouble).sentence, "warning-circle-fill", "bad")
    if found.read is None:
        return ReaderLine(name, EMPTY)
    icon, tone = ("sparkle", "accent") if found.read.verdict is Verdict.BLANK else ("", "")
    return ReaderLine(name, _said(found.read), icon, tone)


def _said(read: CardReading) -> str:
    """`card •••• 0042 of Amara Okafor`; without an owner what the card is."""
    if read.reading is not None and read.card is not None:
        whose = f"card {masked(read.card)} of {read.reading.supply.customer.name}"
        is_usual = read.verdict is Verdict.READY
        return whose if is_usual else f"{whose}: {VERDICTS[read.verdict].title.lower()}"
    return what_lies_there(read.image) or VERDICTS[read.verdict].title.lower()
