"""The day page from the question to its painted figures, in a process of its own: `python -m … FILE DESK DAY`."""

from __future__ import annotations

import os
import sys
import time
from contextlib import closing
from datetime import date
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from vending_app.bench.world import MOMENT
from vending_app.domain.ids import DeskNo
from vending_app.ledger import DeskLedger, SqliteFile
from vending_app.services.day_cases import DayShown
from vending_app.ui.clock import DeskClock
from vending_app.ui.pages.day_page import DayPage
from vending_app.ui.start import wear
from vending_app.ui.theme import make_look


def main(file: Path, desk: DeskNo, day: date) -> int:
    """Microseconds; the page is built and shown before somebody asks."""
    application = QApplication([])
    look = make_look(dark=False, less_motion=True)
    wear(application, look)
    page = DayPage(look, clock=DeskClock())
    page.resize(1294, 688)
    page.show()
    page.grab()
    with closing(DeskLedger.open(SqliteFile(file), desk=desk)) as ledger:
        started = time.perf_counter_ns()
        page.show_day(DayShown(ledger.day_report(day, desk=None, today=day), MOMENT))
        page.grab()
        return (time.perf_counter_ns() - started) // 1000


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), DeskNo(int(sys.argv[2])), date.fromisoformat(sys.argv[3])))  # noqa: T201
