"""Verbs about master keys: show, split, prove, join."""

from __future__ import annotations

import sys

import click

from vending_app import app, office_books, office_files, settings
from vending_app.commands.common import (
    Verb,
    approval_option,
    at_work,
    do_approved,
    new_vault_passphrase,
    vault_passphrase,
    verb,
)
from vending_app.commands.key_shares import files_for, places_of, show, typed_shares, with_names, write
from vending_app.commands.output import say
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.key_ceremony import KeyDeed, KeyEvent, KeyShare, KeyState, require_custodians
from vending_app.domain.key_share import share_check
from vending_app.key_custody import restored_of_shares
from vending_app.services.counter import Counter
from vending_app.services.key_cases import (
    JoinShares,
    KeyShared,
    KeysShown,
    KeyTold,
    ProveShares,
    RetireKey,
    RollKeys,
    ShareKey,
    ShowKeys,
)
from vending_app.vaults import SealedPlace, place_of

PLACES = {"sealed": "in the sealed file", "pkcs11": "in the key token"}
DEEDS = {
    "made": "made",
    "shared": "shared out",
    "proven": "proven by shares",
    "restored": "restored of shares",
    "retired": "retired",
}
STATES = {
    KeyState.CURRENT: "the newest",
    KeyState.ACCEPTED: "still accepted",
    KeyState.RETIRED: "retired",
    KeyState.MISSING: "missing here: join its shares, or bring the newest key file",
    KeyState.OTHER: "another key is here: bring the office's key file",
}
by = click.option("--operator", default="admin", show_default=True, help="Who does it.")


@click.group("keys")
def keys() -> None:
    """Master keys: told by their check values, shared out to custodians, joined again."""


@keys.command("show")
@by
@verb
def keys_show(call: Verb, *, operator: str) -> None:
    """Each version with its check value, and what was done with it before witnesses."""
    with at_work(call, operator=operator) as counter:
        shown = counter.do(ShowKeys())
    assert isinstance(shown, KeysShown)
    lines = [f"The master keys are {PLACES[shown.place]}."]
    for key in shown.keys:
        lines += [
            _key_line(key),
            *([f"  old cards never made blank: {key.uncleared}"] if key.uncleared else ()),
            *(f"  {_told(e)}" for e in key.events),
        ]
    say({"place": shown.place, "keys": [_key_shape(key) for key in shown.keys]}, "\n".join(lines), as_json=call.as_json)


@keys.command("split")
@click.option("--version", "key_version", required=True, type=click.IntRange(1, 255), help="Of the master key.")
@click.option("--custodian", "custodians", multiple=True, required=True, help="Who gets a share; two or three.")
@click.option(
    "--out", "told", multiple=True, metavar="NAME=FILE", help="The new file of a custodian; for each of them."
)
@click.option("--one-folder", is_flag=True, help="The files may lie in one folder: whoever reads it has the key.")
@by
@approval_option
@verb
def keys_split(
    call: Verb,
    *,
    key_version: int,
    custodians: tuple[str, ...],
    told: tuple[str, ...],
    one_folder: bool,
    operator: str,
    approve: str,
) -> None:
    """Hand out a master key in shares: all custodians together have it, fewer have nothing."""
    if not told and (call.as_json or not sys.stdout.isatty()):
        raise click.UsageError(
            "Shares are shown at a terminal, to one custodian after the other; or give --out NAME=FILE for each."
        )
    names = require_custodians(custodians)
    places = places_of(told, names, may_share_folder=one_folder) if told else {}
    with files_for(places), at_work(call, operator=operator) as counter:
        shared = do_approved(counter, ShareKey(key_version, names), approver=approve)
        assert isinstance(shared, KeyShared)
        checks = [{"custodian": name, "check_value": share_check(share)} for name, share in with_names(shared)]
        files = write(shared, places) if places else []
        if not places:
            show(shared)
    answer = {**_shape(shared.event), "shares": checks, "files": files}
    said = f"Version {key_version}, check value {shared.event.check_value}, is shared out to {len(checks)} custodians."
    say(answer, said, as_json=call.as_json)


@keys.command("roll")
@by
@approval_option
@verb
def keys_roll(call: Verb, *, operator: str, approve: str) -> None:
    """Make the next version of the master keys; those of the old ones go on, and key cards bring it to meters."""
    with at_work(call, operator=operator) as counter:
        event = do_approved(counter, RollKeys(vault_passphrase()), approver=approve)
    assert isinstance(event, KeyEvent)
    said = f"Version {event.key_version} of the keys is made, check value {event.check_value}."
    say(_shape(event), f"{said} Share it out, make a backup, and bring it to every desk.", as_json=call.as_json)


@keys.command("retire")
@click.option("--version", "key_version", required=True, type=click.IntRange(1, 255), help="Of the master key.")
@by
@approval_option
@verb
def keys_retire(call: Verb, *, key_version: int, operator: str, approve: str) -> None:
    """Make and take nothing under an old version any more. Refused while a card, a meter or an order needs it."""
    with at_work(call, operator=operator) as counter:
        uncleared = _in_use(counter, key_version).uncleared
        if uncleared and not call.as_json:
            # Before anybody gives his word.
            click.echo(said_uncleared(uncleared), err=True)
        event = do_approved(counter, RetireKey(key_version), approver=approve)
    assert isinstance(event, KeyEvent)
    said = f"Version {event.key_version} of the keys is retired. Its master key stays where it is."
    say({**_shape(event), "uncleared_cards": uncleared}, said, as_json=call.as_json)


def _in_use(counter: Counter, key_version: int) -> KeyTold:
    """Raises EnvironmentFault key-version-not-here for what is missing, retired, or was never there; key-other."""
    shown = counter.do(ShowKeys())
    assert isinstance(shown, KeysShown)
    key = next((each for each in shown.keys if each.version == key_version), None)
    if key is not None and key.state in {KeyState.CURRENT, KeyState.ACCEPTED}:
        return key
    is_other = key is not None and key.state is KeyState.OTHER
    raise EnvironmentFault(Code.KEY_OTHER if is_other else Code.KEY_VERSION_NOT_HERE, key_version=key_version)


def said_uncleared(cards: int) -> str:
    """What becomes of them; a lost one may never come back."""
    were = "1 old card was" if cards == 1 else f"{cards} old cards were"
    return f"{were} never made blank, and cannot be once this version is retired. Throw away one that comes back."


@keys.command("prove")
@by
@verb
def keys_prove(call: Verb, *, operator: str) -> None:
    """Join shares for trial: whether they still give the key of this office. Nothing is changed."""
    with typed_shares() as shares, at_work(call, operator=operator) as counter:
        event = counter.do(ProveShares(shares))
    assert isinstance(event, KeyEvent)
    said = f"The shares give version {event.key_version} of the keys, check value {event.check_value}."
    say(_shape(event), said, as_json=call.as_json)


@keys.command("join")
@by
@approval_option
@verb
def keys_join(call: Verb, *, operator: str, approve: str) -> None:
    """Bring back a version that the vault lacks, or the lost vault itself, of its shares.

    While there is no vault nobody can log in: then the shares of version 1 must give the office's published key, and
    the passphrase seals it from now on.
    """
    files = office_files.Files(call.data)
    place = place_of(files.vault, settings.load(files.settings))
    with typed_shares() as shares:
        if isinstance(place, SealedPlace) and not place.path.exists():
            event = _lost_vault(call, place, shares)
        else:
            with at_work(call, operator=operator) as counter:
                done = do_approved(counter, JoinShares(shares, vault_passphrase()), approver=approve)
            assert isinstance(done, KeyEvent)
            event = done
    said = f"Version {event.key_version} of the keys is back, check value {event.check_value}."
    say(_shape(event), said, as_json=call.as_json)


def _lost_vault(call: Verb, place: SealedPlace, shares: tuple[KeyShare, ...]) -> KeyEvent:
    with office_books.open_books(call.data) as books:
        event = restored_of_shares(
            place,
            new_vault_passphrase(),
            shares,
            events=books.key_events(),
            signing_key=office_files.published_key(call.data),
            entropy=app.random_bytes,
            clock=app.now,
        )
        books.tell_of_key(event)
    return event


def _told(event: KeyEvent) -> str:
    """`… UTC  shared out to Ann Lee, Bo Okoye; by admin, with the word of supervisor`."""
    between = "to" if event.deed is KeyDeed.SHARED else "of"
    custodians = f" {between} {', '.join(event.custodians)}" if event.custodians else ""
    who = f"; by {event.operator}" if event.operator else ""
    word = f", with the word of {event.approver}" if event.approver else ""
    return f"{event.at:%Y-%m-%d %H:%M} UTC  {DEEDS[event.deed.value]}{custodians}{who}{word}"


def _key_line(key: KeyTold) -> str:
    here = f" ({key.other})" if key.other else ""
    return f"version {key.version}  check value {key.check_value or '–'}  {STATES[key.state]}{here}"


def _key_shape(key: KeyTold) -> dict[str, object]:
    return {
        "version": key.version,
        "check_value": key.check_value or None,
        "other_check_value": key.other or None,
        "state": key.state.value,
        "uncleared_cards": key.uncleared,
        "events": [_shape(event) for event in key.events],
    }


def _shape(event: KeyEvent) -> dict[str, object]:
    return {
        "deed": event.deed.value,
        "version": event.key_version,
        "check_value": event.check_value,
        "custodians": list(event.custodians),
        "sharing": event.sharing,
        "at": event.at.isoformat(),
        "operator": event.operator,
        "approver": event.approver,
    }
