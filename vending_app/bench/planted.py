"""Errors planted on purpose: a campaign that does not find them proves nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from vending_app.bench.faults import Adapt, unchanged
from vending_app.bench.world import SUPPLY
from vending_app.cardio.desk import Desk
from vending_app.cardio.session import Session
from vending_app.domain.card import CardImage
from vending_app.domain.ids import ReaderName, ulid
from vending_app.domain.sale import Sale, SaleIntent
from vending_app.ports import CardSession, Progress
from vending_app.services.counter import Counter
from vending_app.services.use_cases import Sell
from vending_app.services.writing import Writing


class PostsFirst(Writing):
    """Posts the sale, then writes the card: whoever pulls it has paid for nothing."""

    __slots__ = ()

    def write_and_post(self, session: CardSession, sale: Sale, *, progress: Progress) -> Sale:
        posted = self.ledger.post(sale.id, at=self.clock())
        session.write(sale.intent.write)
        session.verify(sale.intent.write)
        return posted


class SellsAnew(Writing):
    """Settles doubt by trusting that the card was written, and sells once more under a new sequence."""

    __slots__ = ()

    def finish(self, session: CardSession, sale: Sale, *, progress: Progress) -> Sale:
        return self.ledger.post(sale.id, at=self.clock())


class SettlesFirst(Writing):
    """Posts what waits for the old card before it knows whether the blank one will be the new one."""

    __slots__ = ()

    def reissue_and_write(self, session: CardSession, waiting: Sale, issue: SaleIntent, *, progress: Progress) -> Sale:
        self.ledger.post(waiting.id, at=self.clock())
        return self.reserve_and_write(session, issue, progress=progress)


class Trusting(Session):
    """Takes whatever card lies there after a reset for the one that it has read."""

    def _identify_again(self, image: CardImage) -> None:
        self._link.reconnect()
        self._recognised()


class TrustingDesk(Desk):
    """The same desk with such sessions."""

    def __init__(self, desk: Desk) -> None:
        vars(self).update(vars(desk))

    @contextmanager
    def session(self, reader: ReaderName) -> Iterator[Session]:
        with super().session(reader) as session:
            session.__class__ = Trusting
            yield session


def _trusting(counter: Counter) -> Counter:
    desk = counter.outside.cards
    assert isinstance(desk, Desk), "the desk of a campaign"
    return Counter(replace(counter.outside, cards=TrustingDesk(desk)))


class _PostsFirst(Counter):
    __slots__ = ()

    @property
    def writing(self) -> Writing:
        return PostsFirst(self.outside.ledger, self.outside.clock)


class _SettlesFirst(Counter):
    __slots__ = ()

    @property
    def writing(self) -> Writing:
        return SettlesFirst(self.outside.ledger, self.outside.clock)


class _NewSequence(Counter):
    """Forgets the sale that was interrupted, and sells the same again with the next sequence."""

    __slots__ = ()

    @property
    def writing(self) -> Writing:
        return SellsAnew(self.outside.ledger, self.outside.clock)

    def do(self, use_case: object, progress: Progress = lambda step: None) -> object:
        if isinstance(use_case, Sell) and self.outside.ledger.sale(use_case.id) is not None:
            again = replace(use_case, id=ulid(1_772_600_000_000, b"once-again"), supply=SUPPLY)
            return super().do(again, progress)
        return super().do(use_case, progress)


PLANTS: dict[str, Adapt] = {
    "none": unchanged,
    "post-before-write": lambda counter: _PostsFirst(counter.outside),
    "new-sequence-on-retry": lambda counter: _NewSequence(counter.outside),
    "any-card-after-a-reset": _trusting,
    "settle-before-re-issue": lambda counter: _SettlesFirst(counter.outside),
}
