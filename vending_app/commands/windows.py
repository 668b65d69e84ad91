"""The verbs that open the window: counter, practice, tour."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import Future
from contextlib import ExitStack
from pathlib import Path

import click

from vending_app import app, office_files
from vending_app.commands.common import Verb, verb
from vending_app.commands.output import say
from vending_app.domain.errors import Cancelled, Code, OperatorError, VendingError
from vending_app.settings import PKCS11, Settings, load
from vending_app.ui.words import trouble
from vending_app.vaults import Vault

TYPED_AGAIN = frozenset({Code.VAULT_PASSPHRASE_WRONG, Code.TOKEN_PIN_WRONG})
"""What was typed wrong. Behind the last try of a PIN nothing is asked any more: it is never sent."""


@click.command("counter")
@verb
def counter(call: Verb) -> None:
    """Open the counter; without an office, the practice counter."""
    if not office_files.Files(call.data).is_office:
        _practise(call)
        return
    chosen = load(office_files.Files(call.data).settings)
    given = os.environ.get("VENDING_VAULT_PASSPHRASE")
    keys = app.start_unsealing(call.data, given) if given is not None else None
    from vending_app import window  # noqa: PLC0415 - headless verbs start without Qt

    window.keep_log(call.data)
    window.make_application(dark=chosen.dark, less_motion=chosen.less_motion)
    with ExitStack() as stack:
        try:
            office = _enter_office(stack, call.data, chosen, keys)
        except VendingError as fault:
            window.tell(trouble(fault))
            raise
        kept = office.counter.outside.preferences
        opened = stack.enter_context(
            window.opened(
                office.counter.do,
                office.desk,
                kept,
                books=office.ledger.elsewhere(),
                practice=False,
                offers_practice=True,
                rest=office.counter.rest,
            )
        )
        opened.window.practice_wanted.connect(PracticeStarter(call.data).start)
        opened.window.show()
        opened.application.exec()


@click.command("practice")
@verb
def practice_verb(call: Verb) -> None:
    """Open the practice counter: built-in cards and meters, books of its own."""
    _practise(call)


def _practise(call: Verb) -> None:
    from vending_app import practice  # noqa: PLC0415 - the counter starts without what only practice needs

    folder = practice.practice_folder(call.data)
    office_files.make_folder(folder.parent)
    _open_practice(call, folder)
    while not practice.is_ready(folder):
        # Somebody set the street up anew: the books of the old one are closed, and the window opens on the new one.
        _open_practice(call, folder)


def _open_practice(call: Verb, folder: Path) -> None:
    from vending_app import practice  # noqa: PLC0415 - as above

    practice.prepare(folder, like=load(office_files.Files(call.data).settings))
    keys = practice.start_unsealing(folder)
    from vending_app import window  # noqa: PLC0415 - as above

    window.keep_log(folder.parent)
    with ExitStack() as stack:
        training = stack.enter_context(practice.open_practice(folder, unsealing=keys))
        outside = training.counter.outside
        books = outside.ledger.elsewhere()
        opened = stack.enter_context(
            window.opened(training.do, outside.cards, outside.preferences, books=books, practice=True)
        )
        opened.window.show()
        opened.application.exec()


class PracticeStarter:
    """Opens the practice counter beside the counter, in a process of its own: nothing real can reach it."""

    def __init__(self, data: Path) -> None:
        self._command = [sys.executable, "-m", "vending_app", "practice", "--data", str(data)]

    def start(self) -> None:
        subprocess.Popen(self._command, start_new_session=True)


def _enter_office(stack: ExitStack, data: Path, chosen: Settings, keys: Future[Vault] | None) -> app.OpenOffice:
    """The office, its keys opened with the secret of the environment or of a dialog, asked until it is right."""
    said = ""
    while keys is None:
        typed = app.start_unsealing(data, _ask(chosen, said))
        wrong = typed.exception()
        if isinstance(wrong, OperatorError) and wrong.code in TYPED_AGAIN:
            said = trouble(wrong).sentence
        else:
            keys = typed
    return stack.enter_context(app.open_office(data, passphrase=str, unsealing=keys))


def _ask(chosen: Settings, said: str) -> str:
    from vending_app.ui.theme import make_look  # noqa: PLC0415 - as above
    from vending_app.ui.unlock import ask_secret  # noqa: PLC0415 - as above

    look = make_look(dark=chosen.dark, less_motion=chosen.less_motion)
    typed = ask_secret(look, said, token=chosen.vault_token if chosen.vault == PKCS11 else "")
    if typed is None:
        raise Cancelled
    return typed


@click.command("tour")
@click.option("--out", default="tour", show_default=True, type=click.Path(path_type=Path), help="Where pictures go.")
@verb
def tour(call: Verb, *, out: Path) -> None:
    """Drive the practice window, unseen, through one whole loop; leave pictures, receipt and summary."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from vending_app import tour as guide  # noqa: PLC0415 - as above

    result = guide.walk(out)
    lines = [f"{step.picture}  {step.title}" for step in result.steps]
    answer = {"out": str(out), "steps": [{"picture": step.picture, "title": step.title} for step in result.steps]}
    say(
        answer,
        "\n".join([*lines, f"The tour is in {out}: {len(lines)} pictures, the receipt, summary.md."]),
        as_json=call.as_json,
    )
