"""Use cases of reports (row P1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from vending_app.domain.report import Report
from vending_app.domain.report_asked import ReportAsked
from vending_app.domain.said_report import SaidReport


@dataclass(frozen=True, slots=True)
class ShowReport:
    """Answer: Report. Fails with report-period."""

    asked: ReportAsked


@dataclass(frozen=True, slots=True)
class ShowReportPaper:
    """A report as it comes out of the printer. Answer: ReportPaperShown."""

    title: str
    """A name for a file."""
    said: SaidReport


@dataclass(frozen=True, slots=True)
class ReportPaperShown:
    """A report on A4, to look at and to save."""

    title: str
    asked: ShowReportPaper
    pdf: bytes


@dataclass(frozen=True, slots=True)
class PrintReportPaper:
    """A paper that was made. Answer: ReportPrinted. Fails with printer-failed."""

    title: str
    pdf: bytes = field(repr=False)


class TableForm(StrEnum):
    """What a report may be saved as; also how its file's name ends."""

    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class MakeTables:
    """A report for a spreadsheet or another program. Answer: TablesMade."""

    title: str
    report: Report
    captions: Mapping[str, str]
    """For tables, columns and words."""
    form: TableForm


@dataclass(frozen=True, slots=True)
class TablesMade:
    """What is to be written into a file."""

    title: str
    form: TableForm
    content: bytes
