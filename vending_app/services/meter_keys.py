"""Under which version of the keys an order is made: one that its meter knows, while several are in the field."""

from __future__ import annotations

from vending_app.domain.ids import SupplyNo
from vending_app.ports import KeyVault, Ledger


def known_to_meter(vault: KeyVault, ledger: Ledger, supply: SupplyNo) -> int:
    """The version that the meter of this supply proved last. One that never wrote back has at least the oldest.

    Raises EnvironmentFault vault-locked.
    """
    oldest = vault.versions[0]
    if vault.key_version == oldest:
        return oldest
    last = ledger.last_write_back(supply)
    return max(oldest, last.key_version) if last is not None else oldest


def known_to_all(vault: KeyVault) -> int:
    """The version that every meter has: the oldest in use, for cards that go from meter to meter."""
    return vault.versions[0]
