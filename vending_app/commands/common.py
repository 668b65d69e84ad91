"""Options that every verb takes, and the way from an option to an open office."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from vending_app import app, office_files
from vending_app.commands.output import fail
from vending_app.domain.errors import Code, OperatorError, VendingError
from vending_app.domain.ids import OperatorName
from vending_app.domain.people import Role
from vending_app.ledger import DeskLedger
from vending_app.services.allowance_cases import Approvable as AllowanceApprovable
from vending_app.services.book_cases import Approvable as BookApprovable
from vending_app.services.counter import Counter
from vending_app.services.diagnosis_cases import RepairCard
from vending_app.services.key_cases import Approvable as KeyApprovable
from vending_app.services.keys_in_use import KeysInUse
from vending_app.services.people_cases import Approvable as PeopleApprovable
from vending_app.services.people_cases import Approved, GrantApproval
from vending_app.services.rule_cases import Approvable as RuleApprovable
from vending_app.services.stock_cases import Approvable as StockApprovable
from vending_app.services.supply_cases import Approvable as SupplyApprovable
from vending_app.services.tariff_cases import Approvable as TariffApprovable
from vending_app.services.tool_cases import IssueToolCard
from vending_app.services.use_cases import LogIn
from vending_app.ui.words import trouble

PASSPHRASE = "VENDING_VAULT_PASSPHRASE"


@dataclass(frozen=True, slots=True)
class Verb:
    """What every verb knows of its call."""

    data: Path
    as_json: bool


def verb(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--data` and `--json`, and turn every VendingError into its exit code."""

    @click.option("--data", type=click.Path(path_type=Path), envvar="VENDING_DATA", help="Folder of the office.")
    @click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
    @functools.wraps(function)
    def wrapped(*, data: Path | None, as_json: bool, **options: Any) -> None:
        call = Verb(data or office_files.default_data(), as_json)
        try:
            function(call, **options)
        except VendingError as error:
            fail(error, as_json=as_json)

    return wrapped


reader_options = (
    click.option("--reader", default="", help="The reader's name, or a unique part of it."),
    click.option(
        "--dialect", default="", help="How the reader is spoken to: acs, acs-old, omnikey; else it is found out."
    ),
)


def with_reader(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--reader` and `--dialect`."""
    for option in reversed(reader_options):
        function = option(function)
    return function


def operator_option(role: Role) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command `--operator`, by default the sample operator of a role."""
    return click.option("--operator", default=role.value, show_default=True, help="Who does it.")


approval_option = click.option(
    "--approve", default="", metavar="NAME", help="Who approves it, with the secret of VENDING_APPROVAL_PASSWORD."
)


def do_approved(
    counter: Counter,
    request: BookApprovable
    | SupplyApprovable
    | StockApprovable
    | RuleApprovable
    | PeopleApprovable
    | IssueToolCard
    | TariffApprovable
    | KeyApprovable
    | RepairCard
    | AllowanceApprovable,
    *,
    approver: str,
) -> object:
    """Do what is asked, with the word of `approver` if one is named. Raises as the use case, and approval-…"""
    if not approver:
        return counter.do(request)
    secret = _secret("VENDING_APPROVAL_PASSWORD", f"Password of {approver}")
    given = counter.do(GrantApproval(request, OperatorName(approver), secret))
    assert isinstance(given, Approved)
    return counter.do(replace(request, approval=given.id))


def vault_passphrase() -> str:
    """From VENDING_VAULT_PASSPHRASE, or asked for without echo; of a token it is the PIN."""
    return _secret(PASSPHRASE, "Passphrase of the key vault, or PIN of its token")


keys_option = click.option(
    "--held-keys", "asks_keys", is_flag=True, help="Compare the keys of this desk too, and ask for their passphrase."
)
KEYS_NOT_COMPARED = "The keys of this desk were not compared with the books"
HOW_KEYS_ARE_COMPARED = f"Give {PASSPHRASE}, or --held-keys to be asked for it."


def may_open_keys(*, asks: bool) -> bool:
    """Whether their passphrase is given, or may be asked for; who checks the books does not have to know it."""
    return asks or PASSPHRASE in os.environ


@contextmanager
def keys_beside(call: Verb, books: DeskLedger, *, asks: bool) -> Iterator[KeysInUse | None]:
    """The keys of this desk where they may be opened; None elsewhere, and where they are not those of the passphrase
    that is given: the books are proved all the same.

    Raises, where the passphrase is to be asked for, EnvironmentFault vault-…, token-…; OperatorError
    vault-passphrase-wrong, token-pin-…, secret-missing.
    """
    with ExitStack() as stack:
        keys = None
        try:
            if may_open_keys(asks=asks):
                keys = stack.enter_context(app.open_keys(call.data, books, passphrase=vault_passphrase))
        except VendingError as fault:
            if asks:
                raise
            click.echo(trouble(fault).sentence, err=True)
        yield keys


def new_vault_passphrase() -> str:
    """The same for a file that is made now, typed twice."""
    return _secret(PASSPHRASE, "New passphrase of the key vault", is_new=True)


def _secret(variable: str, prompt: str, *, is_new: bool = False) -> str:
    """From the environment, else asked of the person at the terminal, twice if it is set now.

    Raises OperatorError secret-missing.
    """
    value = os.environ.get(variable)
    if value is not None:
        return value
    if not sys.stdin.isatty():
        raise OperatorError(Code.SECRET_MISSING, variable=variable)
    again = f"{prompt}, once more" if is_new else False
    return str(click.prompt(prompt, hide_input=True, confirmation_prompt=again, err=True))


def password_of(operator: str) -> str:
    """From VENDING_PASSWORD, or asked for without echo."""
    return _secret("VENDING_PASSWORD", f"Password of {operator}")


def new_secret(name: str) -> str:
    """From VENDING_NEW_SECRET, or typed twice without echo; never an argument, which others could see."""
    return _secret("VENDING_NEW_SECRET", f"New secret of {name}", is_new=True)


@contextmanager
def at_work(call: Verb, *, operator: str, dialect: str = "") -> Iterator[Counter]:
    """The counter with somebody logged in, whose password comes from VENDING_PASSWORD."""
    with app.open_office(call.data, passphrase=vault_passphrase, dialect=dialect) as office:
        office.counter.do(LogIn(OperatorName(operator), password_of(operator)))
        yield office.counter
