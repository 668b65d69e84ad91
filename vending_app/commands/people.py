"""Verbs about operators: list, add, change, secret, lock, unlock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import click

from vending_app.commands import shapes
from vending_app.commands.common import Verb, approval_option, at_work, do_approved, new_secret, password_of, verb
from vending_app.commands.output import say
from vending_app.domain.ids import OperatorName
from vending_app.domain.people import Operator, Role
from vending_app.services.people_cases import (
    AddOperator,
    Approvable,
    ChangeOperator,
    ChangeSecret,
    ListOperators,
    LockOperator,
    OperatorList,
    OperatorShown,
    ResetSecret,
    ShowOperator,
    UnlockOperator,
)
from vending_app.services.use_cases import Session
from vending_app.ui.operators.operator_words import history_of
from vending_app.ui.records.told import signed
from vending_app.ui.words import ROLES

ROLE = click.Choice([role.value for role in Role])


def by_administrator(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--operator`, by default the sample administrator."""
    return click.option("--operator", default="admin", show_default=True, help="Who does it.")(verb(function))


def may_take_two(function: Callable[..., None]) -> Callable[..., None]:
    """The same with `--approve`: for people whose word approves, and where the office lets nobody keep people alone."""
    return approval_option(by_administrator(function))


@click.group("operator")
def operator() -> None:
    """The people who work here; an administrator keeps them."""


@operator.command("list")
@by_administrator
def operator_list(call: Verb, *, operator: str) -> None:
    """Everybody, the locked too: nobody is ever deleted."""
    with at_work(call, operator=operator) as counter:
        found = counter.do(ListOperators())
    assert isinstance(found, OperatorList)
    lines = "\n".join(_line(one) for one in found.operators)
    told = [{**shapes.operator(one), "last_let_in": _moment(found.let_in.get(one.name))} for one in found.operators]
    say({"operators": told}, lines, as_json=call.as_json)


@operator.command("history")
@click.argument("name")
@by_administrator
def operator_history(call: Verb, *, name: str, operator: str) -> None:
    """Everything that was ever changed about somebody, by whom, with what was before; the newest first."""
    with at_work(call, operator=operator) as counter:
        shown = counter.do(ShowOperator(OperatorName(name)))
    assert isinstance(shown, OperatorShown)
    lines = [f"{signed(told)}: {told.title}. {told.detail}".rstrip() for told in history_of(shown.events, {})]
    answer = {"operator": shown.name, "changes": [shapes.operator_event(each) for each in reversed(shown.events)]}
    say(answer, "\n".join(lines), as_json=call.as_json)


@operator.command("add")
@click.argument("name")
@click.option("--role", required=True, type=ROLE)
@click.option("--full-name", required=True, help="As receipts and screens show him.")
@may_take_two
def operator_add(call: Verb, *, name: str, role: str, full_name: str, operator: str, approve: str) -> None:
    """One more person, with the secret of VENDING_NEW_SECRET, which he changes at his first log-in."""
    given = new_secret(name)
    asked = AddOperator(OperatorName(name), full_name, Role(role), given)
    _do(call, operator, asked, "{name} may log in now.", approve=approve)


@operator.command("change")
@click.argument("name")
@click.option("--role", type=ROLE)
@click.option("--full-name", default=None)
@may_take_two
def operator_change(
    call: Verb, *, name: str, role: str | None, full_name: str | None, operator: str, approve: str
) -> None:
    """Another role or another name to show; it holds at once."""
    asked = ChangeOperator(OperatorName(name), full_name, Role(role) if role else None)
    _do(call, operator, asked, "{name} is changed.", approve=approve)


@operator.command("secret")
@click.argument("name")
@may_take_two
def operator_secret(call: Verb, *, name: str, operator: str, approve: str) -> None:
    """One's own secret (NAME is --operator), or a new one for somebody who changes it at his next log-in."""
    given = new_secret(name)
    if name != operator:
        asked = ResetSecret(OperatorName(name), given)
        _do(call, operator, asked, "{name} changes it at the next log-in.", approve=approve)
        return
    with at_work(call, operator=operator) as counter:
        session = counter.do(ChangeSecret(old=password_of(operator), new=given))
    assert isinstance(session, Session)
    say({"operator": shapes.operator(session.operator)}, f"The secret of {name} is changed.", as_json=call.as_json)


@operator.command("lock")
@click.argument("name")
@may_take_two
def operator_lock(call: Verb, *, name: str, operator: str, approve: str) -> None:
    """He may not log in, and what he is doing stops."""
    _do(call, operator, LockOperator(OperatorName(name)), "{name} is locked.", approve=approve)


@operator.command("unlock")
@click.argument("name")
@may_take_two
def operator_unlock(call: Verb, *, name: str, operator: str, approve: str) -> None:
    """He may log in again."""
    _do(call, operator, UnlockOperator(OperatorName(name)), "{name} may log in again.", approve=approve)


def _do(call: Verb, by: str, asked: Approvable, told: str, *, approve: str) -> None:
    with at_work(call, operator=by) as counter:
        changed = do_approved(counter, asked, approver=approve)
    assert isinstance(changed, Operator)
    say({"operator": shapes.operator(changed)}, told.format(name=changed.name), as_json=call.as_json)


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _line(one: Operator) -> str:
    state = "locked" if not one.is_active else "must change his secret" if one.must_change else ""
    return f"{one.name:<16} {ROLES[one.role]:<14} {one.full_name}  {state}".rstrip()
