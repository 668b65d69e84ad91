"""Who a supply is for: found among those who are known while somebody types, or somebody new."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from vending_app.domain.people import Customer
from vending_app.domain.record_lines import CustomerLine, RecordKind
from vending_app.services.record_cases import FindRecords, RecordsFound
from vending_app.services.supply_cases import ChangeTerms, LifeShown
from vending_app.ui.books.ask import Ask, Deed, Filled, Search
from vending_app.ui.components.choice_list import Option

Then = Callable[[Customer], Ask]
"""What is asked once it is known who; one without a number is not entered yet."""
NEW = Option("new", "Somebody new", "plus-circle")


def ask_who(*, title: str, sentence: str, then: Then, but: str = "") -> Ask:
    """One of the known customers, `but` this one, or somebody new. Nothing is written here."""
    known: dict[str, Customer] = {}

    def options(found: object) -> tuple[Option, ...]:
        assert isinstance(found, RecordsFound), "the answer to what is asked here"
        lines = [line for line in found.lines if isinstance(line, CustomerLine) and line.key != but]
        known.update((line.key, line.customer) for line in lines)
        return (*(Option(line.key, _told(line.customer), "user") for line in lines), NEW)

    def make(filled: Filled) -> Ask:
        if filled.choice == NEW.key:
            return _ask_new(filled.search, title=title, sentence=sentence, then=then)
        return then(known[filled.choice])

    return Ask(
        title=title,
        button="Next",
        make=make,
        sentence=sentence,
        search=Search("Name, number, address or phone", lambda text: FindRecords(RecordKind.CUSTOMER, text), options),
        choices=(NEW,),
        choice="Who",
    )


def _told(customer: Customer) -> str:
    """Two may have one name."""
    return f"{customer.name}, {customer.address}"


def _ask_new(typed: str, *, title: str, sentence: str, then: Then) -> Ask:
    """Nobody types a name twice."""
    return Ask(
        title=title,
        button="Next",
        make=lambda filled: then(Customer("", filled.reference, filled.reason)),
        sentence=sentence,
        reference="Name",
        reference_is="" if any(letter.isdecimal() for letter in typed) else typed,
        reason="Address",
    )


def ask_customer(shown: LifeShown) -> Ask:
    """Somebody moves in: the supply and its meter stay, the card is replaced afterwards."""
    before = shown.supply.customer
    return ask_who(
        title="Another customer",
        sentence=f"He takes over supply and meter from {before.name}. Nothing is entered before the summary.",
        then=lambda customer: _ask_takes_over(shown, customer),
        but=before.number,
    )


def _ask_takes_over(shown: LifeShown, customer: Customer) -> Ask:
    """The summary of it; who is new is entered with it, or not at all."""

    def make(filled: Filled) -> Deed:
        takes_over = ChangeTerms(shown.supply.number, shown.terms, filled.reason, before=shown.terms, newcomer=customer)
        if customer.number:
            known = replace(shown.terms, customer=customer.number)
            takes_over = replace(takes_over, terms=known, newcomer=None)
        return Deed(takes_over, "")

    return Ask(
        title="Hand over",
        button="Hand over",
        icon="users",
        make=make,
        sentence="Re-issue the card next: the one before him still has the old one.",
        facts=(
            ("Until now", shown.supply.customer.name, ""),
            ("From now on", customer.name, "accent"),
            ("Address", customer.address, ""),
            ("Known as", customer.number or "new, entered with this", ""),
            ("Left in the meter, kWh", str(shown.life.balance.in_meter), ""),
        ),
        reason="Reason",
    )
