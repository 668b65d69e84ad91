"""The composition root: the only file that knows every room. Time, randomness and secrets enter the program here."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vending_app import backing_up, settings, vaults
from vending_app.cardio.desk import Desk, listed
from vending_app.cardio.link import Readers
from vending_app.cardio.pcsc import PcscReaders
from vending_app.cardio.totals1 import Totals1
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.ids import DeskNo, SaleId, ulid
from vending_app.keeping.backups import BackupFolder
from vending_app.key_custody import Custody
from vending_app.ledger import DeskLedger, SqliteFile, Store
from vending_app.ledger.url import is_server
from vending_app.meter.foresee import foresee
from vending_app.paper import PaperWhenNeeded
from vending_app.ports import Clock, Printer, ReaderState
from vending_app.printing.drawer import DeviceDrawer
from vending_app.printing.folder import FolderPrinter
from vending_app.services.backups import NoBackups
from vending_app.services.card_tries import TriesInBooks
from vending_app.services.choices import DeskChoices
from vending_app.services.counter import Counter
from vending_app.services.keys_in_use import KeysInUse
from vending_app.services.outside import Outside
from vending_app.services.passwords import Secrets
from vending_app.services.self_test import quick_health
from vending_app.services.setup import SampleOffice
from vending_app.vaults import Vault
from vending_app.when_needed import WhenNeeded

if TYPE_CHECKING:
    from vending_app.ledger import copying
    from vending_app.ledger.postgres_server import PostgresServer
else:
    copying = WhenNeeded("vending_app.ledger.copying")

RESOURCES = Path(__file__).parent.parent / "resources"
Secret = Callable[[], str]


def now() -> datetime:
    """The clock of the program: UTC."""
    return datetime.now(UTC)


def random_bytes(size: int) -> bytes:
    """The chance of the program, fit for keys."""
    return os.urandom(size)


def new_id() -> SaleId:
    """A fresh ULID."""
    return id_at(now())


def id_at(moment: datetime) -> SaleId:
    """A ULID as of a moment, for histories that are played."""
    return ulid((moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1), os.urandom(10))


def default_data() -> Path:
    """Where an office lives when nobody says otherwise (XDG Base Directory)."""
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "vending-app"


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one office."""

    data: Path

    @property
    def ledger(self) -> Path:
        return self.data / "ledger.sqlite3"

    @property
    def vault(self) -> Path:
        return self.data / "vault.sealed"

    @property
    def settings(self) -> Path:
        return self.data / "settings.json"

    @property
    def signing_key(self) -> Path:
        """The public key of the office, in hexadecimal: it is published."""
        return self.data / "signing.pub"

    @property
    def receipts(self) -> Path:
        return self.data / "receipts"

    @property
    def recovery(self) -> Path:
        return self.data / backing_up.RECOVERY

    @property
    def is_office(self) -> bool:
        """Whether there are books: a file, or a server in the settings. Raises EnvironmentFault settings-damaged."""
        return self.ledger.exists() or bool(settings.load(self.settings).ledger)


@dataclass(frozen=True, slots=True)
class OpenOffice:
    """An office with its books open and its keys at hand."""

    files: Files
    settings: settings.Settings
    vault: Vault
    codec: Totals1
    ledger: DeskLedger
    desk: Desk
    counter: Counter


def sample_description() -> Mapping[str, Any]:
    """The office that `init --sample` and the practice counter start from."""
    return read_description(RESOURCES / "sample-office.json")


def read_description(path: Path) -> Mapping[str, Any]:
    """A description of an office. Raises EnvironmentFault file-unreadable."""
    try:
        body = json.loads(path.read_bytes())
    except (OSError, ValueError) as cause:
        raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(path)) from cause
    if not isinstance(body, dict):
        raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(path))
    return body


def create_office(
    data: Path, sample: SampleOffice, *, password: str, passphrase: str, chosen: settings.Settings | None = None
) -> None:
    """Books, keys and settings for a new office, where `chosen` wants them; the passphrase is a token's PIN there.

    Raises OperatorError ledger-exists, token-pin-…; EnvironmentFault ledger-exists, ledger-server-…, token-…
    """
    chosen = chosen or settings.Settings()
    files = Files(data)
    if files.is_office:
        raise OperatorError(Code.LEDGER_EXISTS, data=str(data))
    make_folder(data)
    place = vaults.place_of(files.vault, chosen)
    vault = place.create(passphrase, entropy=os.urandom)
    with ExitStack() as finally_, ExitStack() as until_it_holds:
        finally_.callback(vault.lock)
        # A server that refuses leaves no keys behind that would be in the way of the next attempt.
        until_it_holds.callback(place.withdraw, vault)
        store = store_of(files, chosen)
        books = DeskLedger.create(store, office=sample.office, desk=DeskNo(chosen.desk), at=now())
        with closing(books), books.setting_up():
            sample.enter(books, password=password, people_secrets=Secrets(vault), entropy=os.urandom)
        until_it_holds.pop_all()
    settings.save(files.settings, chosen)


@contextmanager
def open_office(
    data: Path,
    *,
    passphrase: Secret,
    readers: Readers | None = None,
    printer: Printer | None = None,
    clock: Clock = now,
    dialect: str = "",
    desk: int = 0,
    unsealing: Future[Vault] | None = None,
) -> Iterator[OpenOffice]:
    """Open an office, by default as the desk of its settings, with the readers of PC/SC and its printer.

    `unsealing` is a vault that `start_unsealing` began to open; without it the passphrase opens it here.

    Raises EnvironmentFault ledger-missing, ledger-…, vault-…, token-…, settings-damaged; OperatorError
    vault-passphrase-wrong, token-pin-wrong, token-pin-last-try.
    """
    files = Files(data)
    loaded = settings.load(files.settings)
    chosen = replace(loaded, desk=desk or loaded.desk, dialect=dialect or loaded.dialect)
    with ExitStack() as stack:
        ledger = stack.enter_context(closing(open_ledger(files, chosen)))
        place = vaults.place_of(files.vault, chosen)
        vault = unsealing.result() if unsealing else place.open(passphrase())
        stack.callback(vault.lock)
        publish_key(files, vault)
        KeysInUse(ledger, vault).heed()
        codec = Totals1(vault, utility=ledger.office().utility)
        readers_of_desk = Desk(
            readers or PcscReaders(),
            codec=codec,
            vault=vault,
            entropy=random_bytes,
            dialect=chosen.dialect,
            tries_from_books=chosen.tries_from_books,
            known=TriesInBooks(ledger, clock),
        )
        stack.callback(readers_of_desk.close)
        backups = backing_up.start_backups(stack, backup_folder(files, chosen, clock), ledger)
        preferences = KeptChoices(files, chosen, has_printers=printer is None)
        paper_goes_to = printer or ChosenPrinter(files, preferences)
        outside = Outside(
            cards=readers_of_desk,
            ledger=ledger,
            vault=vault,
            paper=PaperWhenNeeded(),
            printer=paper_goes_to,
            drawer=DeviceDrawer(chosen.drawer),
            clock=clock,
            desk=DeskNo(chosen.desk),
            health=lambda: (
                *quick_health(readers_of_desk, paper_goes_to),
                *([backups.health()] if backups else []),
            ),
            entropy=os.urandom,
            preferences=preferences,
            backups=backups or NoBackups(),
            foresee=foresee,
            custody=Custody(vault, place, random_bytes),
        )
        yield OpenOffice(files, chosen, vault, codec, ledger, readers_of_desk, Counter(outside))


def backup_folder(files: Files, chosen: settings.Settings, clock: Clock = now) -> BackupFolder:
    """Where this desk keeps its backups."""
    return backing_up.backup_folder(
        files.data, chosen, backing_up.source_of(files.ledger, chosen), clock=clock, entropy=random_bytes
    )


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


class KeptChoices:
    """`desk_settings.Preferences` in settings.json; what a command line overrides is never written there."""

    def __init__(self, files: Files, chosen: settings.Settings, *, has_printers: bool) -> None:
        self._files = files
        self._chosen = chosen.choices
        self.has_printers = has_printers

    @property
    def chosen(self) -> DeskChoices:
        return self._chosen

    def keep(self, choices: DeskChoices) -> None:
        """Write what differs from now; the rest stays as the file has it, where the command line may have changed it.

        Raises EnvironmentFault file-unreadable, settings-damaged; nothing is changed then.
        """
        path = self._files.settings
        kept = settings.load(path)
        names = [field.name for field in fields(choices)]
        differs = {
            name: getattr(choices, name) for name in names if getattr(choices, name) != getattr(self._chosen, name)
        }
        fresh = replace(kept.choices, **differs)
        settings.save(path, kept.with_choices(fresh))
        self._chosen = fresh

    def printers(self) -> tuple[str, ...]:
        """The printers of this system."""
        from vending_app.printing.qt_printer import available_printers  # noqa: PLC0415 - headless verbs start without Qt

        return available_printers()


class ChosenPrinter:
    """`ports.Printer` that is always the chosen one: the office printer of the settings, else a folder."""

    def __init__(self, files: Files, preferences: KeptChoices) -> None:
        self._files, self._preferences = files, preferences

    @property
    def name(self) -> str:
        return self._printer.name

    def print_pdf(self, pdf: bytes, *, title: str) -> None:
        """Raises EnvironmentFault printer-failed."""
        self._printer.print_pdf(pdf, title=title)

    @property
    def _printer(self) -> Printer:
        name = self._preferences.chosen.printer
        if not name:
            return FolderPrinter(self._files.receipts)
        from vending_app.printing.qt_printer import QtPrinter  # noqa: PLC0415 - as above

        return QtPrinter(name)


def start_unsealing(data: Path, passphrase: str) -> Future[Vault]:
    """Open the vault beside whatever else a start has to do: a sealed file takes as long on purpose."""
    files = Files(data)
    pool = ThreadPoolExecutor(1, thread_name_prefix="unseal")
    try:
        return pool.submit(lambda: vaults.place_of(files.vault, settings.load(files.settings)).open(passphrase))
    finally:
        pool.shutdown(wait=False)


def printer_state(files: Files, chosen: settings.Settings) -> str:
    """Where receipts go. Raises EnvironmentFault printer-failed for a printer that this system does not have."""
    if not chosen.printer:
        return f"receipts are saved in {files.receipts}"
    from vending_app.printing.qt_printer import available_printers  # noqa: PLC0415 - as above

    if chosen.printer not in available_printers():
        raise EnvironmentFault(Code.PRINTER_FAILED, printer=chosen.printer, reason="no printer of this name")
    return chosen.printer


def publish_key(files: Files, vault: Vault) -> None:
    """Write the public key beside the books, once, for verbs that open no vault.

    Raises EnvironmentFault signing-key-differs: books and vault are not of one office, or somebody changed the file.
    """
    found = published_key(files.data)
    if found is None:
        write_text(files.signing_key, vault.signing_key.hex())
    elif found != vault.signing_key:
        raise EnvironmentFault(Code.SIGNING_KEY_DIFFERS, path=str(files.signing_key))


def published_key(data: Path) -> bytes | None:
    """The public key beside the books; None if there is none. Raises EnvironmentFault file-unreadable."""
    path = Files(data).signing_key
    try:
        return bytes.fromhex(path.read_text())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as cause:
        raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(path)) from cause


def write_text(path: Path, text: str) -> None:
    """Raises EnvironmentFault file-unreadable."""
    try:
        path.write_text(text)
    except OSError as cause:
        raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(path)) from cause


def make_folder(path: Path) -> None:
    """For this user alone: names, addresses and hashes lie in it. Raises EnvironmentFault file-unreadable."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as cause:
        raise EnvironmentFault(Code.FILE_UNREADABLE, path=str(path)) from cause


@contextmanager
def open_books(data: Path) -> Iterator[DeskLedger]:
    """The books alone, for verbs that need neither keys nor cards."""
    files = Files(data)
    with closing(open_ledger(files, settings.load(files.settings))) as ledger:
        yield ledger


def pcsc_states() -> tuple[ReaderState, ...]:
    """The readers of PC/SC. Raises EnvironmentFault pcsc-no-service, pcsc-denied."""
    with closing(PcscReaders()) as readers:
        return listed(readers)
