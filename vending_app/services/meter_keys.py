"""Under which version of the keys an order is made: one that its meter knows, while several are in the field."""

from __future__ import annotations

from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import SupplyNo
from vending_app.ports import KeyVault, Ledger

LOOKED_THROUGH = 400
"""Write-backs of one supply: more than thirty years of months."""


def known_to_meter(vault: KeyVault, ledger: Ledger, supply: SupplyNo) -> int:
    """The version that the meter of this supply proved last, or an earlier one of it that this desk has.

    One that never wrote back has at least the oldest. A meter forgets none, but a key card brings only the newest to
    it, so between two that it proved there may be one that it never had. Raises EnvironmentFault vault-locked,
    keys-retired.
    """
    oldest, newest = known_to_all(vault), vault.key_version
    last = ledger.last_write_back(supply) if newest != oldest else None
    if last is None:
        return oldest
    if last.key_version in vault.versions:
        return last.key_version
    earlier = {
        told.key_version for told in ledger.write_backs(supply, limit=LOOKED_THROUGH) if told.meter == last.meter
    }
    return max(earlier.intersection(vault.versions), default=oldest)


def known_to_all(vault: KeyVault) -> int:
    """The version that every meter has: the oldest in use, for cards that go from meter to meter.

    Raises EnvironmentFault vault-locked, keys-retired.
    """
    if not vault.versions:
        raise EnvironmentFault(Code.KEYS_RETIRED)
    return vault.versions[0]
