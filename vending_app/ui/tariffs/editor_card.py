"""Where new prices are typed: all fields of a tariff in the order of its receipt, in a card that scrolls when low."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from vending_app.domain.tariff import Rounding, TariffField
from vending_app.domain.tariff_entry import LONGEST_CODE, LONGEST_NAME, MOST_LEVIES, MOST_STEPS, MOST_TAXES
from vending_app.ui.components.buttons import Button
from vending_app.ui.components.segmented import Choice, Segmented
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.fonts import Face
from vending_app.ui.paint import Ink
from vending_app.ui.tariffs.editor_rows import FIELD, GAP, PITCH, Row, RowMaker, kinds_on, set_kinds
from vending_app.ui.tariffs.tariff_form import MISSING, Place, TariffForm, TaxText
from vending_app.ui.tariffs.tariff_words import FIELDS, ROUNDINGS, said_place
from vending_app.ui.theme import Look

TOP, FOOT, LABELS = 46, 40, 116
GROUPS = {
    TariffField.STEPS: ("Steps", "a step", MOST_STEPS),
    TariffField.LEVIES: ("Levies", "a levy", MOST_LEVIES),
    TariffField.TAXES: ("Taxes", "a tax", MOST_TAXES),
}


class EditorForm(QWidget):
    """Signals: edited() — a person changed something."""

    edited = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.setAccessibleName("New prices")
        self._labels: list[tuple[float, str, str]] = []
        """Where each stands, its words, and what stands in the place of rows that are not there."""
        self.groups: dict[TariffField, list[Row]] = {field: [] for field in GROUPS}
        """Rows that are shown."""
        self._spare: dict[TariffField, list[Row]] = {field: [] for field in GROUPS}
        self.maker = RowMaker(look, self, self.edited.emit, self._on_forward)
        self._build()

    def _build(self) -> None:
        figure, text = self.maker.figure, self.maker.text
        code = text("Code", hint="Code", most=LONGEST_CODE)
        self.code = Row((code,), (TariffField.CODE,))
        self.called = Row((text("Name", hint="Name", most=LONGEST_NAME),), (TariffField.NAME,))
        day, fixed = figure("From", "Valid from", keypad_only=False), figure("Fixed", FIELDS[TariffField.FIXED])
        self.start = Row((day, fixed), (TariffField.VALID_FROM, TariffField.FIXED))
        least, most = figure("Least", FIELDS[TariffField.MINIMUM]), figure("Most", FIELDS[TariffField.MAXIMUM])
        self.limits = Row((least, most), (TariffField.MINIMUM, TariffField.MAXIMUM))
        card, first = (
            figure("Replaced", FIELDS[TariffField.CARD_FEE]),
            figure("First", FIELDS[TariffField.CONNECTION_FEE]),
        )
        self.fees = Row((card, first), (TariffField.CARD_FEE, TariffField.CONNECTION_FEE))
        rules = [Choice(rule, words.capitalize()) for rule, words in ROUNDINGS.items()]
        self.rounding = Segmented(self.look, rules, name="Rounding", parent=self)
        self.rounding.chosen.connect(self._on_rounding)
        self.rule = Rounding.NEAREST
        self.adders = {field: self._adder(field, what) for field, (_, what, _) in GROUPS.items()}
        self._single = (self.code, self.called, self.start, self.limits, self.fees)

    def _adder(self, field: TariffField, what: str) -> Button:
        made = Button(self.look, "", icon="plus", parent=self)
        made.setAccessibleName(f"Add {what}")
        made.clicked.connect(lambda: self.add_row(field))
        return made

    # --- shown ------------------------------------------------------------------------------------------

    def show_form(self, form: TariffForm, *, is_new: bool) -> None:
        """Other texts; the code of a known tariff is not typed again."""
        self.code.set_texts(form.code)
        self.code.show(is_new)
        self.called.set_texts(form.name)
        self.start.set_texts(form.valid_from, form.fixed)
        self.limits.set_texts(form.minimum, form.maximum)
        self.fees.set_texts(form.card_fee, form.connection_fee)
        self.rule = form.rounding
        self.rounding.choose(form.rounding)
        self._show_groups(form)

    def _show_groups(self, form: TariffForm) -> None:
        for rows, field in ((form.steps, TariffField.STEPS), (form.levies, TariffField.LEVIES)):
            self._set_count(field, len(rows))
            for row, texts in zip(self.groups[field], rows, strict=True):
                row.set_texts(*texts)
        self._set_count(TariffField.TAXES, len(form.taxes))
        for row, tax in zip(self.groups[TariffField.TAXES], form.taxes, strict=True):
            row.set_texts(tax.name, tax.rate)
            set_kinds(row, tax.on)
        self.lay_out()

    def form(self) -> TariffForm:
        """What is typed."""
        (code,), (name,) = self.code.texts, self.called.texts
        (valid_from, fixed), (minimum, maximum) = self.start.texts, self.limits.texts
        card_fee, connection_fee = self.fees.texts
        return TariffForm(
            code=code,
            name=name,
            valid_from=valid_from,
            steps=tuple((row.texts[0], row.texts[1]) for row in self.groups[TariffField.STEPS]),
            levies=tuple((row.texts[0], row.texts[1]) for row in self.groups[TariffField.LEVIES]),
            taxes=tuple(TaxText(row.texts[0], row.texts[1], kinds_on(row)) for row in self.groups[TariffField.TAXES]),
            fixed=fixed,
            minimum=minimum,
            maximum=maximum,
            rounding=self.rule,
            card_fee=card_fee,
            connection_fee=connection_fee,
        )

    def show_wrong(self, wrong: Mapping[Place, str]) -> None:
        """Mark the fields that are wrong, and no other."""
        for row in self._single:
            for where in row.places:
                row.set_wrong(where, wrong.get((where, 0), ""))
        for rows in self.groups.values():
            for at, row in enumerate(rows):
                for where in row.places:
                    row.set_wrong(where, wrong.get((where, at), ""))

    def field_of(self, where: Place) -> QWidget:
        """Where this is typed."""
        field, at = where
        for row in self._single:
            if field in row.places:
                return row.fields[row.places.index(field)]
        for group, rows in self.groups.items():
            if at < len(rows) and field in rows[at].places:
                return rows[at].fields[rows[at].places.index(field)]
            if field is group:
                return self.adders[group]
        taxes = self.groups[TariffField.TAXES]
        return taxes[at].more[0] if field is TariffField.TAX_ON and at < len(taxes) else self.rounding

    # --- rows -------------------------------------------------------------------------------------------

    def add_row(self, field: TariffField) -> None:
        """One more; a new step stands before the one without an end."""
        rows = self.groups[field]
        self._set_count(field, len(rows) + 1)
        if field is TariffField.STEPS and len(rows) > 1:
            rows[-1].set_texts(*rows[-2].texts)
            rows[-2].set_texts("", "")
        self.lay_out()
        fresh = rows[-2] if field is TariffField.STEPS and len(rows) > 1 else rows[-1]
        fresh.fields[0].setFocus()
        self.edited.emit()

    def _remove_row(self, field: TariffField, row: Row) -> None:
        """Texts move up, so that rows keep their names; the last step stays the one without an end."""
        rows = self.groups[field]
        at = rows.index(row)
        for upper, lower in zip(rows[at:], rows[at + 1 :], strict=False):
            upper.set_texts(*lower.texts)
            if lower.more:
                set_kinds(upper, kinds_on(lower))
        self._set_count(field, len(rows) - 1)
        self.lay_out()
        (rows[min(at, len(rows) - 1)].fields[1] if rows else self.adders[field]).setFocus()
        self.edited.emit()

    def _set_count(self, field: TariffField, count: int) -> None:
        rows, spare = self.groups[field], self._spare[field]
        while len(rows) < count:
            rows.append(spare.pop() if spare else self._fresh(field, len(rows)))
            rows[-1].set_texts("", "")
            rows[-1].show(True)
        while len(rows) > count:
            spare.append(rows.pop())
            spare[-1].show(False)
        if field is TariffField.STEPS:
            for at, row in enumerate(rows):
                is_last = at == len(rows) - 1
                row.set_end(is_last=is_last)
                if is_last:
                    row.set_texts("", row.texts[1])
                assert row.remove is not None, "rows of a group can be taken away"
                row.remove.setEnabled(len(rows) > 1)
        self.adders[field].setEnabled(len(rows) < GROUPS[field][2])

    def _fresh(self, field: TariffField, at: int) -> Row:
        makes: dict[TariffField, Callable[[int], Row]] = {
            TariffField.STEPS: self.maker.step,
            TariffField.LEVIES: self.maker.levy,
            TariffField.TAXES: self.maker.tax,
        }
        row = makes[field](at)
        assert row.remove is not None, "rows of a group can be taken away"
        row.remove.clicked.connect(lambda: self._remove_row(field, row))
        return row

    def _on_rounding(self, rule: object) -> None:
        self.rule = Rounding(str(rule))
        self.edited.emit()

    def _on_forward(self) -> None:
        self.focusNextChild()

    # --- places -----------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.lay_out()

    def lay_out(self) -> None:
        """From top to bottom; as high as its rows."""
        x, width = LABELS, self.width() - LABELS - FIELD - GAP - PADDING - 4
        y, self._labels = 4.0, []
        for words, row in (("Code", self.code), ("Name", self.called), ("Prices", self.start)):
            if row is not self.code or not self.code.fields[0].isHidden():
                self._labels.append((y, words, ""))
                y = row.lay_out(x, y, width)
        for field, (words, what, _) in GROUPS.items():
            rows = self.groups[field]
            self._labels.append((y, words, "" if rows else f"none; + adds {what}"))
            place(self.adders[field], x - FIELD - GAP, y, FIELD, FIELD)
            y = y if rows else y + PITCH
            for row in rows:
                y = row.lay_out(x, y, width)
        for words, row in (("One sale", self.limits), ("Card fees", self.fees)):
            self._labels.append((y, words, ""))
            y = row.lay_out(x, y, width)
        self._labels.append((y, "Rounding", ""))
        place(self.rounding, x, y, width, FIELD)
        self.setMinimumHeight(round(y + PITCH))
        self._order()
        self.update()

    def _order(self) -> None:
        """The tab key goes as the eye does."""
        order = [widget for row in (self.code, self.called, self.start) for widget in row.widgets()]
        for field, rows in self.groups.items():
            order += [self.adders[field], *(widget for row in rows for widget in row.widgets())]
        order += [*self.limits.widgets(), *self.fees.widgets(), *self.rounding.findChildren(QWidget)]
        for one, other in pairwise(order):
            QWidget.setTabOrder(one, other)

    def paintEvent(self, event: QPaintEvent) -> None:
        with Ink(self, self.look) as ink:
            ink.box(QRectF(self.rect()), fill=ink.t.card, radius=0)
            for y, words, none in self._labels:
                ink.text(QRectF(PADDING, y, LABELS - PADDING, FIELD), words, face=Face.STRONG)
                ink.text(QRectF(LABELS, y, self.width() - LABELS, FIELD), none, colour=ink.t.muted)


class EditorCard(Surface):
    """Signals: edited()."""

    edited = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="New prices", parent=parent)
        self.sentence = ""
        self.is_strict = False
        """Once somebody went on: what is missing is marked too."""
        self.fields = EditorForm(look)
        self.area = QScrollArea(self)
        self.area.setWidget(self.fields)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.fields.edited.connect(self.edited)

    def show_form(self, form: TariffForm, *, is_new: bool, title: str) -> None:
        """Begin with these texts."""
        self.is_strict = False
        self.set_title(title)
        self.fields.show_form(form, is_new=is_new)
        self.area.verticalScrollBar().setValue(0)

    @property
    def first(self) -> QWidget:
        """Where the cursor begins: the code of a new tariff, the day of new prices."""
        code = self.fields.code.fields[0]
        return self.fields.start.fields[0] if code.isHidden() else code

    def show_wrong(self, wrong: Mapping[Place, str]) -> None:
        """Mark what is wrong; what is only missing yet not before somebody went on."""
        marked = {where: said for where, said in wrong.items() if self.is_strict or said != MISSING}
        self.fields.show_wrong(marked)
        first = next(iter(marked), None)
        self.sentence = f"{said_place(*first)}: {marked[first]}" if first else ""
        self.setAccessibleDescription(self.sentence)
        self.update()

    def go_to(self, where: Place) -> None:
        """The cursor to what is wrong."""
        field = self.fields.field_of(where)
        field.setFocus()
        self.area.ensureWidgetVisible(field)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.area.setGeometry(QRectF(2, TOP, self.width() - 4, self.height() - TOP - FOOT).toRect())

    def draw(self, ink: Ink) -> None:
        row = QRectF(PADDING, self.height() - FOOT, self.width() - 2 * PADDING, FOOT - 4)
        ink.text(row, self.sentence, face=Face.SMALL, colour=ink.t.bad, may_elide=True)
