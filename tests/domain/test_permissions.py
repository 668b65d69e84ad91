"""The table of permissions is whole, it is the one of the security page, and no role holds what must be apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from vending_app.domain.ids import OperatorName
from vending_app.domain.people import Operator, Role
from vending_app.domain.permissions import APPROVERS, DEMANDABLE, PERMISSIONS, Act, Grant, approves, grant, may

PAGE = Path(__file__).parents[2] / "docs" / "security.md"
SIGNS = {"✓": Grant.YES, "◐": Grant.APPROVAL, "–": Grant.NO}


def told() -> dict[tuple[str, str], Grant]:
    """The table as the page tells it, read without the program's help."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith("| act |"))
    roles = [cell.strip() for cell in lines[start].split("|")[2:-1]]
    table: dict[tuple[str, str], Grant] = {}
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        act, *signs = [cell.strip() for cell in line.split("|")[1:-1]]
        table |= {(act, role): SIGNS[sign] for role, sign in zip(roles, signs, strict=True)}
    return table


def test_every_act_is_decided_for_every_role_as_the_page_tells_it() -> None:
    assert told() == PERMISSIONS
    assert PERMISSIONS.keys() == {(act, role) for act in Act for role in Role}


@pytest.mark.parametrize("act", list(Act))
def test_nobody_and_the_locked_may_nothing(act: Act) -> None:
    assert not may(None, act)
    for role in Role:
        assert grant(Operator(OperatorName("x"), "X", role, is_active=False), act) is Grant.NO


@pytest.mark.parametrize("apart", [Act.OPERATORS, Act.KEYS, Act.IMPORT])
def test_whoever_sells_keeps_neither_people_nor_keys_nor_records(apart: Act) -> None:
    sellers = {role for role in Role if PERMISSIONS[Act.SELL, role] is not Grant.NO}
    keepers = {role for role in Role if PERMISSIONS[apart, role] is not Grant.NO}
    assert sellers == {Role.CASHIER, Role.SUPERVISOR}
    assert not sellers & keepers


def test_only_supervisors_and_administrators_approve_and_only_what_needs_it() -> None:
    asked = {act for (act, _), told in PERMISSIONS.items() if told is Grant.APPROVAL} | set(DEMANDABLE)
    for act in Act:
        assert {role for role in Role if approves(role, act)} == (APPROVERS if act in asked else set())
    assert {Role.SUPERVISOR, Role.ADMINISTRATOR} == APPROVERS


def test_what_is_signed_for_oneself_needs_somebody_else_of_every_role() -> None:
    assert Grant.YES not in {PERMISSIONS[Act.SIGN_OPEN_SALE, role] for role in Role}
    assert Grant.YES not in {PERMISSIONS[Act.TARIFFS, role] for role in Role}
