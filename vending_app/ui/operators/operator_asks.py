"""What an administrator is asked before somebody is entered or changed."""

from __future__ import annotations

from collections.abc import Collection

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import OperatorName
from vending_app.domain.people import Operator, Role
from vending_app.domain.permissions import APPROVERS
from vending_app.services.operators import check_names
from vending_app.services.people_cases import AddOperator, ChangeOperator, LockOperator, ResetSecret, UnlockOperator
from vending_app.ui.books.ask import Ask, Deed, Fact, Filled
from vending_app.ui.components.choice_list import Option
from vending_app.ui.operators.operator_words import kind_of_secret
from vending_app.ui.words import ROLES

NAME, ROLE = "name", "role"
_ICON, _KEY = "identification-badge", "key"
COMES_BACK = "Somebody else must approve his return; without one, wait a week."
FIRST = "He chooses his own at his next log-in, before anything else."


def _roles(chosen: Role | None = None) -> tuple[Option, ...]:
    return tuple(Option(role.value, words, _ICON, is_chosen=role is chosen) for role, words in ROLES.items())


def ask_new(known: Collection[OperatorName]) -> Ask:
    """First what he will do: the kind of his secret follows from it. Typing chooses no role by accident."""
    return Ask(
        title="New operator",
        button="Next",
        make=lambda filled: _ask_names(Role(filled.choice), known),
        sentence="What he may do follows from his role, at once and everywhere.",
        choices=_roles(),
        choice="Role",
    )


def _ask_names(role: Role, known: Collection[OperatorName]) -> Ask:
    def make(filled: Filled) -> Ask:
        name = OperatorName(filled.reference)
        check_names(name, filled.reason)
        if name in known:
            raise OperatorError(Code.OPERATOR_EXISTS, name=name)
        return _ask_first_secret(Operator(name, filled.reason, role))

    return Ask(
        title=f"New operator, {ROLES[role].lower()}",
        button="Next",
        make=make,
        reference="Log-in name, short and without spaces",
        reason="Full name, as on receipts",
        reason_hint="",
    )


def _ask_first_secret(one: Operator) -> Ask:
    """Ends in the summary of whom is entered."""
    return Ask(
        title="New operator",
        button="Enter operator",
        icon="user-plus",
        make=lambda filled: Deed(
            AddOperator(one.name, one.full_name, one.role, filled.secret),
            f"{_called(one)} may log in as {ROLES[one.role].lower()}.",
        ),
        facts=_who(one),
        secret=kind_of_secret(one.role),
        note=("accent", _KEY, FIRST),
    )


def ask_change(one: Operator) -> Ask:
    """What about him."""
    options = (
        Option(NAME, "Full name", "note-pencil", one.full_name),
        Option(ROLE, "Role", _ICON, ROLES[one.role]),
    )
    return Ask(
        title=f"Change {one.full_name}",
        button="Next",
        make=lambda filled: _ask_role(one) if filled.choice == ROLE else _ask_name(one),
        choices=options,
        choice="What changes",
    )


def _ask_name(one: Operator) -> Ask:
    return Ask(
        title="Another name",
        button="Keep name",
        icon="note-pencil",
        make=lambda filled: Deed(
            ChangeOperator(one.name, filled.reference), f"{_called(one)} is called {filled.reference}."
        ),
        facts=_who(one),
        reference="Full name, as on receipts",
        reference_is=one.full_name,
    )


def _ask_role(one: Operator) -> Ask:
    return Ask(
        title=f"Another role for {one.full_name}",
        button="Keep role",
        icon=_ICON,
        make=lambda filled: _other_role(one, Role(filled.choice)),
        sentence="It holds at once. Between a PIN and a passphrase he chooses a new secret first.",
        choices=_roles(one.role),
        choice="Role",
    )


def _other_role(one: Operator, role: Role) -> Deed:
    sentence = f"{_called(one)}, {ROLES[one.role].lower()}, works as {ROLES[role].lower()} from now on."
    return Deed(ChangeOperator(one.name, role=role), sentence)


def ask_secret(one: Operator) -> Ask:
    """A secret that opens nothing but the choice of his own."""
    return Ask(
        title="New secret",
        button="Give secret",
        icon=_KEY,
        make=lambda filled: Deed(ResetSecret(one.name, filled.secret), f"{_called(one)} gets a new secret."),
        facts=_who(one),
        secret=kind_of_secret(one.role),
        note=("accent", _KEY, FIRST),
    )


def ask_lock(one: Operator) -> Ask:
    """Or unlock."""
    if one.is_active:
        return _ask_locked(one)
    return Ask(
        title="Unlock",
        button="Unlock",
        icon="lock-simple-open",
        make=lambda _: Deed(UnlockOperator(one.name), f"{_called(one)} may log in again."),
        sentence="He may log in again, with the secret that he had; his failed tries are forgotten.",
        facts=_who(one),
    )


def _ask_locked(one: Operator) -> Ask:
    return Ask(
        title="Lock",
        button="Lock",
        icon="lock-simple",
        make=lambda _: Deed(LockOperator(one.name), f"{_called(one)} may not log in any more."),
        sentence="He may not log in, and what he is doing stops. Nobody is ever deleted: he can be unlocked.",
        facts=_who(one),
        note=("warn", "shield-check", COMES_BACK) if one.role in APPROVERS else ("", "", ""),
    )


def _called(one: Operator) -> str:
    """As whoever approves knows him, and as the books do: `Ana Moreau (ana)`."""
    return f"{one.full_name} ({one.name})"


def _who(one: Operator) -> tuple[Fact, ...]:
    return ("Name", one.full_name, ""), ("Log-in name", one.name, ""), ("Role", ROLES[one.role], "")
