"""A line of a tariff by its name: read back equal, and nothing else read at all."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as some

from vending_app.domain.tariff import LineKind
from vending_app.domain.tariff_line import TariffLine

LINES = some.builds(
    TariffLine,
    tariff=some.text(some.characters(categories=["L", "Nd"]), min_size=1, max_size=12),
    since=some.dates(date(2000, 1, 1), date(2199, 12, 31)),
    kind=some.sampled_from(LineKind),
    price_micro=some.integers(0, 10**12),
    name=some.text(max_size=60),
)


@given(LINES)
def test_each_is_found_again_by_its_name(line: TariffLine) -> None:
    assert TariffLine.parse(str(line)) == line


@given(some.text() | LINES.map(lambda line: str(line)[1:]) | LINES.map(lambda line: str(line).replace("/", "/0", 2)))
def test_any_text_is_a_line_that_is_written_so_or_none(text: str) -> None:
    found = TariffLine.parse(text)
    assert found is None or str(found) == text
