"""What a desk chose, kept in its settings; its printer is always the one that is chosen now."""

from __future__ import annotations

from dataclasses import fields, replace

from vending_app import settings
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.office_files import Files
from vending_app.ports import Printer
from vending_app.printing.folder import FolderPrinter
from vending_app.services.choices import DeskChoices


class KeptChoices:
    """`desk_settings.Preferences` in settings.json; what a command line overrides is never written there."""

    def __init__(self, files: Files, chosen: settings.Settings, *, has_printers: bool) -> None:
        self._files = files
        self._chosen = chosen.choices
        self.has_printers = has_printers

    @property
    def chosen(self) -> DeskChoices:
        return self._chosen

    def keep(self, choices: DeskChoices) -> None:
        """Write what differs from now; the rest stays as the file has it, where the command line may have changed it.

        Raises EnvironmentFault file-unreadable, settings-damaged; nothing is changed then.
        """
        path = self._files.settings
        kept = settings.load(path)
        names = [field.name for field in fields(choices)]
        differs = {
            name: getattr(choices, name) for name in names if getattr(choices, name) != getattr(self._chosen, name)
        }
        fresh = replace(kept.choices, **differs)
        settings.save(path, kept.with_choices(fresh))
        self._chosen = fresh

    def printers(self) -> tuple[str, ...]:
        """The printers of this system."""
        from vending_app.printing.qt_printer import available_printers  # noqa: PLC0415 - headless verbs start without Qt

        return available_printers()


class ChosenPrinter:
    """`ports.Printer` that is always the chosen one: the office printer of the settings, else a folder."""

    def __init__(self, files: Files, preferences: KeptChoices) -> None:
        self._files, self._preferences = files, preferences

    @property
    def name(self) -> str:
        return self._printer.name

    def print_pdf(self, pdf: bytes, *, title: str) -> None:
        """Raises EnvironmentFault printer-failed."""
        self._printer.print_pdf(pdf, title=title)

    @property
    def _printer(self) -> Printer:
        name = self._preferences.chosen.printer
        if not name:
            return FolderPrinter(self._files.receipts)
        from vending_app.printing.qt_printer import QtPrinter  # noqa: PLC0415 - as above

        return QtPrinter(name)


def printer_state(files: Files, chosen: settings.Settings) -> str:
    """Where receipts go. Raises EnvironmentFault printer-failed for a printer that this system does not have."""
    if not chosen.printer:
        return f"receipts are saved in {files.receipts}"
    from vending_app.printing.qt_printer import available_printers  # noqa: PLC0415 - as above

    if chosen.printer not in available_printers():
        raise EnvironmentFault(Code.PRINTER_FAILED, printer=chosen.printer, reason="no printer of this name")
    return chosen.printer
