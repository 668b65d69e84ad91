"""Papers made by a verb: to the printer, or into a file."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, cast

import click

from vending_app.commands.common import Verb
from vending_app.commands.output import say, write_paper
from vending_app.services.book_cases import ReportPrinted

PDF = click.option("--pdf", type=click.Path(dir_okay=False, path_type=Path), help="Writes it there instead.")


class Paper(Protocol):
    """What was made to be looked at."""

    @property
    def title(self) -> str: ...
    @property
    def pdf(self) -> bytes: ...


def tell_paper(call: Verb, what: str, made: object, pdf: Path | None) -> None:
    """Write a paper where it is wanted, or say which printer it went to. Raises EnvironmentFault file-unreadable."""
    if isinstance(made, ReportPrinted):
        answer = {what: made.title, "pdf": None, "printer": made.printer}
        say(answer, f"{made.title} went to {made.printer}.", as_json=call.as_json)
        return
    assert pdf is not None, "a paper is shown to be written"
    paper = cast("Paper", made)
    write_paper(pdf, paper.pdf)
    say({what: paper.title, "pdf": str(pdf), "printer": None}, f"{paper.title} is in {pdf}.", as_json=call.as_json)
