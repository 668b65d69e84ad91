"""The composition root: an office made, opened, refused; the settings; the practice counter and the tour."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vending_app import app, office_books, office_files, practice, settings
from vending_app.bench.world import TECHNICIAN
from vending_app.cardio.builtin import BuiltInReaders
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError, OutcomeUnknown
from vending_app.domain.ids import is_ulid
from vending_app.domain.meter import MeterDecision, RelayState
from vending_app.domain.money import Money
from vending_app.domain.verdict import Verdict
from vending_app.ports import LedgerProof
from vending_app.practice import PracticeCounter as Training
from vending_app.services.practice_cases import CardFault, PracticeAct, PracticeState
from vending_app.services.setup import SampleOffice
from vending_app.services.use_cases import (
    CardReading,
    FinishSale,
    Printed,
    PrintReceipt,
    ReadCard,
    SaleDone,
    Sell,
    VerifyLedger,
)


def act(training: Training, verb: str, card: str = "", number: int = 0) -> PracticeState:
    state = training.do(PracticeAct(verb, card, number))
    assert isinstance(state, PracticeState)
    return state


@pytest.mark.parametrize(
    ("card", "verdict"),
    [
        ("amara", Verdict.READY),
        ("bakery", Verdict.READY),
        ("torn", Verdict.FINISH_SALE),
        ("blank", Verdict.BLANK),
        ("check", Verdict.NOT_A_CUSTOMER_CARD),
        ("foreign", Verdict.NOT_OURS),
    ],
)
def test_every_practice_card_is_what_its_label_says(training: Training, card: str, verdict: Verdict) -> None:
    act(training, "insert", card)
    reading = training.do(ReadCard())
    assert isinstance(reading, CardReading)
    assert reading.verdict is verdict


def test_the_practice_books_of_a_year_add_up(training: Training) -> None:
    proof = training.do(VerifyLedger())
    assert isinstance(proof, LedgerProof)
    assert proof.problems == ()
    assert proof.entries > 100


def test_a_practice_sale_goes_to_the_meter_and_comes_home(training: Training) -> None:
    before = act(training, "insert", "amara").meter
    sold = training.do(Sell(app.new_id(), amount=Money(5000)))
    assert isinstance(sold, SaleDone)
    state = act(training, "meter")
    assert state.insertion is not None
    assert state.insertion.decision is MeterDecision.CREDITED
    assert state.meter is not None
    assert before is not None
    quote = sold.sale.intent.quote
    assert quote is not None
    assert state.meter.remaining == before.remaining + quote.energy
    act(training, "load", number=2000)
    used = act(training, "pass-time", number=3600).meter
    assert used is not None
    assert used.remaining.wh == state.meter.remaining.wh - 2000
    act(training, "meter")
    act(training, "insert", "amara")
    reading = training.do(ReadCard())
    assert isinstance(reading, CardReading)
    assert reading.reading is not None
    assert reading.reading.write_back is not None
    assert reading.reading.write_back.used_total == used.used_total


def test_a_practice_card_torn_on_purpose_is_finished_and_the_switch_goes_back(training: Training) -> None:
    act(training, "insert", "amara")
    assert act(training, "card-fault", CardFault.TORN).faults.card is CardFault.TORN
    with pytest.raises(OutcomeUnknown):
        training.do(Sell(app.new_id(), amount=Money(5000)))
    state = act(training, "show")
    assert state.faults.card is CardFault.NONE
    assert state.in_reader is None
    act(training, "insert", "amara")
    assert isinstance(training.do(FinishSale()), SaleDone)


def test_a_practice_overload_trips_the_meter(training: Training) -> None:
    act(training, "insert", "amara")
    act(training, "load", number=9500)
    meter = act(training, "pass-time", number=60).meter
    assert meter is not None
    assert meter.relay is RelayState.OPEN


def test_paper_out_fails_the_print_and_not_the_sale(training: Training) -> None:
    act(training, "insert", "amara")
    sold = training.do(Sell(app.new_id(), amount=Money(5000)))
    assert isinstance(sold, SaleDone)
    act(training, "paper-out", number=1)
    with pytest.raises(EnvironmentFault) as failed:
        training.do(PrintReceipt(sold.sale.id))
    assert failed.value.code is Code.PRINTER_FAILED
    act(training, "paper-out", number=0)
    prints = [training.do(PrintReceipt(sold.sale.id)) for _ in range(2)]
    assert [printed.copy for printed in prints if isinstance(printed, Printed)] == [0, 1]


def test_a_practice_start_begins_again_after_an_interrupted_one_and_after_another_release(tmp_path: Path) -> None:
    half, earlier = tmp_path / "practice.new", tmp_path / "practice"
    for folder in (half, earlier):
        folder.mkdir()
        (folder / "ledger.sqlite3").write_bytes(b"half written, or with an earlier street")
    (earlier / "drills.jsonl").write_text("what trainees did\n")
    practice.prepare(earlier)
    assert not half.exists()
    assert (earlier / "drills.jsonl").read_text() == "what trainees did\n"
    made = (earlier / "ledger.sqlite3").stat().st_mtime_ns
    practice.prepare(earlier)
    assert (earlier / "ledger.sqlite3").stat().st_mtime_ns == made, "an office that is ready is opened as it is"


def test_an_office_is_refused_where_one_is_and_opened_only_with_its_passphrase(tmp_path: Path) -> None:
    sample = SampleOffice.of(office_files.sample_description())
    app.create_office(tmp_path, sample, password="246810", passphrase="right")
    with pytest.raises(OperatorError) as refused:
        app.create_office(tmp_path, sample, password="246810", passphrase="right")
    assert refused.value.code is Code.LEDGER_EXISTS
    with pytest.raises(OperatorError) as wrong, app.open_office(tmp_path, passphrase=lambda: "wrong"):
        pass
    assert wrong.value.code is Code.VAULT_PASSPHRASE_WRONG


def test_a_desk_opens_as_the_office_decided_about_readers_that_tell_no_tries(tmp_path: Path) -> None:
    app.create_office(
        tmp_path, SampleOffice.of(office_files.sample_description()), password="246810", passphrase="right"
    )
    readers, kept = BuiltInReaders(), tmp_path / "settings.json"
    readers.insert(EmulatedCard.blank(dialect="omnikey-untold"))
    for value, verdict in (("no", Verdict.TRIES_UNTOLD), ("yes", Verdict.BLANK)):
        settings.save(kept, settings.changed(settings.load(kept), "tries_from_books", value))
        with app.open_office(tmp_path, passphrase=lambda: "right", readers=readers) as office:
            office.counter.operator = TECHNICIAN
            found = office.counter.do(ReadCard())
            assert isinstance(found, CardReading)
            assert found.verdict is verdict


def test_ids_are_ulids_in_the_order_of_time() -> None:
    first, second = app.new_id(), app.new_id()
    assert is_ulid(first)
    assert is_ulid(second)
    assert first[:8] <= second[:8]


@given(st.binary(max_size=300))
def test_any_bytes_are_settings_or_a_typed_error(data: bytes) -> None:
    try:
        settings.parse(data)
    except EnvironmentFault as fault:
        assert fault.code is Code.SETTINGS_DAMAGED


@given(st.dictionaries(st.sampled_from(["desk", "reader", "dark", "zzz"]), st.integers() | st.text() | st.booleans()))
def test_any_object_is_settings_or_a_typed_error(body: dict[str, object]) -> None:
    try:
        read = settings.parse(json.dumps(body).encode())
    except EnvironmentFault as fault:
        assert fault.code is Code.SETTINGS_DAMAGED
    else:
        assert 1 <= read.desk <= 65_535


def test_the_tour_leaves_its_pictures_receipt_and_summary(tmp_path: Path) -> None:
    from vending_app import tour

    toured = tour.walk(tmp_path / "tour")
    files = {path.name for path in (tmp_path / "tour").iterdir()}
    assert {step.picture for step in toured.steps} | {"receipt.pdf", "summary.md"} == files
    assert len(toured.steps) >= 12
    assert all((tmp_path / "tour" / step.picture).stat().st_size > 10_000 for step in toured.steps)
    assert (tmp_path / "tour" / "receipt.pdf").read_bytes().startswith(b"%PDF-")


def test_a_wrong_code_is_remembered_over_the_start_of_the_program(tmp_path: Path) -> None:
    from vending_app.domain.ids import CardNo, OperatorName
    from vending_app.domain.permissions import Act, Authority
    from vending_app.services.card_tries import TriesInBooks

    sample = SampleOffice.of(office_files.sample_description())
    app.create_office(tmp_path, sample, password="246810", passphrase="p")
    with office_books.open_books(tmp_path) as ledger, ledger.acting_as(Authority(OperatorName("cashier"), Act.SELL)):
        TriesInBooks(ledger, app.now).refuse(CardNo("041170000001"))
        TriesInBooks(ledger, app.now).spend(CardNo("041170000003"), 1)
    with office_books.open_books(tmp_path) as ledger:
        known = TriesInBooks(ledger, app.now)
        assert [known.was_refused(CardNo(f"04117000000{at}")) for at in (1, 2, 3)] == [True, False, False]
        assert [known.spent(CardNo(f"04117000000{at}")) for at in (1, 2, 3)] == [2, 0, 1]


def test_a_start_loads_nothing_that_only_a_supervisor_asks_for() -> None:
    asked = ("ledger.reports", "ledger.inspections", "ledger.proof", "domain.inspection", "domain.report")
    code = "import sys; from vending_app import app; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert "vending_app.ledger.sales" in loaded
    assert not {f"vending_app.{name}" for name in asked} & set(loaded)
    assert "multiprocessing" not in loaded
