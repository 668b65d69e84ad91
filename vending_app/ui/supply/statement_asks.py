"""What is asked before a statement is shown: its days."""

from __future__ import annotations

from datetime import date

from vending_app.domain.money import ZERO
from vending_app.domain.statement import usual_since
from vending_app.services.statement_cases import ShowStatement
from vending_app.services.supply_cases import LifeShown
from vending_app.ui.books.ask import Ask, Deed, Filled
from vending_app.ui.supply.asks import as_day


def ask_statement(shown: LifeShown) -> Ask:
    """From which day to which; a year unless somebody types other days."""
    today = shown.now.astimezone().date()
    since = usual_since(shown.customer_since, today)

    def make(filled: Filled) -> Deed:
        return Deed(ShowStatement(shown.supply.number, as_day(filled.reference), as_day(filled.reason)), "")

    share = shown.terms.arrears_share_percent
    return Ask(
        title="Statement",
        button="Show",
        icon="file-text",
        make=make,
        sentence="What was owed, bought and paid, as paper for the customer.",
        facts=(
            ("Owed now", str(shown.supply.arrears), "warn" if shown.supply.arrears > ZERO else ""),
            ("Agreement", f"{share} % of each purchase" if share else "none", ""),
        ),
        reference="From the day",
        reference_is=_typed(since),
        reason="To the day",
        reason_is=_typed(today),
    )


def _typed(day: date) -> str:
    return day.strftime("%d.%m.%Y")
