"""*MIFARE Classic 1K* and *MIFARE DESFire*: the same rules on cards that are opened by keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from vending_app.cardio.classic_layout import BLOCK, TRANSPORT_TRAILER, trailer_of
from vending_app.cardio.desfire.commands import Generation
from vending_app.cardio.desfire.plan import ORDER_FILE
from vending_app.cardio.totals1_layout import SLOT_A, SLOT_B, WRITE_BACK_AREA
from vending_app.conformance.cards import NEXT_CARD, OTHER_METER, Card, card, order, tool
from vending_app.conformance.contactless_cards import ClassicCard, DesfireCard
from vending_app.conformance.script import Case, Insertable, Script
from vending_app.domain.card import CardKind
from vending_app.domain.ids import MeterNo

OnChip = Callable[..., Insertable]
"""A card on this chip, closed by the keys of `version`."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One chip that the cases are played on."""

    name: str
    on: OnChip
    shut: str
    """What the display says of a card whose keys the meter does not have."""
    places: int
    """How many blocks of a write-back can be torn; of a DESFire card only all of it."""


CHIPS = (
    Chip("classic", ClassicCard.of, "E-01", WRITE_BACK_AREA.size // BLOCK),
    Chip("desfire-ev1", partial(DesfireCard.of, generation=Generation.EV1), "E-02", 1),
    Chip("desfire-ev2", DesfireCard.of, "E-02", 1),
)


def cases() -> Iterator[Case]:
    for chip in CHIPS:
        yield from _of(chip)
    yield Case("classic-slot-b", "classic", "the newer order stands in slot B, in sectors of its own", _slot_b)
    yield Case("classic-torn-slot", "classic", "a slot whose first block was never finished is none", _torn_slot)
    yield Case("classic-open", "classic", "a sector that still has the key of the factory is not ours", _open)
    yield Case("desfire-blank", "desfire", "a card without the application is none of this format", _blank)
    yield Case("desfire-sold-again", "desfire", "an order over the one before, credited by the difference", _again)
    yield Case("desfire-keys-ahead", "desfire", "the header tells the key: one of a newer version is not tried", _ahead)
    yield Case("desfire-state", "desfire", "an order file that was never written holds no order", _never)


def _of(chip: Chip) -> Iterator[Case]:
    def case(name: str, about: str, play: Callable[[Chip, Script], None]) -> Case:
        return Case(f"{chip.name}-{name}", chip.name.partition("-")[0], about, partial(play, chip))

    yield case("taken", "a first purchase is credited, and the registers are written back", _taken)
    yield case("put-in-twice", "the same card again: nothing is credited, the registers are written anew", _twice)
    yield case("replaced", "a card of the next generation takes over, and the old one is refused", _replaced)
    yield case("other-meter", "an order for another meter: refused, nothing written", _other_meter)
    yield case("wrong-mac", "an order with one wrong bit: refused, nothing written", _wrong_mac)
    yield case("damaged-header", "a header with one wrong bit: refused, nothing written", _header)
    yield case("keys-unknown", "a card closed by keys that the meter never learnt: refused as illegal", _unknown)
    yield case("keys-learnt", "a key card on this chip brings them, and the card opens", _learnt)
    yield case("check-card", "a check card on this chip takes the registers away", _check)
    for place in range(1, chip.places + 1):
        about = f"pulled while part {place} of the write-back is written: credited once, written at the next visit"
        yield Case(f"{chip.name}-pulled-{place}", chip.name.partition("-")[0], about, partial(_pulled, chip, place))


def _taken(chip: Chip, script: Script) -> None:
    script.provision()
    script.insert(chip.on(card(order("100"))), "credited", credited=100_000, writes=True, supply="00001234")


def _twice(chip: Chip, script: Script) -> None:
    script.provision()
    made = chip.on(card(order("100")))
    script.insert(made, "credited", credited=100_000, writes=True)
    script.use(1_000, remaining_wh=99_000)
    script.insert(made, "nothing-new", writes=True, energy_total_wh=100_000, illegal_cards=0)


def _replaced(chip: Chip, script: Script) -> None:
    script.provision()
    old = chip.on(card(order("100")))
    script.insert(old, "credited", credited=100_000, writes=True)
    new = card(order("130", 2, generation=2), number=NEXT_CARD)
    script.insert(chip.on(new), "credited", credited=30_000, writes=True)
    script.insert(old, "E-05", writes=False)


def _refused(chip: Chip, script: Script, spoilt: Card, says: str) -> None:
    script.provision()
    script.insert(chip.on(spoilt), says, writes=False, illegal_cards=1, energy_total_wh=0)


def _other_meter(chip: Chip, script: Script) -> None:
    _refused(chip, script, card(order("100", meter=MeterNo(OTHER_METER))), "E-03")


def _wrong_mac(chip: Chip, script: Script) -> None:
    _refused(chip, script, card(order("100")).flip(SLOT_A.end - 1), "E-02")


def _header(chip: Chip, script: Script) -> None:
    _refused(chip, script, card(order("100")).flip(0x2A), "E-01")


def _unknown(chip: Chip, script: Script) -> None:
    script.provision(versions=(1,))
    made = card(order("100"), version=2)
    script.insert(chip.on(made, version=2), chip.shut, writes=False, illegal_cards=1, energy_total_wh=0)


def _learnt(chip: Chip, script: Script) -> None:
    script.provision(versions=(1,))
    script.insert(chip.on(card(order("100"))), "credited", credited=100_000, writes=True)
    script.insert(chip.on(tool(CardKind.KEY)), "keys-learnt", writes=True)
    made = card(order("150", 2, generation=2), number=NEXT_CARD, version=2)
    script.insert(chip.on(made, version=2), "credited", credited=50_000, writes=True)


def _check(chip: Chip, script: Script) -> None:
    script.provision()
    script.insert(chip.on(card(order("100"))), "credited", credited=100_000, writes=True)
    script.insert(chip.on(tool(CardKind.CHECK)), "collected", writes=True)


def _pulled(chip: Chip, place: int, script: Script) -> None:
    script.provision()
    made = chip.on(card(order("100")))
    script.insert(made, "credited", credited=100_000, writes=place > 1, pulled_at=place, remaining_wh=100_000)
    script.insert(made, "nothing-new", writes=True, remaining_wh=100_000)


# --- of one chip alone -----------------------------------------------------------------------------------


def _slot_b(script: Script) -> None:
    script.provision()
    script.insert(ClassicCard.of(card(order("100"), order("140", 2))), "credited", credited=140_000, writes=True)


def _torn_slot(script: Script) -> None:
    script.provision()
    torn = card(order("100"), order("140", 2)).put(SLOT_B.address, b"\xff")
    script.insert(ClassicCard.of(torn), "credited", credited=100_000, writes=True)


def _open(script: Script) -> None:
    script.provision()
    made = ClassicCard.of(card(order("100"))).put(trailer_of(2), TRANSPORT_TRAILER)
    script.insert(made, "E-02", writes=False, illegal_cards=1)


def _blank(script: Script) -> None:
    script.provision()
    script.insert(DesfireCard(Generation.EV2), "E-01", writes=False, illegal_cards=1)


def _again(script: Script) -> None:
    script.provision()
    made = DesfireCard.of(card(order("100")))
    script.insert(made, "credited", credited=100_000, writes=True)
    script.insert(made.sold(card(order("130", 2))), "credited", credited=30_000, writes=True)


def _ahead(script: Script) -> None:
    """As an issue anew leaves it that broke off between the keys and the header."""
    script.provision()
    made = DesfireCard.of(card(order("100")), version=2)
    script.insert(made, "E-02", writes=False, illegal_cards=1, energy_total_wh=0)


def _never(script: Script) -> None:
    script.provision()
    made = DesfireCard.of(card(order("100")))
    made.files[ORDER_FILE.number] = bytes(ORDER_FILE.size)
    script.insert(made, "E-02", writes=False, illegal_cards=1)
