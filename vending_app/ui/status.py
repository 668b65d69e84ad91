"""What the status bar says, from facts."""

from __future__ import annotations

from dataclasses import dataclass

from vending_app.domain.people import Operator
from vending_app.ports import ReaderState
from vending_app.services.use_cases import DeskState
from vending_app.ui.components.status_bar import Mark, Where
from vending_app.ui.phrases import clock, counted
from vending_app.ui.sell.stage import Stage


@dataclass(frozen=True, slots=True)
class StatusFacts:
    """All that the bar depends on."""

    readers: tuple[ReaderState, ...]
    stage: Stage
    desk: DeskState | None
    operator: Operator | None
    is_practice: bool
    printing: str = ""
    """Number of the receipt that is being printed; empty when none is."""
    printer_failed: bool = False


def marks_of(facts: StatusFacts) -> tuple[Mark, ...]:
    """Reader, printer, books."""
    return (_reader(facts), _printer(facts), _books(facts))


def _reader(facts: StatusFacts) -> Mark:
    has_card = any(reader.card_present for reader in facts.readers)
    if facts.stage is Stage.STOPPED:
        return Mark("Selling is stopped", "bad")
    if not facts.readers:
        return Mark("Reader: not connected", "bad")
    if facts.stage is Stage.WRITING:
        return Mark("Reader: writing, leave the card in", "warn")
    if facts.stage is Stage.TORN and not has_card:
        return Mark("Reader: no card", "bad")
    if facts.stage is Stage.DONE and has_card:
        return Mark("Reader: card can be taken")
    built_in = "Reader: built in" if facts.is_practice else "Reader"
    if has_card:
        return Mark(f"{built_in}, card in" if facts.is_practice else "Reader: card in")
    return Mark(built_in if facts.is_practice else "Reader ready")


def _printer(facts: StatusFacts) -> Mark:
    if facts.printing:
        return Mark(f"Printing {facts.printing}", "accent", "printer-fill")
    if facts.printer_failed:
        return Mark("Printer not ready", "warn")
    return Mark("Printer: to the screen" if facts.is_practice else "Printer ready")


def _books(facts: StatusFacts) -> Mark:
    desk = facts.desk
    if desk is not None and not desk.ledger_is_ok:
        return Mark("Ledger needs help", "bad")
    if desk is not None and desk.open_sales:
        return Mark(f"{counted(len(desk.open_sales), 'interrupted sale', 'interrupted sales')} to finish", "warn")
    if desk is not None and desk.cash_over:
        return Mark("Bring cash to the safe", "warn")
    return Mark("Practice books", "practice") if facts.is_practice else Mark("Ledger in order")


def wheres_of(facts: StatusFacts) -> tuple[Where, ...]:
    """Desk, shift, operator."""
    desk = facts.desk
    if desk is None:
        return ()
    place = "Practice desk" if facts.is_practice else f"Desk {desk.desk}"
    shift = "No shift"
    if desk.shift is not None:
        since = "" if facts.is_practice else f", open since {clock(desk.shift.opened_at)}"
        shift = f"Shift {desk.shift.number}{since}"
    who = facts.operator.full_name if facts.operator else ""
    return (Where(place, "storefront"), Where(shift, "clock-clockwise"), Where(who, "user"))
