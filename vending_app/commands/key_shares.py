"""Shares of a master key on their way to custodians and back: at a terminal, or in a file of each one's own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.key_ceremony import KeyShare
from vending_app.domain.key_share import parse_share, share_check, share_groups
from vending_app.domain.wiping import erase_typed
from vending_app.services.key_cases import KeyShared

SHARES_VARIABLE = "VENDING_KEY_SHARES"
REMARK = "#"
"""Begins a line of a share's file that is not the share."""


def with_names(shared: KeyShared) -> list[tuple[str, KeyShare]]:
    """Each share beside its custodian."""
    return list(zip(shared.event.custodians, shared.shares, strict=True))


# --- out -----------------------------------------------------------------------------------------------------------


def show(shared: KeyShared) -> None:
    """One after the other, the screen cleared between them; each is overwritten when it was written down."""
    for name, share in with_names(shared):
        _clear()
        click.pause(f"The share of {name}. Only {name} looks now; then any key …")
        click.echo()
        for piece in _slip(name, share):
            click.echo(piece, nl=False)
        share.wipe()
        click.echo()
        click.pause("Written down and compared with the check value? Then any key …")
        _clear()


def _clear() -> None:
    """The screen, and what could be scrolled back to."""
    click.clear()
    click.echo("\033[3J", nl=False)


def places_of(told: tuple[str, ...], custodians: tuple[str, ...], *, may_share_folder: bool) -> dict[str, Path]:
    """The file of each custodian. Raises UsageError unless each has one of his own, in a folder of his own."""
    pairs = [word.rpartition("=") for word in told]
    places = {name: Path(path) for name, _, path in pairs if path}
    if len(places) != len(told) or set(places) != set(custodians):
        raise click.UsageError("--out NAME=FILE once for each --custodian NAME.")
    if any(path.exists() for path in places.values()):
        raise click.UsageError("--out takes files that are not there yet.")
    if len({path.resolve() for path in places.values()}) != len(places):
        raise click.UsageError("Each share goes into a file of its own.")
    if not may_share_folder and len({path.resolve().parent for path in places.values()}) != len(places):
        raise click.UsageError(
            "Whoever reads a folder with all the shares has the key: a folder for each, on a stick of his own;"
            " or --one-folder, if they are taken apart at once."
        )
    return places


@contextmanager
def files_for(places: Mapping[str, Path]) -> Iterator[None]:
    """Empty files that their owner alone may read, before anybody is asked; gone again if it came to no share.

    Raises EnvironmentFault file-unreadable.
    """
    with ExitStack() as unless_shared:
        for path in places.values():
            with _told_where(path):
                path.touch(mode=0o600, exist_ok=False)
            unless_shared.callback(path.unlink, missing_ok=True)
        yield
        unless_shared.pop_all()


def write(shared: KeyShared, places: Mapping[str, Path]) -> list[str]:
    """Each share into the file of its custodian, to be taken away at once. Raises EnvironmentFault file-unreadable."""
    for name, share in with_names(shared):
        path = places[name]
        with _told_where(path), path.open("wb", buffering=0) as file:
            for piece in _slip(name, share):
                file.write(piece.encode())
        share.wipe()
    return [str(places[name]) for name, _ in with_names(shared)]


@contextmanager
def _told_where(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as cause:
        raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(path)) from cause


def _slip(name: str, share: KeyShare) -> Iterator[str]:
    """What a custodian gets, a piece at a time: nobody could overwrite the share as one text."""
    yield f"{REMARK} Share {share.number} of {share.of} of a master key, for {name}\n"
    yield f"{REMARK} key version {share.key_version}, check value of the key {share.check_value}\n"
    yield f"{REMARK} mark of this sharing {share.sharing}, check value of this share {share_check(share)}\n"
    for at, group in enumerate(share_groups(share)):
        yield f"-{group}" if at else group
    yield f"\n{REMARK} All {share.of} shares together give the key; fewer say nothing. Keep it apart from the others.\n"


# --- back ----------------------------------------------------------------------------------------------------------


@contextmanager
def typed_shares() -> Iterator[tuple[KeyShare, ...]]:
    """From VENDING_KEY_SHARES, one a line, or files of `write` behind each other; wiped at the end of the block.

    Else each custodian types his own, unseen by the others.
    """
    shares = _typed_shares()
    try:
        yield shares
    finally:
        for share in shares:
            share.wipe()


def _typed_shares() -> tuple[KeyShare, ...]:
    given = os.environ.get(SHARES_VARIABLE)
    if given is not None:
        lines = (line.strip() for line in given.splitlines())
        return tuple(parse_share(line) for line in lines if line and not line.startswith(REMARK))
    if not sys.stdin.isatty():
        raise OperatorError(Code.SECRET_MISSING, variable=SHARES_VARIABLE)
    shares = [_typed(1)]
    while len(shares) < shares[0].of:
        shares.append(_typed(len(shares) + 1))
    return tuple(shares)


def _typed(place: int) -> KeyShare:
    text = str(click.prompt(f"Share, custodian {place}", hide_input=True, err=True))
    try:
        return parse_share(text)
    finally:
        erase_typed(text)
