"""Under which version of the keys an order is made: one that its meter knows, while several are in the field."""

from __future__ import annotations

from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import MeterNo
from vending_app.domain.people import SupplyFile
from vending_app.ports import KeyVault, Ledger


def known_to_meter(vault: KeyVault, ledger: Ledger, supply: SupplyFile) -> int:
    """For an order: that of the last write-back, where this desk has it; else the newest that the meter proved.

    Raises EnvironmentFault vault-locked, keys-retired, key-version-unknown.
    """
    last, meter = ledger.last_write_back(supply.number), supply.meter.number
    if last is not None and last.meter == meter and last.key_version in vault.versions:
        return last.key_version
    return max(_proved(vault, ledger, meter))


def known_to_one(vault: KeyVault, ledger: Ledger, meter: MeterNo) -> int:
    """For a tool card that goes to this meter alone: the oldest that it proved.

    A tool card is made again and again, and keeps the keys of its chip meanwhile. Raises EnvironmentFault vault-locked,
    keys-retired, key-version-unknown.
    """
    return min(_proved(vault, ledger, meter))


def _proved(vault: KeyVault, ledger: Ledger, meter: MeterNo) -> frozenset[int]:
    """The versions that the meter proved, for its supply or an earlier one, and this desk has.

    One that never proved any has at least the oldest. A meter forgets none, but a key card brings only the newest to
    it, so between two that it proved there may be one that it never had. Raises EnvironmentFault vault-locked,
    keys-retired, and key-version-unknown where it proved none that is in use here.
    """
    oldest, proved = known_to_all(vault), ledger.key_versions_proved(meter)
    if not proved:
        return frozenset({oldest})
    shared = proved.intersection(vault.versions)
    if not shared:
        raise EnvironmentFault(Code.KEY_VERSION_UNKNOWN, meter=meter)
    return shared


def known_to_all(vault: KeyVault) -> int:
    """The version that every meter has: the oldest in use, for cards that go from meter to meter.

    Raises EnvironmentFault vault-locked, keys-retired.
    """
    if not vault.versions:
        raise EnvironmentFault(Code.KEYS_RETIRED)
    return vault.versions[0]
