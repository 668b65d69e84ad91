"""A desk that is held to what it was granted: each sale takes its energy first; only a proven void gives it back."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.services.desk_of import DeskOf
from tests.services.test_undoing import reverse, void
from vending_app.bench.world import CASHIER, DESK, MOMENT, SUPERVISOR, SUPPLY
from vending_app.cardio.emulated.faults import Fault, FaultKind
from vending_app.cardio.vault import SealedVault
from vending_app.domain.allowance import MOST, Allowance, Grant, SignedGrant, parse_grant
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.errors import Code, OperatorError, OutcomeUnknown
from vending_app.domain.ids import DeskNo, OperatorName
from vending_app.domain.people import Operator, Role
from vending_app.domain.permissions import Act
from vending_app.services import allowance_cases as ask
from vending_app.services.book_cases import Reversed, Voided
from vending_app.services.counter import Counter
from vending_app.services.use_cases import LogIn, Sell

ADMIN = Operator(OperatorName("ada"), "Ada Novak", Role.ADMINISTRATOR)
TODAY = MOMENT.astimezone().date()
KWH = Energy(1000)


class Office:
    """A desk whose supervisor grants with the word of somebody else."""

    def __init__(self, desk: DeskOf) -> None:
        self.desk = desk
        self.ledger = desk.counter.outside.ledger

    def does(self, asked: ask.Approvable) -> Allowance | None:
        counter = self.desk.counter
        counter.operator = SUPERVISOR
        approver = next(each for each in self.ledger.operators() if each.role is Role.ADMINISTRATOR)
        given = counter.approvals.give(asked, approver, operator=SUPERVISOR, act=Act.ALLOWANCE)
        shown = counter.do(replace(asked, approval=given.id))
        assert isinstance(shown, ask.AllowanceShown)
        counter.operator = CASHIER
        return shown.allowance

    def grants(self, kwh: int | None, *, until: date = TODAY) -> Allowance:
        granted = self.does(ask.GrantAllowance(DESK, Energy(kwh * 1000) if kwh is not None else None, until))
        assert granted is not None
        return granted

    def buys(self, kwh: str) -> None:
        self.desk.counter.operator = CASHIER
        self.desk.counter.do(Sell(self.desk.world.new_id(), energy=Energy.parse(kwh)))

    def refusal(self, kwh: str) -> OperatorError:
        before = self.desk.card.image
        with pytest.raises(OperatorError) as caught:
            self.buys(kwh)
        assert self.desk.card.image == before, "nothing was written"
        assert self.ledger.open_sale(supply=SUPPLY) is None, "and nothing reserved"
        return caught.value

    def tomorrow(self) -> None:
        counter = self.desk.counter
        later = replace(counter.outside, clock=lambda: MOMENT + timedelta(days=1))
        self.desk.counter = Counter(later, operator=counter.operator)

    @property
    def left(self) -> Energy | None:
        allowance = self.ledger.allowance(DESK)
        return allowance.left if allowance else None


@pytest.fixture
def office(desk: DeskOf) -> Office:
    return Office(desk)


def test_a_desk_without_a_grant_is_not_limited(office: Office) -> None:
    office.buys("200")
    assert office.ledger.allowance(DESK) is None


def test_each_sale_takes_its_energy_and_no_more_than_granted_is_sold(office: Office) -> None:
    office.buys("50")
    assert office.grants(100).left == Energy(100_000), "what was sold before counts for nothing"
    office.buys("70")
    assert office.left == Energy(30_000)
    refused = office.refusal("30.01")
    assert (refused.code, refused.facts) == (
        Code.ALLOWANCE_SPENT,
        {"left": Energy(30_000), "asked": Energy(30_010)},
    )
    office.buys("30")
    assert (office.left, office.refusal("20").code) == (NO_ENERGY, Code.ALLOWANCE_SPENT)
    assert office.ledger.verify(trusted=office.desk.world.vault.signing_key).problems == ()


def test_nothing_is_sold_past_the_last_day(office: Office) -> None:
    office.grants(100, until=TODAY)
    office.buys("20")
    office.tomorrow()
    refused = office.refusal("20")
    assert (refused.code, refused.facts) == (Code.ALLOWANCE_OVER, {"until": TODAY})


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_the_last_day_is_that_of_whoever_granted(office: Office, monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    """Whoever starts a desk in another zone wins and loses nothing."""
    office.grants(100, until=TODAY)
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        office.buys("20")
        office.tomorrow()
        assert office.refusal("20").code is Code.ALLOWANCE_OVER
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_clock_that_is_set_back_gives_no_day_again(office: Office) -> None:
    office.grants(100, until=TODAY)
    office.buys("20")
    today = office.desk.counter
    office.tomorrow()
    for counter in (office.desk.counter, today):  # who logs in once more under the false clock makes the newest row
        with pytest.raises(OperatorError):
            counter.do(LogIn(CASHIER.name, "not it"))
    office.desk.counter = today
    refused = office.refusal("20")
    assert (refused.code, refused.facts) == (Code.ALLOWANCE_OVER, {"until": TODAY})
    office.grants(100, until=TODAY)
    office.buys("20")


def test_a_newer_grant_begins_anew_and_a_lifted_limit_is_none(office: Office) -> None:
    office.grants(20)
    office.buys("20")
    assert office.grants(25).signed.grant.number == 2
    office.buys("25")
    assert office.refusal("20").code is Code.ALLOWANCE_SPENT
    lifted = office.grants(None)
    assert (lifted.left, lifted.signed.grant.number) == (None, 3)
    office.buys("200")


def test_a_sale_in_doubt_holds_its_energy_until_it_is_decided(office: Office) -> None:
    office.grants(100)
    office.desk.card.arm(Fault(FaultKind.TEAR, 20))
    with pytest.raises(OutcomeUnknown):
        office.buys("60")
    assert office.left == Energy(40_000), "it fell before the card was written"
    office.desk.reinsert()
    open_sale = office.ledger.open_sale(supply=SUPPLY)
    assert open_sale is not None
    office.desk.counter.operator = SUPERVISOR
    assert isinstance(office.desk.counter.do(void(office.desk, open_sale.id)), Voided)
    assert office.left == Energy(100_000), "proven not to be on the card: it came back"
    assert office.ledger.verify().problems == ()


def test_a_reversal_gives_nothing_back(office: Office) -> None:
    office.grants(100)
    office.buys("60")
    newest = office.ledger.newest_standing(SUPPLY)
    assert newest is not None
    office.desk.counter.operator = SUPERVISOR
    assert isinstance(office.desk.counter.do(reverse(office.desk, newest.id)), Reversed)
    assert office.left == Energy(40_000)


def a_grant(**changes: object) -> Grant:
    grant = Grant(7, DESK, 5, Energy(100_000), TODAY, MOMENT.replace(microsecond=0))
    return replace(grant, **changes)  # type: ignore[arg-type]


def signed(office: Office, grant: Grant) -> SignedGrant:
    return SignedGrant(grant, office.desk.world.vault.sign(grant.message))


def test_a_grant_that_comes_in_a_file_is_entered_once(office: Office) -> None:
    came = signed(office, a_grant())
    office.does(ask.TakeGrant(parse_grant(came.text)))
    assert office.left == Energy(100_000)
    with pytest.raises(OperatorError) as caught:
        office.does(ask.TakeGrant(came))
    assert (caught.value.code, caught.value.facts["why"]) == (Code.ALLOWANCE_REFUSED, "old")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"energy": Energy(900_000)}, "signature"),
        ({"energy": None}, "signature"),
        ({"until": TODAY + timedelta(days=1)}, "signature"),
        ({"number": 6}, "signature"),
        ({"desk": DeskNo(2)}, "signature"),
        ({"utility": 8}, "utility"),
    ],
)
def test_a_grant_that_was_changed_is_refused(office: Office, change: dict[str, object], why: str) -> None:
    made = signed(office, a_grant())
    with pytest.raises(OperatorError) as caught:
        office.does(ask.TakeGrant(SignedGrant(replace(made.grant, **change), made.signature)))  # type: ignore[arg-type]
    assert (caught.value.code, caught.value.facts["why"]) == (Code.ALLOWANCE_REFUSED, why)
    assert office.ledger.allowance(DESK) is None


def test_a_grant_of_another_office_and_one_for_another_desk_are_refused(office: Office) -> None:
    stranger = SealedVault({1: bytearray(b"another master k")})
    forged = SignedGrant(a_grant(), stranger.sign(a_grant().message))
    with pytest.raises(OperatorError):
        office.does(ask.TakeGrant(forged))
    with pytest.raises(OperatorError) as caught:
        office.does(ask.TakeGrant(signed(office, a_grant(desk=DeskNo(77)))))
    assert caught.value.code is Code.DESK_UNKNOWN


def test_it_takes_two_people_and_a_day_that_is_not_over(office: Office) -> None:
    counter = office.desk.counter
    counter.operator = SUPERVISOR
    asked = ask.GrantAllowance(DESK, KWH, TODAY)
    with pytest.raises(OperatorError) as caught:
        counter.do(asked)
    assert caught.value.code is Code.APPROVAL_NEEDED
    counter.operator = CASHIER
    with pytest.raises(OperatorError) as caught:
        counter.do(asked)
    assert caught.value.code is Code.PERMISSION_DENIED
    with pytest.raises(OperatorError) as caught:
        office.grants(10, until=TODAY - timedelta(days=1))
    assert caught.value.code is Code.ALLOWANCE_DAY
    for energy in (Energy(-5), MOST + Energy(10)):
        with pytest.raises(OperatorError) as caught:
            office.does(ask.GrantAllowance(DESK, energy, TODAY))
        assert (caught.value.code, caught.value.facts["most"]) == (Code.ALLOWANCE_AMOUNT, MOST)


@given(st.text() | st.text(alphabet="=\nabcdefghijklmnopqrstuvwxyz0123456789-:+", max_size=200))
def test_any_text_is_a_grant_or_a_typed_error(text: str) -> None:
    try:
        parse_grant(text)
    except OperatorError as caught:
        assert caught.code is Code.ALLOWANCE_REFUSED


def test_a_grant_has_one_form_only(office: Office) -> None:
    text = signed(office, a_grant()).text
    assert parse_grant(text).text == text
    for other in (text[:-1], text + "\n", text.replace("desk=1", "desk=01"), text.upper(), text.replace("\n", "\r\n")):
        with pytest.raises(OperatorError):
            parse_grant(other)
