"""Nothing of a card's keys stays in the process that sent them to a real reader; the card is in another process."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cardio.test_no_key_stays import chip_keys_of, found_in, keys_of, looked_into, never_free, sealed_in
from tests.on_pcscd.inside.conftest import FIRST_READER, Hand
from vending_app.cardio.emulated.kinds import KINDS, NO_HOOKS

__all__ = ["never_free"]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.startswith("desfire")])
def test_nothing_of_a_memory_card_stays_in_the_process(
    hand: Hand, tmp_path: Path, never_free: dict[str, str], kind: str
) -> None:
    """DESFire cards are sent no key as it is, and are looked for beside the other chips."""
    file, card_file = tmp_path / "vault.sealed", tmp_path / "card"
    masters = sealed_in(file)
    KINDS[kind].make_blank(card_file)
    hand.insert(KINDS[kind].open(card_file, NO_HOOKS))
    looked = looked_into("pcsc", str(file), FIRST_READER, **never_free)
    uid = b"" if kind.startswith("sle4442") else card_file.read_bytes()[:4]
    assert found_in(looked.memory, keys_of(masters) | chip_keys_of(kind, uid, masters)) == []
