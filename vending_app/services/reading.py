"""A card is read: its write-back is kept, it is held against the ledger, and everything a page shows is gathered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from vending_app.domain.card import CardImage, WriteBack
from vending_app.domain.card_ahead import card_ahead
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.domain.foreseen import Foresee
from vending_app.domain.ids import CardNo, DeskNo, SupplyNo
from vending_app.domain.people import CardRecord, HistoryEntry, SupplyFile
from vending_app.domain.quote import Buyer
from vending_app.domain.sale import Sale
from vending_app.domain.verdict import Verdict, judge
from vending_app.ports import CardDesk, CardSession, Clock, Ledger
from vending_app.services.foretelling import Preview
from vending_app.services.usage import usage_of
from vending_app.services.use_cases import CardReading, SupplyReading

WRITE_BACKS_READ = 24
"""Two years of monthly visits: enough for twelve bars and a rate."""
HISTORY_READ = 40


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads cards and supplies for the pages; the only place where a write-back enters the ledger."""

    cards: CardDesk
    ledger: Ledger
    clock: Clock
    desk: DeskNo
    foresee: Foresee | None = None
    """The reference meter, asked beforehand."""

    def read(self, session: CardSession, *, expected: SupplyNo | None = None) -> CardReading:
        """What this card is. Its write-back is durable when this returns, before anything can overwrite it; so is that
        it carries sales which the books do not know."""
        image = session.read()
        record = self._record(image)
        open_sale = self.open_sale(image)
        supply = self._supply(record, open_sale)
        if supply is not None and record is not None:
            self._harvest(image, supply, record)
            if image.order is not None:
                self.ledger.note_ahead(record.number, card_ahead(image, supply), at=self.clock())
        verdict = judge(image, record=record, supply=supply, open_sale=open_sale, expected=expected, today=self.today())
        return CardReading(
            reader=session.reader,
            verdict=verdict,
            image=image,
            record=record,
            reading=self.supply_reading(supply) if supply else None,
            open_sale=open_sale,
            chip=session.chip if image.raw else "",
            dialect=session.dialect if image.raw else "",
            replaced_by=_newer(supply, record),
        )

    def outline(self, session: CardSession) -> CardReading:
        """What can be told of a card whose `read` raised key-version-unknown: whose it is, and nothing to act upon."""
        image = session.outline()
        record = self._record(image)
        supply = self._supply(record, None)
        return CardReading(
            reader=session.reader,
            verdict=Verdict.KEYS_MISSING,
            image=image,
            record=record,
            reading=self.supply_reading(supply) if supply else None,
            open_sale=None,
            chip=session.chip,
            dialect=session.dialect,
            replaced_by=_newer(supply, record),
        )

    def today(self) -> date:
        """The day at the counter, in the machine's time zone."""
        return self.clock().astimezone().date()

    def open_sale(self, image: CardImage) -> Sale | None:
        """The undecided sale whose bytes belong on this card.

        A card whose header is not written yet may be the blank card of an interrupted issue: the newest
        of this desk that the bytes on it do not contradict.
        """
        if image.header is not None:
            return self.ledger.open_sale(card=image.header.card)
        issues = [s for s in self.ledger.open_sales() if s.intent.write.issues_card and s.intent.desk == self.desk]
        fitting = [s for s in issues if self.cards.codec.may_become(image, s.intent.write)]
        return fitting[-1] if fitting else None

    def supply_reading(self, supply: SupplyFile) -> SupplyReading:
        """Everything the sell page shows of a supply, from the ledger alone."""
        write_backs = self.ledger.write_backs(supply.number, limit=WRITE_BACKS_READ)
        newest = write_backs[0] if write_backs else None
        return SupplyReading(
            supply=supply,
            tariff=self.ledger.tariff(supply.tariff, on=self.today()),
            buyer=self.buyer(supply),
            write_back=newest,
            usage=usage_of(write_backs),
            last_purchase=self._last_purchase(supply),
            sell_at_most=sell_at_most(supply, newest),
            preview=self._preview(supply, newest),
        )

    def _preview(self, supply: SupplyFile, newest: WriteBack | None) -> Preview | None:
        if self.foresee is None:
            return None
        return Preview(self.foresee, supply, newest, self.clock(), self.desk)

    def buyer(self, supply: SupplyFile) -> Buyer:
        """What the price depends on."""
        return Buyer(
            today=self.today(),
            bought_this_month=supply.bought_this_month,
            charged_until=supply.charged_until,
            arrears=supply.arrears,
            arrears_share_percent=supply.arrears_share_percent,
        )

    def _record(self, image: CardImage) -> CardRecord | None:
        return self.ledger.card(image.header.card) if image.header else None

    def _supply(self, record: CardRecord | None, open_sale: Sale | None) -> SupplyFile | None:
        if record is not None:
            return self.ledger.supply(record.supply, today=self.today())
        if open_sale is not None:
            return self.ledger.supply(open_sale.intent.order.supply, today=self.today())
        return None

    def _harvest(self, image: CardImage, supply: SupplyFile, record: CardRecord) -> None:
        write_back = image.write_back
        if write_back is not None and write_back.meter == supply.meter.number:
            self.ledger.harvest(
                write_back,
                supply=supply.number,
                card=record.number,
                record=self.cards.codec.encode_write_back(write_back, card=record.number),
                at=self.clock(),
            )

    def _last_purchase(self, supply: SupplyFile) -> HistoryEntry | None:
        entries = self.ledger.history(supply.number, limit=HISTORY_READ)
        return next((e for e in entries if e.kind == "sale" and e.state == "posted"), None)


def require_keys(card: CardReading) -> None:
    """Nobody forged its orders: another desk has newer keys. Raises EnvironmentFault key-version-unknown then."""
    if card.verdict is Verdict.KEYS_MISSING:
        raise EnvironmentFault(Code.KEY_VERSION_UNKNOWN, card=card.card or "")


def _newer(supply: SupplyFile | None, record: CardRecord | None) -> CardNo | None:
    """The card that this supply has now, if it is another one."""
    return supply.card if supply and record and supply.card != record.number else None


def expected_remaining(supply: SupplyFile, newest: WriteBack | None) -> Energy:
    """What the meter holds once it has taken everything sold: its last reading, and what it had not taken then."""
    if newest is None:
        return supply.energy_total
    return newest.remaining + supply.energy_total - newest.energy_total


def sell_at_most(supply: SupplyFile, newest: WriteBack | None) -> Energy | None:
    """What the hoarding limit still allows: above it the meter would refuse the order and keep nothing of it."""
    limit = supply.parameters.hoarding
    if not limit:
        return None
    return max(Energy(0), limit - expected_remaining(supply, newest))
