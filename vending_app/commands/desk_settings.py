"""The verb settings: what one desk chose, shown and changed."""

from __future__ import annotations

from contextlib import ExitStack, closing, nullcontext
from pathlib import Path

import click

from vending_app import app, office_books, office_files, settings
from vending_app.commands.common import Verb, at_work, operator_option, verb
from vending_app.commands.output import say
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.ids import DeskNo
from vending_app.domain.people import Role
from vending_app.domain.permissions import Act
from vending_app.ledger import DeskLedger
from vending_app.services.counter import Counter
from vending_app.services.desk_settings import differing
from vending_app.ui.office.rule_words import said_choice


@click.command("settings")
@click.argument("key", default="")
@click.argument("value", required=False)
@operator_option(Role.TECHNICIAN)
@verb
def settings_verb(call: Verb, *, key: str, value: str | None, operator: str) -> None:
    """Show the settings of this desk, or change one: settings KEY VALUE."""
    path = office_files.Files(call.data).settings
    before = chosen = settings.load(path)
    if key in settings.OF_THE_OFFICE:
        option = settings.OF_THE_OFFICE[key]
        raise click.UsageError(f"{key} is a rule of the office, by two people: office set {option} VALUE.")
    if key and value is not None:
        chosen = settings.changed(before, key, value)
        if (chosen.desk, chosen.ledger) != (before.desk, before.ledger) and _has_books(call.data, before):
            _require_unlimited(call.data, DeskNo(before.desk), is_moved=chosen.desk != before.desk)
        _keep(call, chosen, before=before, operator=operator)
    elif key:
        raise click.UsageError("Give KEY and VALUE, or neither.")
    says = _said(key, before, chosen) if key else ""
    shown = settings.shown(chosen)
    lines = [says] if says else [f"{name} = {setting}" for name, setting in shown.items()]
    say({"settings": shown} | ({"says": says} if says else {}), "\n".join(lines), as_json=call.as_json)


def _said(key: str, before: settings.Settings, after: settings.Settings) -> str:
    """What one setting was and what it is, in words."""
    was, now, usual = (settings.told(each)[key] for each in (before, after, settings.Settings()))
    return said_choice(key, was, now, usual=usual)


def _keep(call: Verb, chosen: settings.Settings, *, before: settings.Settings, operator: str) -> None:
    """Whatever is changed is told with who did it, as long as his office can be opened. Where books, keys and backups
    are may have to be said while it cannot: then it is kept all the same, and told by nobody."""
    office_files.make_folder(call.data)
    with ExitStack() as stack:
        counter = _logged_in(stack, call, before, operator=operator)
        if counter is None:
            _keep_settings(call.data, chosen, before=before)
        else:
            _keep_choices(call.data, chosen, before=before, counter=counter)


def _logged_in(stack: ExitStack, call: Verb, before: settings.Settings, *, operator: str) -> Counter | None:
    """The counter that he is logged in at; None before there is an office, and where none can be opened."""
    if not _has_books(call.data, before):
        return None
    try:
        return stack.enter_context(at_work(call, operator=operator))
    except EnvironmentFault:
        return None


def _keep_settings(data: Path, chosen: settings.Settings, *, before: settings.Settings) -> None:
    """Keep them. If there are books yet, the desk may write in them, and tells what was chosen, by nobody it knows."""
    files = office_files.Files(data)
    was, now_is = differing(settings.told(before), settings.told(chosen))
    with ExitStack() as stack:
        if _has_books(data, chosen):
            DeskLedger.enter_desk(office_books.store_of(files, chosen), DeskNo(chosen.desk))
            ledger = stack.enter_context(closing(office_books.open_ledger(files, chosen)))
            if now_is:
                stack.enter_context(ledger.noting_choices(was, now_is, at=app.now()))
        settings.save(files.settings, chosen)


def _require_unlimited(data: Path, desk: DeskNo, *, is_moved: bool) -> None:
    """A desk that is held to an allowance keeps its number and its books: elsewhere it would sell without limit.

    Raises OperatorError desk-limited; one that the books do not know is not limited. Books that cannot be opened keep
    nobody from others, since these may have to be named for that very reason.
    """
    try:
        with office_books.open_books(data) as books:
            allowance = books.allowance(desk)
    except EnvironmentFault as fault:
        if is_moved and fault.code is not Code.DESK_UNKNOWN:
            raise
        return
    if allowance is not None and allowance.left is not None:
        raise OperatorError(Code.DESK_LIMITED, desk=desk)


def _has_books(data: Path, chosen: settings.Settings) -> bool:
    """Whether there is an office already whose people may be asked who they are."""
    return bool(chosen.ledger) or office_files.Files(data).ledger.exists()


def _keep_choices(data: Path, chosen: settings.Settings, *, before: settings.Settings, counter: Counter) -> None:
    """Keep them, told as by whoever is logged in. Other books tell by nobody that a desk came to them: who is logged in
    here is perhaps nobody there. Raises OperatorError permission-denied."""
    right = counter.approvals.require(counter.operator, Act.SETTINGS)
    is_elsewhere = chosen.ledger != before.ledger
    if is_elsewhere:
        _keep_settings(data, chosen, before=before)
    elif chosen.desk != before.desk:
        DeskLedger.enter_desk(office_books.store_of(office_files.Files(data), chosen), DeskNo(chosen.desk))
    was, now_is = differing(settings.told(before), settings.told(chosen))
    ledger = counter.outside.ledger
    with ledger.acting_as(right), ledger.noting_choices(was, now_is, at=app.now()) if now_is else nullcontext():
        if not is_elsewhere:
            settings.save(office_files.Files(data).settings, chosen)
