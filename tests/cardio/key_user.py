"""A process that uses keys in every way, locks them, and then waits to be looked into: see `test_no_key_stays.py`.

python -m tests.cardio.key_user sealed FILE | token MODULE LABEL | chips FILE FOLDER | pcsc FILE READER |
shares FILE NOTES | office FOLDER
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tests.cardio.builders import CARD, OTHER_CARD, UTILITY, a_header, an_order, carried
from vending_app.cardio.derivation import DerivingVault
from vending_app.cardio.link import Readers
from vending_app.domain.errors import VendingError
from vending_app.domain.ids import MeterNo, OperatorName, ReaderName, SupplyNo
from vending_app.domain.key_ceremony import KeyDeed, KeyEvent
from vending_app.domain.money import Money

if TYPE_CHECKING:
    from vending_app.vaults import SealedPlace

PASSPHRASE, PASSWORD = "a passphrase of the office", "246810"
METERS = tuple(MeterNo(f"{number:012d}") for number in range(300, 320))
AREAS = (b"N-3\0\0\0\0\0", b"SOUTH\0\0\0")
SUPPLY = SupplyNo("00417726")
HEADER = replace(a_header(), key_version=2)
KEPT: list[DerivingVault] = []
log = logging.getLogger("key user")


def main() -> None:
    mode, *words = sys.argv[1:]
    uses: dict[str, Callable[..., None]] = {
        "sealed": use_sealed,
        "token": use_token,
        "chips": use_chips,
        "pcsc": use_pcsc,
        "shares": use_shares,
        "office": use_office,
    }
    uses[mode](*words)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()


def use_sealed(file: str) -> None:
    """A new file, one more version in it, opened again, shared out and joined again; then everything is refused."""
    from vending_app.domain.key_share import parse_share, share_groups
    from vending_app.key_custody import Custody, restored_of_shares
    from vending_app.vaults import SealedPlace

    place = SealedPlace(Path(file))
    made = place.create(PASSPHRASE, entropy=os.urandom)
    place.add_version(made, PASSPHRASE, entropy=os.urandom)
    for vault in (made, place.open(PASSPHRASE)):
        use(vault)
        custody = Custody(vault, place, os.urandom)
        texts = ["-".join(share_groups(share)) for share in custody.shares(1, count=3)]
        shares = [parse_share(text) for text in texts]
        custody.prove(shares)
        if "KEEP_OPEN" not in os.environ:
            vault.lock()
    KEPT.append(vault)
    told = KeyEvent(KeyDeed.SHARED, 1, shares[0].check_value, (), shares[0].sharing, clock())
    lost = SealedPlace(Path(file).with_name("restored"))
    restore = partial(restored_of_shares, events=(told,), signing_key=None, entropy=os.urandom, clock=clock)
    restore(lost, PASSPHRASE, shares)
    refused(lambda: place.open("wrong"))
    if "KEEP_OPEN" not in os.environ:
        refused_at_writing(place, lost, lambda: restore(lost, PASSPHRASE, shares))


def refused_at_writing(place: SealedPlace, lost: SealedPlace, restore: Callable[[], object]) -> None:
    """A new version and a file of shares that cannot be written; shares of a version that is not here."""
    from vending_app.cardio.vault import SealedVault
    from vending_app.key_custody import Custody

    vault = place.open(PASSPHRASE)
    lost.path.unlink()
    for path in (place.path, lost.path):
        path.with_name(f"{path.name}.new").mkdir()
    refused(lambda: place.add_version(vault, PASSPHRASE, entropy=os.urandom))
    refused(restore)
    elsewhere = Custody(SealedVault({1: bytearray(16)}), place, os.urandom)
    refused(lambda: elsewhere.prove(Custody(vault, place, os.urandom).shares(2, count=2)))
    vault.lock()


def refused(what: Callable[[], object]) -> None:
    """It ends in a known trouble, which is logged with its whole traceback."""
    try:
        what()
    except VendingError:
        log.warning("refused", exc_info=True)
    else:
        raise AssertionError("meant to be refused")


def clock() -> datetime:
    return datetime.now(UTC)


def use_token(module: str, label: str) -> None:
    from vending_app.cardio.token_vault import TokenVault

    vault = TokenVault.open(module, label, os.environ["TOKEN_PIN"])
    vault.require_pin(os.environ["TOKEN_PIN"])
    refused(lambda: vault.require_pin("0"))
    use(vault)
    vault.lock()


def use_chips(file: str, folder: str) -> None:
    """Every chip issued, sold to, and made blank again; what it keeps of keys itself is in another process."""
    from tests.cardio.cards_beside import BESIDE, CardsBeside
    from vending_app.cardio.emulated.kinds import KINDS
    from vending_app.cardio.vault import SealedVault

    vault = SealedVault.open(Path(file), PASSPHRASE)
    for kind in KINDS:
        readers = CardsBeside(kind, Path(folder))
        (Path(folder) / f"{kind}.uid").write_text(live(readers, BESIDE, vault).hex())
        readers.close()
    vault.lock()
    KEPT.append(vault)


def use_pcsc(file: str, reader: str) -> None:
    """The same with the card in a real reader, which is asked by way of pyscard."""
    from vending_app.cardio.pcsc import PcscReaders
    from vending_app.cardio.vault import SealedVault

    vault = SealedVault.open(Path(file), PASSPHRASE)
    readers = PcscReaders()
    live(readers, ReaderName(reader), vault)
    readers.close()
    vault.lock()
    KEPT.append(vault)
    # Nothing is to be given back to the system any more while somebody looks.
    for thread in threading.enumerate():
        if thread is not threading.current_thread():
            thread.join()


def live(readers: Readers, reader: ReaderName, vault: DerivingVault) -> bytes:
    """A card issued, sold to, and made blank again; its UID."""
    from vending_app.cardio.desk import Desk
    from vending_app.cardio.totals1 import Totals1
    from vending_app.domain.card import CardWrite

    codec = Totals1(vault, utility=UTILITY)
    desk = Desk(readers, codec=codec, vault=vault, entropy=os.urandom)
    order, header = codec.encode_order(an_order(1, key_version=2), card=CARD), codec.encode_header(HEADER)
    issue = CardWrite(CARD, order, header, HEADER.key_version)
    sale = CardWrite(CARD, codec.encode_order(an_order(2, key_version=2), card=CARD))
    for write in (issue, sale):
        with desk.session(reader) as session:
            carried(session, write)
    with desk.session(reader) as session:
        session.read()
        session.clear(CARD)
        return session.uid


def use_shares(file: str, noted: str) -> None:
    """Shares shown on the page of the keys and at a terminal, typed again, and joined for trial; then locked."""
    from PySide6.QtWidgets import QApplication

    from vending_app.commands.key_shares import show
    from vending_app.domain.key_share import parse_share, share_groups
    from vending_app.domain.wiping import erase_typed
    from vending_app.key_custody import Custody
    from vending_app.services.key_cases import KeyShared
    from vending_app.ui.keys.share_card import ShareCard
    from vending_app.ui.theme import LIGHT, Look
    from vending_app.vaults import SealedPlace

    qt = QApplication([])
    place = SealedPlace(Path(file))
    vault = place.open(PASSPHRASE)
    custody = Custody(vault, place, os.urandom)
    typed = []
    with open(noted, "wb", buffering=0) as notes, open(os.devnull, "w") as nowhere:
        for screen in ("page", "terminal"):
            shares = custody.shares(1, count=3)
            for share in shares:
                notes.write(share.secret)
                notes.write(bytes.fromhex(share.sharing + share.check_value) + bytes([share.number, share.of]))
                text = "-".join(share_groups(share))
                typed.append(parse_share(text))
                erase_typed(text)
            custody.prove(typed)
            for share in typed:
                share.wipe()
            typed.clear()
            told = KeyEvent(KeyDeed.SHARED, 1, shares[0].check_value, ("Ann", "Bo", "Chi"), shares[0].sharing, clock())
            if screen == "terminal":
                with redirect_stdout(nowhere):
                    show(KeyShared(told, shares))
                continue
            card = ShareCard(Look(LIGHT))
            card.resize(416, 600)
            card.show()
            card.begin(KeyShared(told, shares))
            while card.is_going_on:
                card.button.click()
                card.grab()
                qt.processEvents()
    vault.lock()
    KEPT.append(vault)


def use(vault: DerivingVault) -> None:
    for version in vault.versions:
        for meter in METERS:
            vault.record_mac(b"\x5a" * 66, meter=meter, key_version=version)
        for area in AREAS:
            vault.area_mac(b"\x5a" * 35, area=area, key_version=version)
        wrapped = vault.wrapped_keys(meter=METERS[0], area=AREAS[0], known=1, version=version)
        vault.opens_wrapped(wrapped, meter=METERS[0], area=AREAS[0], known=1, version=version)
        for card in (CARD, OTHER_CARD):
            vault.psc(card=card, key_version=version)
        vault.check_value(version)
    vault.sign(b"the books")
    vault.keyed_secret(b"cashier\0123456")
    log.debug("%r signs as %s", vault, vault.signing_key.hex())
    crash(lambda: vault.sign(None))  # type: ignore[arg-type]
    crash(lambda: vault.record_mac(None, meter=METERS[0], key_version=1))  # type: ignore[arg-type]
    crash(lambda: vault.psc(card="no figures", key_version=1))  # type: ignore[arg-type]


def crash(bug: Callable[[], object]) -> None:
    """A bug while keys are open, told as the last net tells it: with its whole traceback."""
    try:
        bug()
    except (TypeError, ValueError):
        log.critical("uncaught", exc_info=True)
    else:
        raise AssertionError("meant to break")


def use_office(folder: str) -> None:
    """Issue a card and sell to it at a counter with a built-in reader."""
    from vending_app import app
    from vending_app.cardio.builtin import BuiltInReaders
    from vending_app.cardio.emulated.card import EmulatedCard
    from vending_app.printing.folder import FolderPrinter
    from vending_app.services.use_cases import IssueCard, LogIn, OpenShift, ReadCard, Sell, VerifyLedger

    data = Path(folder)
    logging.basicConfig(filename=data / "counter.log", level=logging.DEBUG)
    readers = BuiltInReaders()
    with app.open_office(
        data, passphrase=lambda: PASSPHRASE, readers=readers, printer=FolderPrinter(data / "paper")
    ) as office:
        do = office.counter.do
        do(LogIn(OperatorName("technician"), PASSWORD))
        readers.insert(EmulatedCard.blank())
        do(IssueCard(app.new_id(), SUPPLY))
        do(LogIn(OperatorName("cashier"), PASSWORD))
        do(OpenShift(Money(0)))
        sold = do(Sell(app.new_id(), amount=Money(5000)))
        (data / "told.txt").write_text(f"{sold!r}\n{do(ReadCard())!r}\n{do(VerifyLedger())!r}\n{office.vault!r}")
        use(office.vault)


if __name__ == "__main__":
    main()
