"""Rule 1: whose card this is, and whether an order on it is valid."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from vending_app.cardio.totals1_layout import HEADER_AREA, ORDER, SLOT_A, SLOT_B, WRITE_BACK_AREA
from vending_app.conformance.cards import (
    NEXT_CARD,
    OTHER_METER,
    OTHER_SUPPLY,
    Card,
    card,
    header_with,
    order,
)
from vending_app.conformance.script import Case, Script
from vending_app.domain.ids import MeterNo, SupplyNo

ERASED = {"FF": b"\xff", "00": b"\x00"}
_OTHER = MeterNo(OTHER_METER)


def cases() -> Iterator[Case]:
    yield from _headers()
    yield from _orders()
    yield from _slots()
    yield from _other_meters()


def _refused(script: Script, spoilt: Card, says: str) -> None:
    """Refused, counted, nothing written; and a right card is taken after it as if nothing had been."""
    script.provision()
    script.insert(spoilt, says, writes=False, illegal_cards=1, relay="open")
    script.insert(card(order("100")), "credited", credited=100_000, writes=True, illegal_cards=1, relay="closed")


def _headers() -> Iterator[Case]:
    for place, field, data in (
        (0, "magic", b"VX"),
        (2, "format_version", b"\x00"),
        (2, "format_version", b"\x02"),
        (3, "kind", b"\x00"),
        (3, "kind", b"\x06"),
        (3, "kind", b"\xff"),
        (4, "utility", b"\x00\x08"),
        (4, "utility", b"\xff\xff"),
        (6, "card", b"\x5a"),
    ):
        about = f"header: {field} is {data.hex().upper()}, with a right CRC"
        yield Case(f"header-{field}-{data.hex()}", "1", about, partial(_header_field, at=place, data=data))
    for at in range(HEADER_AREA.size):
        about = f"header: one bit of byte {at} is wrong, and with it the CRC"
        yield Case(f"header-bit-{at:02d}", "1", about, partial(_header_bit, at=HEADER_AREA.address + at))
    for name, byte in ERASED.items():
        yield Case(f"blank-{name}", "1", f"a blank card, every byte {name}", partial(_blank, byte=byte))
    yield Case("foreign", "1", "a card of something else", partial(_blank, byte=b"\x3c"))


def _header_field(script: Script, *, at: int, data: bytes) -> None:
    _refused(script, header_with(at, data, mends_crc=True), "E-01")


def _header_bit(script: Script, *, at: int) -> None:
    _refused(script, card(order("100")).flip(at), "E-01")


def _blank(script: Script, *, byte: bytes) -> None:
    made = card()
    _refused(script, made.put(HEADER_AREA.address, byte * (256 - HEADER_AREA.address)), "E-01")


# --- an order whose bytes are not those of the office -----------------------------------------------------


def _orders() -> Iterator[Case]:
    at = 1
    for field in ORDER.fields:
        # A wrong meter number is another case: no meter can prove what is meant for another one.
        if field.name != "meter":
            about = f"order: one bit of its {field.name} is wrong"
            yield Case(f"order-{field.name}", "1", about, partial(_order_bit, at=at + field.size - 1))
        at += field.size
    for byte in range(8):
        about = f"order: one bit of byte {byte} of its MAC is wrong"
        yield Case(f"order-mac-{byte}", "1", about, partial(_order_bit, at=at + byte))
    for state in (0x00, 0x4A, 0xA5, 0xFE, 0xFF):
        about = f"order: its state byte is {state:02X}, so it was never finished"
        yield Case(f"order-state-{state:02x}", "1", about, partial(_order_state, state=state))
    yield Case("order-moved", "1", "an order that was copied to another card", _moved)
    yield Case("order-reflected", "1", "a write-back put in the place of an order", _reflected)
    yield Case("order-unknown-key", "1", "an order under a key version that the meter does not have", _unknown_key)
    yield Case("order-figures", "1", "order: a half-byte of the supply number is no figure", _not_figures)


def _order_bit(script: Script, *, at: int) -> None:
    _refused(script, card(order("100")).flip(SLOT_A.address + at), "E-02")


def _order_state(script: Script, *, state: int) -> None:
    _refused(script, card(order("100")).put(SLOT_A.address, bytes([state])), "E-02")


def _moved(script: Script) -> None:
    there = card(order("100"))
    _refused(script, card(number=NEXT_CARD).put(SLOT_A.address, SLOT_A.of(there.memory)), "E-02")


def _reflected(script: Script) -> None:
    script.provision()
    made = card(order("100"))
    script.insert(made, "credited", credited=100_000, writes=True)
    told = WRITE_BACK_AREA.of(made.memory)
    script.insert(made.copy().put(SLOT_A.address + 1, told[:-1]), "E-02", writes=False, illegal_cards=1)


def _unknown_key(script: Script) -> None:
    script.provision(versions=(1,))
    script.insert(card(order("100", key_version=2)), "E-02", writes=False, illegal_cards=1)
    script.insert(card(order("100")), "credited", credited=100_000, writes=True)


def _not_figures(script: Script) -> None:
    _refused(script, card(order("100")).put(SLOT_A.address + 7, b"\xa0"), "E-02")


# --- two slots -------------------------------------------------------------------------------------------


def _slots() -> Iterator[Case]:
    yield Case("slots-empty", "1", "a card of ours without any order", _no_order)
    for name, byte in ERASED.items():
        about = f"slot A empty ({name}), slot B valid"
        yield Case(f"slots-only-b-{name}", "1", about, partial(_only_b, byte=byte))
    yield Case("slots-newer-a", "1", "both valid, A with the higher sequence", partial(_newer, is_a=True))
    yield Case("slots-newer-b", "1", "both valid, B with the higher sequence", partial(_newer, is_a=False))
    for state in (0xFF, 0x00, 0x5B):
        about = f"the newer order in B was torn (state {state:02X}): the one before in A holds"
        yield Case(f"slots-torn-b-{state:02x}", "1", about, partial(_torn, state=state))
    yield Case("slots-forged-b", "1", "the newer order in B has a wrong MAC: the one before in A holds", _forged)
    yield Case("slots-both-torn", "1", "neither slot is complete", _both_torn)


def _no_order(script: Script) -> None:
    _refused(script, card(), "E-02")


def _only_b(script: Script, *, byte: bytes) -> None:
    script.provision()
    made = card(b=order("60")).put(SLOT_A.address, byte * SLOT_A.size)
    script.insert(made, "credited", credited=60_000, writes=True)


def _newer(script: Script, *, is_a: bool) -> None:
    script.provision()
    older, newer = order("100", 1), order("150", 2)
    made = card(newer, older) if is_a else card(older, newer)
    script.insert(made, "credited", credited=150_000, writes=True, purchases=2)


def _torn(script: Script, *, state: int) -> None:
    script.provision()
    made = card(order("100", 1), order("150", 2)).put(SLOT_B.address, bytes([state]))
    script.insert(made, "credited", credited=100_000, writes=True, purchases=1)
    # The office writes the identical bytes again.
    finished = made.copy().put(SLOT_B.address, b"\x5a")
    script.insert(finished, "credited", credited=50_000, writes=True, purchases=2)


def _forged(script: Script) -> None:
    script.provision()
    made = card(order("100", 1), order("150", 2)).flip(SLOT_B.end - 1)
    script.insert(made, "credited", credited=100_000, writes=True, purchases=1)


def _both_torn(script: Script) -> None:
    made = card(order("100", 1), order("150", 2))
    _refused(script, made.put(SLOT_A.address, b"\xff").put(SLOT_B.address, b"\xff"), "E-02")


# --- E-03 ------------------------------------------------------------------------------------------------


def _other_meters() -> Iterator[Case]:
    other = order("100", meter=_OTHER)
    yield Case("other-meter", "E-03", "an order for another meter", lambda s: _refused(s, card(other), "E-03"))
    about = "an order for another meter whose MAC is wrong: no meter can prove that"
    yield Case("other-meter-forged", "E-03", about, lambda s: _refused(s, card(other).flip(SLOT_A.end - 1), "E-03"))
    about = "another meter's order, never finished, beside nothing: there is no order"
    torn = (SLOT_A.address, b"\xff")
    yield Case("other-meter-torn", "E-02", about, lambda s: _refused(s, card(other).put(*torn), "E-02"))
    yield Case("other-meter-newer", "E-03", "the newer order is for another meter: this one was exchanged", _exchanged)
    about = "an order for another meter with the same sequence is not the newer one"
    yield Case("other-meter-equal", "E-03", about, partial(_replaced, sequence=2))
    yield Case("other-meter-older", "E-03", "the older order is for another meter: this one replaced it", _replaced)


def _exchanged(script: Script) -> None:
    newer = order("150", 2, meter=_OTHER, supply=SupplyNo(OTHER_SUPPLY))
    _refused(script, card(order("100", 1), newer), "E-03")


def _replaced(script: Script, *, sequence: int = 1) -> None:
    script.provision()
    made = card(order("100", sequence, meter=_OTHER), order("150", 2))
    script.insert(made, "credited", credited=150_000, writes=True, illegal_cards=0)
