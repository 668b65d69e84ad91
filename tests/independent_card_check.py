"""Decodes a card image and checks its MACs, written only from docs/card-format.md, importing nothing of the program:
python tests/independent_card_check.py IMAGE MASTER_KEY_HEX [UTILITY]
"""

import json
import struct
import sys
from binascii import crc_hqx
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

ORDER = "meter:6 supply:4 generation:2 sequence:4 energy_total:4 last_purchase:4s purchases:3 alarm_1:3 alarm_2:3 overload:3 overdraft:3 hoarding:3 constant:2 ct_ratio:2 pt_ratio:2 sold_at:4 desk:2 key_version:1"  # noqa: E501
WRITE = "meter:6 sequence:4 used_total:4 remaining:4s energy_total:4 zero_crossing:4 purchases:3 illegal_cards:2 overload_trips:2 low_credit_trips:2 tamper_events:2 power_failures:2 power_max:3 status:1 key_version:1 last_month:4 meter_time:4 running:4"  # noqa: E501


def cmac(key: bytes, message: bytes) -> bytes:
    mac = CMAC(AES(key))
    mac.update(message)
    return mac.finalize()


def crc16(data: bytes) -> int:
    return crc_hqx(data, 0xFFFF)


def fields(layout: str, body: bytes) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, form in (field.split(":") for field in layout.split()):
        raw, body = body[: int(form[0])], body[int(form[0]) :]
        number = int.from_bytes(raw, "big", signed=form.endswith("s"))
        values[name] = raw.hex() if name in ("meter", "supply") else number
    return values


def record(layout: str, label: bytes, raw: bytes, card: bytes, master: bytes) -> dict[str, object] | None:
    """Values of a record, or None if its MAC is wrong."""
    body, mac, values = raw[:-8], raw[-8:], fields(layout, raw[:-8])
    context = body[:6] + bytes([int(str(values["key_version"]))])
    k_meter = cmac(master, b"\0\0\0\1" + b"VEND-MAC" + b"\0" + context + b"\0\0\0\x80")
    return values if cmac(k_meter, label + body + card)[:8] == mac else None


def check(image: bytes, master: bytes, utility: int) -> dict[str, object]:
    """Header, the valid orders by slot, and the write-back."""
    magic, version, kind, who, card, key_version, _, crc = struct.unpack(">2sBBH6sBBH", image[0x20:0x30])
    is_ours = (magic, version, who, crc) == (b"VT", 1, utility, crc16(image[0x20:0x2E]))
    slots = {name: image[at : at + 64] for name, at in (("A", 0x30), ("B", 0x70))}
    orders = {name: record(ORDER, b"ORDER", raw[1:], card, master) for name, raw in slots.items() if raw[0] == 0x5A}
    k_psc = cmac(master, b"\0\0\0\1" + b"VEND-PSC" + b"\0" + bytes([key_version]) + b"\0\0\0\x80")
    write_back = record(WRITE, b"WRITE", image[0xB0:0xF0], card, master)
    psc = cmac(k_psc, card)[:3].hex()
    return {"is_ours": is_ours, "kind": kind, "psc": psc, "orders": orders, "write_back": write_back}


if __name__ == "__main__":
    file, key, *rest = sys.argv[1:]
    print(json.dumps(check(Path(file).read_bytes()[:256], bytes.fromhex(key), int(*rest or ["7"])), indent=1))  # noqa: T201
