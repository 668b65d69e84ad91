"""Verbs about master keys: show, split, prove, join."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from vending_app import app, settings
from vending_app.commands.common import Verb, approval_option, at_work, do_approved, vault_passphrase, verb
from vending_app.commands.output import say
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.key_ceremony import KeyEvent, KeyShare, KeyState
from vending_app.domain.key_share import parse_share, share_check, share_text
from vending_app.key_custody import restored_of_shares
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

SHARES_VARIABLE = "VENDING_KEY_SHARES"
PLACES = {"sealed": "in the sealed file", "pkcs11": "in the key token"}
DEEDS = {
    "made": "made",
    "shared": "shared out",
    "proven": "proven by shares",
    "restored": "restored of shares",
    "retired": "retired",
}
STATES = {KeyState.CURRENT: "the newest", KeyState.ACCEPTED: "still accepted", KeyState.RETIRED: "retired"}
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
            f"version {key.version}  check value {key.check_value}  {STATES[key.state]}",
            *(f"  {_told(e)}" for e in key.events),
        ]
    say({"place": shown.place, "keys": [_key_shape(key) for key in shown.keys]}, "\n".join(lines), as_json=call.as_json)


@keys.command("split")
@click.option("--version", "key_version", required=True, type=click.IntRange(1, 255), help="Of the master key.")
@click.option("--custodian", "custodians", multiple=True, required=True, help="Who gets a share; two or three.")
@click.option("--out", type=click.Path(path_type=Path), help="Write each share into a file of this new folder.")
@by
@approval_option
@verb
def keys_split(
    call: Verb, *, key_version: int, custodians: tuple[str, ...], out: Path | None, operator: str, approve: str
) -> None:
    """Hand out a master key in shares: all custodians together have it, fewer have nothing."""
    if out is None and (call.as_json or not sys.stdout.isatty()):
        raise click.UsageError(
            "Shares are shown at a terminal, to one custodian after the other; or give --out FOLDER."
        )
    if out is not None and out.exists():
        raise click.UsageError("--out takes a folder that is not there yet.")
    with at_work(call, operator=operator) as counter:
        shared = do_approved(counter, ShareKey(key_version, custodians), approver=approve)
    assert isinstance(shared, KeyShared)
    files = _show(shared) if out is None else _write(shared, out)
    checks = [{"custodian": name, "check_value": share_check(share)} for name, share in _with_names(shared)]
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
    """Make and take nothing under an old version any more. Refused while a card or a meter has nothing newer."""
    with at_work(call, operator=operator) as counter:
        event = do_approved(counter, RetireKey(key_version), approver=approve)
    assert isinstance(event, KeyEvent)
    said = f"Version {event.key_version} of the keys is retired. Its master key stays where it is."
    say(_shape(event), said, as_json=call.as_json)


@keys.command("prove")
@by
@verb
def keys_prove(call: Verb, *, operator: str) -> None:
    """Join shares for trial: whether they still give the key of this office. Nothing is changed."""
    shares = _typed_shares()
    with at_work(call, operator=operator) as counter:
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
    shares = _typed_shares()
    files = app.Files(call.data)
    place = place_of(files.vault, settings.load(files.settings))
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
    with app.open_books(call.data) as books:
        event = restored_of_shares(
            place,
            vault_passphrase(),
            shares,
            events=books.key_events(),
            signing_key=app.published_key(call.data),
            entropy=app.random_bytes,
            clock=app.now,
        )
        books.tell_of_key(event)
    return event


def _typed_shares() -> tuple[KeyShare, ...]:
    """From VENDING_KEY_SHARES, one a line; else each custodian types his own, unseen by the others."""
    given = os.environ.get(SHARES_VARIABLE)
    if given is not None:
        return tuple(parse_share(line) for line in given.splitlines() if line.strip())
    if not sys.stdin.isatty():
        raise OperatorError(Code.SECRET_MISSING, variable=SHARES_VARIABLE)
    shares = [_typed(1)]
    while len(shares) < shares[0].of:
        shares.append(_typed(len(shares) + 1))
    return tuple(shares)


def _typed(place: int) -> KeyShare:
    return parse_share(str(click.prompt(f"Share, custodian {place}", hide_input=True, err=True)))


def _with_names(shared: KeyShared) -> list[tuple[str, KeyShare]]:
    return list(zip(shared.event.custodians, shared.shares, strict=True))


def _show(shared: KeyShared) -> list[str]:
    """One after the other, the screen cleared between them."""
    for name, share in _with_names(shared):
        _clear()
        click.pause(f"The share of {name}. Only {name} looks now; then any key …")
        click.echo("\n" + _slip(name, share) + "\n")
        click.pause("Written down and compared with the check value? Then any key …")
        _clear()
    return []


def _clear() -> None:
    """The screen, and what could be scrolled back to."""
    click.clear()
    click.echo("\033[3J", nl=False)


def _write(shared: KeyShared, folder: Path) -> list[str]:
    """A file for each custodian, which he alone may read, to be printed and destroyed."""
    try:
        folder.mkdir(mode=0o700)
        paths = []
        for name, share in _with_names(shared):
            path = folder / f"share-{share.number}-of-{share.of}.txt"
            path.touch(mode=0o600, exist_ok=False)
            path.write_text(_slip(name, share) + "\n", encoding="utf-8")
            paths.append(str(path))
    except OSError as cause:
        raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(folder)) from cause
    return paths


def _slip(name: str, share: KeyShare) -> str:
    return "\n".join(
        (
            f"# Share {share.number} of {share.of} of a master key, for {name}",
            f"# key version {share.key_version}, check value of the key {share.check_value}",
            f"# mark of this sharing {share.sharing}, check value of this share {share_check(share)}",
            share_text(share),
            f"# All {share.of} shares together give the key; fewer say nothing. Keep it apart from the others.",
        )
    )


def _told(event: KeyEvent) -> str:
    to = f" to {', '.join(event.custodians)}" if event.custodians else ""
    who = f", {event.operator}" if event.operator else ""
    word = f", with the word of {event.approver}" if event.approver else ""
    return f"{event.at:%Y-%m-%d %H:%M} UTC  {DEEDS[event.deed.value]}{to}{who}{word}"


def _key_shape(key: KeyTold) -> dict[str, object]:
    return {
        "version": key.version,
        "check_value": key.check_value,
        "state": key.state.value,
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
