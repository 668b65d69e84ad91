"""The keys that one meter holds: its own, of each version that it knows, and never a master (docs/card-format.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from vending_app.cardio.derivation import (
    CLASSIC_LABEL,
    KEY_SIZE,
    MAC_LABEL,
    METER_KEYS,
    PSC_LABEL,
    TOOL_LABEL,
    DerivingVault,
)
from vending_app.cardio.key_wrap import unwrap
from vending_app.domain.card import CardKeyName
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.ids import MeterNo
from vending_app.domain.wiping import wipe


@dataclass(frozen=True, slots=True, repr=False)
class MeterKeys:
    """Of one version, 16 bytes each; empty what a meter has no use for: no area, or no way to read such cards."""

    k_meter: bytes
    k_psc: bytes
    k_area: bytes = b""
    k_mfc: bytes = b""
    k_df: bytes = b""
    """`VEND-DF-METER`."""


class MeterKeyring(DerivingVault):
    """Implements ports.KeyVault as far as a meter needs it: every other key is one that it does not have."""

    def __init__(self, meter: MeterNo, keys: Mapping[int, MeterKeys], *, area: bytes = bytes(8)) -> None:
        """`area` is the code in 8 bytes of the area that the meter was provisioned for; zeros for none."""
        super().__init__()
        self._versions = tuple(sorted(keys))
        for version, held in keys.items():
            parts = (bytearray(key) for key in (held.k_meter, held.k_psc, held.k_area, held.k_mfc, held.k_df))
            self._keep(meter, version, parts, area=area)

    def opens_wrapped(self, wrapped: bytes, *, meter: MeterNo, area: bytes, known: int, version: int) -> bool:
        """Whether these are keys for this meter; they are kept beside the others then. Raises as record_mac."""
        wrapping = self._wrapping(meter, known, version)
        found = unwrap(wrapping, wrapped)
        wipe(wrapping)
        if found is None or len(found) != METER_KEYS * KEY_SIZE:
            return False
        self._keep(meter, version, (found[at : at + KEY_SIZE] for at in range(0, len(found), KEY_SIZE)), area=area)
        self._versions = tuple(sorted({*self._versions, version}))
        wipe(found)
        return True

    def _keep(self, meter: MeterNo, version: int, keys: Iterable[bytearray], *, area: bytes) -> None:
        mark = bytes([version])
        places = (
            (MAC_LABEL, bytes.fromhex(meter) + mark),
            (PSC_LABEL, mark),
            (TOOL_LABEL, area + mark) if any(area) else None,
            (CLASSIC_LABEL, mark),
            (CardKeyName.METER.value.encode(), mark),
        )
        self._derived |= {place: key for place, key in zip(places, keys, strict=True) if place and key}

    @property
    def held(self) -> tuple[int, ...]:
        return self._versions

    def _master_cmac(self, version: int, message: bytes) -> bytearray:
        raise EnvironmentFault(Code.KEY_VERSION_UNKNOWN, key_version=version)
