"""Where the books of an office are, in a file or on a server, and how they are opened and moved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from vending_app import settings
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import DeskNo
from vending_app.ledger import DeskLedger, SqliteFile, Store
from vending_app.ledger.url import is_server
from vending_app.office_files import Files
from vending_app.when_needed import WhenNeeded

if TYPE_CHECKING:
    from vending_app.ledger import copying
    from vending_app.ledger.postgres_server import PostgresServer
else:
    copying = WhenNeeded("vending_app.ledger.copying")


def store_of(files: Files, chosen: settings.Settings) -> Store:
    """Where the books of these settings are."""
    if not chosen.ledger:
        return SqliteFile(files.ledger)
    return server_at(chosen.ledger, witness=files.data)


def server_at(address: str, *, witness: Path | None = None) -> PostgresServer:
    """The server with the books; its driver is loaded only where an office has one."""
    from vending_app.ledger.postgres_server import PostgresServer  # noqa: PLC0415 - see above

    return PostgresServer(address, witness)


def migrate_server(data: Path, address: str) -> tuple[int, ...]:
    """Bring the books on the server, by default that of the settings, to this version; tells which steps were taken.

    Raises OperatorError setting-refused without a server; EnvironmentFault ledger-newer, ledger-missing, ledger-…
    """
    chosen = settings.load(Files(data).settings)
    meant = settings.changed(chosen, "ledger", address or chosen.ledger)
    if not meant.ledger:
        raise OperatorError(Code.SETTING_REFUSED, setting="ledger", value="", known="postgresql://…")
    return server_at(meant.ledger).migrate()


def store_at(where: str) -> Store:
    """The books at an address, in a file, or in the folder of an office."""
    if is_server(where):
        return server_at(where)
    path = Path(where)
    return SqliteFile(Files(path).ledger if path.is_dir() else path)


def copy_books(source: str, target: str) -> copying.Copied:
    """Move a whole office from one place to another. Raises EnvironmentFault ledger-exists, ledger-missing, ledger-…"""
    return copying.copy(store_at(source), store_at(target))


def open_ledger(files: Files, chosen: settings.Settings) -> DeskLedger:
    """The books. Raises EnvironmentFault ledger-missing, ledger-newer, ledger-damaged, ledger-locked, ledger-…"""
    return DeskLedger.open(store_of(files, chosen), desk=DeskNo(chosen.desk))


@contextmanager
def open_books(data: Path) -> Iterator[DeskLedger]:
    """The books alone, for verbs that need neither keys nor cards."""
    files = Files(data)
    with closing(open_ledger(files, settings.load(files.settings))) as ledger:
        yield ledger
