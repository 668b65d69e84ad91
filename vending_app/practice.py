"""The practice counter: the whole program on built-in cards and meters, with books of its own (row O2)."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from vending_app import app, other_side, settings
from vending_app.cardio.builtin import BuiltInReaders
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.store import FileStore
from vending_app.cardio.vault import SealedVault
from vending_app.domain.card import ImageState
from vending_app.domain.energy import Energy
from vending_app.domain.ids import MeterNo
from vending_app.domain.meter import Insertion, RelayState
from vending_app.domain.people import SupplyFile
from vending_app.meter.reference import MeterInFile
from vending_app.ports import Progress
from vending_app.practice_history import PULLED_EARLY, TRAY, build
from vending_app.practice_results import DrillFile
from vending_app.printing.folder import FolderPrinter
from vending_app.services.counter import Counter, no_progress
from vending_app.services.drills import KeepDrill, ShowDrills
from vending_app.services.setup import SampleOffice
from vending_app.services.use_cases import PracticeAct, PracticeState
from vending_app.settings import Settings

PIN = "123456"
PASSPHRASE = "practice"
SECONDS_PER_HOUR = 3600


def practice_folder(data: Path) -> Path:
    """Beside the office, never inside its books."""
    return data / "practice"


def prepare(folder: Path, *, like: Settings | None = None) -> None:
    """Make the practice office with a year of history, once. A start that was interrupted begins again.

    It begins with the looks and quick amounts of the desk it is `like`, and keeps its own from then on.
    """
    if app.Files(folder).is_office:
        return
    making = folder.with_name(folder.name + ".new")
    shutil.rmtree(making, ignore_errors=True)
    sample = SampleOffice.of(app.sample_description()).as_practice()
    app.create_office(making, sample, password=PIN, passphrase=PASSPHRASE)
    build(making, passphrase=PASSPHRASE, pin=PIN)
    if like is not None:
        begins = replace(like.choices, printer="", reader="")
        settings.save(app.Files(making).settings, Settings().with_choices(begins))
    shutil.rmtree(folder, ignore_errors=True)
    making.rename(folder)


@contextmanager
def open_practice(
    folder: Path, *, waits: bool = True, unsealing: Future[SealedVault] | None = None
) -> Iterator[PracticeCounter]:
    """The practice counter at work. `waits` lets the cards take the time that real ones take."""
    prepare(folder)
    readers = BuiltInReaders()
    printer = FolderPrinter(app.Files(folder).receipts, name="The screen")
    with app.open_office(
        folder, passphrase=lambda: PASSPHRASE, readers=readers, printer=printer, unsealing=unsealing
    ) as office:
        outside = replace(office.counter.outside, practice_pin=PIN)
        keys = other_side.Keys(office.vault, office.codec)
        wait = _pass_time if waits else None
        yield PracticeCounter(Counter(outside), Tray(folder / "cards", readers, wait=wait), folder, keys, printer)


def _pass_time(microseconds: int) -> None:
    time.sleep(microseconds / 1_000_000)


def start_unsealing(folder: Path) -> Future[SealedVault]:
    """Open the practice keys beside the loading of the window."""
    prepare(folder)
    return app.start_unsealing(folder, PASSPHRASE)


class Tray:
    """The practice cards, kept in files, and the one in the reader."""

    def __init__(self, folder: Path, readers: BuiltInReaders, *, wait: Callable[[int], None] | None) -> None:
        self._readers, self._folder, self._wait = readers, folder, wait
        self._cards = {c.key: EmulatedCard(FileStore(folder / f"{c.key}.bin"), wait=wait) for c in TRAY}
        self.at_hand: str | None = None
        """The card in the reader, or the one last taken out of it."""
        self.tears = False
        """Whether the next card that is written is lost in the middle of it."""

    @property
    def in_reader(self) -> str | None:
        """A card that a fault threw out is not in the reader any more."""
        return self.at_hand if any(state.card_present for state in self._readers.list()) else None

    def card(self, key: str) -> EmulatedCard:
        return self._cards[key]

    def insert(self, key: str) -> None:
        """Put a card into the reader; the one there goes back to the tray."""
        self.at_hand = key
        self._readers.insert(self._cards[key])
        self.set_tears(self.tears)

    def pull(self) -> None:
        """Take the card out; outside a reader nothing tears it."""
        self._readers.pull()
        if self.at_hand is not None:
            self._cards[self.at_hand].arm(None)

    def renew(self, key: str) -> None:
        """A fresh blank card in the place of this one, as from the stock."""
        if self.at_hand == key:
            self._readers.pull()
        file = self._folder / f"{key}.bin"
        FileStore.blank(file)
        self._cards[key] = EmulatedCard(FileStore(file), wait=self._wait)

    def set_tears(self, tears: bool, /) -> None:
        """Plan to lose the card while it is written, or call that off."""
        self.tears = tears
        if self.at_hand is not None:
            armed = tears and self.in_reader is not None
            self._cards[self.at_hand].arm(PULLED_EARLY if armed else None)

    def notice_tear(self) -> None:
        """A tear happens once; the switch goes back by itself."""
        struck = self.at_hand is not None and self._cards[self.at_hand].is_out
        self.tears = self.tears and not struck


@dataclass(slots=True)
class PracticeCounter:
    """The counter, and the practice dock beside it; both on the desk thread."""

    counter: Counter
    tray: Tray
    folder: Path
    keys: other_side.Keys
    printer: FolderPrinter
    load_w: int = 1800
    insertion: Insertion | None = None
    _meter_time: datetime | None = None

    def do(self, use_case: object, progress: Progress = no_progress) -> object:
        """Perform a use case of the counter or an act at the dock."""
        if isinstance(use_case, ShowDrills | KeepDrill):
            return DrillFile(self.folder / "drills.jsonl").do(use_case)
        if isinstance(use_case, PracticeAct):
            self._verbs()[use_case.verb](use_case)
            return self.state()
        return self.counter.do(use_case, progress)

    def _verbs(self) -> Mapping[str, Callable[[PracticeAct], None]]:
        return {
            "show": lambda act: None,
            "insert": lambda act: self._insert(act.card),
            "pull": lambda act: self.tray.pull(),
            "renew": lambda act: self.tray.renew(act.card),
            "meter": lambda act: self._put_in_meter(),
            "load": lambda act: self._set_load(act.number),
            "pass-time": lambda act: self._pass_time(act.number),
            "tear": lambda act: self.tray.set_tears(bool(act.number)),
            "paper-out": lambda act: self._set_paper(is_out=bool(act.number)),
        }

    def state(self) -> PracticeState:
        """What the dock shows."""
        self.tray.notice_tear()
        supply = self._supply()
        meter = self._meter()
        return PracticeState(
            tray=TRAY,
            in_reader=self.tray.in_reader,
            meter_of=supply.customer.name if supply else "",
            meter=meter.view() if meter else None,
            insertion=self.insertion,
            load_w=self.load_w,
            tears_next_write=self.tray.tears,
            is_paper_out=self.printer.is_paper_out,
        )

    # --- what a hand does -------------------------------------------------------------------------------

    def _insert(self, key: str) -> None:
        self.insertion = None
        self.tray.insert(key)

    def _put_in_meter(self) -> None:
        meter = self._meter()
        if meter is None or self.tray.at_hand is None:
            return
        self.tray.pull()
        card = self.tray.card(self.tray.at_hand)
        card.put_back()
        self.insertion = meter.insert(other_side.meter_slot(card, self.keys))

    def _set_load(self, watts: int) -> None:
        self.load_w = max(0, watts)

    def _pass_time(self, seconds: int) -> None:
        """Let the meter run; `seconds` are of its own time."""
        meter = self._meter()
        if meter is None:
            return
        self._meter_time = (self._meter_time or app.now()) + timedelta(seconds=seconds)
        if meter.view().relay is RelayState.CLOSED:
            meter.use(Energy(self.load_w * seconds // SECONDS_PER_HOUR), power_w=self.load_w)

    def _set_paper(self, *, is_out: bool) -> None:
        self.printer.is_paper_out = is_out

    # --- whose meter ------------------------------------------------------------------------------------

    def _supply(self) -> SupplyFile | None:
        if self.tray.at_hand is None:
            return None
        image = self.keys.codec.decode(self.tray.card(self.tray.at_hand).image)
        if image.state is not ImageState.OURS or image.header is None:
            return None
        ledger = self.counter.outside.ledger
        record = ledger.card(image.header.card)
        return ledger.supply(record.supply, today=app.now().astimezone().date()) if record else None

    def _meter(self) -> MeterInFile | None:
        supply = self._supply()
        if supply is None:
            return None
        number = supply.meter.number
        return other_side.reference_meter(self._state(number), number, codec=self.keys.codec, clock=self._clock)

    def _state(self, number: MeterNo) -> Path:
        return self.folder / "meters" / f"{number}.json"

    def _clock(self) -> datetime:
        return max(app.now(), self._meter_time or app.now())
