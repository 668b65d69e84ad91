"""A share of a master key on paper: 11 groups of `paper_signs.py`, of 27 bytes.

01 · key version u8 · number u4, of u4 · mark of the sharing 2 · check value of the key 3 · secret 16 · check value of
the share 3, which is the first bytes of SHA-256 over everything before. The shares of a sharing, XORed, are the key.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.key_ceremony import SHARES, KeyShare
from vending_app.domain.paper_signs import NotOnPaper, from_paper, group_of, groups_of
from vending_app.domain.wiping import gathered, lent

FORM = 1
SECRET_BYTES = 16
_CHECK_BYTES = 3
SIZE = 8 + SECRET_BYTES + _CHECK_BYTES


def share_groups(share: KeyShare) -> Iterator[str]:
    """What a custodian writes down, a group at a time: nobody needs the whole as one text, which could not be wiped."""
    with lent(_content(share)) as content, lent(gathered(content, _check(content))) as whole:
        for group in range(groups_of(SIZE)):
            yield group_of(whole, group)


def share_check(share: KeyShare) -> str:
    """The check value of a share, six hexadecimal figures, by which its custodian knows it again."""
    with lent(_content(share)) as content:
        return _check(content).hex().upper()


def parse_share(text: str) -> KeyShare:
    """From what a custodian typed. Raises OperatorError key-share-wrong, with the `group` that has a slip."""
    try:
        whole = from_paper(text, size=SIZE)
    except NotOnPaper as slip:
        raise OperatorError(Code.KEY_SHARE_WRONG, **({"group": slip.group} if slip.group else {})) from None
    with lent(whole):
        return _share_of(whole)


def _share_of(whole: bytearray) -> KeyShare:
    """Raises OperatorError key-share-wrong."""
    number, of = whole[2] >> 4, whole[2] & 0x0F
    with memoryview(whole) as seen:
        is_whole = _check(seen[:-_CHECK_BYTES]) == seen[-_CHECK_BYTES:]
    if not is_whole or whole[0] != FORM or of not in SHARES or not 1 <= number <= of or not whole[1]:
        raise OperatorError(Code.KEY_SHARE_WRONG)
    return KeyShare(
        key_version=whole[1],
        number=number,
        of=of,
        sharing=whole[3:5].hex().upper(),
        check_value=whole[5:8].hex().upper(),
        secret=whole[8:-_CHECK_BYTES],
    )


def _content(share: KeyShare) -> bytearray:
    """All but its check value, to be wiped."""
    head = bytes((FORM, share.key_version, share.number << 4 | share.of))
    return gathered(head, bytes.fromhex(share.sharing + share.check_value), share.secret)


def _check(content: bytes | bytearray | memoryview) -> bytes:
    return hashlib.sha256(content).digest()[:_CHECK_BYTES]
