"""What trainees did: the results of drills in a file of the practice folder, one line each, never changed."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import OperatorName
from vending_app.services.drills import DrillBook, DrillResult, KeepDrill, ShowDrills


class DrillFile:
    """One JSON object a line; a line that nobody can read is left out."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def do(self, use_case: ShowDrills | KeepDrill) -> DrillBook:
        """Raises EnvironmentFault file-unreadable."""
        try:
            if isinstance(use_case, KeepDrill):
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(_line(use_case.result) + "\n")
            return DrillBook(self._read())
        except OSError as cause:
            raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(self._path)) from cause

    def _read(self) -> tuple[DrillResult, ...]:
        if not self._path.exists():
            return ()
        lines = self._path.read_text(encoding="utf-8", errors="replace").splitlines()
        return tuple(result for line in lines if (result := _result(line)) is not None)


def _line(result: DrillResult) -> str:
    body = [result.drill, result.trainee, result.at.isoformat(), result.milliseconds, result.refusals]
    return json.dumps(body)


def _result(line: str) -> DrillResult | None:
    try:
        drill, trainee, at, milliseconds, refusals = json.loads(line)
        moment = datetime.fromisoformat(at)
    except (ValueError, TypeError, RecursionError):
        return None
    numbers = (milliseconds, refusals)
    if not isinstance(drill, str) or not isinstance(trainee, str) or moment.tzinfo is None:
        return None
    if not all(type(number) is int and number >= 0 for number in numbers):
        return None
    return DrillResult(drill, OperatorName(trainee), moment, milliseconds, refusals)
