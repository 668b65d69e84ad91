"""Where a report is written besides the screen: the options, and the files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import click

from vending_app.commands.output import write_paper
from vending_app.domain.report import Report
from vending_app.services.counter import Counter
from vending_app.services.report_cases import MakeTables, TableForm, TablesMade
from vending_app.ui.reports.captions import CAPTIONS

_INTO = (
    click.option("--xlsx", type=click.Path(path_type=Path), help="Also as sheets of Excel, here."),
    click.option("--csv", type=click.Path(path_type=Path), help="Also as text for other programs, here."),
    click.option("--pdf", type=click.Path(path_type=Path), help="Also as paper, here."),
)


def into_files(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--pdf`, `--csv` and `--xlsx`."""
    for option in _INTO:
        function = option(function)
    return function


def write_tables(counter: Counter, name: str, made: Report, into: Mapping[TableForm, Path | None]) -> None:
    """The very figures of a report, in the forms that were asked for. Raises EnvironmentFault file-unreadable."""
    for form, path in into.items():
        if path is not None:
            written = counter.do(MakeTables(name, made, CAPTIONS, form))
            assert isinstance(written, TablesMade)
            write_paper(path, written.content)
