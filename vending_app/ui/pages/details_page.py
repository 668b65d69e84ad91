"""What is on a card, in words and in bytes."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from vending_app.domain.card import CardImage
from vending_app.domain.ids import masked, spaced
from vending_app.services.use_cases import CardReading
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.fonts import Face
from vending_app.ui.pages.page import Page
from vending_app.ui.paint import Ink
from vending_app.ui.phrases import full_day
from vending_app.ui.theme import Look
from vending_app.ui.tools.tool_words import tool_facts
from vending_app.ui.words import VERDICTS


def facts_of(read: CardReading) -> list[tuple[str, str]]:
    """A reading in words."""
    image, header = read.image, read.image.header
    facts = [
        ("Verdict", VERDICTS[read.verdict].title),
        ("Reader", str(read.reader)),
        ("Chip", read.chip or "not known"),
        ("Dialect", read.dialect or "not known"),
    ]
    facts.append(
        ("Layout", {"ours": "ours", "blank": "blank", "foreign": "not ours"}.get(image.state.value, "not readable"))
    )
    if header is not None:
        facts += [("Card", masked(header.card)), ("Kind", header.kind.value), ("Keys", f"version {header.key_version}")]
    if image.tool is not None:
        return facts + tool_facts(image.tool)
    for slot in image.slots:
        facts.append((f"Order {slot.name}", _slot_text(image, slot.name)))
    facts.append(("Write-back", _write_back_text(image)))
    return facts


def _slot_text(image: CardImage, name: str) -> str:
    slot = next(each for each in image.slots if each.name == name)
    if slot.order is None:
        return slot.state.value.replace("-", " ")
    return f"{slot.order.sequence}, {slot.order.energy_total} kWh, {full_day(slot.order.sold_at)}"


def _write_back_text(image: CardImage) -> str:
    if image.write_back is None:
        return image.write_back_state.value.replace("-", " ")
    return f"{image.write_back.remaining} kWh left, meter {spaced(image.write_back.meter)}"


def hex_dump(raw: bytes) -> str:
    """Sixteen bytes a line with their address."""
    rows = (raw[at : at + 16] for at in range(0, len(raw), 16))
    return "\n".join(f"{at * 16:02X}  {row.hex(' ').upper()}" for at, row in enumerate(rows))


class _Facts(Surface):
    """Label and value, one under the other."""

    facts: tuple[tuple[str, str], ...] = ()

    def draw(self, ink: Ink) -> None:
        for at, (label, value) in enumerate(self.facts):
            top = 48 + 32 * at
            ink.text(QRectF(PADDING, top, 110, 24), label, face=Face.SMALL, colour=ink.t.muted)
            ink.text(QRectF(130, top, self.width() - 142, 24), value, face=Face.SMALL_VALUE, may_elide=True)


class DetailsPage(Page):
    """Esc goes back."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Card details", can_go_back=True, parent=parent)
        self.facts = _Facts(look, title="In words", parent=self)
        self.bytes_card = Surface(look, title="In bytes", parent=self)
        self.bytes = QPlainTextEdit(self)
        self.bytes.setReadOnly(True)
        self.bytes.setAccessibleName("Bytes of the card")
        self.bytes.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.bytes.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.bytes.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.bytes.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        fixed.setPointSizeF(10.5)
        self.bytes.setFont(fixed)

    def show_read(self, read: CardReading) -> None:
        """Show a reading."""
        self.facts.facts = tuple(facts_of(read))
        self.facts.update()
        self.bytes.setPlainText(hex_dump(read.image.raw) or "No bytes could be read.")
        self.bytes.setFocus()

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.bytes

    def lay_out(self, area: QRectF) -> None:
        left, top = round(area.left()), round(area.top())
        width = round(area.width() * 2 / 5)
        self.facts.setGeometry(left, top, width, round(area.height()))
        beside = left + width + 16
        rest = round(area.right()) - beside
        self.bytes_card.setGeometry(beside, top, rest, round(area.height()))
        place(self.bytes, beside + 16, top + 44, rest - 32, area.height() - 60)
