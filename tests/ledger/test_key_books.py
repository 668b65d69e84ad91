"""What the books hold of keys against several desks: one key under one number, and nothing under a retired one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date

import pytest

from tests.ledger.at_work import AtWork
from tests.ledger.builders import SUPPLY, Counter, a_write_back
from tests.ledger.key_rows import an_event, by_two, tell
from tests.ledger.tools import PETRA, a_tool_card
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.ids import CardNo, DeskNo, MeterNo
from vending_app.domain.key_ceremony import KeyDeed, KeyNeed
from vending_app.domain.people import Meter
from vending_app.domain.permissions import Act, Authority
from vending_app.domain.records import Area
from vending_app.domain.sale import SaleIntent
from vending_app.ledger.books import Store

OURS, THEIRS = "A7EE7F", "C610A5"
ON = date(2026, 7, 1)


@pytest.fixture
def elsewhere(counter: Counter, store: Store) -> Iterator[AtWork]:
    counter.ledger.add_desk(DeskNo(3), name="Desk 3")
    with closing(AtWork.open(store, desk=DeskNo(3))) as ledger:
        yield ledger


def test_a_number_that_another_desk_took_meanwhile_is_not_made_again(counter: Counter, elsewhere: AtWork) -> None:
    made = []

    def makes(above: int) -> None:
        with by_two(counter.ledger, at=counter.tick()), counter.ledger.claiming_key(above=above):
            made.append(above + 1)
            counter.ledger.tell_of_key(an_event(KeyDeed.MADE, above + 1, OURS, at=counter.now))

    tell(elsewhere, KeyDeed.MADE, 2, THEIRS, at=counter.tick())
    with pytest.raises(OperatorError) as taken:
        makes(1)
    assert (taken.value.code, taken.value.facts["key_version"]) == (Code.KEY_VERSION_TAKEN, 2)
    assert made == [], "it is found before anything is stored"
    makes(2)
    assert counter.ledger.key_check_values() == {2: THEIRS, 3: OURS}


def test_what_could_not_be_stored_is_not_told(counter: Counter) -> None:
    def breaks_off() -> None:
        with by_two(counter.ledger, at=counter.tick()), counter.ledger.claiming_key(above=1):
            counter.ledger.tell_of_key(an_event(KeyDeed.MADE, 2, OURS, at=counter.now))
            raise OperatorError(Code.VAULT_PASSPHRASE_WRONG)

    with pytest.raises(OperatorError):
        breaks_off()
    assert (counter.ledger.key_events(), counter.ledger.newest_key_event()) == ((), 0)


@pytest.mark.parametrize("deed", list(KeyDeed))
def test_nothing_is_told_of_another_key_under_a_number_that_is_told(
    counter: Counter, elsewhere: AtWork, deed: KeyDeed
) -> None:
    tell(counter.ledger, KeyDeed.MADE, 2, OURS, at=counter.tick())
    with pytest.raises(EnvironmentFault) as refused:
        tell(elsewhere, deed, 2, THEIRS, at=counter.tick())
    assert refused.value.code is Code.KEY_OTHER
    assert elsewhere.key_check_values() == {2: OURS}
    assert counter.ledger.verify().problems == ()


def test_what_was_restored_of_shares_is_not_what_proves_a_key(counter: Counter) -> None:
    tell(counter.ledger, KeyDeed.RESTORED, 1, THEIRS, at=counter.tick())
    assert counter.ledger.key_check_values() == {}
    tell(counter.ledger, KeyDeed.SHARED, 1, OURS, at=counter.tick())
    assert counter.ledger.key_check_values() == {1: OURS}


def test_books_that_tell_of_two_keys_under_one_number_do_not_add_up(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As two desks wrote it before it was refused."""
    tell(counter.ledger, KeyDeed.MADE, 2, OURS, at=counter.tick())
    assert counter.ledger.verify().problems == ()
    with monkeypatch.context() as before:
        before.setattr("vending_app.ledger.key_events.check_values", lambda _: {})
        tell(counter.ledger, KeyDeed.MADE, 2, THEIRS, at=counter.tick())
    [problem] = counter.ledger.verify().problems
    assert problem.endswith("tells of another key under version 2")


def of_the_order(intent: SaleIntent) -> SaleIntent:
    return replace(intent, order=replace(intent.order, key_version=2))


def of_the_card(intent: SaleIntent) -> SaleIntent:
    return replace(intent, write=replace(intent.write, key_version=2))


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize("under", [of_the_order, of_the_card])
def test_nothing_is_reserved_under_a_version_that_another_desk_retired(
    counter: Counter, elsewhere: AtWork, under: Callable[[SaleIntent], SaleIntent], is_first: bool
) -> None:
    """A sale that follows another goes to a server at once, one that does not the ordinary way."""
    if not is_first:
        counter.sell("10.00")
    intent = under(counter.intent("10.00"))
    tell(elsewhere, KeyDeed.RETIRED, 2, OURS, at=counter.tick())
    with pytest.raises(OperatorError) as refused:
        counter.ledger.reserve(intent)
    assert (refused.value.code, refused.value.facts["key_version"]) == (Code.KEY_VERSION_RETIRED, 2)
    assert counter.ledger.sale(intent.id) is None
    assert counter.ledger.open_sales() == ()
    counter.sell("10.00")
    assert counter.ledger.verify().problems == ()


def test_a_version_is_retired_only_if_nothing_needs_it(counter: Counter) -> None:
    event = an_event(KeyDeed.RETIRED, 1, OURS, at=counter.tick())
    with by_two(counter.ledger, at=counter.now), pytest.raises(OperatorError) as needed:
        counter.ledger.retire_key(event, on=ON)
    assert (needed.value.code, needed.value.facts["cards"]) == (Code.KEY_VERSION_NEEDED, 1)
    assert counter.ledger.retired_keys() == ()


# --- what comes while the books are looked through -------------------------------------------------------


def sells(counter: Counter) -> None:
    counter.ledger.reserve(counter.intent("10.00"))


def sells_under_2(counter: Counter) -> None:
    counter.ledger.reserve(of_the_order(of_the_card(counter.intent("10.00"))))


def issues(counter: Counter) -> None:
    counter.issue()


def issues_a_tool_card(counter: Counter) -> None:
    enters_an_area(counter)
    a_tool_card(counter, "E1")


def enters_an_area(counter: Counter) -> None:
    with counter.ledger.acting_as(Authority(PETRA, Act.RECORDS)):
        counter.ledger.enter_area(Area("E1", "Eastfield"), reason="", at=counter.tick())


def enters_a_meter(counter: Counter) -> None:
    with counter.ledger.acting_as(Authority(PETRA, Act.RECORDS)):
        counter.ledger.enter_meter(Meter(MeterNo("000087654321"), "DDSY", 1_600), reason="", at=counter.tick())


def hears(counter: Counter, *, under: int = 1) -> None:
    told = replace(a_write_back(1, total="0", used="0"), key_version=under)
    counter.ledger.harvest(told, supply=SUPPLY, card=CardNo("000770000001"), record=bytes(64), at=counter.tick())


def hears_of_version_2(counter: Counter) -> None:
    hears(counter, under=2)


@pytest.mark.parametrize(
    ("meanwhile", "needed"),
    [
        (sells, (1, 0)),
        (issues, (1, 0)),
        (issues_a_tool_card, (1, 0)),
        (enters_a_meter, (0, 1)),
        (hears, (0, 1)),
        (sells_under_2, None),
        (enters_an_area, None),
        (hears_of_version_2, None),
    ],
)
def test_desks_go_on_while_books_are_looked_through_and_what_they_do_meanwhile_counts(
    counter: Counter,
    elsewhere: AtWork,
    monkeypatch: pytest.MonkeyPatch,
    meanwhile: Callable[[Counter], None],
    needed: tuple[int, int] | None,
) -> None:
    def looks(*_: object, **__: object) -> KeyNeed:
        meanwhile(counter)
        return KeyNeed(0, 0)

    monkeypatch.setattr("vending_app.ledger.key_needs.need", looks)
    event, found = an_event(KeyDeed.RETIRED, 1, OURS, at=counter.tick()), None
    with by_two(elsewhere, at=counter.now):
        try:
            elsewhere.retire_key(event, on=counter.now.date())
        except OperatorError as refused:
            found = refused.facts["cards"], refused.facts["meters"]
    assert found == needed
    assert elsewhere.retired_keys() == (() if needed else (1,))
