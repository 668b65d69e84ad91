"""What is wrong with a card: field by field, beside the books, and mended from them with two people's word (row T4)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vending_app.domain.card import CardKind, ImageState, PastOrder
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.ids import SaleId
from vending_app.domain.permissions import Act
from vending_app.domain.sale import Sale
from vending_app.domain.verdict import Verdict
from vending_app.ports import CardSession, Clock, Ledger, Progress
from vending_app.services.diagnosis_cases import Compared, Comparison, DiagnoseCard, Diagnosis, RepairCard
from vending_app.services.reading import Reading
from vending_app.services.use_cases import CardReading
from vending_app.services.verb_tables import VerbTable

if TYPE_CHECKING:
    from vending_app.services.counter import Counter

MENDABLE = frozenset({Verdict.READY, Verdict.ORDER_LOST, Verdict.ORDER_BEHIND, Verdict.MAC_WRONG, Verdict.TRIES_UNTOLD})
"""What a supply's own card may be and still get its order again, here or at another reader: never one that is ahead of
the books."""


@dataclass(frozen=True, slots=True)
class CardDoctor:
    """One desk's."""

    ledger: Ledger
    clock: Clock
    reading: Reading

    def look(self, session: CardSession) -> Diagnosis:
        """The card in the reader; its write-back is kept on the way, as whenever a card is read."""
        found = self._read(session)
        milliseconds, now = session.read_ms, self.clock()
        found = replace(found, image=replace(found.image, tries=session.tries()))
        history, lacks = session.history(), self._missing(found)
        return Diagnosis(
            reading=found,
            fields=self.reading.cards.codec.fields(found.image.raw, uid=session.uid, kind=_kind_of(found, lacks)),
            atr=session.atr,
            uid=session.uid,
            milliseconds=milliseconds,
            at=now,
            history=history,
            issue_begun=session.issue_begun,
            compared=(*_compared(found), *self._remembered(found, history)),
            repair=lacks,
        )

    def _read(self, session: CardSession) -> CardReading:
        """Of a chip whose records are kept by keys that this office lacks, what it tells without them."""
        try:
            return self.reading.read(session)
        except EnvironmentFault as fault:
            if fault.code is not Code.KEY_VERSION_UNKNOWN:
                raise
            return self.reading.outline(session)

    def repair(self, session: CardSession, wanted: SaleId, progress: Progress) -> Diagnosis:
        """The stored bytes of the newest posted order, once more: by idea 1 of the format that can harm nobody.

        What the chip can refuse it refuses before anything is noted. Raises OperatorError card-not-repairable,
        card-swapped, sale-interrupted; OutcomeUnknown sale-in-doubt, after which it may be done again.
        """
        found = self.reading.read(session)
        sale = lacking(found, self._missing(found))
        if sale.id != wanted:
            raise OperatorError(Code.CARD_SWAPPED)
        if found.image.header is None:
            return self._restore_header(session, sale, progress)
        # Of an issue the order alone: the card has its header and its code.
        write = replace(sale.intent.write, header=b"")
        session.unlock(write)
        self.ledger.note_repair(sale.id, write.card, at=self.clock())
        progress("writing")
        session.write(write)
        progress("checking")
        session.verify(write)
        return self.look(session)

    def _remembered(self, found: CardReading, history: tuple[PastOrder, ...]) -> Iterator[Comparison]:
        """The orders that the card remembers and the books never made."""
        if found.record is None or found.reading is None:
            return
        supply, knows = found.reading.supply.number, self.ledger.knows_order
        unknown = [
            str(each.sequence)
            for each in history
            if not knows(supply, sequence=each.sequence, energy_total=each.energy_total)
        ]
        if unknown:
            yield Comparison(Compared.PAST_ORDERS, ", ".join(unknown), "")

    def _restore_header(self, session: CardSession, issue: Sale, progress: Progress) -> Diagnosis:
        """Then it says again whose it is; what else it lacks is mended the next time."""
        session.unlock_nameless(issue.intent.write)
        self.ledger.note_repair(issue.id, issue.intent.write.card, at=self.clock())
        progress("writing")
        session.restore_header(issue.intent.write)
        return self.look(session)

    def _nameless(self, found: CardReading) -> Sale | None:
        """What made this card, if its header is damaged and an order on it proves which one it is.

        The MAC of an order is made with the card's number: it is right for one number only. So it must be the card
        that the supply named in that order has now, and not one that was replaced.
        """
        for number in self.reading.cards.codec.supplies_named(found.image.raw):
            with suppress(OperatorError):
                card = self.ledger.supply(number, today=self.reading.today()).card
                issue = self.ledger.issue_of(card) if card is not None else None
                if issue is not None and self._is_its_own(found, issue):
                    return issue
        return None

    def _is_its_own(self, found: CardReading, issue: Sale) -> bool:
        return self.reading.cards.codec.with_header(found.image.raw, issue.intent.write.header).is_proved

    def _missing(self, found: CardReading) -> Sale | None:
        """The newest posted order of a supply whose own card lies here without it; or what made a nameless card."""
        if found.image.state is ImageState.FOREIGN and found.open_sale is None:
            return self._nameless(found)
        supply = found.reading.supply if found.reading is not None else None
        if supply is None or found.card is None or supply.card != found.card or found.verdict not in MENDABLE:
            return None
        if found.open_sale is not None:
            return None
        sale = self.ledger.newest_order(supply.number)
        if sale is None or sale.intent.write.card != found.card:
            return None
        is_there = any(slot.record == sale.intent.write.record for slot in found.image.slots)
        return None if is_there else sale


def lacking(found: CardReading, lacks: Sale | None) -> Sale:
    """What belongs on the card and is not there, of a card that was looked at.

    Raises OperatorError sale-interrupted, card-locked, card-last-try, card-not-repairable.
    """
    if found.open_sale is not None:
        waiting = found.open_sale
        raise OperatorError(Code.SALE_INTERRUPTED, sale=waiting.id, supply=waiting.intent.order.supply)
    if lacks is None and found.verdict is Verdict.LOCKED:
        tries = found.image.tries or 0
        raise OperatorError(Code.CARD_LAST_TRY if tries else Code.CARD_LOCKED, tries=tries)
    if lacks is None:
        raise OperatorError(Code.CARD_NOT_REPAIRABLE, verdict=found.verdict.value)
    return lacks


def _kind_of(found: CardReading, lacks: Sale | None) -> CardKind | None:
    """A card that its orders prove is a customer's, whatever is left of its header."""
    return CardKind.USER if found.image.header is None and lacks is not None else None


def _compared(found: CardReading) -> Iterator[Comparison]:
    """The card beside the books, as far as these know it, and as it can be known itself."""
    if found.record is None or found.reading is None:
        return
    supply, order, known = found.reading.supply, found.image.order, found.reading.write_back
    yield Comparison(Compared.CARD, found.record.number, supply.card or "")
    if found.verdict is Verdict.KEYS_MISSING:
        return
    yield Comparison(Compared.SUPPLY, order.supply if order else "", supply.number)
    yield Comparison(Compared.METER, order.meter if order else "", supply.meter.number)
    yield Comparison(Compared.GENERATION, str(order.generation) if order else "", str(supply.generation))
    yield Comparison(Compared.SEQUENCE, str(order.sequence) if order else "", str(supply.order_sequence))
    total = f"{order.energy_total} kWh" if order else ""
    yield Comparison(Compared.ENERGY_TOTAL, total, f"{supply.energy_total} kWh")
    yield Comparison(Compared.PURCHASES, str(order.purchases) if order else "", str(supply.purchases))
    told = found.image.write_back
    if told is not None:
        yield Comparison(Compared.READ_LAST, str(told.running), str(known.running) if known else "")


def verbs(counter: Counter) -> VerbTable:
    return {
        DiagnoseCard: (Act.LOOK, lambda asked, _: _look(counter, asked)),
        RepairCard: (Act.REPAIR_CARD, lambda asked, progress: _repair(counter, asked, progress)),
    }


def _doctor(counter: Counter) -> CardDoctor:
    return CardDoctor(counter.outside.ledger, counter.outside.clock, counter.reading)


def _look(counter: Counter, asked: DiagnoseCard) -> Diagnosis:
    with counter.session(asked.reader) as session:
        return _doctor(counter).look(session)


def _repair(counter: Counter, asked: RepairCard, progress: Progress) -> Diagnosis:
    with counter.session(asked.reader) as session:
        return _doctor(counter).repair(session, asked.sale, progress)
