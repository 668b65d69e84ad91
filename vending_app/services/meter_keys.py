"""Under which version of the keys an order is made: one that its meter knows, while several are in the field."""

from __future__ import annotations

from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.people import SupplyFile
from vending_app.ports import KeyVault, Ledger


def known_to_meter(vault: KeyVault, ledger: Ledger, supply: SupplyFile) -> int:
    """The newest version that the meter of this supply proved, for this supply or an earlier one, and this desk has.

    One that never proved any has at least the oldest. A meter forgets none, but a key card brings only the newest to
    it, so between two that it proved there may be one that it never had. Raises EnvironmentFault vault-locked,
    keys-retired, and key-version-unknown where it proved none that is in use here.
    """
    oldest, last, meter = known_to_all(vault), ledger.last_write_back(supply.number), supply.meter.number
    if last is not None and last.meter == meter and last.key_version in vault.versions:
        return last.key_version
    proved = ledger.key_versions_proved(meter)
    if not proved:
        return oldest
    shared = proved.intersection(vault.versions)
    if not shared:
        raise EnvironmentFault(Code.KEY_VERSION_UNKNOWN, meter=meter)
    return max(shared)


def known_to_all(vault: KeyVault) -> int:
    """The version that every meter has: the oldest in use, for cards that go from meter to meter.

    Raises EnvironmentFault vault-locked, keys-retired.
    """
    if not vault.versions:
        raise EnvironmentFault(Code.KEYS_RETIRED)
    return vault.versions[0]
