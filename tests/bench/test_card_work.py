"""What a read and a sale cost each card beside the least, and the table of it in the README."""

from __future__ import annotations

from pathlib import Path

import pytest

from vending_app.bench import card_work
from vending_app.bench.card_work import BEGIN, END, CardWork
from vending_app.bench.flows import SALES
from vending_app.cardio.emulated.kinds import KINDS

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> list[CardWork]:
    return card_work.card_work(tmp_path_factory.mktemp("work"))


def test_every_kind_of_card_is_read_and_sold_to(works: list[CardWork]) -> None:
    assert [(work.chip, work.what) for work in works] == [
        (chip, what) for chip in sorted(KINDS) for what in ("read", *(flow.name for flow in SALES))
    ]
    reads = [work for work in works if work.what == "read"]
    assert all((work.programmed, work.chip_us) == (0, 0) for work in reads)
    assert all(work.programmed and work.chip_us and work.bus_us for work in works if work not in reads)


def test_a_sale_sends_and_programs_hardly_more_than_the_least(works: list[CardWork]) -> None:
    figures = card_work.figures(works)
    assert len(figures) == 2 * len(SALES) * len(KINDS)
    assert [figure.line for figure in figures if not figure.is_kept] == []
    assert all(work.commands >= work.least.commands for work in works)


def test_a_sale_on_a_desfire_card_sends_one_command_more_than_the_least_at_most(works: list[CardWork]) -> None:
    """The first after an issue as well as those of every day."""
    for flow in SALES:
        sales = [work for work in works if work.what == flow.name and work.chip.startswith("desfire")]
        assert [(work.commands, work.least.commands) for work in sales] == [(16, 15), (15, 15), (15, 15)]


def test_the_table_tells_the_first_sale_and_those_of_every_day(works: list[CardWork]) -> None:
    rows = card_work.table(works).splitlines()
    for chip in KINDS:
        of_chip = [row.split(" | ")[1] for row in rows if row.startswith(f"| `{chip}` |")]
        assert of_chip == ["read", "first sale", "sale after a write-back"]
    first, later = (next(r for r in rows if r.startswith(f"| `sle4442` | {what} ")) for what in ("first", "sale"))
    assert first != later


def test_a_figure_that_grows_is_not_kept(works: list[CardWork]) -> None:
    work = works[-1]
    worse = CardWork(work.chip, work.what, work.commands + 2, 0, work.programmed + 2, 0, 0, work.least)
    assert not any(figure.is_kept for figure in card_work.figures([worse]))


def test_the_readme_has_the_table_as_it_is_measured_now(works: list[CardWork]) -> None:
    told = README.read_text().split(BEGIN)[1].split(END)[0].strip()
    assert told == card_work.table(works)
