"""A process that uses keys in every way, locks them, and then waits to be looked into: see `test_no_key_stays.py`.

python -m tests.cardio.key_user sealed FILE | token MODULE LABEL | office FOLDER
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tests.cardio.builders import CARD, OTHER_CARD
from vending_app.cardio.derivation import DerivingVault
from vending_app.domain.errors import VendingError
from vending_app.domain.ids import MeterNo, OperatorName, SupplyNo
from vending_app.domain.key_ceremony import KeyDeed, KeyEvent
from vending_app.domain.money import Money

PASSPHRASE, PASSWORD = "a passphrase of the office", "246810"
METERS = tuple(MeterNo(f"{number:012d}") for number in range(300, 320))
AREAS = (b"N-3\0\0\0\0\0", b"SOUTH\0\0\0")
SUPPLY = SupplyNo("00417726")
KEPT: list[DerivingVault] = []
log = logging.getLogger("key user")


def main() -> None:
    mode, *words = sys.argv[1:]
    uses: dict[str, Callable[..., None]] = {"sealed": use_sealed, "token": use_token, "office": use_office}
    uses[mode](*words)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()


def use_sealed(file: str) -> None:
    """A new file, one more version in it, opened again, shared out and joined again, refused once."""
    from vending_app.domain.key_share import parse_share, share_text
    from vending_app.key_custody import Custody, restored_of_shares
    from vending_app.vaults import SealedPlace

    place = SealedPlace(Path(file))
    made = place.create(PASSPHRASE, entropy=os.urandom)
    place.add_version(made, PASSPHRASE, entropy=os.urandom)
    for vault in (made, place.open(PASSPHRASE)):
        use(vault)
        custody = Custody(vault, place, os.urandom)
        texts = [share_text(share) for share in custody.shares(1, count=3)]
        shares = [parse_share(text) for text in texts]
        custody.prove(shares)
        if "KEEP_OPEN" not in os.environ:
            vault.lock()
    KEPT.append(vault)
    told = KeyEvent(KeyDeed.SHARED, 1, shares[0].check_value, (), shares[0].sharing, clock())
    lost = SealedPlace(Path(file).with_name("restored"))
    restored_of_shares(lost, PASSPHRASE, shares, events=(told,), signing_key=None, entropy=os.urandom, clock=clock)
    try:
        place.open("wrong")
    except VendingError as refused:
        log.warning("refused: %s", refused)


def clock() -> datetime:
    return datetime.now(UTC)


def use_token(module: str, label: str) -> None:
    from vending_app.cardio.token_vault import TokenVault

    vault = TokenVault.open(module, label, os.environ["TOKEN_PIN"])
    use(vault)
    vault.lock()


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
