"""The tour: the practice window, unseen, driven by keys through one whole loop, with a picture of every step."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from vending_app import practice, window
from vending_app.domain.meter import MeterDecision
from vending_app.domain.people import SupplyFile
from vending_app.ports import WRITE_STEPS
from vending_app.services.choices import DeskChoices
from vending_app.services.desk_settings import Unkept
from vending_app.services.drill_list import AMARA
from vending_app.services.practice_cases import PracticeAct
from vending_app.services.use_cases import SaleDone
from vending_app.ui.bridge import Finished
from vending_app.ui.main_window import MainWindow
from vending_app.ui.sell.stage import Stage
from vending_app.ui.shots import save_page

PATIENCE_MS, LOOK_MS = 20_000, 10
SETTLE_MS = 350
"""Longer than any motion of the window, so that a picture shows a page at rest."""
USED_DAYS = 18
LOAD_W = 300


class TourFailed(Exception):
    """The window did not do what the tour waited for; the text says what."""


@dataclass(frozen=True, slots=True)
class Step:
    """One picture of the tour."""

    picture: str
    title: str


@dataclass(frozen=True, slots=True)
class Toured:
    """What the tour left behind."""

    steps: tuple[Step, ...]
    summary: Path


def walk(out: Path) -> Toured:
    """Drive one whole loop on a fresh practice office. Raises TourFailed, OSError."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, _on_stage(Path(folder) / "practice", out) as guide:
        done = guide.sell()
        guide.load_and_use()
        guide.come_back()
        guide.save_receipt(done)
        summary = guide.summarise(done)
        return Toured(tuple(guide.steps), summary)


@contextmanager
def _on_stage(folder: Path, out: Path) -> Iterator[Guide]:
    still = Unkept(DeskChoices(less_motion=True))
    with (
        practice.open_practice(folder) as training,
        window.opened(
            training.do,
            training.counter.outside.cards,
            still,
            books=training.counter.outside.ledger.elsewhere(),
            practice=True,
        ) as opened,
    ):
        opened.window.show()
        opened.window.activateWindow()
        yield Guide(opened.application, opened.window, training, out)


@dataclass(slots=True)
class Guide:
    """Plays the cashier: presses keys, waits for the window, takes pictures."""

    application: QApplication
    window: MainWindow
    training: practice.PracticeCounter
    out: Path
    steps: list[Step] = field(default_factory=list)

    # --- the loop ---------------------------------------------------------------------------------------

    def sell(self) -> SaleDone:
        """From the log-in to the printed receipt, by keyboard alone."""
        win = self.window
        self._until(lambda: win.login.greeting is not None, "the log-in page")
        self._picture("login", "The cashier logs in")
        self._type(practice.PIN, Qt.Key.Key_Return)
        self._until(lambda: not win.is_locked, "the log-in")
        self._picture("shift", "The shift is opened with a float")
        self._type("100", Qt.Key.Key_Return)
        self._until(lambda: win.shift is not None, "the open shift")
        self._picture("waiting", "The counter waits for a card")
        self._dock(PracticeAct("insert", AMARA))
        self._until_stage(Stage.READY)
        self._picture("card-in", "Card in: who it is, and what the meter wrote back")
        self._type("50", Qt.Key.Key_Return)
        self._type("100")
        self._picture("amount", "50.00 typed, 100.00 received: price, energy and change")
        self._write()
        self._until_stage(Stage.DONE)
        self._until(lambda: not win.flow.printing, "the receipt")
        self._picture("done", "Written, checked, posted: the card can be taken")
        assert win.flow.done is not None, "the stage says so"
        return win.flow.done

    def _write(self) -> None:
        """Press F12 and take a picture of each step while the card is written."""
        taken = set[str]()

        def on_progress(step: object) -> None:
            if str(step) in WRITE_STEPS and str(step) not in taken:
                taken.add(str(step))
                self.application.processEvents()
                self._picture(str(step), f"The card: {step}", settle=False)

        self.window.bridge.progressed.connect(on_progress)
        self._press(Qt.Key.Key_F12)
        self._until(lambda: self.window.flow.stage is Stage.DONE, "the sale")
        self.window.bridge.progressed.disconnect(on_progress)
        # The first print still takes the desk a moment, and a key that is off is lost.
        self._until(self._is_printed, "the desk at rest")
        self._press(Qt.Key.Key_F7)
        self._until(lambda: self.window.shell.current == "receipt", "the receipt preview")
        self._picture("receipt", "The receipt, looked at inside the program")
        self._press(Qt.Key.Key_Escape)

    def load_and_use(self) -> None:
        """The customer at home: the meter takes the credit, and the household uses some of it."""
        self._dock(PracticeAct("meter"))
        self._until(self._is_credited, "the meter's credit")
        self._picture("meter", "The meter credits the card's energy and writes back")
        self._dock(PracticeAct("load", number=LOAD_W))
        self._dock(PracticeAct("pass-time", number=USED_DAYS * 86_400))
        self._picture("used", f"{USED_DAYS} days later: energy was used")
        self._dock(PracticeAct("meter"))
        self._picture("written-back", "The card is put in again and carries the registers home")

    def _is_credited(self) -> bool:
        dock = self.window.shell.dock
        insertion = dock.state.insertion if dock is not None and dock.state is not None else None
        return insertion is not None and insertion.decision is MeterDecision.CREDITED

    def come_back(self) -> None:
        """The card is back at the counter."""
        self._dock(PracticeAct("insert", AMARA))
        self._until_stage(Stage.READY)
        self._picture("back", "The card is back: the office sees what was used")

    # --- what is left behind ----------------------------------------------------------------------------

    def save_receipt(self, done: SaleDone) -> None:
        """The receipt as it was printed."""
        (self.out / "receipt.pdf").write_bytes(self.training.counter.receipts.original(done.sale.id))

    def summarise(self, done: SaleDone) -> Path:
        """One page that says what happened, with the figures of this very run."""
        summary = self.out / "summary.md"
        meter, supply = self.training.state().meter, self._supply(done)
        quote = done.sale.intent.quote
        assert quote is not None, "a sale has a quote"
        assert meter is not None, "the card in the reader belongs to a meter"
        lines = [
            "# The tour",
            "",
            f"{supply.customer.name} bought {quote.energy} kWh for {done.sale.amount}, receipt {done.sale.receipt}.",
            f"The meter holds {meter.remaining} kWh after {USED_DAYS} days and wrote that on the card;",
            f"the office knows of {supply.energy_total} kWh bought in all, the meter of {meter.energy_total}.",
            "",
            *(f"1. ![{step.title}]({step.picture}) {step.title}" for step in self.steps),
            "",
            "The receipt is in [receipt.pdf](receipt.pdf).",
        ]
        summary.write_text("\n".join(lines) + "\n")
        return summary

    def _supply(self, done: SaleDone) -> SupplyFile:
        outside = self.training.counter.outside
        return outside.ledger.supply(done.supply.number, today=outside.clock().date())

    # --- hands and eyes ---------------------------------------------------------------------------------

    def _type(self, text: str, *keys: Qt.Key) -> None:
        QTest.keyClicks(self._focus(), text)
        for key in keys:
            self._press(key)

    def _press(self, key: Qt.Key) -> None:
        QTest.keyClick(self._focus(), key)

    def _focus(self) -> QWidget:
        return self.application.focusWidget() or self.window

    def _dock(self, act: PracticeAct) -> None:
        """Do something at the practice dock, and wait until it is done."""
        answered: list[object] = []

        def on_finished(done: object) -> None:
            if isinstance(done, Finished) and done.use_case is act:
                answered.append(done.answer)

        self.window.bridge.finished.connect(on_finished)
        self.window.bridge.submit(act)
        self._until(lambda: bool(answered), f"the dock: {act.verb}")
        self.window.bridge.finished.disconnect(on_finished)

    def _is_printed(self) -> bool:
        """F7 shows the receipt then; before, it would print what was not printed yet."""
        return self.window.shell.key_bar.is_on("F7") and self.window.flow.unprinted_last() is None

    def _until_stage(self, stage: Stage) -> None:
        self._until(lambda: self.window.flow.stage is stage, f"the stage {stage.name}")

    def _until(self, is_so: Callable[[], bool], what: str) -> None:
        """Let the window work until something is so. Raises TourFailed."""
        for _ in range(PATIENCE_MS // LOOK_MS):
            if is_so():
                return
            QTest.qWait(LOOK_MS)
        raise TourFailed(what)

    def _picture(self, name: str, title: str, *, settle: bool = True) -> None:
        if settle:
            QTest.qWait(SETTLE_MS)
        file = f"{len(self.steps) + 1:02d}-{name}.png"
        save_page(self.window, self.out / file)
        self.steps.append(Step(file, title))
