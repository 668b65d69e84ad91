"""The N-th system call fails: a sale and a close under strace, which injects errors and kills, N = 1, 2, 3 …

After each fault the books are opened again: they prove themselves, hold whatever was acknowledged, and the same work
repeated under the same id leaves every account as undisturbed work leaves it (reliability E7).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from vending_app.bench.crash_child import NEXT, STEPS, work
from vending_app.bench.flows import world_of_one_sale
from vending_app.bench.world import DESK, World
from vending_app.domain.sale import Sale, SaleState
from vending_app.ledger import DeskLedger, SqliteFile
from vending_app.ports import LedgerProof

INJECTIONS = (
    "pwrite64:error=EIO:when={at}",
    "pwrite64:error=ENOSPC:when={at}",
    "pwrite64:error=ENOSPC:when={at}+",
    "pwrite64:signal=KILL:when={at}",
    "fsync:error=EIO:when={at}",
    "fsync:error=EIO:when={at}+",
    "fsync:signal=KILL:when={at}",
)
"""`{at}` is the number of the call; with a plus every later one fails too, as on a disk that stays full."""
Accounts = dict[str, int]
MOST = 500
"""Calls of one kind in the whole work: far more than there are."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One fault and what became of the books; `problem` is empty if nothing is lost, doubled or out of balance."""

    injection: str
    at: int
    said: tuple[str, ...]
    problem: str


def is_possible() -> bool:
    """Whether strace is here."""
    return shutil.which("strace") is not None


def sweep(folder: Path, *, every: int = 1) -> Iterator[Outcome]:
    """Every `every`-th call of each kind, until the work runs through without meeting its fault."""
    office = world_of_one_sale(folder / "office")
    meant = undisturbed(office, folder / "undisturbed")
    for injection in INJECTIONS:
        for at in range(1, MOST, every):
            outcome = _one(office, folder / "case", injection, at, meant)
            if outcome is None:
                break
            yield outcome


def undisturbed(office: World, folder: Path) -> Accounts:
    """What the accounts hold after the same work without a fault."""
    case = office.copy(folder)
    try:
        work(case.ledger_file)
        with closing(DeskLedger.open(SqliteFile(case.ledger_file), desk=DESK)) as ledger:
            return accounts_of(ledger.verify())
    finally:
        case.remove()


def accounts_of(proof: LedgerProof) -> Accounts:
    """Every account in both commodities; those that hold nothing may be there or not."""
    return {name: held for name, held in {**proof.money_minor, **proof.energy_wh}.items() if held}


def _one(office: World, folder: Path, injection: str, at: int, meant: Accounts) -> Outcome | None:
    """One case in a copy of the office; None if the fault was not met any more."""
    case = office.copy(folder)
    try:
        said, was_met = _run(case.ledger_file, injection.format(at=at), folder / "trace")
        return Outcome(injection, at, said, problem(case.ledger_file, said, meant)) if was_met else None
    finally:
        case.remove()


def _run(file: Path, inject: str, trace: Path) -> tuple[tuple[str, ...], bool]:
    """What the child said, and whether the fault struck it."""
    kind = inject.partition(":")[0]
    strace = ["strace", "-f", "-qq", "-o", str(trace), "-e", f"trace={kind}", "-e", f"inject={inject}"]
    child = [sys.executable, "-m", "vending_app.bench.crash_child", str(file)]
    done = subprocess.run([*strace, *child], check=False, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    said = tuple(done.stdout.decode().split())
    told = trace.read_text(errors="replace")
    was_met = "INJECTED" in told or "killed by SIGKILL" in told
    # Otherwise a child that cannot even start would pass for one that was struck.
    assert was_met or said == (*STEPS, "all"), f"the work does not run undisturbed: {said}"
    return said, was_met


def problem(file: Path, said: tuple[str, ...], meant: Accounts) -> str:
    """What is wrong with the books after a fault, or after the work was repeated."""
    with closing(DeskLedger.open(SqliteFile(file), desk=DESK)) as ledger:
        lost = _lost(ledger, said)
    if lost:
        return lost
    work(file)
    with closing(DeskLedger.open(SqliteFile(file), desk=DESK)) as ledger:
        return _lost(ledger, STEPS) or _differs(accounts_of(ledger.verify()), meant)


def _differs(found: Accounts, meant: Accounts) -> str:
    """The first account that holds something else than after undisturbed work: done twice, or half."""
    names = sorted(found.keys() | meant.keys())
    wrong = (name for name in names if found.get(name, 0) != meant.get(name, 0))
    name = next(wrong, None)
    return f"{name} holds {found.get(name, 0)} instead of {meant.get(name, 0)}" if name else ""


def _lost(ledger: DeskLedger, said: tuple[str, ...]) -> str:
    proof = ledger.verify()
    if not proof.is_ok:
        return proof.problems[0]
    sale, shift = ledger.sale(NEXT), ledger.shift(desk=DESK)
    if "reserved" in said and sale is None:
        return "a reserved sale is lost"
    if "posted" in said and not _is_posted(sale):
        return "a posted sale is lost"
    return "a closed shift is open again" if "closed" in said and shift is not None else ""


def _is_posted(sale: Sale | None) -> bool:
    return sale is not None and sale.state is SaleState.POSTED
