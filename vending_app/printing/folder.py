"""A printer that keeps its paper in a folder: the practice counter's, and the office's without a printer."""

from __future__ import annotations

import re
from pathlib import Path

from vending_app.domain.errors import Code, EnvironmentFault

NAME = "Folder receipts"


class FolderPrinter:
    """`ports.Printer` that saves each print under its title; `is_paper_out` makes it fail for practice."""

    def __init__(self, folder: Path, *, name: str = NAME) -> None:
        self._folder = folder
        self._name = name
        self.is_paper_out = False

    @property
    def name(self) -> str:
        return self._name

    def print_pdf(self, pdf: bytes, *, title: str) -> None:
        """Raises EnvironmentFault printer-failed with the reason."""
        if self.is_paper_out:
            raise EnvironmentFault(Code.PRINTER_FAILED, printer=self._name, reason="no paper")
        target = self._folder / f"{file_name(title)}.pdf"
        partial = target.with_suffix(".partial")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(pdf)
            partial.replace(target)
        except OSError as cause:
            reason = cause.strerror or "the folder cannot be written"
            raise EnvironmentFault(Code.PRINTER_FAILED, printer=self._name, reason=reason) from cause


def file_name(title: str) -> str:
    """A title as a file name that every system accepts; never empty, never a way out of the folder."""
    return re.sub(r"[^\w-]+", "-", title).strip("-")[:80] or "print"
