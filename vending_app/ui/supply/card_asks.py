"""What a technician is asked when a card is replaced: why, what the meter shows, the summary before it is written."""

from __future__ import annotations

from collections.abc import Callable

from vending_app.domain.energy import Energy
from vending_app.domain.ids import SaleId, masked
from vending_app.domain.money import ZERO
from vending_app.domain.records import CardEnd, StakeFound, Told
from vending_app.services import supply_cases as ask
from vending_app.services.supply_cases import LifeShown
from vending_app.ui.books.ask import Ask, Deed, Fact, Filled
from vending_app.ui.components.choice_list import Option
from vending_app.ui.records.record_asks import whole
from vending_app.ui.supply.supply_words import CARD_ENDS, stake_words

NewId = Callable[[], str]

WHY = (
    Option(CardEnd.LOST.value, "Lost", icon="question"),
    Option(CardEnd.STOLEN.value, "Stolen", icon="prohibit"),
    Option(CardEnd.BROKEN.value, "Broken", icon="warning-circle"),
    Option(CardEnd.CUSTOMER.value, "Another customer", icon="users"),
)


def ask_reissue(shown: LifeShown) -> Ask:
    """Why, and what the customer reads on his meter."""

    def make(filled: Filled) -> Deed:
        remaining = Energy.parse(filled.reason) if filled.reason else None
        told = Told(_whole(filled.reference), remaining)
        return Deed(ask.ShowStake(shown.supply.number, told, CardEnd(filled.choice)), "")

    return Ask(
        title="Re-issue card",
        button="Next",
        make=make,
        sentence="The new card carries the whole credit of the supply. The old one is dead from then on.",
        choices=WHY,
        choice="What happened to the card",
        reference="Purchases on his display, if he knows",
        reason="Remaining kWh on his display, if he knows",
        reason_hint="",
    )


def ask_write_card(shown: LifeShown, found: StakeFound, stake: ask.ShowStake, *, new_id: NewId) -> Ask:
    """The summary; a blank card lies in the reader."""
    supply, why, told, fee = shown.supply, stake.why, stake.told, shown.card_fee
    number = SaleId(new_id())

    def make(filled: Filled) -> Deed:
        is_free = filled.choice == "free"
        request = ask.ReissueCard(number, supply.number, why, told, is_free=is_free)
        what = f"A new card for {supply.customer.name}"
        return Deed(request, f"{what} without the fee of {fee}." if is_free else f"{what}; the old one is dead then.")

    free = (
        Option("fee", f"The fee of {fee} is owed", "money"),
        Option("free", "Without the fee, approved", "shield-check"),
    )
    facts: tuple[Fact, ...] = (
        ("Old card", f"{masked(supply.card or '')}, {CARD_ENDS[why]}", ""),
        ("Carried, kWh", str(supply.energy_total), ""),
        ("Purchases", str(supply.purchases), ""),
        *_on_display(told),
    )
    return Ask(
        title="Write the new card",
        button="Write the card",
        icon="credit-card",
        make=make,
        sentence="Put a blank card into a reader. With cards in two readers the blank one is written, and the other is "
        "left as it is.",
        facts=facts,
        choices=free if fee > ZERO else (),
        choice="Fee",
        note=stake_words(found),
    )


def _on_display(told: Told) -> tuple[Fact, ...]:
    """What the sentence below the button is said by."""
    counted = (("On his display: purchases", str(told.purchases), ""),) if told.purchases is not None else ()
    left = (("On his display: kWh", str(told.remaining), ""),) if told.remaining is not None else ()
    return *counted, *left


def _whole(text: str) -> int | None:
    """A number of purchases; None where nothing was typed."""
    return whole(text) if text else None
