"""*A new version of the keys*: what a key card does, and that no tear leaves a meter without a key of the office."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from vending_app.cardio.tool_layout import MANDATE_AREA, NEW_KEYS, NEW_KEYS_AREA, PLACE_SIZE, WRAPPED_SIZE
from vending_app.cardio.totals1 import Totals1
from vending_app.cardio.vault import SealedVault
from vending_app.conformance.cards import AREA, OTHER_METER, UTILITY, Card, card, masters, order, tool
from vending_app.conformance.script import Case, Script
from vending_app.domain.card import CardKind
from vending_app.domain.ids import MeterNo
from vending_app.domain.tool_card import NewKeys


def cases() -> Iterator[Case]:
    yield Case("key-taken", "key", "a key card is taken: orders of both versions hold from then on", _taken)
    yield Case("key-before", "keys", "an order under a key that no card has brought yet is none", _before)
    yield Case("key-pulled-early", "key", "pulled while the record is written: learnt, and put in once more", _pulled)
    yield Case("key-again", "key", "the card that brought the newest keys gets its record again", _again)
    yield Case("key-known", "E-16", "another card with keys that the meter has", _known)
    yield Case("key-older", "E-16", "a card with the first keys, in a meter that has the second", _older)
    yield Case("key-elsewhere", "E-12", "a key card of another meter", _elsewhere)
    yield Case("key-expired", "E-13", "a key card past its last day", _expired)
    yield Case("key-place", "key", "the place bears another meter's record, and is its own all the same", _place)
    yield Case("key-not-ours", "E-11", "a mandate under a key version that the meter does not have", _not_ours)
    for name, at in (
        ("version", NEW_KEYS_AREA.address),
        ("area", NEW_KEYS_AREA.address + 1),
        ("wrapped-first", NEW_KEYS_AREA.address + NEW_KEYS.size),
        ("wrapped-last", NEW_KEYS_AREA.address + NEW_KEYS.size + WRAPPED_SIZE - 1),
        ("mac", NEW_KEYS_AREA.end - 1),
    ):
        yield Case(f"key-{name}", "E-17", f"new keys with one wrong bit in {name}", partial(_bit, at=at))
    yield Case("key-shut", "E-17", "new keys with a right MAC that do not open under the meter's key", _shut)
    yield Case("key-moved", "E-17", "the new keys of another mandate", _moved)
    yield Case("key-mandate", "E-11", "a key card with a wrong MAC of its mandate", _mandate)
    yield Case("key-cleared", "key", "a meter that is cleared keeps the keys of every version", _cleared)
    yield Case("key-check", "keys", "a check card under the new keys is taken after the key card", _check)


def _ready(script: Script) -> None:
    script.provision(versions=(1,))
    script.insert(card(order("100", 1)), "credited", credited=100_000, writes=True)


def _learnt(script: Script) -> Card:
    _ready(script)
    made = tool(CardKind.KEY)
    script.insert(made, "keys-learnt", writes=True, remaining_wh=100_000, illegal_cards=0)
    return made


def _refused(script: Script, spoilt: Card, says: str) -> None:
    """And the next order still has to be under the first key."""
    _ready(script)
    script.insert(spoilt, says, writes=False, illegal_cards=1, remaining_wh=100_000)
    script.insert(card(order("150", 2, key_version=2)), "E-02", writes=False)
    script.insert(card(order("150", 2)), "credited", credited=50_000, writes=True)


def _taken(script: Script) -> None:
    _learnt(script)
    script.insert(card(order("150", 2, key_version=2)), "credited", credited=50_000, writes=True)
    script.insert(card(order("180", 3)), "credited", credited=30_000, writes=True)


def _before(script: Script) -> None:
    _ready(script)
    made = card(order("100", 1), order("150", 2, key_version=2))
    script.insert(made, "nothing-new", writes=True, energy_total_wh=100_000)
    script.insert(tool(CardKind.KEY), "keys-learnt", writes=True)
    script.insert(made, "credited", credited=50_000, writes=True)


def _pulled(script: Script) -> None:
    _ready(script)
    made = tool(CardKind.KEY)
    script.insert(made, "keys-learnt", writes=True, pulled_at=11)
    script.insert(card(order("150", 2, key_version=2)), "credited", credited=50_000, writes=True)
    script.insert(made, "keys-learnt", writes=True)


def _again(script: Script) -> None:
    made = _learnt(script)
    script.insert(made, "keys-learnt", writes=True, illegal_cards=0)


def _known(script: Script) -> None:
    _learnt(script)
    script.insert(tool(CardKind.KEY, number=18), "E-16", writes=False, illegal_cards=0)


def _older(script: Script) -> None:
    script.provision()
    script.insert(tool(CardKind.KEY, new_keys=NewKeys(1, AREA)), "E-16", writes=False, illegal_cards=0)


def _elsewhere(script: Script) -> None:
    _refused(script, tool(CardKind.KEY, meter=MeterNo(OTHER_METER)), "E-12")


def _expired(script: Script) -> None:
    _ready(script)
    script.wait(days=60)
    script.insert(tool(CardKind.KEY), "E-13", writes=False, illegal_cards=1)


def _place(script: Script) -> None:
    _ready(script)
    made = tool(CardKind.KEY)
    made.put(NEW_KEYS_AREA.end, (12_345_700).to_bytes(5, "big") + bytes(range(1, PLACE_SIZE - 4)))
    script.insert(made, "keys-learnt", writes=True)


def _not_ours(script: Script) -> None:
    _refused(script, tool(CardKind.KEY, key_version=2, new_keys=NewKeys(2, AREA)), "E-11")


def _bit(script: Script, *, at: int) -> None:
    _refused(script, tool(CardKind.KEY).flip(at), "E-17")


class _WrongWrap(SealedVault):
    """An office that wraps what does not open, and proves it all the same."""

    def wrapped_keys(self, *, meter: MeterNo, area: bytes, known: int, version: int) -> bytes:
        right = super().wrapped_keys(meter=meter, area=area, known=known, version=version)
        return right[:-1] + bytes([right[-1] ^ 1])


def _shut(script: Script) -> None:
    _refused(script, tool(CardKind.KEY, codec=Totals1(_WrongWrap(masters()), utility=UTILITY)), "E-17")


def _moved(script: Script) -> None:
    other = tool(CardKind.KEY, number=18)
    moved = NEW_KEYS_AREA.of(other.memory)
    _refused(script, tool(CardKind.KEY).put(NEW_KEYS_AREA.address, moved), "E-17")


def _mandate(script: Script) -> None:
    _refused(script, tool(CardKind.KEY).flip(MANDATE_AREA.end - 1), "E-11")


def _cleared(script: Script) -> None:
    _learnt(script)
    script.mains(on=False)
    script.mains(on=True)
    script.insert(tool(CardKind.CLEAR, number=19), "cleared", writes=True, supply="")
    script.insert(card(order("40", 1, supply="00001235", key_version=2)), "credited", credited=40_000, writes=True)


def _check(script: Script) -> None:
    _ready(script)
    made = tool(CardKind.CHECK, key_version=2)
    script.insert(made, "E-11", writes=False, illegal_cards=1)
    script.insert(tool(CardKind.KEY), "keys-learnt", writes=True)
    script.insert(made, "collected", writes=True)
