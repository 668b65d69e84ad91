"""Every procedure has its slip, and any of them is printed again from what the books know."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.documents.reading import lines
from tests.services.desk_of import DeskOf
from tests.services.test_procedure_slips import printed, reads_the_meter
from tests.services.test_supply_desk import SECOND_METER, Technician
from tests.services.test_tool_cards import AREA, Street
from vending_app.bench.world import CASHIER, PARAMETERS, SUPERVISOR, SUPPLY, TARIFF, TECHNICIAN
from vending_app.domain.card import CardKind
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, VendingError
from vending_app.domain.ids import JournalRow, SupplyNo, masked, spaced
from vending_app.domain.people import Customer, Meter, SupplyFile, SupplyState
from vending_app.domain.permissions import Act
from vending_app.domain.records import Area, CardAtEnd, CardEnd, FinalReading, LifeEvent, ReadingHow, Settlement, Terms
from vending_app.services import supply_cases as ask
from vending_app.services import tool_cases
from vending_app.services.book_cases import ReportPdf, ReportPrinted
from vending_app.services.counter import Counter
from vending_app.services.use_cases import IssueCard
from vending_app.ui.words import trouble


@pytest.fixture
def petra(desk: DeskOf, tmp_path: Path) -> Technician:
    desk.sell("50.00")
    return Technician(desk, tmp_path)


def terms(petra: Technician) -> Terms:
    return petra.desk.counter.outside.ledger.terms(SUPPLY)


def changes(petra: Technician, reason: str, **fresh: object) -> LifeEvent:
    """Other terms; its line in the life of the supply."""
    before = terms(petra)
    shown = petra.asks(ask.ChangeTerms(SUPPLY, replace(before, **fresh), reason))  # type: ignore[arg-type]
    assert isinstance(shown, ask.LifeShown)
    return shown.life.procedures[0]


def missing(text: list[str], *said: str) -> list[str]:
    whole = " ".join(text)
    return [word for word in said if word not in whole]


def takes_over(petra: Technician) -> Customer:
    entered = petra.asks(ask.EnterCustomer(Customer("", "Lena Hoffmann", "3 Quay Road", identity="P 4471")))
    assert isinstance(entered, Customer)
    return entered


# --- each procedure --------------------------------------------------------------------------------------


def test_a_first_card_tells_its_number_its_order_and_the_limits(petra: Technician) -> None:
    petra.asks(ask.EnterMeter(Meter(SECOND_METER, "RM-2", 1600)))
    limits = replace(PARAMETERS, overload_w=6_500, alarm_1=Energy(30_000), hoarding=Energy(900_000))
    customer = Customer("", "Lena Hoffmann", "3 Quay Road")
    made = petra.asks(ask.EnterSupply(customer, SECOND_METER, Terms("", TARIFF.code, limits)))
    assert isinstance(made, SupplyFile)
    assert petra.refusal(ask.PrintSlip(made.number)) is Code.PROCEDURE_UNKNOWN
    petra.blank()
    petra.asks(IssueCard(petra.desk.world.new_id(), made.number))
    card = petra.file(made.number).card
    assert card is not None
    text = printed(petra, made.number)
    told = ("First card issued", "Lena Hoffmann", masked(card), "6.50 kW", "30.00 kWh", "900.00 kWh", TARIFF.code)
    assert missing(text, *told, TECHNICIAN.full_name, "Customer, signed", "Technician, signed") == []


def test_another_limit_tells_what_it_was_and_that_it_travels_with_the_next_order(petra: Technician) -> None:
    before = terms(petra).parameters
    changes(petra, "smaller fuse", parameters=replace(before, overload_w=4_500))
    text = printed(petra)
    was = f"{before.overload_w // 10 / 100:.2f} kW"
    assert missing(text, "Other terms", f"{was}, now 4.50 kW", "smaller fuse", "with the next order") == []
    assert missing(text, "Alarm at", "Area", "Share") == ["Alarm at", "Area", "Share"]


def test_an_end_and_an_area_tell_nothing_of_limits(petra: Technician) -> None:
    petra.asks(ask.EnterArea(Area("N-3", "North 3")))
    changes(petra, "building site", area="N-3", ends_on=date(2027, 3, 31))
    text = printed(petra)
    assert missing(text, "none, now N-3", "none, now 31 Mar 2027", "building site") == []
    assert missing(text, "next order") == ["next order"]


def test_a_change_of_customer_tells_who_gives_who_takes_over_and_what_is_carried(petra: Technician) -> None:
    fresh = takes_over(petra)
    credit = petra.desk.counter.outside.ledger.life(SUPPLY).balance
    changes(petra, "house sold", customer=fresh.number)
    text = printed(petra)
    told = ("Change of customer", "Amara Okafor", "Lena Hoffmann", "P 4471", "house sold", f"{credit.on_card} kWh")
    said = [word.replace("\u202f", " ") for word in told]
    assert missing(text, *said, "Who gives, signed", "Who takes over, signed", "Technician, signed") == []


def test_suspending_and_resuming_tell_what_may_be_bought(petra: Technician) -> None:
    changes(petra, "empty house", state=SupplyState.SUSPENDED)
    assert missing(printed(petra), "Supply suspended", "empty house", "Nothing is sold") == []
    changes(petra, "new tenant", state=SupplyState.OPEN)
    assert missing(printed(petra), "Supply resumed", "new tenant", "may buy again") == []


def test_an_agreement_tells_the_share_and_what_is_owed(petra: Technician) -> None:
    before = terms(petra).arrears_share_percent
    owed = petra.file().arrears
    changes(petra, "agreed with her", arrears_share_percent=35)
    text = printed(petra)
    assert missing(text, "Arrears agreement", f"{before} %, now 35 %", f"€ {owed}", "Of each purchase 35 %") == []


def test_a_tool_card_is_signed_by_whoever_carries_it_and_tells_when_it_came_back(desk: DeskOf, tmp_path: Path) -> None:
    street = Street(desk, tmp_path).settle_in(1)
    card = street.issues(CardKind.PARAMETER)
    listed = street.asks(tool_cases.ListToolCards())
    assert isinstance(listed, tool_cases.ToolCards)
    number = listed.cards[0].number
    told = ("Parameter card", AREA, "4.00 kW", "30.00 kWh", "Received by the carrier, signed", "Issued by, signed")
    people = (TECHNICIAN.full_name, SUPERVISOR.full_name)
    assert missing(tool_slip(street, number), *told, *people) == []
    assert missing(tool_slip(street, number), "Came back") == ["Came back"]
    street.inserts(card, street.houses[0].meter)
    street.reads(card)
    assert missing(tool_slip(street, number), *told, "Came back", "Meters on it") == []
    assert street.refusal(tool_cases.PrintToolSlip(number + 1)) is Code.TOOL_CARD_UNKNOWN
    desk.counter.operator = CASHIER
    assert desk.refusal(tool_cases.PrintToolSlip(number)) is Code.PERMISSION_DENIED


def tool_slip(street: Street, number: int) -> list[str]:
    done = street.asks(tool_cases.PrintToolSlip(number))
    assert isinstance(done, ReportPrinted)
    return lines((street.desk.world.folder / "receipts" / f"{done.title}.pdf").read_bytes())


# --- later -----------------------------------------------------------------------------------------------


def test_any_earlier_slip_is_printed_after_a_restart_as_it_was_then(petra: Technician) -> None:
    fuse = changes(petra, "smaller fuse", parameters=replace(terms(petra).parameters, overload_w=4_500))
    first = petra.asks(ask.ShowSlip(SUPPLY))
    changes(petra, "house sold", customer=takes_over(petra).number)
    petra.reissue(CardEnd.CUSTOMER)
    petra.desk.counter = Counter(petra.desk.counter.outside)
    assert "Card re-issued" in printed(petra)
    text = printed(petra, SUPPLY, fuse.row)
    assert missing(text, "Amara Okafor", "smaller fuse") == []
    assert "Lena Hoffmann" not in text
    again = petra.asks(ask.ShowSlip(SUPPLY, fuse.row))
    assert isinstance(again, ReportPdf)
    assert again == first


def test_an_end_is_told_by_the_books_as_it_was_told_when_it_was_done(petra: Technician) -> None:
    reads_the_meter(petra)
    request = ask.CloseSupply(SUPPLY, "moved away")
    done = petra.asks(replace(request, approval=petra.approved(request, Act.CLOSE_SUPPLY)))
    assert isinstance(done, Settlement)
    ledger = petra.desk.counter.outside.ledger
    told = ledger.procedure(SUPPLY, None, today=date(2027, 1, 1))
    assert isinstance(told.outcome, Settlement)
    assert set(told.outcome.worth.lines) == set(done.worth.lines)
    assert replace(told.outcome, worth=done.worth) == done
    assert (told.operator, told.approver) == (TECHNICIAN.full_name, SUPERVISOR.full_name)


BY_HAND = FinalReading(ReadingHow.HAND, Energy(0), Energy(0))


@pytest.mark.parametrize(("reading", "became"), [(None, CardAtEnd.EMPTIED), (BY_HAND, CardAtEnd.METER_OFF)])
def test_what_was_left_on_a_card_at_the_end_is_told_by_what_became_of_it(
    petra: Technician, reading: FinalReading | None, became: CardAtEnd
) -> None:
    """The card lies in the reader and is emptied; without it the meter must be off."""
    reads_the_meter(petra)
    petra.sells(petra.desk.card, "20.00")
    request = ask.CloseSupply(SUPPLY, "moved away", reading, is_meter_off=True)
    done = petra.asks(replace(request, approval=petra.approved(request, Act.CLOSE_SUPPLY)))
    told = petra.desk.counter.outside.ledger.procedure(SUPPLY, None, today=date(2027, 1, 1)).outcome
    assert isinstance(done, Settlement)
    assert isinstance(told, Settlement)
    assert (told.card, done.card) == (became, became)


def test_a_changed_meter_is_told_by_either_of_its_supplies(petra: Technician) -> None:
    reads_the_meter(petra)
    petra.asks(ask.EnterMeter(Meter(SECOND_METER, "RM-2", 1600)))
    changed = petra.asks(ask.ChangeMeter(SUPPLY, SECOND_METER, "display dark"))
    old, new = (petra.asks(ask.ShowSlip(number)) for number in (changed.old, changed.new))  # type: ignore[attr-defined]
    assert isinstance(old, ReportPdf)
    assert isinstance(new, ReportPdf)
    assert old.pdf == new.pdf
    told = petra.desk.counter.outside.ledger.procedure(SUPPLY, None, today=date(2027, 1, 1))
    assert told.outcome == changed


# --- what it refuses -------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", [1, 999_999, -1, 2**62])
def test_a_row_that_tells_no_procedure_is_refused_in_a_sentence(petra: Technician, row: int) -> None:
    petra.reissue()
    with pytest.raises(VendingError) as refused:
        petra.asks(ask.PrintSlip(SUPPLY, JournalRow(row)))
    assert refused.value.code is Code.PROCEDURE_UNKNOWN
    assert "signed" in trouble(refused.value).sentence


def test_sales_notes_and_rows_of_other_supplies_are_no_procedures(petra: Technician) -> None:
    fuse = changes(petra, "smaller fuse", parameters=replace(terms(petra).parameters, overload_w=4_500))
    petra.asks(ask.NoteSupply(SUPPLY, "dog in the yard"))
    shown = petra.asks(ask.ShowLife(SUPPLY))
    assert isinstance(shown, ask.LifeShown)
    others = [event.row for event in shown.life.events if event.kind in {"sale", "note", "write-back"}]
    assert len(others) >= 2
    assert {petra.refusal(ask.PrintSlip(SUPPLY, row)) for row in others} == {Code.PROCEDURE_UNKNOWN}
    petra.asks(ask.EnterMeter(Meter(SECOND_METER, "RM-2", 1600)))
    customer = Customer("", "Lena Hoffmann", "3 Quay Road")
    made = petra.asks(ask.EnterSupply(customer, SECOND_METER, Terms("", TARIFF.code, PARAMETERS)))
    assert isinstance(made, SupplyFile)
    assert petra.refusal(ask.PrintSlip(made.number, fuse.row)) is Code.PROCEDURE_UNKNOWN
    assert petra.refusal(ask.PrintSlip(SupplyNo("99999999"))) is Code.SUPPLY_UNKNOWN
    assert spaced(SUPPLY) in printed(petra)
    assert petra.adds_up()
