"""The books as open files: complete, exact, without secrets, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pytest

from tests.ledger.builders import NOON, Counter, add_supply, create
from vending_app.domain.errors import Code, OperatorError
from vending_app.keeping.exported import ExportFolder
from vending_app.ledger import SqliteFile
from vending_app.ledger.tables import APPEND_ONLY
from vending_app.ports.keeping import Exported

NAME = '=HYPERLINK("http://example.org")'


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    counter = Counter(create(SqliteFile(tmp_path / "books.sqlite3")))
    counter.open_shift()
    counter.issue()
    counter.sell("50.00")
    return counter


def export(counter: Counter, folder: Path) -> Exported:
    with counter.ledger.exporting() as books:
        return ExportFolder(folder, lambda: NOON).take(books)


def test_every_row_of_every_table_is_there_and_the_manifest_proves_it(counter: Counter, tmp_path: Path) -> None:
    done = export(counter, tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    for name, told in manifest["files"].items():
        content = (tmp_path / "out" / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == told["sha256"], name
        table = name.rpartition(".")[0]
        assert told["rows"] == counter.ledger._books.value(f"SELECT count(*) FROM {table}") == done.rows[table]
    assert set(done.rows) >= set(APPEND_ONLY)
    assert {path.name for path in (tmp_path / "out").iterdir()} == {*manifest["files"], "manifest.json", "README.txt"}
    assert manifest["heads"][0][:2] == [2, counter.ledger._books.value("SELECT max(number) FROM journal")]


def test_the_chain_can_be_proven_from_the_json_alone(counter: Counter, tmp_path: Path) -> None:
    export(counter, tmp_path / "out")
    previous = bytes(32)
    for line in (tmp_path / "out" / "journal.jsonl").read_text().splitlines():
        row = json.loads(line)
        head = {key: row[key] for key in ("at", "desk", "id", "kind", "number")}
        if row["operator"] is not None:
            head |= {key: row[key] for key in ("act", "approval", "operator")}
        told = json.dumps(head, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert row["previous"] == previous.hex()
        previous = hashlib.sha256(previous + f"{told}\n{row['body']}".encode()).digest()
        assert row["hash"] == previous.hex()


def test_both_files_of_a_table_say_the_same(counter: Counter, tmp_path: Path) -> None:
    export(counter, tmp_path / "out")
    lines = [json.loads(line) for line in (tmp_path / "out" / "postings.jsonl").read_text().splitlines()]
    with (tmp_path / "out" / "postings.csv").open(newline="", encoding="utf-8") as file:
        sheet = list(csv.DictReader(file))
    assert [{key: str(value) for key, value in line.items()} for line in lines] == sheet
    assert lines


def test_no_secret_leaves_the_books(counter: Counter, tmp_path: Path) -> None:
    export(counter, tmp_path / "out")
    assert not any(b"$argon2id$" in path.read_bytes() for path in (tmp_path / "out").iterdir())
    assert "hashed" not in (tmp_path / "out" / "operators.csv").read_text()


@pytest.mark.parametrize("name", [NAME, "+49 1", "-1", "@cmd", "\tx"])
def test_no_cell_is_a_formula_and_the_json_is_exact(counter: Counter, tmp_path: Path, name: str) -> None:
    with counter.ledger.setting_up():
        add_supply(counter.ledger, "00000099", "000000000099", name=name)
    export(counter, tmp_path / "out")
    with (tmp_path / "out" / "customers.csv").open(newline="", encoding="utf-8") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert f"'{name}" in cells
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in cells)
    told = [json.loads(line) for line in (tmp_path / "out" / "customers.jsonl").read_text().splitlines()]
    assert name in {row["name"] for row in told}


def test_a_table_without_rows_still_names_its_columns(counter: Counter, tmp_path: Path) -> None:
    export(counter, tmp_path / "out")
    assert (tmp_path / "out" / "card_refusals.csv").read_text() == "journal,card,at\n"


def test_a_folder_with_files_in_it_is_left_alone(counter: Counter, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("kept")
    with pytest.raises(OperatorError) as caught:
        export(counter, tmp_path / "out")
    assert caught.value.code is Code.FOLDER_TAKEN
