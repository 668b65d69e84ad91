"""Cards looked at from all sides, as the desk would answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.gui import values
from vending_app.cardio.desfire.plan import HISTORY_KEPT
from vending_app.cardio.dump import fields_of
from vending_app.cardio.totals1_layout import OUTLINE_SIZE
from vending_app.conformance.cards import CODEC, Card, card, order, tool
from vending_app.conformance.contactless_cards import DESFIRE_UID
from vending_app.domain.card import CardKind, ImageState, PastOrder
from vending_app.domain.energy import Energy
from vending_app.domain.verdict import Verdict
from vending_app.services.diagnosis_cases import Compared, Comparison, Diagnosis
from vending_app.services.use_cases import CardReading

GOOD = card(order("4812.15", 27), order("5026.88", 28))
TORN = card(order("4812.15", 27), order("5026.88", 28)).put(0x70, b"\xff")
CHECK = tool(CardKind.CHECK)


def looked_at(read: CardReading, *, made: Card = GOOD, lacks: bool = False) -> Diagnosis:
    """What a page shows of it; a card that lacks its order differs from the books."""
    state = read.image.state
    if state is ImageState.OURS:
        read = replace(read, image=replace(CODEC.decode(made.memory), tries=3), chip="SLE4442", dialect="acs")
    raw = {ImageState.UNREADABLE: b"", ImageState.BLANK: b"\xff" * 256, ImageState.FOREIGN: bytes(range(256))}
    here = "27" if lacks else "28"
    compared = (
        Comparison(Compared.CARD, values.CARD, values.CARD),
        Comparison(Compared.SUPPLY, values.SUPPLY, values.SUPPLY),
        Comparison(Compared.METER, "000012345678", "000012345678"),
        Comparison(Compared.GENERATION, "3", "3"),
        Comparison(Compared.SEQUENCE, here, "28"),
        Comparison(Compared.ENERGY_TOTAL, "4812.15 kWh" if lacks else "5026.88 kWh", "5026.88 kWh"),
        Comparison(Compared.PURCHASES, here, "28"),
        Comparison(Compared.READ_LAST, "31", "31"),
    )
    return Diagnosis(
        reading=read,
        fields=fields_of(raw.get(state, read.image.raw)),
        atr=b"" if state is ImageState.UNREADABLE else bytes.fromhex("3B04A2131091"),
        uid=b"",
        milliseconds=312,
        at=values.NOW,
        history=(),
        compared=compared if read.reading is not None else (),
        repair=values.a_sale("01HF28", name="Oluwaseun Adeyemi", minor=50_00, kwh="214.28") if lacks else None,
    )


def torn() -> CardReading:
    return values.a_card(Verdict.ORDER_BEHIND)


def remembering(*, lacks: bool = False) -> Diagnosis:
    """A DESFire card with as many orders as it remembers; one of them the books never made."""
    found = looked_at(values.a_card(), made=card(order("5026.88", 28)))
    image = replace(found.reading.image, tries=None)
    past = tuple(
        PastOrder(28 - at, Energy(5_026_880 - 214_730 * at), Energy(214_730), values.NOW - timedelta(days=31 * at))
        for at in range(HISTORY_KEPT)
    )
    unknown = (Comparison(Compared.PAST_ORDERS, "26", ""),) if lacks else ()
    return replace(
        found,
        reading=replace(found.reading, image=image, chip="MIFARE DESFire", dialect=""),
        atr=bytes.fromhex("3B8180018080"),
        uid=DESFIRE_UID,
        fields=fields_of(DESFIRE_UID.ljust(0x20, b"\xff") + image.raw[0x20:], uid=DESFIRE_UID),
        history=past,
        compared=(*found.compared, *unknown),
    )


def closed() -> Diagnosis:
    """A DESFire card whose records are kept by keys that this desk was not given."""
    found = remembering()
    outline = CODEC.outline(found.reading.image.raw[:OUTLINE_SIZE])
    read = replace(found.reading, verdict=Verdict.KEYS_MISSING, image=outline)
    told = fields_of(DESFIRE_UID.ljust(0x20, b"\xff") + outline.raw[0x20:], uid=DESFIRE_UID)
    return replace(found, reading=read, fields=told, history=(), compared=found.compared[:1])


def nameless() -> Diagnosis:
    """A stranger's card but for an order that proves whose it is."""
    found = looked_at(values.a_card(Verdict.NOT_OURS), made=GOOD)
    issue = values.a_sale("01HF01", name="Oluwaseun Adeyemi", minor=0, kwh="0.00")
    return replace(found, fields=fields_of(GOOD.memory), repair=issue)
