"""The keys that one meter holds: its own, of each version that it knows, and never a master (docs/card-format.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vending_app.cardio.derivation import MAC_LABEL, PSC_LABEL, TOOL_LABEL, DerivingVault
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import MeterNo


@dataclass(frozen=True, slots=True, repr=False)
class MeterKeys:
    """Of one version, 16 bytes each; without a key of an area no tool card of an area is taken."""

    k_meter: bytes
    k_psc: bytes
    k_area: bytes = b""


class MeterKeyring(DerivingVault):
    """Implements ports.KeyVault as far as a meter needs it: every other key is one that it does not have."""

    def __init__(self, meter: MeterNo, keys: Mapping[int, MeterKeys], *, area: bytes = b"") -> None:
        """`area` is the code in 8 bytes of the area that the meter was provisioned for."""
        super().__init__()
        self._versions = tuple(sorted(keys))
        for version, held in keys.items():
            mark = bytes([version])
            self._derived[MAC_LABEL, bytes.fromhex(meter) + mark] = bytearray(held.k_meter)
            self._derived[PSC_LABEL, mark] = bytearray(held.k_psc)
            if held.k_area:
                self._derived[TOOL_LABEL, area + mark] = bytearray(held.k_area)

    @property
    def versions(self) -> tuple[int, ...]:
        return self._versions

    def _master_cmac(self, version: int, message: bytes) -> bytearray:
        raise EnvironmentFault(Code.KEY_VERSION_UNKNOWN, key_version=version)
