"""House rules as code: the size of functions and files, broad excepts, floats, secrets, locks, and room directions."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "vending_app").rglob("*.py"))
LONGEST_FUNCTION = 60
LONGEST_FILE = 450
LONG_FUNCTION = 15
BROAD_EXCEPTS = {"vending_app/ui/bridge.py": 2, "vending_app/cardio/bounded.py": 1}
"""The desk thread's loop and the card watcher's; the crash hook needs none. A bounded call swallows nothing: it
carries whatever was raised to the thread that waits."""


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
            yield f"{_name(path)}:{node.lineno} {node.name}", lines


def test_no_function_is_longer_than_the_wall_and_most_fit_a_glance() -> None:
    lengths = [found for path in SOURCES for found in _functions(path)]
    assert [name for name, lines in lengths if lines > LONGEST_FUNCTION] == []
    short = sum(lines <= LONG_FUNCTION for _, lines in lengths)
    assert short >= len(lengths) * 9 // 10


def test_no_file_has_a_second_subject() -> None:
    assert [_name(path) for path in SOURCES if path.read_text().count("\n") > LONGEST_FILE] == []


def test_broad_excepts_stand_in_their_places_only() -> None:
    pattern = re.compile(r"except\s*(\(?\s*(Base)?Exception\b|:)")
    found = {_name(path): len(pattern.findall(path.read_text())) for path in SOURCES}
    assert {name: count for name, count in found.items() if count} == BROAD_EXCEPTS


@pytest.mark.parametrize("room", ["domain", "services", "ledger", "cardio", "meter"])
def test_no_float_comes_near_money_or_energy(room: str) -> None:
    paths = [path for path in SOURCES if _name(path).startswith(f"vending_app/{room}/")]
    floats = [
        f"{_name(path)}:{node.lineno}"
        for path in paths
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and not _is_path(node))
    ]
    # Seconds that a call may take are no amount.
    assert [place for place in floats if "cardio/bounded.py" not in place] == []


def _is_path(node: ast.BinOp) -> bool:
    """`folder / "name"` is a path, not a division."""
    return any(isinstance(part, ast.Constant | ast.JoinedStr) or _is_folder(part) for part in (node.left, node.right))


def _is_folder(part: ast.expr) -> bool:
    return isinstance(part, ast.BinOp) or (isinstance(part, ast.Name) and part.id.endswith(("folder", "path")))


def test_time_and_chance_enter_in_the_composition_root_only() -> None:
    pattern = re.compile(r"datetime\.now\(|time\.time\(|os\.urandom|\brandom\.\w+\(|\buuid|\bsecrets\.\w+\(")
    allowed = ("vending_app/app.py", "vending_app/commands/", "vending_app/bench/")
    found = [_name(p) for p in SOURCES if not _name(p).startswith(allowed) and pattern.search(p.read_text())]
    assert found == []


def test_nothing_is_left_unfinished() -> None:
    pattern = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError|coming soon|not implemented)\b")
    assert [_name(path) for path in SOURCES if pattern.search(path.read_text())] == []


def test_the_lock_files_have_a_hash_for_everything_and_name_no_index() -> None:
    for lock in sorted((ROOT / "installer").glob("requirements*.txt")):
        text = lock.read_text()
        assert "://" not in text, lock.name
        assert "index" not in text, lock.name
        pinned = re.findall(r"^[a-z0-9-]+==\S+ \\$", text, flags=re.MULTILINE)
        named = re.findall(r"^[A-Za-z0-9-]+==", text, flags=re.MULTILINE)
        assert len(pinned) == len(named) > 0, lock.name


def test_every_runtime_dependency_has_a_line_of_reason() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = [re.split(r"[<>=]", dependency)[0] for dependency in project["dependencies"]]
    text = (ROOT / "ARCHITECTURE.md").read_text()
    assert [name for name in names if name not in text] == []


def test_the_installer_runs_are_the_first_lines_of_the_readme() -> None:
    lines = (ROOT / "README.md").read_text().splitlines()
    assert [line.split()[0] for line in lines[3:5]] == ["./installer/run", "./installer/test"]


def test_headless_verbs_start_without_qt() -> None:
    program = "import sys, vending_app.__main__; sys.exit('PySide6' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
