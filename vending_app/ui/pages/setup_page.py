"""What this desk chooses for itself: printer, reader, colours, motion, quick amounts. Every choice holds at once."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, Signal
from PySide6.QtWidgets import QWidget

from vending_app.domain.allowance import Allowance
from vending_app.domain.people import Operator
from vending_app.domain.permissions import may
from vending_app.services.choices import ChangeSettings, DeskChoices, DeskSettings, ShowSettings
from vending_app.ui.components.buttons import Button
from vending_app.ui.components.choice_list import ChoiceList, Option
from vending_app.ui.components.segmented import Choice, Segmented
from vending_app.ui.components.surface import PADDING, Surface, place
from vending_app.ui.components.table import place_table
from vending_app.ui.components.toast import Note
from vending_app.ui.doors import DOORS
from vending_app.ui.fonts import Face
from vending_app.ui.pages.page import Page
from vending_app.ui.pages.quick_card import QuickCard
from vending_app.ui.paint import Ink
from vending_app.ui.phrases import day_and_year
from vending_app.ui.theme import Look

CARD, LOW = 248, 230
"""Height of a card; below LOW it shows its controls and no explanation."""
GAP = 16
SPOKEN, LOW_SPOKEN = 148, 120
"""What the two choices take at the foot of the reader's card; in a low window without a label of their own."""
READER_MOST, READER_LEAST = 340, 256
"""Height of the reader's card, which has more to choose: in a low window the printer's gives way to it."""
FOLDER = "The folder “receipts”"
SCREEN = "The screen"
ANY_READER = "Any, with a card in it"
DIALECTS = {"": "By itself", "acs": "ACS", "acs-old": "Old ACR38", "omnikey": "OMNIKEY"}
"""How a reader of memory cards is spoken to, as it is said on the screen."""
UNTOLD = {False: "Refuse the card", True: "Go by the books"}
"""What is done where a reader does not tell how many tries a card has left, as it is said on the screen."""
REMARK = "Every choice holds at once and is kept."


def printer_options(settings: DeskSettings) -> tuple[Option, ...]:
    """The folder, the printers of the system, and the chosen one if it is gone. Practice prints to the screen."""
    chosen = settings.chosen.printer
    if not settings.has_printers:
        return (Option("", SCREEN, "monitor", is_chosen=True),)
    folder = Option("", FOLDER, "folder-simple", "saved as PDF", is_chosen=not chosen)
    found = [
        Option(name, name, "printer", "the system’s default" if at == 0 else "", is_chosen=name == chosen)
        for at, name in enumerate(settings.printers)
    ]
    gone = [Option(chosen, chosen, "printer", is_there=False, is_chosen=True)]
    return (folder, *found, *(gone if chosen and chosen not in settings.printers else ()))


def reader_options(settings: DeskSettings) -> tuple[Option, ...]:
    """Any reader, each reader that is here, and the chosen one if it is unplugged or only part of a name."""
    chosen = settings.chosen.reader
    found = [Option(name, name, "cpu", is_chosen=name == chosen) for name in settings.readers]
    options = [Option("", ANY_READER, "cpu", is_chosen=not chosen), *found]
    if chosen and chosen not in settings.readers:
        is_part = any(chosen.lower() in name.lower() for name in settings.readers)
        name = f"Any with “{chosen}” in its name" if is_part else chosen
        options.append(Option(chosen, name, "cpu", is_there=is_part, is_chosen=True))
    return tuple(options)


def said_allowance(allowance: Allowance | None) -> str:
    """What this desk may still sell; nothing where it is not limited."""
    left = allowance.left if allowance else None
    if allowance is None or left is None:
        return ""
    return f"This desk may sell {left} kWh more, until {day_and_year(allowance.signed.grant.until)}."


class _ScreenCard(Surface):
    """Two choices, each with its label above."""

    LABELS = ("Colours", "Motion")
    TOPS, LOW_TOPS = (48, 138), (42, 116)

    @property
    def tops(self) -> tuple[int, int]:
        """Where the labels stand; each choice begins 28 below its own."""
        return self.LOW_TOPS if self.height() < LOW else self.TOPS

    def draw(self, ink: Ink) -> None:
        for label, top in zip(self.LABELS, self.tops, strict=True):
            ink.text(QRectF(PADDING, top, 300, 24), label, colour=ink.t.muted)
        if self.height() < LOW:
            return
        words = "Less motion: banners, cards and bars change at once."
        row = QRectF(PADDING, 214, self.width() - 2 * PADDING, 40)
        ink.paragraph(row, words, colour=ink.t.muted, from_top=True)


class _ReaderCard(Surface):
    """A list, how the reader is spoken to, and what is done where it tells no tries, with what that risks."""

    LABEL = "Where it does not tell a card’s tries"
    RISK = "By the books a card that lost two tries somewhere else is lost."
    SHORT = "No tries told? By the books a card that lost two elsewhere is lost."

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(look, title="Reader", parent=parent)
        self.is_risked = False

    def show_risk(self, is_risked: bool) -> None:
        """Whether it is taken: then the words of it are in the colour of a warning."""
        self.is_risked = is_risked
        self.update()

    @property
    def foot(self) -> int:
        """How high what stands below the list is."""
        return SPOKEN if self.height() > READER_LEAST else LOW_SPOKEN

    def draw(self, ink: Ink) -> None:
        top, room = self.height() - self.foot + 48, self.width() - 2 * PADDING
        colour = ink.t.warn if self.is_risked else ink.t.muted
        if self.foot == LOW_SPOKEN:
            ink.text(QRectF(PADDING, top - 4, room, 20), self.SHORT, face=Face.SMALL, colour=colour)
            return
        ink.text(QRectF(PADDING, top, room, 24), self.LABEL, colour=ink.t.muted)
        ink.text(QRectF(PADDING, top + 70, room, 20), self.RISK, face=Face.SMALL, colour=colour)


class SetupPage(Page):
    """Signals: asked(ShowSettings | ChangeSettings), door_wanted(str) — the page behind a button of the title row."""

    asked = Signal(object)
    door_wanted = Signal(str)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(look, title="Set-up", parent=parent)
        self.set_title("Set-up", REMARK)
        self.settings: DeskSettings | None = None
        self._build()
        self._connect()

    def _build(self) -> None:
        look = self.look
        self.printer_card = Surface(look, title="Printer", parent=self)
        self.printers = ChoiceList(look, name="Printer", parent=self)
        self.screen_card = _ScreenCard(look, title="Screen", parent=self)
        colours = (Choice(False, "Light", "sun"), Choice(True, "Dark", "moon"))
        self.colours = Segmented(look, colours, name="Colours", parent=self)
        motion = (Choice(False, "Usual"), Choice(True, "Less"))
        self.motion = Segmented(look, motion, name="Motion", parent=self)
        self.reader_card = _ReaderCard(look, self)
        self.readers = ChoiceList(look, name="Reader", parent=self)
        spoken = tuple(Choice(dialect, words) for dialect, words in DIALECTS.items())
        self.dialect = Segmented(look, spoken, name="How the reader is spoken to", parent=self)
        untold = tuple(Choice(by_books, words) for by_books, words in UNTOLD.items())
        self.untold = Segmented(look, untold, name=_ReaderCard.LABEL, parent=self)
        self.untold.setAccessibleDescription(_ReaderCard.RISK)
        self.quick = QuickCard(look, self)
        self.doors = {door: Button(look, door.words, icon=door.icon, parent=self) for door in DOORS}
        self.verbs = tuple(self.doors.values())
        self.show_operator(None)

    def _connect(self) -> None:
        for door, button in self.doors.items():
            button.clicked.connect(partial(self.door_wanted.emit, door.key))
        self.printers.wanted.connect(self._on_printer)
        self.readers.wanted.connect(self._on_reader)
        self.dialect.chosen.connect(self._on_dialect)
        self.untold.chosen.connect(self._on_untold)
        self.colours.chosen.connect(self._on_colours)
        self.motion.chosen.connect(self._on_motion)
        self.quick.kept.connect(self._on_quick)

    # --- shown ------------------------------------------------------------------------------------------

    @property
    def first(self) -> QWidget:
        """Where the cursor begins."""
        return self.printers

    def begin(self) -> None:
        """Ask what is chosen and what there is to choose from."""
        self.quick.forget()
        self.asked.emit(ShowSettings())

    def show_operator(self, operator: Operator | None) -> None:
        """Only the pages behind this one where he may do something."""
        for door, button in self.doors.items():
            button.setVisible(may(operator, door.act))
        self.lay_out_verbs()

    def show_settings(self, settings: DeskSettings) -> None:
        """Show what holds; amounts that are just being typed stay as they are."""
        self.settings = settings
        self.set_title("Set-up", said_allowance(settings.allowance) or REMARK)
        chosen = settings.chosen
        self.printers.show_options(printer_options(settings))
        self.readers.show_options(reader_options(settings))
        self.dialect.choose(chosen.dialect)
        self.untold.choose(chosen.tries_from_books)
        self.reader_card.show_risk(chosen.tries_from_books)
        self.colours.choose(chosen.dark)
        self.motion.choose(chosen.less_motion)
        self.quick.show_amounts(chosen.quick_amounts)
        found = "Enter chooses" if settings.printers else "no printer found"
        self.printer_card.set_title("Printer", found if settings.has_printers else "practice prints to the screen")
        spoken = "Enter chooses; below, how it is spoken to"
        self.reader_card.set_title("Reader", spoken if settings.readers else "no reader connected")

    def show_refused(self) -> None:
        """It was not kept: show again what holds."""
        if self.settings is not None:
            self.show_settings(self.settings)

    def lay_out(self, area: QRectF) -> None:
        half = round((area.width() - GAP) / 2)
        narrow = half < 540
        left, top, room = round(area.left()), round(area.top()), round(area.height()) - GAP
        high = min(CARD, round(room / 2))
        printer = min(high, room - READER_LEAST)
        reader = min(READER_MOST, room - printer)
        self.printer_card.setGeometry(left, top, half, printer)
        self.reader_card.setGeometry(left, top + printer + GAP, half, reader)
        self.screen_card.setGeometry(left + half + GAP, top, half, high)
        self.quick.setGeometry(left + half + GAP, top + high + GAP, half, min(reader, room - high))
        self.quick.set_narrow(narrow)
        foot, x, width = self.reader_card.foot, left + PADDING, half - 2 * PADDING
        for card, table, below in ((self.printer_card, self.printers, 0), (self.reader_card, self.readers, foot)):
            place_table(table, QRectF(left + 5, card.y() + 46, half - 10, card.height() - 54 - below))
        spoken = self.reader_card.geometry().bottom() - foot
        place(self.dialect, x, spoken, width, 40)
        place(self.untold, x, spoken + (76 if foot == SPOKEN else 66), width, 40)
        x += half + GAP
        for choice, label in zip((self.colours, self.motion), self.screen_card.tops, strict=True):
            place(choice, x, top + label + 28, width, 40)

    @staticmethod
    def said_change(asked: ChangeSettings, chosen: DeskChoices) -> Note:
        """What the toast says of a choice that was kept."""
        line = "Kept. Choose again to undo."
        if asked.printer is not None:
            title = f"Printer: {chosen.printer}" if chosen.printer else "Receipts go to the folder"
            line = "From the next receipt on."
        elif asked.reader is not None:
            title = f"Reader: {chosen.reader}" if chosen.reader else "Any reader with a card in it"
            line = "From the next card on."
        elif asked.dialect is not None:
            title = f"The reader is spoken to: {DIALECTS[chosen.dialect]}"
            line = "From the next card on."
        elif asked.tries_from_books is not None:
            title = "No tries told: by the books" if chosen.tries_from_books else "No tries told: refused"
            line = "One that lost two elsewhere is lost." if chosen.tries_from_books else "From the next card on."
        elif asked.dark is not None:
            title = "Dark colours" if chosen.dark else "Light colours"
        elif asked.less_motion is not None:
            title = "Less motion" if chosen.less_motion else "Usual motion"
        else:
            title, line = "Quick amounts kept", "They stand under the amount."
        return Note(title, line, "ok", about="settings")

    # --- what a person does -----------------------------------------------------------------------------

    def _on_printer(self, name: str) -> None:
        self.asked.emit(ChangeSettings(printer=name))

    def _on_reader(self, name: str) -> None:
        self.asked.emit(ChangeSettings(reader=name))

    def _on_dialect(self, dialect: object) -> None:
        self.asked.emit(ChangeSettings(dialect=str(dialect)))

    def _on_untold(self, by_books: object) -> None:
        self.asked.emit(ChangeSettings(tries_from_books=bool(by_books)))

    def _on_colours(self, dark: object) -> None:
        self.asked.emit(ChangeSettings(dark=bool(dark)))

    def _on_motion(self, less: object) -> None:
        self.asked.emit(ChangeSettings(less_motion=bool(less)))

    def _on_quick(self, amounts: object) -> None:
        assert isinstance(amounts, tuple)
        self.asked.emit(ChangeSettings(quick_amounts=amounts))
