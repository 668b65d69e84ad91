"""The use cases of keeping the books, for the counter: restored books, tables that come in, files that go out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vending_app.domain.permissions import Act
from vending_app.ports import Progress
from vending_app.ports.keeping import Exported
from vending_app.services.importing import ImportDesk
from vending_app.services.keeping_cases import (
    BackUp,
    BackupBegun,
    CheckReceipts,
    ExportBooks,
    FinishRestoring,
    ImportSupplies,
    ReenterCard,
    Reentered,
    ReenterReceipt,
    ShowRestoring,
)
from vending_app.services.restoring import RestoringDesk
from vending_app.services.verb_tables import VerbTable

if TYPE_CHECKING:
    from vending_app.services.counter import Counter


def verbs(counter: Counter) -> VerbTable:
    def reenter_card(asked: ReenterCard, _: Progress) -> Reentered:
        with counter.session(asked.reader) as card:
            return restoring().reenter_card(card, asked, operator=counter.at_work)

    def export(asked: ExportBooks, _: Progress) -> Exported:
        with counter.outside.ledger.exporting() as books:
            return asked.to.take(books)

    def restoring() -> RestoringDesk:
        out = counter.outside
        return RestoringDesk(out.ledger, out.vault, out.clock, out.desk, counter.reading)

    def importing() -> ImportDesk:
        return ImportDesk(counter.outside.ledger, counter.reading.today())

    def back_up(_: BackUp, __: Progress) -> BackupBegun:
        counter.outside.backups.begin()
        return BackupBegun()

    return {
        BackUp: (Act.BACKUP, back_up),
        ShowRestoring: (Act.LOOK, lambda _, __: restoring().show()),
        CheckReceipts: (Act.LOOK, lambda asked, _: restoring().check(asked)),
        ReenterCard: (Act.REENTER, reenter_card),
        ReenterReceipt: (
            Act.REENTER,
            lambda asked, _: restoring().reenter_receipt(asked, operator=counter.at_work),
        ),
        FinishRestoring: (Act.REENTER, lambda asked, _: restoring().finish(asked)),
        ImportSupplies: (Act.IMPORT, lambda asked, _: importing().take(asked)),
        ExportBooks: (Act.EXPORT, export),
    }
