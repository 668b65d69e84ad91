"""Verbs about the office: init, supplies."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import click

from vending_app import app, office_books, office_files, settings
from vending_app.commands import shapes
from vending_app.commands.common import Verb, vault_passphrase, verb
from vending_app.commands.keeping import give_key
from vending_app.commands.output import say
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.services.setup import SampleOffice

MADE_UP_BYTES = 9
IN_TOKEN = "Where the master keys are made and stay; a token is opened with its PIN."


@click.command("init")
@click.option("--sample", is_flag=True, help="The sample office: four operators, tariffs, 20 supplies without cards.")
@click.option("--office", type=click.Path(path_type=Path), help="A description of your own, in the form of the sample.")
@click.option("--desk", default=1, show_default=True, type=click.IntRange(1, 65_535), help="Number of this desk.")
@click.option("--ledger", default="", help="postgresql://… keeps the books on a server.")
@click.option("--vault", default=settings.SEALED, type=click.Choice([settings.SEALED, settings.PKCS11]), help=IN_TOKEN)
@click.option("--vault-module", default="", help="The PKCS#11 module of the token's maker.")
@click.option("--vault-token", default="", help="The label of the token.")
@click.option("--recovery-key", type=click.Path(path_type=Path), help="Write the recovery key into this new file.")
@verb
def init(call: Verb, *, sample: bool, office: Path | None, desk: int, recovery_key: Path | None, **places: str) -> None:
    """Make an office: books, keys, operators."""
    if sample == (office is not None):
        raise click.UsageError("Give either --sample or --office FILE.")
    if recovery_key is not None and recovery_key.exists():
        raise click.UsageError("--recovery-key takes a file that is not there yet.")
    chosen = settings.changed_together(settings.Settings(desk=desk), places)
    password, made_password = _secret("VENDING_PASSWORD")
    passphrase, made_passphrase = _key_secret(chosen)
    description = office_files.read_description(office) if office else office_files.sample_description()
    try:
        records = SampleOffice.of(description)
        records = records.as_own() if office else records
    except (KeyError, TypeError, ValueError) as cause:
        raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(office)) from cause
    app.create_office(call.data, records, password=password, passphrase=passphrase, chosen=chosen)
    told, told_lines = give_key(office_files.Files(call.data), office=records.office.name, target=recovery_key)
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
    say({**answer, **shown, **told}, "\n".join([*lines, *told_lines]), as_json=call.as_json)


def _key_secret(chosen: settings.Settings) -> tuple[str, bool]:
    """A passphrase may be made up; the PIN of a token is there already."""
    if chosen.vault == settings.PKCS11:
        return vault_passphrase(), False
    return _secret("VENDING_VAULT_PASSPHRASE")


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
    with office_books.open_books(call.data) as ledger:
        found = ledger.find_supplies(text, limit=limit)
    lines = "\n".join(
        f"{s.number}  {s.meter}  {s.state.value:<9} {s.card or 'no card':<12} {s.customer}" for s in found
    )
    say({"supplies": [shapes.supply_line(s) for s in found]}, lines or "No supply fits.", as_json=call.as_json)
