"""Verbs about the office: init, supplies, shift, settings, ledger."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import click

from vending_app import app, settings
from vending_app.commands import shapes
from vending_app.commands.common import Verb, at_work, operator_option, verb
from vending_app.commands.output import REFUSED, say
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.money import Money
from vending_app.domain.people import Role, Shift
from vending_app.services.setup import SampleOffice
from vending_app.services.use_cases import CloseShift, OpenShift

MADE_UP_BYTES = 9


@click.command("init")
@click.option("--sample", is_flag=True, help="The sample office: four operators, tariffs, 20 supplies without cards.")
@click.option("--office", type=click.Path(path_type=Path), help="A description of your own, in the form of the sample.")
@click.option("--desk", default=1, show_default=True, type=click.IntRange(1, 65_535), help="Number of this desk.")
@click.option("--ledger", default="", help="postgresql://… keeps the books on a server.")
@verb
def init(call: Verb, *, sample: bool, office: Path | None, desk: int, ledger: str) -> None:
    """Make an office: books, keys, operators."""
    if sample == (office is not None):
        raise click.UsageError("Give either --sample or --office FILE.")
    password, made_password = _secret("VENDING_PASSWORD")
    passphrase, made_passphrase = _secret("VENDING_VAULT_PASSPHRASE")
    description = app.read_description(office) if office else app.sample_description()
    try:
        records = SampleOffice.of(description)
        records = records.as_own() if office else records
    except (KeyError, TypeError, ValueError) as cause:
        raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(office)) from cause
    app.create_office(call.data, records, password=password, passphrase=passphrase, desk=desk, ledger=ledger)
    shown = {
        **({"password": password} if made_password else {}),
        **({"passphrase": passphrase} if made_passphrase else {}),
    }
    answer = {
        "data": str(call.data),
        "operators": [o.name for o in records.operators],
        "supplies": len(records.supplies),
    }
    lines = [f"The office {records.office.name} is ready in {call.data}."]
    lines += [f"The {what}, shown this once: {value}" for what, value in shown.items()]
    say({**answer, **shown}, "\n".join(lines), as_json=call.as_json)


def _secret(variable: str) -> tuple[str, bool]:
    """From the environment, else made up; and whether it was."""
    given = os.environ.get(variable)
    return (given, False) if given else (secrets.token_urlsafe(MADE_UP_BYTES), True)


@click.command("supplies")
@click.argument("text", default="")
@click.option("--limit", default=1000, show_default=True, type=click.IntRange(1))
@verb
def supplies(call: Verb, *, text: str, limit: int) -> None:
    """List supplies, or find them by part of a name, number, meter, card, address or phone."""
    with app.open_books(call.data) as ledger:
        found = ledger.find_supplies(text, limit=limit)
    lines = "\n".join(
        f"{s.number}  {s.meter}  {s.state.value:<9} {s.card or 'no card':<12} {s.customer}" for s in found
    )
    say({"supplies": [shapes.supply_line(s) for s in found]}, lines or "No supply fits.", as_json=call.as_json)


@click.group("shift")
def shift() -> None:
    """Open and close the shift of this desk."""


@shift.command("open")
@click.option("--float", "float_cash", required=True, help="Cash in the drawer, such as 100.00.")
@operator_option(Role.CASHIER)
@verb
def shift_open(call: Verb, *, float_cash: str, operator: str) -> None:
    """Open the shift with a float."""
    amount = Money.parse(float_cash)
    with at_work(call, operator=operator) as counter:
        opened = counter.do(OpenShift(amount))
    assert isinstance(opened, Shift)
    say(shapes.shift(opened), f"Shift {opened.number} is open with {opened.float_cash}.", as_json=call.as_json)


@shift.command("close")
@click.option("--counted", required=True, help="Cash counted in the drawer.")
@operator_option(Role.CASHIER)
@verb
def shift_close(call: Verb, *, counted: str, operator: str) -> None:
    """Close the shift with what was counted; the expected sum is told only then."""
    amount = Money.parse(counted)
    with at_work(call, operator=operator) as counter:
        closed = counter.do(CloseShift(amount))
    assert isinstance(closed, Shift)
    line = f"Shift {closed.number} is closed: counted {closed.counted}, expected {closed.expected}."
    say(shapes.shift(closed), line, as_json=call.as_json)


@click.command("settings")
@click.argument("key", default="")
@click.argument("value", required=False)
@verb
def settings_verb(call: Verb, *, key: str, value: str | None) -> None:
    """Show the settings of this desk, or change one: settings KEY VALUE."""
    path = app.Files(call.data).settings
    chosen = settings.load(path)
    if key and value is not None:
        chosen = settings.changed(chosen, key, value)
        app.make_folder(call.data)
        app.enter_desk(call.data, chosen)
        settings.save(path, chosen)
    elif key:
        raise click.UsageError("Give KEY and VALUE, or neither.")
    shown = settings.shown(chosen)
    say({"settings": shown}, "\n".join(f"{name} = {setting}" for name, setting in shown.items()), as_json=call.as_json)


@click.group("ledger")
def ledger() -> None:
    """The books."""


@ledger.command("verify")
@verb
def ledger_verify(call: Verb) -> None:
    """Check chains, balances, receipt numbers and sequences; exit 1 if anything does not add up."""
    with app.open_books(call.data) as books:
        proof = books.verify()
    lines = [f"{proof.entries} entries, everything adds up."] if proof.is_ok else list(proof.problems)
    say(shapes.proof(proof), "\n".join(lines), as_json=call.as_json)
    if not proof.is_ok:
        raise SystemExit(REFUSED)


@ledger.command("migrate")
@click.option("--ledger", "address", default="", help="Address of the server for the role that owns the books.")
@verb
def ledger_migrate(call: Verb, *, address: str) -> None:
    """Bring the books on the server to the version of this program; a file is brought there by opening it."""
    steps = app.migrate_server(call.data, address)
    lines = f"Steps taken: {', '.join(map(str, steps))}." if steps else "The books are of this program's version."
    say({"steps": list(steps)}, lines, as_json=call.as_json)
