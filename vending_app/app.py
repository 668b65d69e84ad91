"""The composition root: the only file that knows every room. Time, randomness and secrets enter the program here."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from vending_app import backing_up, settings, vaults
from vending_app.cardio.desk import Desk, listed
from vending_app.cardio.link import Readers
from vending_app.cardio.pcsc import PcscReaders
from vending_app.cardio.totals1 import Totals1
from vending_app.desk_choices import ChosenPrinter, KeptChoices
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import DeskNo, SaleId, ulid
from vending_app.keeping.backups import BackupFolder
from vending_app.key_custody import Custody
from vending_app.ledger import DeskLedger
from vending_app.meter.foresee import foresee
from vending_app.office_books import open_ledger, store_of
from vending_app.office_files import Files, make_folder, publish_key
from vending_app.paper import PaperWhenNeeded
from vending_app.ports import Clock, Printer, ReaderState
from vending_app.printing.drawer import DeviceDrawer
from vending_app.services.backups import BackupPlan, NoBackups
from vending_app.services.card_tries import TriesInBooks
from vending_app.services.counter import Counter
from vending_app.services.keys_in_use import KeysInUse
from vending_app.services.outside import Outside
from vending_app.services.passwords import Secrets
from vending_app.services.self_test import quick_health
from vending_app.services.setup import SampleOffice
from vending_app.services.use_cases import Health
from vending_app.vaults import Vault
from vending_app.when_needed import WhenNeeded

if TYPE_CHECKING:
    from vending_app.ledger import copying
else:
    copying = WhenNeeded("vending_app.ledger.copying")

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
        keys = KeysInUse(ledger, vault)
        keys.heed()
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
            health=lambda: _health(quick_health(readers_of_desk, paper_goes_to, keys), backups),
            entropy=os.urandom,
            preferences=preferences,
            backups=backups or NoBackups(),
            foresee=foresee,
            custody=Custody(vault, place, random_bytes),
        )
        yield OpenOffice(files, chosen, vault, codec, ledger, readers_of_desk, Counter(outside))


def _health(parts: tuple[Health, ...], backups: BackupPlan | None) -> tuple[Health, ...]:
    return (*parts, backups.health()) if backups else parts


def backup_folder(files: Files, chosen: settings.Settings, clock: Clock = now) -> BackupFolder:
    """Where this desk keeps its backups."""
    return backing_up.backup_folder(
        files.data, chosen, backing_up.source_of(files.ledger, chosen), clock=clock, entropy=random_bytes
    )


def start_unsealing(data: Path, passphrase: str) -> Future[Vault]:
    """Open the vault beside whatever else a start has to do: a sealed file takes as long on purpose."""
    files = Files(data)
    pool = ThreadPoolExecutor(1, thread_name_prefix="unseal")
    try:
        return pool.submit(lambda: vaults.place_of(files.vault, settings.load(files.settings)).open(passphrase))
    finally:
        pool.shutdown(wait=False)


@contextmanager
def open_keys(data: Path, ledger: DeskLedger, *, passphrase: Secret) -> Iterator[KeysInUse]:
    """The keys of this desk beside books that are open. Raises EnvironmentFault vault-…, token-…; OperatorError
    vault-passphrase-wrong, token-pin-…"""
    files = Files(data)
    vault = vaults.place_of(files.vault, settings.load(files.settings)).open(passphrase())
    try:
        yield KeysInUse(ledger, vault)
    finally:
        vault.lock()


def pcsc_states() -> tuple[ReaderState, ...]:
    """The readers of PC/SC. Raises EnvironmentFault pcsc-no-service, pcsc-denied."""
    with closing(PcscReaders()) as readers:
        return listed(readers)
