"""Prices by two people: shown, tried, put in force for a day to come; and what a customer was told at midnight."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.services.desk_of import DeskOf, a_desk, by_two
from tests.services.test_permission_matrix import SECRET, hashed
from vending_app.bench.world import CASHIER, MOMENT, SUPERVISOR, TARIFF, TECHNICIAN
from vending_app.domain.energy import NO_ENERGY
from vending_app.domain.errors import Code, VendingError
from vending_app.domain.ids import OperatorName
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import Operator, Role
from vending_app.domain.permissions import Act
from vending_app.domain.quote import Buyer, quote_for_energy, quote_for_money
from vending_app.domain.tariff import Price, Step, Tariff
from vending_app.services.approvals import request_digest
from vending_app.services.counter import Counter
from vending_app.services.people_cases import Approved, GrantApproval
from vending_app.services.tariff_cases import (
    PreviewTariff,
    PutTariff,
    ShowTariffs,
    TariffPreviewed,
    TariffsShown,
)
from vending_app.services.use_cases import Offered, Sell, SupplyReading

TODAY = MOMENT.astimezone().date()
TOMORROW = TODAY + timedelta(days=1)
OTHER = Operator(OperatorName("other-supervisor"), "Olu Other", Role.SUPERVISOR)


def dearer(tariff: Tariff) -> Tariff:
    steps = tuple(Step(step.up_to, Price(step.price.micro_per_kwh * 2)) for step in tariff.steps)
    return replace(tariff, valid_from=TOMORROW, steps=steps)


DEARER = dearer(TARIFF)


@dataclass
class Office:
    desk: DeskOf
    counter: Counter = field(init=False)
    now: datetime = MOMENT

    def __post_init__(self) -> None:
        outside = self.desk.counter.outside
        with outside.ledger.acting_as(by_two(Act.APPROVERS)):
            outside.ledger.enter_operator(OTHER, hashed(OTHER.name), at=MOMENT)
        self.desk.counter = self.counter = Counter(replace(outside, clock=lambda: self.now))

    def put(self, tariff: Tariff, *, by: Operator = SUPERVISOR) -> TariffsShown:
        self.counter.operator = by
        given = self.counter.do(GrantApproval(PutTariff(tariff), OTHER.name, SECRET))
        assert isinstance(given, Approved)
        shown = self.counter.do(PutTariff(tariff, approval=given.id))
        assert isinstance(shown, TariffsShown)
        return shown

    def refusal(self, use_case: object, *, by: Operator = SUPERVISOR) -> Code | None:
        self.counter.operator = by
        try:
            self.counter.do(use_case)
        except VendingError as error:
            return error.code
        return None


@contextmanager
def an_office(folder: Path, *, issued: bool = True, shift: bool = True) -> Iterator[Office]:
    with a_desk(folder, issued=issued, shift=shift) as desk:
        yield Office(desk)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with an_office(tmp_path, issued=False, shift=False) as made:
        yield made


def test_two_people_put_prices_in_force_for_a_day_to_come(office: Office) -> None:
    assert office.refusal(PutTariff(DEARER)) is Code.APPROVAL_NEEDED
    (life,) = office.put(DEARER).lives
    assert life.on(TODAY) == life.versions[0]
    coming = life.after(TODAY)
    assert coming is not None
    assert (coming.tariff, coming.operator, coming.approver) == (DEARER, SUPERVISOR.name, OTHER.name)


def test_a_word_is_for_these_prices_and_no_other(office: Office) -> None:
    office.counter.operator = SUPERVISOR
    given = office.counter.do(GrantApproval(PutTariff(DEARER), OTHER.name, SECRET))
    assert isinstance(given, Approved)
    cheaper = replace(DEARER, fixed_per_month=Money(1))
    assert office.refusal(PutTariff(cheaper, approval=given.id)) is Code.APPROVAL_OTHER


def test_the_same_prices_have_one_digest_however_their_sets_came_about() -> None:
    (tax,) = TARIFF.taxes
    kinds = sorted(tax.applies_to)
    again = replace(TARIFF, taxes=(replace(tax, applies_to=frozenset(reversed(kinds))),))
    assert request_digest(PutTariff(again)) == request_digest(PutTariff(TARIFF))
    less = replace(TARIFF, taxes=(replace(tax, applies_to=frozenset(kinds[:1])),))
    assert request_digest(PutTariff(less)) != request_digest(PutTariff(TARIFF))


@pytest.mark.parametrize(
    ("tariff", "code"),
    [
        (replace(DEARER, valid_from=TODAY), Code.TARIFF_NOT_AHEAD),
        (replace(DEARER, valid_from=TARIFF.valid_from), Code.TARIFF_NOT_AHEAD),
        (replace(DEARER, code="H 2"), Code.TARIFF_REFUSED),
    ],
)
def test_what_may_not_be_put_in_force_is_not_even_tried(office: Office, tariff: Tariff, code: Code) -> None:
    assert office.refusal(PreviewTariff(tariff)) is code
    with pytest.raises(VendingError) as caught:
        office.put(tariff)
    assert caught.value.code is code


def test_a_cashier_and_a_technician_look_and_change_nothing(office: Office) -> None:
    for person in (CASHIER, TECHNICIAN):
        assert office.refusal(ShowTariffs(), by=person) is None
        assert office.refusal(PutTariff(DEARER), by=person) is Code.PERMISSION_DENIED


def test_the_preview_says_what_a_sale_of_that_day_will_take(office: Office) -> None:
    office.counter.operator = SUPERVISOR
    shown = office.counter.do(PreviewTariff(DEARER))
    assert isinstance(shown, TariffPreviewed)
    for line in shown.lines:
        buyer = Buyer(TOMORROW, NO_ENERGY, None, ZERO, 0)
        assert line.then.total == quote_for_energy(DEARER, buyer, line.energy).total
    assert len(shown.changes) == len(TARIFF.steps)


# --- midnight at the counter -----------------------------------------------------------------------------


def test_what_a_customer_was_told_is_what_is_sold_or_nothing_is(tmp_path: Path) -> None:
    with an_office(tmp_path) as office:
        office.put(DEARER)
        office.counter.operator = CASHIER
        reading = office.desk.read().reading
        assert isinstance(reading, SupplyReading)
        asked = Money(5000)
        told = _told(reading, asked)
        office.now = datetime.combine(TOMORROW, datetime.min.time()).astimezone()
        assert (
            office.refusal(Sell(office.desk.world.new_id(), amount=asked, offered=told), by=CASHIER)
            is Code.PRICE_CHANGED
        )
        assert office.desk.nothing_happened()
        again = office.desk.read().reading
        assert again is not None
        now = _told(again, asked)
        assert now.energy < told.energy
        done = office.desk.sell("50.00", offered=now)
        quote = done.sale.intent.quote
        assert quote is not None
        assert Offered(quote.total, quote.energy) == now


def _told(reading: SupplyReading, amount: Money) -> Offered:
    quote = quote_for_money(reading.tariff, reading.buyer, amount)
    return Offered(quote.total, quote.energy)
