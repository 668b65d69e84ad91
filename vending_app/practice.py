"""The practice counter: the whole program on built-in cards and meters, with books of its own (row O2)."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from vending_app import app, office_files, other_side, settings
from vending_app.cardio.builtin import BuiltInReaders
from vending_app.domain.card import ImageState
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import SupplyNo
from vending_app.domain.people import SupplyFile
from vending_app.ledger.held import HeldBooks
from vending_app.ports import Progress
from vending_app.practice_history import build
from vending_app.practice_meters import Board, Meters
from vending_app.practice_results import DrillFile
from vending_app.practice_street import HOUSEHOLDS, SCENE, TRAY
from vending_app.practice_tray import Tray
from vending_app.printing.folder import FolderPrinter
from vending_app.services.counter import Counter, no_progress
from vending_app.services.drills import KeepDrill, ShowDrills
from vending_app.services.practice_cases import (
    CardFault,
    House,
    PracticeAct,
    PracticeFaults,
    PracticeState,
    SetStreetUpAnew,
    StreetLeft,
)
from vending_app.services.setup import SampleOffice
from vending_app.settings import Settings
from vending_app.vaults import Vault

PIN = "123456"
PASSPHRASE = "practice"
SCENE_FILE, DRILLS_FILE = "scene", "drills.jsonl"


def practice_folder(data: Path) -> Path:
    """Beside the office, never inside its books."""
    return data / "practice"


def prepare(folder: Path, *, like: Settings | None = None) -> None:
    """Make the practice office with a year of history, once. A start that was interrupted begins again.

    It begins with the looks and quick amounts of the desk it is `like`, and keeps its own from then on.
    """
    if is_ready(folder):
        return
    making = folder.with_name(folder.name + ".new")
    shutil.rmtree(making, ignore_errors=True)
    sample = SampleOffice.of(office_files.sample_description()).as_practice()
    app.create_office(making, sample, password=PIN, passphrase=PASSPHRASE)
    build(making, passphrase=PASSPHRASE, pin=PIN)
    if like is not None:
        begins = replace(like.choices, printer="", reader="")
        settings.save(office_files.Files(making).settings, Settings().with_choices(begins))
    if (folder / DRILLS_FILE).exists():
        # What trainees did outlasts the street that they did it in.
        shutil.copy2(folder / DRILLS_FILE, making / DRILLS_FILE)
    (making / SCENE_FILE).write_text(str(SCENE))
    shutil.rmtree(folder, ignore_errors=True)
    making.rename(folder)


def is_ready(folder: Path) -> bool:
    """Whether there is a practice office, and with the street of this release."""
    scene = folder / SCENE_FILE
    return office_files.Files(folder).is_office and scene.exists() and scene.read_text() == str(SCENE)


def leave_street(folder: Path) -> None:
    """From now on the next start makes it anew, as the first one did. Raises EnvironmentFault file-unreadable."""
    try:
        (folder / SCENE_FILE).unlink(missing_ok=True)
    except OSError as cause:
        raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(folder / SCENE_FILE)) from cause


@contextmanager
def open_practice(
    folder: Path, *, waits: bool = True, unsealing: Future[Vault] | None = None
) -> Iterator[PracticeCounter]:
    """The practice counter at work. `waits` lets the cards take the time that real ones take."""
    prepare(folder)
    readers = BuiltInReaders()
    printer = FolderPrinter(office_files.Files(folder).receipts, name="The screen")
    with app.open_office(
        folder, passphrase=lambda: PASSPHRASE, readers=readers, printer=printer, unsealing=unsealing
    ) as office:
        outside = replace(office.counter.outside, practice_pin=PIN)
        keys = other_side.Keys(office.vault, office.codec)
        wait = _pass_time if waits else None
        tray, meters = Tray(folder / "cards", readers, wait=wait), Meters(folder / "meters", keys.codec)
        held = HeldBooks(office_files.Files(folder).ledger)
        try:
            yield PracticeCounter(Counter(outside), tray, meters, keys, printer, readers, held, folder)
        finally:
            held.let_go()


def _pass_time(microseconds: int) -> None:
    time.sleep(microseconds / 1_000_000)


def start_unsealing(folder: Path) -> Future[Vault]:
    """Open the practice keys beside the loading of the window."""
    prepare(folder)
    return app.start_unsealing(folder, PASSPHRASE)


@dataclass(slots=True)
class PracticeCounter:
    """The counter, and the practice dock beside it; both on the desk thread."""

    counter: Counter
    tray: Tray
    meters: Meters
    keys: other_side.Keys
    printer: FolderPrinter
    readers: BuiltInReaders
    held: HeldBooks
    folder: Path
    house: SupplyNo = HOUSEHOLDS[0].supply
    """Whose meter is looked at."""

    def do(self, use_case: object, progress: Progress = no_progress) -> object:
        """Perform a use case of the counter or an act at the dock."""
        if isinstance(use_case, ShowDrills | KeepDrill):
            return DrillFile(self.folder / DRILLS_FILE).do(use_case)
        if isinstance(use_case, SetStreetUpAnew):
            leave_street(self.folder)
            return StreetLeft()
        if isinstance(use_case, PracticeAct):
            self._verbs()[use_case.verb](use_case)
            return self.state()
        return self.counter.do(use_case, progress)

    def _verbs(self) -> Mapping[str, Callable[[PracticeAct], object]]:
        return {
            "show": lambda act: None,
            "insert": lambda act: self._insert(act.card),
            "pull": lambda act: self.tray.pull(),
            "renew": lambda act: self._renew(act.card),
            "house": lambda act: self._look_at(SupplyNo(act.card)),
            "meter": lambda act: self._put_in_meter(act.card or self.tray.at_hand or self._own_card()),
            "meter-pull": lambda act: self._board().pull_out(),
            "load": lambda act: self._board().set_load(act.number),
            "appliance": lambda act: self._board().switch(act.card, on=bool(act.number)),
            "pass-time": lambda act: self._board().pass_time(act.number),
            "mains": lambda act: self._board().meter.set_mains(on=bool(act.number)),
            "cover": lambda act: self._board().meter.set_cover(is_open=bool(act.number)),
            "card-fault": lambda act: self.tray.set_fault(CardFault(act.card)),
            "paper-out": lambda act: self._set_paper(is_out=bool(act.number)),
            "reader-off": lambda act: self.readers.plug(is_in=not act.number),
            "books-locked": lambda act: self.held.hold() if act.number else self.held.let_go(),
        }

    def state(self) -> PracticeState:
        """What the dock shows."""
        self.tray.notice()
        board = self._board()
        return PracticeState(
            tray=TRAY,
            in_reader=self.tray.in_reader,
            meter_of=self._supply(self.house).customer.name,
            meter=board.meter.view(),
            insertion=board.insertion,
            load_w=board.load_w,
            faults=self._faults(),
            in_meter=board.card,
            appliances=board.appliances,
            street=tuple(self._seen(house.supply) for house in HOUSEHOLDS),
        )

    def _faults(self) -> PracticeFaults:
        return PracticeFaults(
            card=self.tray.fault,
            is_paper_out=self.printer.is_paper_out,
            is_reader_unplugged=not self.readers.list(),
            are_books_locked=self.held.are_held,
        )

    # --- what a hand does -------------------------------------------------------------------------------

    def _insert(self, key: str) -> None:
        self.meters.take_out(key)
        self.tray.insert(key)
        owner = self._owner(key)
        if owner is not None:
            self._look_at(owner)

    def _renew(self, key: str) -> None:
        """A fresh blank card in the place of this one, as from the stock."""
        self.meters.take_out(key)
        self.tray.renew(key)

    def _look_at(self, supply: SupplyNo) -> None:
        self.house = supply
        self._board().insertion = None

    def _put_in_meter(self, key: str | None) -> None:
        if key is None:
            return
        if key == self.tray.at_hand:
            self.tray.pull()
        self.meters.take_out(key)
        card = self.tray.card(key)
        card.put_back()
        self._board().put_in(key, other_side.meter_slot(card, self.keys))

    def _own_card(self) -> str | None:
        """The card of the house that is looked at; None if it is not of the street."""
        return next((house.key for house in HOUSEHOLDS if house.supply == self.house), None)

    def _set_paper(self, *, is_out: bool) -> None:
        self.printer.is_paper_out = is_out

    # --- whose meter ------------------------------------------------------------------------------------

    def _owner(self, key: str) -> SupplyNo | None:
        """Whose card it is; None if it is nobody's."""
        image = self.keys.codec.decode(self.tray.card(key).image)
        if image.state is not ImageState.OURS or image.header is None:
            return None
        record = self.counter.outside.ledger.card(image.header.card)
        return record.supply if record else None

    def _supply(self, number: SupplyNo) -> SupplyFile:
        return self.counter.outside.ledger.supply(number, today=app.now().astimezone().date())

    def _board(self) -> Board:
        return self.meters.board(self.house, self._supply(self.house).meter.number)

    def _seen(self, number: SupplyNo) -> House:
        supply = self._supply(number)
        return House(number, supply.customer.name, self.meters.view(supply.meter.number))
