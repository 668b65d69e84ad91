"""What a command says and how it ends: one JSON object or lines for people, and the exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn, TextIO

from vending_app.domain.errors import Cancelled, Code, EnvironmentFault, OperatorError, OutcomeUnknown, VendingError
from vending_app.ui.words import trouble

DONE, REFUSED, USAGE, FAULT, UNKNOWN = range(5)
USAGE_PHONE_CODE = "U-100"

_EXIT_CODES: tuple[tuple[type[VendingError], int], ...] = (
    (OutcomeUnknown, UNKNOWN),
    (EnvironmentFault, FAULT),
    (OperatorError, REFUSED),
    (Cancelled, REFUSED),
)


def exit_code(error: VendingError) -> int:
    """1 refused with a reason · 3 somebody else must act · 4 the outcome is unknown."""
    return next(code for kind, code in _EXIT_CODES if isinstance(error, kind))


def say(answer: Mapping[str, Any], lines: str, *, as_json: bool) -> None:
    """Print the answer, once, for a program or for a person."""
    _print(json.dumps(answer, ensure_ascii=False) if as_json else lines, sys.stdout)


def fail(error: VendingError, *, as_json: bool) -> NoReturn:
    """Print what happened, what to do and the code, and leave with the exit code."""
    words = trouble(error)
    body = {"code": error.code.value, "sentence": words.sentence, "remedy": words.remedy, "phone_code": words.short}
    if isinstance(error, OutcomeUnknown) and "sale" in error.facts:
        body["sale"] = str(error.facts["sale"])
    _end(
        body, f"{words.sentence} {words.remedy} ({error.code.value}, {words.short})", exit_code(error), as_json=as_json
    )


def fail_usage(text: str, *, as_json: bool) -> NoReturn:
    """The command line itself was wrong."""
    remedy = "See vending-app --help."
    body = {"code": "usage", "sentence": text, "remedy": remedy, "phone_code": USAGE_PHONE_CODE}
    _end(body, f"{text} {remedy}", USAGE, as_json=as_json)


def _end(body: dict[str, str], line: str, code: int, *, as_json: bool) -> NoReturn:
    if as_json:
        _print(json.dumps({"error": body}, ensure_ascii=False), sys.stdout)
    else:
        _print(line, sys.stderr)
    raise SystemExit(code)


def _print(text: str, stream: TextIO) -> None:
    stream.write(text + "\n")
    stream.flush()


def write_paper(path: Path, paper: bytes) -> None:
    """A PDF where somebody wants it. Raises EnvironmentFault file-unreadable."""
    try:
        path.write_bytes(paper)
    except OSError as cause:
        raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(path)) from cause
