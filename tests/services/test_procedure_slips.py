"""The slip of a procedure comes out of the printer with what the books say, and changes nothing in them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.documents.reading import lines
from tests.services.desk_of import DeskOf
from tests.services.test_supply_desk import SECOND_METER, Technician
from vending_app.bench.world import CASHIER, SUPERVISOR, SUPPLY, TECHNICIAN
from vending_app.domain.errors import Code
from vending_app.domain.ids import JournalRow, SupplyNo, masked, spaced
from vending_app.domain.people import Meter
from vending_app.domain.permissions import Act
from vending_app.domain.records import CardEnd, MeterChange, Settlement
from vending_app.printing.folder import FolderPrinter
from vending_app.services import supply_cases as ask
from vending_app.services.book_cases import ReportPrinted
from vending_app.services.counter import Counter
from vending_app.services.use_cases import SaleDone


@pytest.fixture
def petra(desk: DeskOf, tmp_path: Path) -> Technician:
    desk.sell("50.00")
    return Technician(desk, tmp_path)


def printed(petra: Technician, supply: SupplyNo = SUPPLY, row: JournalRow | None = None) -> list[str]:
    done = petra.asks(ask.PrintSlip(supply, row))
    assert isinstance(done, ReportPrinted)
    return lines((petra.desk.world.folder / "receipts" / f"{done.title}.pdf").read_bytes())


def reads_the_meter(petra: Technician) -> None:
    petra.loads(petra.desk.card)
    petra.desk.reinsert()
    petra.desk.read()


def last_hash(petra: Technician) -> str:
    """The first figures of the newest journal row, as the books keep it."""
    newest = "SELECT hash FROM journal ORDER BY id DESC LIMIT 1"
    return bytes(petra.desk.counter.outside.ledger._books.value(newest)).hex()[:8].upper()  # type: ignore[attr-defined]


def test_a_reissued_card_tells_both_cards(petra: Technician) -> None:
    old = petra.file().card
    petra.blank()
    done = petra.asks(ask.ReissueCard(petra.desk.world.new_id(), SUPPLY, CardEnd.STOLEN))
    assert isinstance(done, SaleDone)
    text = printed(petra)
    fresh = petra.file().card
    assert old is not None
    assert fresh is not None
    assert [word for word in (masked(old), masked(fresh), "stolen") if word not in text] == []
    assert f"Books {spaced(last_hash(petra))}" in text


def test_a_changed_meter_tells_its_last_registers_and_who_takes_over(petra: Technician) -> None:
    reads_the_meter(petra)
    petra.asks(ask.EnterMeter(Meter(SECOND_METER, "RM-2", 1600)))
    changed = petra.asks(ask.ChangeMeter(SUPPLY, SECOND_METER, "display dark"))
    assert isinstance(changed, MeterChange)
    text = printed(petra)
    said = [spaced(SECOND_METER), spaced(changed.new), f"{changed.carried} kWh".replace("\u202f", " "), "display dark"]
    assert [word for word in said if word not in text] == []
    assert f"Books {spaced(last_hash(petra))}" in text


def test_a_closed_supply_tells_what_is_due_and_is_printed_by_technicians_only(petra: Technician) -> None:
    reads_the_meter(petra)
    request = ask.CloseSupply(SUPPLY, "moved away")
    done = petra.asks(replace(request, approval=petra.approved(request, Act.CLOSE_SUPPLY)))
    assert isinstance(done, Settlement)
    text = printed(petra)
    assert [
        word
        for word in (f"€ {done.refund}", "moved away", TECHNICIAN.full_name, SUPERVISOR.full_name)
        if word not in " ".join(text)
    ] == []
    petra.desk.counter.operator = CASHIER
    assert petra.desk.refusal(ask.PrintSlip(SUPPLY)) is Code.PERMISSION_DENIED


def test_without_paper_what_was_done_stands_and_is_printed_later(petra: Technician) -> None:
    petra.blank()
    done = petra.asks(ask.ReissueCard(petra.desk.world.new_id(), SUPPLY, CardEnd.BROKEN))
    assert isinstance(done, SaleDone)
    printer = FolderPrinter(petra.desk.world.folder / "receipts")
    printer.is_paper_out = True
    outside = petra.desk.counter.outside
    petra.desk.counter = Counter(replace(outside, printer=printer))
    assert petra.refusal(ask.PrintSlip(SUPPLY)) is Code.PRINTER_FAILED
    printer.is_paper_out = False
    assert "broken" in printed(petra)
    assert petra.file().generation == 2
    assert petra.adds_up()
