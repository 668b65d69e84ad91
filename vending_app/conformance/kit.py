"""The kit as files: vectors, the runner that plays them, and how to build the door to a meter."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from vending_app.conformance import runner
from vending_app.conformance.all_cases import vectors
from vending_app.domain.errors import Code, EnvironmentFault

RUNNER, VECTORS, GUIDE, FORMAT = "run_conformance.py", "vectors.jsonl", "conformance.md", "card-format.md"
DOCS = Path(__file__).parent.parent.parent / "docs"
REFERENCE = (sys.executable, "-m", "vending_app", "conformance", "meter")
"""The command of the reference meter, behind the same door as any other."""


def export(folder: Path) -> int:
    """Write the kit into a folder, and answer how many cases it has. Raises EnvironmentFault file-unreadable."""
    told = [json.dumps(vector, separators=(",", ":")) for vector in vectors()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / VECTORS).write_text("\n".join(told) + "\n", "utf-8")
        for name, source in ((RUNNER, Path(runner.__file__)), (GUIDE, DOCS / GUIDE), (FORMAT, DOCS / FORMAT)):
            (folder / name).write_bytes(source.read_bytes())
    except OSError as cause:
        raise EnvironmentFault(Code.FILE_UNREADABLE, path=folder.name, why=cause.strerror) from cause
    return len(told)


def run(command: Sequence[str] = REFERENCE, *, only: str = "", rule: str = "") -> list[runner.Outcome]:
    """Play every case, or those that are named, against a meter. Raises EnvironmentFault meter-silent."""
    try:
        with closing(vectors(only=only, rule=rule)) as asked:
            return runner.run(command, asked)
    except runner.MeterSilent as cause:
        raise EnvironmentFault(Code.METER_SILENT, why=str(cause)) from cause
