"""What a desk chooses for itself: who may, what is refused, what is kept, and that it holds at once."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from tests.services.desk_of import DeskOf
from vending_app import desk_choices, office_files, settings
from vending_app.bench.world import SUPERVISOR, TECHNICIAN
from vending_app.cardio.builtin import BuiltInReaders
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.ids import ReaderName
from vending_app.domain.money import Money
from vending_app.domain.verdict import Verdict
from vending_app.services.choices import QUICK_AMOUNTS, ChangeSettings, DeskChoices, DeskSettings, ShowSettings
from vending_app.services.desk_settings import QUICK_MOST, SettingsDesk, Unkept
from vending_app.services.use_cases import CardReading, ReadCard, ShiftSales, ShowShiftSales

FRONT, BACK = ReaderName("Front reader 00"), ReaderName("Back reader 00")


class TwoPrinters(Unkept):
    """Choices kept in memory, on a machine with two printers."""

    def printers(self) -> tuple[str, ...]:
        return ("Counter", "Office")


def untold(before: object, after: object) -> AbstractContextManager[None]:
    """A journal that nobody asks."""
    return nullcontext()


@pytest.fixture
def choosing(desk: DeskOf) -> SettingsDesk:
    return SettingsDesk(desk.counter.outside.cards, TwoPrinters(DeskChoices(), has_printers=True), untold)


@pytest.fixture
def supervisor(desk: DeskOf) -> DeskOf:
    desk.counter.operator = SUPERVISOR
    return desk


def refused(choosing: SettingsDesk, asked: ChangeSettings) -> Code:
    before = choosing.show().chosen
    with pytest.raises(OperatorError) as caught:
        choosing.change(asked)
    assert choosing.show().chosen == before
    return caught.value.code


def test_a_cashier_changes_nothing_at_the_desk_and_does_not_see_its_settings(desk: DeskOf) -> None:
    assert desk.refusal(ShowSettings()) is Code.PERMISSION_DENIED
    assert desk.refusal(ChangeSettings(dark=True)) is Code.PERMISSION_DENIED


def test_what_a_desk_chooses_is_told_with_who_also_how_it_looks(supervisor: DeskOf) -> None:
    ledger = supervisor.counter.outside.ledger
    supervisor.counter.do(ChangeSettings(dark=True))
    supervisor.counter.do(ChangeSettings(dark=False, less_motion=True))
    newest, first = ledger.rule_changes(limit=9)
    for change in (first, newest):
        assert (change.subject, change.operator) == (f"desk-{supervisor.counter.outside.desk}", SUPERVISOR.name)
    assert (first.before, first.after) == ({"dark": "no"}, {"dark": "yes"})
    assert (newest.before, newest.after) == ({"dark": "yes", "less_motion": "no"}, {"dark": "no", "less_motion": "yes"})


def test_one_thing_is_changed_and_the_rest_stays(supervisor: DeskOf) -> None:
    supervisor.counter.do(ChangeSettings(less_motion=True))
    changed = supervisor.counter.do(ChangeSettings(dark=True))
    assert isinstance(changed, DeskSettings)
    assert changed.chosen == DeskChoices(dark=True, less_motion=True)
    assert supervisor.counter.do(ShowSettings()) == changed


def test_a_printer_of_this_system_is_chosen_and_given_up_again(choosing: SettingsDesk) -> None:
    assert choosing.change(ChangeSettings(printer="Office")).chosen.printer == "Office"
    assert choosing.change(ChangeSettings(printer="")).chosen.printer == ""
    assert refused(choosing, ChangeSettings(printer="Kitchen")) is Code.SETTING_REFUSED


def test_a_reader_that_was_unplugged_stays_chosen_but_another_one_must_be_there(choosing: SettingsDesk) -> None:
    gone = SettingsDesk(choosing.cards, TwoPrinters(DeskChoices(reader="Front reader"), has_printers=True), untold)
    assert gone.show().chosen.reader == "Front reader"
    assert gone.change(ChangeSettings(reader="Front reader", dark=True)).chosen.reader == "Front reader"
    assert refused(gone, ChangeSettings(reader="Back reader")) is Code.SETTING_REFUSED
    assert gone.change(ChangeSettings(reader="")).chosen.reader == ""


def test_a_dialect_is_chosen_and_spoken_from_the_next_card_on(supervisor: DeskOf) -> None:
    supervisor.readers.insert(EmulatedCard.blank(dialect="omnikey"))
    for dialect, verdict in (("acs", Verdict.UNREADABLE), ("omnikey", Verdict.BLANK), ("", Verdict.BLANK)):
        shown = supervisor.counter.do(ChangeSettings(dialect=dialect))
        assert isinstance(shown, DeskSettings)
        assert shown.chosen.dialect == dialect
        assert shown.dialects == ("acs", "acs-old", "omnikey")
        reading = supervisor.counter.do(ReadCard())
        assert isinstance(reading, CardReading)
        found = ("SLE4442", "omnikey") if verdict is Verdict.BLANK else ("", "")
        assert (reading.verdict, reading.chip, reading.dialect) == (verdict, *found)
    assert supervisor.refusal(ChangeSettings(dialect="morse")) is Code.SETTING_REFUSED


def test_the_practice_counter_has_no_printer_to_choose(supervisor: DeskOf) -> None:
    shown = supervisor.counter.do(ShowSettings())
    assert isinstance(shown, DeskSettings)
    assert (shown.printers, shown.has_printers) == ((), False)
    assert supervisor.refusal(ChangeSettings(printer="Office")) is Code.SETTING_REFUSED


@pytest.mark.parametrize(
    ("amounts", "code"),
    [
        ((1, 2, 3, 4), Code.SETTING_REFUSED),
        ((), Code.SETTING_REFUSED),
        ((1, 2, 3, 4, 0), Code.AMOUNT_NOT_POSITIVE),
        ((1, 2, 3, 4, -5), Code.AMOUNT_NOT_POSITIVE),
        ((1, 2, 3, 4, QUICK_MOST.minor + 1), Code.AMOUNT_OVER_MAXIMUM),
    ],
)
def test_quick_amounts_are_five_and_can_be_asked_for(
    choosing: SettingsDesk, amounts: tuple[int, ...], code: Code
) -> None:
    assert refused(choosing, ChangeSettings(quick_amounts=tuple(map(Money, amounts)))) is code


def test_the_chosen_reader_is_the_one_that_is_read_next(supervisor: DeskOf) -> None:
    two = BuiltInReaders((FRONT, BACK))
    for name in (FRONT, BACK):
        two.insert(supervisor.world.card(), name)
    with supervisor.world.open(two) as counter:
        counter.operator = supervisor.counter.operator
        assert replace(supervisor, counter=counter).refusal(ReadCard()) is Code.READER_AMBIGUOUS
        counter.do(ChangeSettings(reader=BACK))
        reading = counter.do(ReadCard())
        assert isinstance(reading, CardReading)
        assert reading.reader == BACK


# --- kept in the file --------------------------------------------------------------------------------------


def kept_in(folder: Path, **chosen: object) -> desk_choices.KeptChoices:
    settings.save(folder / "settings.json", settings.Settings(desk=7, dialect="acs"))
    overridden = replace(settings.Settings(desk=9, dialect="other"), **chosen)  # type: ignore[arg-type]
    return desk_choices.KeptChoices(office_files.Files(folder), overridden, has_printers=True)


def test_a_choice_is_kept_for_the_next_start_and_an_option_of_the_command_line_is_not(tmp_path: Path) -> None:
    kept = kept_in(tmp_path)
    quick = (Money(250), *QUICK_AMOUNTS[1:])
    kept.keep(replace(kept.chosen, reader="ACR39", tries_from_books=True, dark=True, quick_amounts=quick))
    again = settings.load(tmp_path / "settings.json")
    assert again.choices == kept.chosen
    assert (again.desk, again.dialect, again.tries_from_books) == (7, "acs", True)
    assert again.quick_amounts == "2.50,20,30,50,100"


def test_what_the_command_line_changed_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    kept = kept_in(tmp_path)
    path = tmp_path / "settings.json"
    settings.save(path, settings.changed(settings.load(path), "printer", "Office"))
    kept.keep(replace(kept.chosen, dark=True))
    assert settings.load(path).choices == kept.chosen == DeskChoices(printer="Office", dialect="acs", dark=True)


def test_a_choice_that_cannot_be_written_does_not_hold(tmp_path: Path) -> None:
    kept = kept_in(tmp_path)
    (tmp_path / "settings.json.new").mkdir()
    with pytest.raises(EnvironmentFault) as caught:
        kept.keep(DeskChoices(dark=True))
    assert caught.value.code is Code.FILE_UNREADABLE
    assert not kept.chosen.dark


def test_the_next_print_goes_to_the_printer_chosen_last(tmp_path: Path, qapp: QApplication) -> None:
    kept = kept_in(tmp_path)
    printer = desk_choices.ChosenPrinter(office_files.Files(tmp_path), kept)
    printer.print_pdf(b"%PDF one", title="1-000001")
    assert (tmp_path / "receipts" / "1-000001.pdf").exists()
    kept.keep(DeskChoices(printer="No such printer"))
    assert printer.name == "No such printer"
    with pytest.raises(EnvironmentFault) as caught:
        printer.print_pdf(b"%PDF two", title="1-000002")
    assert caught.value.code is Code.PRINTER_FAILED
    assert isinstance(kept.printers(), tuple)


@given(st.text(max_size=40))
def test_any_text_is_five_amounts_or_refused(text: str) -> None:
    try:
        read = settings.parse(json.dumps({"quick_amounts": text}).encode())
    except EnvironmentFault as fault:
        assert fault.facts.get("setting") in {"quick_amounts", None}
    else:
        assert len(read.choices.quick_amounts) == 5


@given(st.lists(st.integers(1, QUICK_MOST.minor), min_size=5, max_size=5))
def test_five_amounts_come_back_as_they_were_kept(minors: list[int]) -> None:
    chosen = DeskChoices(quick_amounts=tuple(map(Money, minors)))
    kept = settings.Settings().with_choices(chosen)
    assert settings.changed(settings.Settings(), "quick_amounts", kept.quick_amounts).choices == chosen


@pytest.mark.parametrize("text", ["10,20,30,50", "10,20,30,50,x", "10,20,30,50,0", "", "1,2,3,4,5,6"])
def test_the_command_line_refuses_what_is_not_five_amounts(text: str) -> None:
    with pytest.raises(OperatorError) as caught:
        settings.changed(settings.Settings(), "quick_amounts", text)
    assert caught.value.code is Code.SETTING_REFUSED


# --- the sales of a shift ----------------------------------------------------------------------------------


def test_the_sales_of_a_shift_come_newest_first_and_no_issue_among_them(desk: DeskOf) -> None:
    amounts = ["20.00", "30.00", "50.00"]
    for amount in amounts:
        desk.sell(amount)
    shift = desk.counter.outside.ledger.shift(desk=desk.counter.outside.desk)
    assert shift is not None
    shown = desk.counter.do(ShowShiftSales(shift.number))
    assert isinstance(shown, ShiftSales)
    assert [str(sale.amount) for sale in shown.sales] == amounts[::-1]


def test_who_has_no_shift_of_his_own_does_not_see_its_sales(desk: DeskOf) -> None:
    shift = desk.counter.outside.ledger.shift(desk=desk.counter.outside.desk)
    assert shift is not None
    desk.counter.operator = TECHNICIAN
    assert desk.refusal(ShowShiftSales(shift.number)) is Code.PERMISSION_DENIED


def test_a_file_that_still_has_what_the_office_decides_now_is_read_without_it() -> None:
    old = b'{"desk": 3, "dark": true, "blind_count": false, "lock_minutes": 999}'
    assert settings.parse(old) == settings.Settings(desk=3, dark=True)
    with pytest.raises(OperatorError) as caught:
        settings.changed(settings.Settings(), "lock_minutes", "9")
    assert caught.value.code is Code.SETTING_REFUSED
