"""Decodes a tool card and checks its MACs, written only from docs/card-format.md ("Tool cards"), importing nothing of
the program: a second implementation of mandate, limits, collected records and new keys.
"""

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap

from tests.independent_card_check import cmac, fields

MANDATE = "number:4 area:8 meter:6 expires:2 carrier:2 key_version:1"
LIMITS = "alarm_1:3 alarm_2:3 overload:3 overdraft:3 hoarding:3"
COLLECTED = "meter_number:5 running:2 sequence:2 used_total:4 remaining:4s zero_crossing:3 illegal_cards:1 overload_trips:1 tamper_events:1 status:1 meter_hour:3"  # noqa: E501


def key(master: bytes, label: bytes, context: bytes, version: int) -> bytes:
    return cmac(master, b"\0\0\0\1" + label + b"\0" + context + bytes([version]) + b"\0\0\0\x80")


def check_tool(image: bytes, master: bytes) -> dict[str, object] | None:
    """Mandate, limits and valid records; None without a valid mandate."""
    kind, card, body = image[0x23], image[0x26:0x2C], image[0x31:0x48]
    version, limits, first = body[22], None, 0x70 if kind == 3 else 0x50
    named = (
        key(master, b"VEND-MAC", body[12:18], version) if kind == 4 else key(master, b"VEND-TOOL", body[4:12], version)
    )
    if image[0x30] != 0x5A or cmac(named, b"TOOLS" + bytes([kind]) + body + card)[:8] != image[0x48:0x50]:
        return None
    if kind == 3:
        limits = fields(LIMITS, image[0x50:0x68])
        if cmac(named, b"LIMIT" + body + image[0x50:0x68] + card)[:8] != image[0x68:0x70]:
            return None
    records = []
    for at in range(first, 0xF0, 32):
        told, mac = image[at : at + 27], image[at + 27 : at + 32]
        meter = bytes.fromhex(f"{int.from_bytes(told[:5], 'big'):012d}"[-12:])
        k_meter = key(master, b"VEND-MAC", meter, version)
        if cmac(k_meter, b"CHECK" + told + body[:4] + card)[:5] == mac:
            records.append(fields(COLLECTED, told))
    mandate = fields(MANDATE, body) | {"area": body[4:12].rstrip(b"\0").decode()}
    return {"mandate": mandate, "limits": limits, "records": records}


def check_key_card(image: bytes, masters: dict[int, bytes]) -> dict[str, object] | None:
    """What a meter learns from a key card; None unless mandate, MACs and wrapping are right."""
    card, body, told = image[0x26:0x2C], image[0x31:0x48], image[0x50:0xC8]
    meter, old, new = body[12:18], body[22], told[0]
    own = key(masters[old], b"VEND-MAC", meter, old)
    if image[0x23] != 5 or image[0x30] != 0x5A or cmac(own, b"TOOLS\5" + body + card)[:8] != image[0x48:0x50]:
        return None
    if cmac(own, b"NKEYS" + body + told + card)[:8] != image[0xC8:0xD0]:
        return None
    # The library's own RFC 3394, which the program does not use.
    wrapping = cmac(own, b"\0\0\0\1VEND-WRAP\0" + bytes([new]) + b"\0\0\0\x80")
    try:
        keys = aes_key_unwrap(wrapping, told[32:])
    except InvalidUnwrap:
        return None
    right = key(masters[new], b"VEND-MAC", meter, new) + key(masters[new], b"VEND-PSC", b"", new)
    right += key(masters[new], b"VEND-TOOL", told[1:9], new)
    right += key(masters[new], b"VEND-MFC", b"", new) + key(masters[new], b"VEND-DF-METER", b"", new)
    area = told[1:9].rstrip(b"\0").decode()
    return {"version": new, "key_area": area} if keys == right and not any(told[9:32]) else None
