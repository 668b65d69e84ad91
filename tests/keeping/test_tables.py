"""Tables as offices have them, and bytes that are none."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.importing import TableRow
from vending_app.keeping import tables
from vending_app.keeping.tables import cell_text, read_table, rows_of

CELLS = [["Supply number", "Customer name", "Tariff"], ["00000001", 'Łukasz "Ł" O’Hara; Ltd', "H2"], ["", "", ""]]


def csv_of(cells: list[list[str]], delimiter: str) -> str:
    return "".join(delimiter.join('"' + c.replace('"', '""') + '"' for c in row) + "\r\n" for row in cells)


def rows(content: bytes) -> list[list[str]]:
    return [list(row.cells) for row in rows_of(content, "file")]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_common_csv_gives_the_same_rows(delimiter: str, encoding: str) -> None:
    assert rows(csv_of(CELLS, delimiter).encode(encoding)) == CELLS


def test_western_letters_of_windows_are_read() -> None:
    assert rows("Name;Tariff\nBäckerei Müller – 5 €;H2\n".encode("cp1252"))[1] == ["Bäckerei Müller – 5 €", "H2"]


def test_a_row_is_numbered_as_a_spreadsheet_numbers_it() -> None:
    assert list(rows_of(b'a;b\n"two\nlines";1\n;\nx;y\n', "f"))[-1] == TableRow(4, ("x", "y"))


@pytest.mark.parametrize("content", [b'a;b\n"open', b'a;b\n"x"y;1\n', b"a\n\x81\xfe\x8d"])
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        rows(content)
    assert caught.value.code is Code.TABLE_UNREADABLE


@settings(max_examples=3000)
@given(
    st.one_of(
        st.binary(max_size=300), st.text(max_size=200).map(str.encode), st.text().map(lambda t: t.encode("utf-16"))
    )
)
def test_any_bytes_give_rows_or_are_refused(content: bytes) -> None:
    try:
        found = rows(content)
    except EnvironmentFault as refused:
        assert refused.code is Code.TABLE_UNREADABLE
    else:
        assert all(isinstance(cell, str) for row in found for cell in row)


# --- Excel -----------------------------------------------------------------------------------------------

SHEET = """<?xml version="1.0" encoding="UTF-8"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"""
PARTS = {
    "[Content_Types].xml": (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
    ),
    "_rels/.rels": (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Target="xl/workbook.xml" Type='
        '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Target="worksheets/sheet1.xml" Type='
        '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>'
    ),
    "xl/workbook.xml": (
        '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<sheets><sheet name="Supplies" sheetId="1" r:id="r1"/></sheets></workbook>'
    ),
}


def workbook(*lines: list[object]) -> bytes:
    """A workbook as small as a workbook can be."""
    told = "".join(f"<row>{''.join(map(_cell, line))}</row>" for line in lines)
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**PARTS, "xl/worksheets/sheet1.xml": SHEET.format(rows=told)}.items():
            archive.writestr(name, text)
    return out.getvalue()


def _cell(value: object) -> str:
    return f'<c t="inlineStr"><is><t>{value}</t></is></c>' if isinstance(value, str) else f"<c><v>{value}</v></c>"


def test_a_workbook_gives_its_first_sheet_as_text() -> None:
    found = rows(workbook(["Supply number", "Arrears", "Meter"], [17, 12.5, 123456789012], ["00000018", -3, 1e11]))
    assert found == [
        ["Supply number", "Arrears", "Meter"],
        ["17", "12.5", "123456789012"],
        ["00000018", "-3", "100000000000"],
    ]


def test_numbers_have_the_figures_that_excel_keeps() -> None:
    assert [cell_text(value) for value in (0.1 + 0.2, 64.3, 123456789012.0, 1e20, True)] == [
        "0.3",
        "64.3",
        "123456789012",
        "100000000000000000000",
        "1",
    ]


WORKBOOK = workbook(["a", "b"], [1, "x"])


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.tuples(st.integers(4, len(WORKBOOK) - 1), st.integers(0, 255)), min_size=1, max_size=6))
def test_a_spoilt_workbook_gives_rows_or_is_refused(changes: list[tuple[int, int]]) -> None:
    spoilt = bytearray(WORKBOOK)
    for place, value in changes:
        spoilt[place] = value
    try:
        found = rows(bytes(spoilt))
    except EnvironmentFault as refused:
        assert refused.code is Code.TABLE_UNREADABLE
    else:
        assert all(isinstance(cell, str) for row in found for cell in row)


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=300))
def test_any_sheet_in_a_workbook_gives_rows_or_is_refused(sheet: bytes) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in PARTS.items():
            archive.writestr(name, text)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    try:
        rows(out.getvalue())
    except EnvironmentFault as refused:
        assert refused.code is Code.TABLE_UNREADABLE


def test_a_small_file_that_unpacks_to_more_than_any_table_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "BIGGEST_WORKBOOK", 1 << 20)
    content = workbook([" " * (1 << 20)])
    assert len(content) < 10_000
    with pytest.raises(EnvironmentFault) as caught:
        rows(content)
    assert caught.value.facts["why"] == "it is too big"


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault) as caught:
        list(read_table(tmp_path / "none.csv"))
    assert caught.value.code is Code.FILE_UNREADABLE
