"""The slip of other terms: of a limit or tariff before and after, of a customer who takes over, of an agreement."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vending_app.documents.signed_slip import SignedSlip
from vending_app.domain.ids import spaced
from vending_app.domain.people import Customer
from vending_app.domain.procedure import Procedure, TermsChange, TermsVerb
from vending_app.domain.records import Terms
from vending_app.domain.tool_card import limits_of


@dataclass
class TermsSlip(SignedSlip):
    """One change of terms."""

    procedure: Procedure
    change: TermsChange

    def draw(self) -> bytes:
        """All of it. The same arguments give the same bytes."""
        words, done, change = self.words, self.procedure, self.change
        title, number = words.terms_verbs[change.verb], spaced(done.supply.number)
        self.banner(0)
        self.head()
        self.title(title, number)
        self.done(done.at, done.desk, done.operator, done.approver)
        if change.verb is TermsVerb.CUSTOMER:
            self.people()
        else:
            self.person(words.customer, done.supply.customer)
        self.row(words.supply, number)
        self.row(words.meter, spaced(done.supply.meter.number))
        self.row(words.reason, change.reason)
        self.what_changed()
        self.what_it_means()
        self.signatures()
        self.foot(change.fingerprint)
        return self.pdf(f"{title} {number}")

    # --- the parts from top to bottom ---

    def people(self) -> None:
        """Who gives it, and who takes it over."""
        self.person(self.words.gives, self.change.giver)
        self.person(self.words.takes_over, self.procedure.supply.customer)

    def person(self, label: str, who: Customer) -> None:
        self.row(label, who.name)
        if who.identity:
            self.row(self.words.identity, who.identity)

    def what_changed(self) -> None:
        """Each of the terms that is another one now, as it was and as it is."""
        lines = list(self._lines())
        if lines:
            self.section(self.words.changed)
        for label, before, after in lines:
            self.row(label, self.words.now.format(before=before, after=after))

    def _lines(self) -> Iterator[tuple[str, str, str]]:
        for (label, before), (_, after) in zip(
            self._told(self.change.before), self._told(self.change.after), strict=True
        ):
            if before != after:
                yield label, before, after

    def _told(self, terms: Terms) -> list[tuple[str, str]]:
        """Label and value of all of them but the customer, who stands above."""
        words = self.words
        return [
            (words.state, words.states[terms.state]),
            (words.tariff, terms.tariff),
            *self.limits_told(limits_of(terms.parameters)),
            (words.area, terms.area or words.nothing),
            (words.last_day, self.whole_day(terms.ends_on) if terms.ends_on else words.nothing),
            (words.share, f"{terms.arrears_share_percent} %"),
        ]

    def what_it_means(self) -> None:
        """What is carried, what is owed, and from when it holds."""
        words, change, owed = self.words, self.change, self.procedure.supply.arrears
        if change.verb is TermsVerb.AGREEMENT:
            self.sum(words.owed_now, f"{self.office.currency} {owed}")
        if change.verb is TermsVerb.CUSTOMER:
            self.section(words.goes_over)
            self.row(words.credit_taken_over, self.kwh(change.credit))
            self.row(words.arrears_taken_over, f"{self.office.currency} {owed}")
        self.y += 12
        for remark in self._remarks():
            self.remark(remark)

    def _remarks(self) -> Iterator[str]:
        words, change = self.words, self.change
        yield from filter(None, (words.terms_mean.get(change.verb, ""),))
        share = change.after.arrears_share_percent
        if share != change.before.arrears_share_percent:
            yield words.share_is_taken.format(percent=share) if share else words.no_share
        if change.before.parameters != change.after.parameters:
            yield words.limits_travel

    def signatures(self) -> None:
        words = self.words
        if self.change.verb is TermsVerb.CUSTOMER:
            self.signature(words.giver_signed)
            self.signature(words.taker_signed)
        else:
            self.signature(words.customer_signed)
        self.signature(words.technician_signed)
