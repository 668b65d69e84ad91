"""Verbs of the books themselves: close, and ledger verify, proof, key."""

from __future__ import annotations

from pathlib import Path

import click

from vending_app import office_books, office_files
from vending_app.commands import book_shapes, shapes
from vending_app.commands.common import (
    HOW_KEYS_ARE_COMPARED,
    KEYS_NOT_COMPARED,
    Verb,
    at_work,
    keys_beside,
    keys_option,
    operator_option,
    verb,
)
from vending_app.commands.output import REFUSED, say
from vending_app.domain.closing import Closing, ClosingKind
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import SaleId
from vending_app.domain.people import Role
from vending_app.ports.book_keeping import SaleProof
from vending_app.services.book_cases import ClosePeriod, Closings, ListClosings, PeriodTotals, ProveSale, ShowPeriod

PERIODS = [kind.value for kind in ClosingKind if kind is not ClosingKind.SHIFT]


@click.group("close")
def close() -> None:
    """Close a day, a month or a year of the office, or list what was closed."""


@close.command("period")
@click.argument("kind", type=click.Choice(PERIODS))
@click.argument("period", default="")
@operator_option(Role.SUPERVISOR)
@verb
def close_period(call: Verb, *, kind: str, period: str, operator: str) -> None:
    """Close `2026-11-25`, `2026-11` or `2026`; without a PERIOD today, or the oldest one that is over."""
    with at_work(call, operator=operator) as counter:
        closed = counter.do(ClosePeriod(ClosingKind(kind), period))
    assert isinstance(closed, Closing)
    sold = f"{closed.totals.count} sales, {closed.totals.sold}"
    line = f"{closed.period} is closed: {sold}. Fingerprint {closed.fingerprint}."
    say(book_shapes.closing(closed), line, as_json=call.as_json)


@close.command("list")
@click.argument("kind", type=click.Choice([kind.value for kind in ClosingKind]))
@operator_option(Role.SUPERVISOR)
@verb
def close_list(call: Verb, *, kind: str, operator: str) -> None:
    """Closings of a kind, newest first, and what may be closed now."""
    with at_work(call, operator=operator) as counter:
        found = counter.do(ListClosings(ClosingKind(kind)))
    assert isinstance(found, Closings)
    lines = [f"{c.number:>5}  {c.period:<12} {c.totals.sold!s:>14}  {c.fingerprint}" for c in found.closings]
    answer = {"closings": [book_shapes.closing(one) for one in found.closings], "closable": found.closable}
    say(answer, "\n".join(lines) or "Nothing was closed yet.", as_json=call.as_json)


@close.command("show")
@click.argument("kind", type=click.Choice(PERIODS))
@click.argument("period", default="")
@operator_option(Role.SUPERVISOR)
@verb
def close_show(call: Verb, *, kind: str, period: str, operator: str) -> None:
    """What a period comes to, closed or not; without a PERIOD the one that runs."""
    with at_work(call, operator=operator) as counter:
        found = counter.do(ShowPeriod(ClosingKind(kind), period))
    assert isinstance(found, PeriodTotals)
    answer = {"period": found.period, "is_closed": found.is_closed, "totals": book_shapes.totals(found.totals)}
    state = "closed" if found.is_closed else "not closed"
    say(answer, f"{found.period}, {state}: {found.totals.count} sales, {found.totals.sold}.", as_json=call.as_json)


@click.group("ledger")
def ledger() -> None:
    """The books: verify them, prove a sale, show the key they are signed under."""


@ledger.command("verify")
@click.option("--key", default="", help="Public key that closings must be signed under; this office's own without it.")
@keys_option
@verb
def ledger_verify(call: Verb, *, key: str, asks_keys: bool) -> None:
    """Check chains, balances, numbers and signed closings; exit 1 if anything does not add up.

    Where VENDING_VAULT_PASSPHRASE is given, the keys of this desk are compared with what the books tell of them.
    """
    trusted = _key(key) if key else office_files.published_key(call.data)
    with office_books.open_books(call.data) as books, keys_beside(call, books, asks=asks_keys) as keys:
        proof = keys.verify(trusted=trusted) if keys else books.verify(trusted=trusted)
    beside = ", and no key of this desk is another than they tell of" if keys else ""
    lines = [f"{proof.entries} entries, everything adds up{beside}."] if proof.is_ok else list(proof.problems)
    if keys is None:
        lines.append(f"{KEYS_NOT_COMPARED}. {HOW_KEYS_ARE_COMPARED}")
    answer = {**shapes.proof(proof), "keys_compared": keys is not None}
    say(answer, "\n".join(lines), as_json=call.as_json)
    if not proof.is_ok:
        raise SystemExit(REFUSED)


def _key(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError as cause:
        raise click.UsageError("--key takes 64 hexadecimal figures.") from cause


@ledger.command("key")
@verb
def ledger_key(call: Verb) -> None:
    """The public key of this office, to publish: whoever has it can check a proof."""
    key = office_files.published_key(call.data)
    if key is None:
        raise EnvironmentFault(Code.LEDGER_MISSING, data=str(call.data))
    say({"key": key.hex()}, key.hex(), as_json=call.as_json)


@ledger.command("proof")
@click.argument("sale")
@click.option("--out", type=click.Path(path_type=Path), help="Write the proof to this file.")
@operator_option(Role.SUPERVISOR)
@verb
def ledger_proof(call: Verb, *, sale: str, out: Path | None, operator: str) -> None:
    """A small file by which anybody checks that a sale stands in the signed books."""
    with at_work(call, operator=operator) as counter:
        proof = counter.do(ProveSale(SaleId(sale)))
    assert isinstance(proof, SaleProof)
    if out is None:
        click.echo(proof.text)
        return
    try:
        out.write_text(proof.text, encoding="utf-8")
    except OSError as cause:
        raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(out)) from cause
    say({"sale": proof.sale, "file": str(out)}, f"The proof is in {out}.", as_json=call.as_json)


@ledger.command("migrate")
@click.option("--ledger", "address", default="", help="Address of the server for the role that owns the books.")
@verb
def ledger_migrate(call: Verb, *, address: str) -> None:
    """Bring the books on the server to the version of this program; a file is brought there by opening it."""
    steps = office_books.migrate_server(call.data, address)
    lines = f"Steps taken: {', '.join(map(str, steps))}." if steps else "The books are of this program's version."
    say({"steps": list(steps)}, lines, as_json=call.as_json)


@ledger.command("copy")
@click.option("--from", "source", required=True, help="postgresql://…, a file, or the folder of an office.")
@click.option("--to", "target", required=True, help="The same; where no books are yet.")
@verb
def ledger_copy(call: Verb, *, source: str, target: str) -> None:
    """Move a whole office from a file to a server or back, or to another file; exit 1 if it does not prove."""
    copied = office_books.copy_books(source, target)
    lines = [f"{copied.rows} rows are the same at both ends: {copied.fingerprint}", *copied.proof.problems]
    answer = {"rows": copied.rows, "fingerprint": copied.fingerprint, **shapes.proof(copied.proof)}
    say(answer, "\n".join(lines), as_json=call.as_json)
    if not copied.proof.is_ok:
        raise SystemExit(REFUSED)
