"""What is asked before the slip of an earlier procedure is printed again: which one."""

from __future__ import annotations

from vending_app.domain.records import LifeEvent
from vending_app.services.supply_cases import LifeShown, PrintSlip
from vending_app.ui.books.ask import Ask, Deed, Filled
from vending_app.ui.components.choice_list import Option
from vending_app.ui.phrases import full_day
from vending_app.ui.supply.entry_words import KINDS
from vending_app.ui.supply.supply_words import change_words

MOST_SLIPS = 60
"""What is older is printed by its row of the journal, from the command line."""


def ask_slip(shown: LifeShown) -> Ask:
    """The newest first."""
    told = {str(event.row): event for event in shown.life.procedures[:MOST_SLIPS]}

    def make(filled: Filled) -> Deed:
        return Deed(PrintSlip(shown.supply.number, told[filled.choice].row), "")

    return Ask(
        title="Print a slip",
        button="Print",
        icon="printer",
        make=make,
        sentence="It tells what the books know of it.",
        choices=tuple(Option(key, said_procedure(event), "") for key, event in told.items()),
        choice="Of what",
    )


def said_procedure(event: LifeEvent) -> str:
    """`14 Nov 2025, Limit 6 to 8 kW`."""
    words = change_words(event.before, event.after) if event.kind == "record" else KINDS[event.kind]
    return f"{full_day(event.at)}, {words or 'Other terms'}"
