"""A share of a master key on paper: 11 groups of `paper_signs.py`, of 27 bytes.

01 · key version u8 · number u4, of u4 · mark of the sharing 2 · check value of the key 3 · secret 16 · check value of
the share 3, which is the first bytes of SHA-256 over everything before. The shares of a sharing, XORed, are the key.
"""

from __future__ import annotations

import hashlib

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.key_ceremony import SHARES, KeyShare
from vending_app.domain.paper_signs import NotOnPaper, from_paper, to_paper

FORM = 1
SECRET_BYTES = 16
_CHECK_BYTES = 3
SIZE = 8 + SECRET_BYTES + _CHECK_BYTES


def share_text(share: KeyShare) -> str:
    """What is printed for a custodian."""
    content = _content(share)
    return to_paper(content + _check(content))


def share_check(share: KeyShare) -> str:
    """The check value of a share, six hexadecimal figures, by which its custodian knows it again."""
    return _check(_content(share)).hex().upper()


def parse_share(text: str) -> KeyShare:
    """From what a custodian typed. Raises OperatorError key-share-wrong, with the `group` that has a slip."""
    try:
        whole = from_paper(text, size=SIZE)
    except NotOnPaper as slip:
        raise OperatorError(Code.KEY_SHARE_WRONG, **({"group": slip.group} if slip.group else {})) from None
    number, of = whole[2] >> 4, whole[2] & 0x0F
    is_whole = _check(whole[:-_CHECK_BYTES]) == whole[-_CHECK_BYTES:]
    if not is_whole or whole[0] != FORM or of not in SHARES or not 1 <= number <= of or not whole[1]:
        raise OperatorError(Code.KEY_SHARE_WRONG)
    return KeyShare(
        key_version=whole[1],
        number=number,
        of=of,
        sharing=whole[3:5].hex().upper(),
        check_value=whole[5:8].hex().upper(),
        secret=bytearray(whole[8:-_CHECK_BYTES]),
    )


def _content(share: KeyShare) -> bytearray:
    content = bytearray((FORM, share.key_version, share.number << 4 | share.of))
    content += bytes.fromhex(share.sharing + share.check_value)
    content += share.secret
    return content


def _check(content: bytes | bytearray) -> bytes:
    return hashlib.sha256(content).digest()[:_CHECK_BYTES]
