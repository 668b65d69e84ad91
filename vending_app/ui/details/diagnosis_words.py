"""A card in words: what it is, what is on it field by field, and what the books say of it. No Qt here."""

from __future__ import annotations

from typing import Any

from vending_app.domain.card import CardImage, ImageState, PastOrder, RecordState
from vending_app.domain.card_fields import CardField
from vending_app.domain.ids import masked, spaced
from vending_app.domain.sale import Purpose, Sale
from vending_app.domain.verdict import Verdict
from vending_app.services.diagnosis_cases import Compared, Comparison, Diagnosis
from vending_app.ui.phrases import full_day
from vending_app.ui.tools.tool_words import tool_facts
from vending_app.ui.words import VERDICTS

LAYOUTS = {ImageState.OURS: "ours", ImageState.BLANK: "blank", ImageState.FOREIGN: "not ours"}
PLACES = {
    "chip": "Chip",
    "header": "Header",
    "A": "Order A",
    "B": "Order B",
    "write-back": "Write-back",
    "scratch": "Scratch",
    "mandate": "Mandate",
    "limits": "Limits",
    "new keys": "New keys",
}
"""Of what `CardField.place` names; a place of records says itself which it is."""
COMPARED = {
    Compared.CARD: "Card",
    Compared.SUPPLY: "Supply",
    Compared.METER: "Meter",
    Compared.GENERATION: "Generation",
    Compared.SEQUENCE: "Order",
    Compared.ENERGY_TOTAL: "Bought in all",
    Compared.PURCHASES: "Purchases",
    Compared.READ_LAST: "Write-back",
    Compared.PAST_ORDERS: "Past orders",
}
PAST = "Remembered by the card"
"""Above its past orders."""
UNCOMPARED = "The books know nothing of this card."
BEGUN = "An issue was begun on it and not finished; it can be issued all the same."
WAITING = {
    Purpose.SALE: "A sale waits to be written on it",
    Purpose.ISSUE: "An issue waits to be finished on it",
    Purpose.REVERSAL: "A reversal waits to be written on it",
    Purpose.CANCELLATION: "A cancellation waits to be written on it",
}
"""An undecided sale by its purpose."""
_STATES = {
    RecordState.EMPTY: "empty",
    RecordState.TORN: "torn while it was written",
    RecordState.BAD_MAC: "damaged, or of another card",
    RecordState.NO_KEY: "of keys that are missing here",
    RecordState.VALID: "good",
}


def said(found: Diagnosis) -> str:
    """One or two sentences: what this card is."""
    read = found.reading
    title = VERDICTS[read.verdict].title
    reading = read.reading
    if found.lost_header:
        return f"Header lost. {_proved(found)}: the header can be written again."
    if reading is None:
        return f"{title}. {BEGUN}" if found.issue_begun else f"{title}."
    whose = f"{title}: {reading.supply.customer.name}, supply {reading.supply.number}."
    return f"{whose} {_beside(found)}"


def _proved(found: Diagnosis) -> str:
    assert found.repair is not None, "it was found by its orders"
    order, card = found.repair.intent.order, found.repair.intent.write.card
    return f"Its orders prove card {masked(card)} of supply {order.supply}"


def _beside(found: Diagnosis) -> str:
    if found.reading.verdict is Verdict.KEYS_MISSING:
        return "What else it carries only a desk with the newest keys can tell."
    if found.reading.open_sale is not None:
        return _waits(found, found.reading.open_sale)
    if found.repair is not None:
        return "The newest order of the books is not on it; it can be written again."
    differing = _differing(found)
    if differing:
        return f"It differs from the books in {differing}."
    return "It says what the books say."


def _waits(found: Diagnosis, waiting: Sale) -> str:
    """Of a card with an interrupted sale: as long as that waits, it agrees with nothing for certain."""
    what = WAITING[waiting.intent.purpose]
    if not found.compared:
        return f"{what}; nothing on it is compared before that."
    if any(slot.record == waiting.intent.write.record for slot in found.reading.image.slots):
        return f"{what}: it stands there already, and the books count it once it is finished."
    differing = _differing(found)
    return f"{what}; until then it differs from the books in {differing}." if differing else f"{what}."


def _differing(found: Diagnosis) -> str:
    return ", ".join(COMPARED[each.what].lower() for each in found.compared if not each.is_equal)


def beside_remark(found: Diagnosis) -> str:
    """In a few words how the card compares; empty where little or nothing of it could be compared."""
    differing = sum(not each.is_equal for each in found.compared)
    if differing:
        return "1 differs" if differing == 1 else f"{differing} differ"
    if not found.compared or found.reading.verdict is Verdict.KEYS_MISSING:
        return ""
    return "equal" if found.reading.open_sale is None else "not finished"


def why_uncompared(found: Diagnosis) -> str:
    """What stands in the place of a comparison."""
    if found.lost_header:
        known = "The books know a card by its header, and that is lost."
        return f"{known} {_proved(found)}; it is compared once the header is written again."
    if found.reading.open_sale is not None:
        return f"{WAITING[found.reading.open_sale.intent.purpose]}; it is compared once that is done."
    if found.reading.image.state is ImageState.UNREADABLE:
        return "Nothing on it could be read."
    if found.reading.verdict is Verdict.NOT_A_CUSTOMER_CARD:
        return "It belongs to no supply. What the books know of a tool card stands on page Tools."
    return UNCOMPARED


def facts_of(found: Diagnosis) -> list[tuple[str, str]]:
    """Label and value, what the reader and the chip say first."""
    read, image = found.reading, found.reading.image
    facts = [
        ("Reader", str(read.reader)),
        ("Chip", read.chip or "not known"),
        ("Dialect", read.dialect or "–"),
        ("ATR", found.atr.hex(" ").upper() or "–"),
        ("UID", found.uid.hex(" ").upper() or "none"),
        ("Tries left", str(image.tries) if image.tries is not None else "not told"),
        ("Read in", f"{found.milliseconds} ms"),
        ("Layout", _layout_text(found)),
    ]
    if image.header is not None:
        facts += [
            ("Card", masked(image.header.card)),
            ("Kind", image.header.kind.value),
            ("Keys", f"version {image.header.key_version}"),
        ]
    if image.tool is not None:
        return facts + tool_facts(image.tool)
    facts += [(PLACES[slot.name], _order_text(image, slot.name)) for slot in image.slots]
    is_told = image.slots or image.write_back_state is not RecordState.EMPTY
    return [*facts, ("Write-back", _write_back_text(image))] if is_told else facts


def _layout_text(found: Diagnosis) -> str:
    if found.lost_header:
        return "ours, without its header"
    layout = LAYOUTS.get(found.reading.image.state, "not readable")
    if found.issue_begun is None:
        return layout
    return f"{layout}, an issue was begun on it" if found.issue_begun else f"{layout}, no issue was begun on it"


def past_of(found: Diagnosis) -> list[tuple[str, str, str]]:
    """Of each order that the card remembers: which it was, what was bought with it, and when."""
    return [(f"Order {each.sequence}", f"{each.last_purchase} kWh", full_day(each.sold_at)) for each in found.history]


def _order_text(image: CardImage, name: str) -> str:
    slot = next(each for each in image.slots if each.name == name)
    if slot.order is None:
        return _STATES[slot.state]
    return f"{slot.order.sequence}, {slot.order.energy_total} kWh, {full_day(slot.order.sold_at)}"


def _write_back_text(image: CardImage) -> str:
    if image.write_back is None:
        return _STATES[image.write_back_state]
    return f"{image.write_back.remaining} kWh left, meter {spaced(image.write_back.meter)}"


def place_of(field: CardField) -> str:
    """Which record a field belongs to, for a person."""
    return PLACES.get(field.place, field.place.capitalize())


def name_of(field: CardField) -> str:
    """`energy total` of `energy_total`."""
    return field.name.replace("_", " ")


def field_line(field: CardField) -> str:
    """`70  Order B     energy total   00 07 AB A0   5026.88 kWh`."""
    shown = field.in_hex if len(field.raw) <= 16 else f"{field.raw[:16].hex(' ').upper()} …"
    return f"{field.address:02X}  {place_of(field):<11} {name_of(field):<16} {shown:<50} {field.value}".rstrip()


def past_shape(past: PastOrder) -> dict[str, Any]:
    """An order that the card remembers, for other programs."""
    return {
        "sequence": past.sequence,
        "energy_total_wh": past.energy_total.wh,
        "last_purchase_wh": past.last_purchase.wh,
        "sold_at": past.sold_at.isoformat(),
    }


def past_line(past: tuple[str, str, str]) -> str:
    """`Order 42       250.00 kWh       2 Mar 2026`."""
    return "{:<14} {:<16} {}".format(*past)


def in_books(each: Comparison) -> str:
    """`Order          41   books: 42`."""
    beside = "as the books" if each.is_equal else f"books: {each.in_books or '–'}"
    return f"{COMPARED[each.what]:<14} {each.on_card or '–':<16} {beside}"


def support_shape(found: Diagnosis) -> dict[str, Any]:
    """What may leave the office: nobody is named, and nobody can make a card of it."""
    read = found.reading
    return {
        "verdict": read.verdict.value,
        "reader": str(read.reader),
        "chip": read.chip,
        "dialect": read.dialect,
        "atr": found.atr.hex(" ").upper(),
        "tries": read.image.tries,
        "read_ms": found.milliseconds,
        "at": found.at.isoformat(timespec="seconds"),
        "slots": {slot.name: slot.state.value for slot in read.image.slots},
        "write_back": read.image.write_back_state.value,
        "issue_begun": found.issue_begun,
        "fields": [_masked_shape(field) for field in found.fields if field.place != "chip"],
        "history": [past_shape(past) for past in found.history],
        "differs": [each.what.value for each in found.compared if not each.is_equal],
    }


def _masked_shape(field: CardField) -> dict[str, Any]:
    told = field.masked()
    return {
        "place": field.place,
        "name": field.name,
        "address": f"{field.address:02X}",
        "bytes": told.in_hex,
        "value": told.field.value,
    }
