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
from vending_app.domain.ids import ReaderName
from vending_app.domain.sale import Purpose, SaleState
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
        issue_begun=None,
        compared=compared if read.reading is not None else (),
        repair=values.a_sale("01HF28", name="Oluwaseun Adeyemi", minor=50_00, kwh="214.28") if lacks else None,
    )


def torn() -> CardReading:
    return values.a_card(Verdict.ORDER_BEHIND)


ARABIC = "عبد الرحمن بن محمد بن عبد العزيز آل الشيخ المنصوري الهاشمي القرشي"
LATIN = "Wilhelmina Oluwafunmilayo Papadopoulos-Quagliarella and grandchildren"
ONE_WORD = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkgesellschaft"


def named(name: str, *, differing: int = 0) -> Diagnosis:
    """A customer's card that differs from the books in so many things."""
    supply = values.a_supply(name=name)
    found = looked_at(values.a_card(reading=values.a_reading(supply)))
    compared = (replace(each, on_card="1") if at < differing else each for at, each in enumerate(found.compared))
    return replace(found, compared=tuple(compared))


def longest() -> Diagnosis:
    """All that a DESFire card can say, of somebody with a long name and in everything unlike the books."""
    found = remembering(lacks=True)
    read = replace(found.reading, reading=values.a_reading(values.a_supply(name=ARABIC)))
    read = replace(read, reader=ReaderName("HID Global OMNIKEY 5022 Smart Card Reader [OMNIKEY 5022 CL] (KE1R) 00 00"))
    compared = tuple(replace(each, on_card="1") for each in found.compared)
    atr = bytes.fromhex("3B8F8001804F0CA000000306030001000000006A")
    return replace(found, reading=read, compared=compared, atr=atr)


def waiting(verdict_image: ImageState = ImageState.OURS) -> Diagnosis:
    """The torn card of a sale that waits; or the blank one of an issue that does."""
    sale = values.a_sale("01HF29", name=ARABIC, minor=50_00, kwh="214.28", state=SaleState.IN_DOUBT)
    read = values.a_card(Verdict.FINISH_SALE, sale=sale, reading=values.a_reading(values.a_supply(name=ARABIC)))
    if verdict_image is ImageState.OURS:
        return looked_at(read)
    issue = replace(sale, intent=replace(sale.intent, purpose=Purpose.ISSUE))
    blank = replace(read, image=values.an_image(ImageState.BLANK), record=None, open_sale=issue)
    return replace(looked_at(blank), compared=())


def half_made(*, begun: bool = True) -> Diagnosis:
    """A blank DESFire card, on which an issue of other books was begun, or none."""
    found = looked_at(values.a_card(Verdict.BLANK))
    read = replace(found.reading, chip="MIFARE DESFire", dialect="")
    return replace(found, reading=read, atr=bytes.fromhex("3B8180018080"), uid=DESFIRE_UID, issue_begun=begun)


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
