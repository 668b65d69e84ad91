"""Rule 6 and *Writing back*: codes, tries, a card that is pulled, and the versions of the keys."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from vending_app.conformance.cards import NEXT_CARD, card, order
from vending_app.conformance.script import Case, Script


def cases() -> Iterator[Case]:
    yield Case("code-wrong", "writing back", "a card with another code: credited, not written, one try gone", _wrong)
    for tries in (0, 1, 2):
        about = f"a card with {tries} tries left: credited, and its code is never presented"
        yield Case(f"tries-{tries}", "writing back", about, partial(_tries, tries=tries))
    for byte in (1, 2, 7, 20, 33, 34):
        about = f"the card leaves before byte {byte} of the write-back: credited once, and written at the next visit"
        yield Case(f"pulled-{byte}", "6", about, partial(_pulled, byte=byte))
    yield Case(
        "pulled-then-bought", "6", "credited but pulled, then another purchase before it is seen again", _between
    )
    yield Case("only-what-differs", "writing back", "the order is never touched, and each visit counts", _counts)
    yield Case(
        "key-roll-over", "keys", "an order under the next key: the meter proves itself under it from then on", _roll
    )
    yield Case("key-back", "keys", "an older order under the first key is still an old order", _back)
    about = "a card whose code is of a version that the meter does not have: credited, and no code is presented"
    yield Case("code-unknown", "keys", about, _code_unknown)
    yield Case("code-version", "keys", "a card whose code is of the second version", _code_version)


def _wrong(script: Script) -> None:
    script.provision()
    made = card(order("100"))
    made.code = b"\x12\x34\x56"
    script.insert(made, "credited", credited=100_000, writes=False, tries=2, remaining_wh=100_000)
    # With two tries left it is left alone.
    script.insert(made, "nothing-new", writes=False, tries=2)


def _tries(script: Script, *, tries: int) -> None:
    script.provision()
    made = card(order("100"))
    made.tries = tries
    script.insert(made, "credited", credited=100_000, writes=False, tries=tries, remaining_wh=100_000)


def _pulled(script: Script, *, byte: int) -> None:
    script.provision()
    made = card(order("100"))
    script.insert(made, "credited", credited=100_000, writes=byte > 1, pulled_at=byte, remaining_wh=100_000)
    script.insert(made, "nothing-new", writes=True, remaining_wh=100_000, energy_total_wh=100_000)


def _between(script: Script) -> None:
    script.provision()
    made = card(order("100", 1))
    script.insert(made, "credited", credited=100_000, writes=True, pulled_at=5)
    bought = card(order("100", 1), order("130", 2))
    bought.memory = bought.memory[:0xB0] + made.memory[0xB0:]
    script.insert(bought, "credited", credited=30_000, writes=True, energy_total_wh=130_000)


def _counts(script: Script) -> None:
    script.provision()
    made = card(order("100"))
    for visit in range(3):
        script.insert(made, "credited" if visit == 0 else "nothing-new", credited=0 if visit else 100_000, writes=True)


def _roll(script: Script) -> None:
    script.provision()
    script.insert(card(order("100", 1)), "credited", credited=100_000, writes=True)
    made = card(order("100", 1), order("150", 2, key_version=2))
    script.insert(made, "credited", credited=50_000, writes=True)
    script.insert(made, "nothing-new", writes=True)


def _back(script: Script) -> None:
    script.provision()
    script.insert(card(order("150", 2, key_version=2)), "credited", credited=150_000, writes=True)
    script.insert(card(order("100", 1)), "old-order", writes=True, energy_total_wh=150_000)


def _code_unknown(script: Script) -> None:
    script.provision(versions=(1,))
    made = card(order("100"), version=2)
    script.insert(made, "credited", credited=100_000, writes=False, tries=3, remaining_wh=100_000)


def _code_version(script: Script) -> None:
    script.provision()
    script.insert(card(order("100")), "credited", credited=100_000, writes=True)
    newer = card(order("120", 2, generation=2), number=NEXT_CARD, version=2)
    script.insert(newer, "credited", credited=20_000, writes=True)
