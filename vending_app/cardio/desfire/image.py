"""The image of 256 bytes that Totals 1 is, put together from the files of a DESFire card.

Header and write-back stand at their addresses, the order as slot A; slot B is erased. Of a tool card all that is on it
stands at its addresses. The chip area begins with the UID. A file that is all 00 was never written, and looks erased.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from vending_app.cardio.crc import is_whole
from vending_app.cardio.layout import is_erased
from vending_app.cardio.tool_layout import TOOL_AREA
from vending_app.cardio.totals1_layout import (
    CARD_SIZE,
    HEADER_AREA,
    ISSUE_MARKER,
    SCRATCH,
    SLOT_A,
    WRITE_BACK_AREA,
    Area,
)

ERASED = 0xFF
FOREIGN_MARKER = 0x0F
"""Where the issue marker stands: this card belongs to somebody else, or is kept by keys that are not ours."""


@dataclass(frozen=True, slots=True)
class Files:
    """What was read; empty is what is not there."""

    uid: bytes
    header: bytes = b""
    order: bytes = b""
    write_back: bytes = b""
    tool: bytes = b""
    """Of a tool card, which has neither of them."""
    is_foreign: bool = False

    def to_image(self) -> bytes:
        """With the issue marker if the header is whole, since it is written last."""
        image = bytearray([ERASED]) * CARD_SIZE
        image[: len(self.uid)] = self.uid
        if self.is_foreign:
            image[SCRATCH.address] = FOREIGN_MARKER
            return bytes(image)
        places = (
            (HEADER_AREA, self.header),
            (TOOL_AREA, self.tool),
            (SLOT_A, self.order),
            (WRITE_BACK_AREA, self.write_back),
        )
        for area, content in places:
            _put(image, area, content)
        if is_whole(self.header):
            image[SCRATCH.address] = ISSUE_MARKER
        return bytes(image)

    def with_order(self, order: bytes) -> Files:
        """The same after the order was read again."""
        return replace(self, order=order)


def _put(image: bytearray, area: Area, content: bytes) -> None:
    if len(content) == area.size and not is_erased(content):
        image[area.address : area.end] = content
