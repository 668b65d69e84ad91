"""Choosing meters to inspect, and remembering what was found there (row S11)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from vending_app.domain.energy import NO_ENERGY
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.importing import MOST_READING
from vending_app.domain.inspection import MOST_SEED, Criteria, KeptSample, OpenRoute, SampleLine, Suspect
from vending_app.domain.pricing import last_cost
from vending_app.ports import Clock, Ledger
from vending_app.ports.inspecting import InspectionKeeping
from vending_app.ports.telling import Tally, Tell, stage, untold
from vending_app.sampling.learning import MOST_POINTS, hit_rates, proposed_weights
from vending_app.services import inspection_cases as ask

LOOKED_BACK = timedelta(days=365)
"""Re-issues and reversals count for a year."""
MOST_METERS = 1000
LONGEST_NOTE = 1000


READ, WHOLE = 60, 100
"""Of the work: reading all supplies, and with judging them."""


def count(
    ledger: InspectionKeeping,
    tell: Tell = untold,
    *,
    criteria: Criteria,
    today: date,
    until: int | None = None,
) -> ask.Counted:
    """The list by all that the books know, or knew with the row `until`. Reads only; may run beside a counter.

    Told as supplies are read, part by part, and judged.
    """
    # Loaded with the first list: numpy takes a tenth of a second that the counter's start has not.
    from vending_app.sampling.sample import TIMES, sample_of  # noqa: PLC0415 - see above

    newest = ledger.newest_row() if until is None else until
    reading, judging = stage(tell, 0, READ, WHOLE), stage(tell, READ, WHOLE, WHOLE)
    records = ledger.supply_records(until=newest, since=today - LOOKED_BACK, tell=reading)
    each = Tally(judging, TIMES * len(records)).each
    return ask.Counted(sample_of(records, criteria, today=today, each=each), newest)


@dataclass(frozen=True, slots=True)
class Inspecting:
    """One desk's hand on the inspections."""

    ledger: Ledger
    clock: Clock

    def show(self, number: int | None = None) -> ask.InspectionShown:
        """The newest list, or the one of this number. Raises OperatorError sample-unknown."""
        newest = next(iter(self.ledger.samples(limit=1)), None)
        shown = newest if number is None else self.ledger.sample(number)
        visits, criteria, routes = self.ledger.visits(), self.ledger.criteria(), self.ledger.open_routes()
        return ask.InspectionShown(
            criteria=criteria,
            sample=shown,
            lines=tuple(self._lines(shown, routes)) if shown else (),
            hits=hit_rates(visits),
            proposed=proposed_weights(visits, criteria),
            visits=len(visits),
            now=self.clock(),
            newest=newest.number if newest else None,
            open_routes=routes,
        )

    def _lines(self, sample: KeptSample, routes: Sequence[OpenRoute]) -> Iterator[ask.Listed]:
        """Those of the list, with what is under way for them: check cards, what such cards took there since it was
        counted, and routes of other lists, of which the newest is told."""
        cards, reads = self.ledger.cards_out(), self.ledger.field_reads(since=sample.at)
        others = [route for route in reversed(routes) if route.number != sample.number]
        waits = {supply: route.on for route in others for supply in route.waiting}
        for line in sample.lines:
            listed = self.listed(line)
            card, read = cards.get(listed.area_code), reads.get(line.supply)
            yield replace(listed, card=card, read=read, waits_since=waits.get(line.supply))

    def listed(self, line: SampleLine) -> ask.Listed:
        """A line with who lives there now."""
        supply = self.ledger.supply(line.supply, today=self.today())
        terms = self.ledger.terms(line.supply)
        tariff = self.ledger.tariff(terms.tariff, on=self.today())
        return ask.Listed(
            line=line,
            customer=supply.customer.name,
            address=supply.customer.address,
            area=next((area.name for area in self.ledger.areas() if area.code == terms.area), ""),
            meter=supply.meter.number,
            last_visit=self.ledger.last_visit(line.supply),
            at_stake=last_cost(tariff, line.lost) if line.at_stake is None else line.at_stake,
            area_code=terms.area,
        )

    def count(self) -> ask.InspectionShown:
        return self.keep(count(self.ledger, criteria=self.ledger.criteria(), today=self.today()))

    def keep(self, counted: ask.Counted) -> ask.InspectionShown:
        """With what is at stake by the prices of its day: it stays so, whatever energy costs later."""
        suspects = tuple(self._priced(each, counted.sample.on) for each in counted.sample.suspects)
        priced = replace(counted.sample, suspects=suspects)
        self.ledger.keep_sample(priced, until=counted.until, at=self.clock())
        return self.show()

    def _priced(self, suspect: Suspect, on: date) -> Suspect:
        tariff = self.ledger.tariff(self.ledger.terms(suspect.record.supply).tariff, on=on)
        return replace(suspect, at_stake=last_cost(tariff, suspect.lost))

    def repeat(self, number: int) -> ask.Repeated:
        """What came in since does not count, nor who was opened, closed, suspended or moved since."""
        kept = self.ledger.sample(number)
        again = count(self.ledger, criteria=kept.criteria, today=kept.on, until=kept.until).sample
        return ask.Repeated(kept, [_told(line) for line in kept.lines] == [_told(each) for each in again.suspects])

    def set_criteria(self, criteria: Criteria) -> ask.InspectionShown:
        _require(all(0 <= points <= MOST_POINTS for points in criteria.weights.values()), "points")
        _require(1 <= criteria.size <= MOST_METERS, "size")
        _require(0 <= criteria.by_chance_percent <= 100, "share by lot")
        _require(0 <= criteria.seed <= MOST_SEED, "number of the lot")
        self.ledger.set_criteria(criteria, at=self.clock())
        return self.show()

    def mark(self, command: ask.MarkRoute) -> ask.InspectionShown:
        self.ledger.mark_route(command.sample, command.supply, is_on=command.is_on, at=self.clock())
        return self.show(command.sample)

    def enter(self, command: ask.EnterFinding) -> ask.InspectionShown:
        """Raises OperatorError sample-unknown, finding-refused."""
        finding = replace(command.finding, note=command.finding.note.strip())
        counted_on = self.ledger.sample(command.sample).on
        _require_found(counted_on <= finding.on <= self.today(), "the day")
        _require_found(NO_ENERGY <= (finding.used or NO_ENERGY) <= MOST_READING, "the register of use")
        _require_found(len(finding.note) <= LONGEST_NOTE, "the note")
        self.ledger.enter_finding(command.sample, finding, at=self.clock())
        return self.show(command.sample)

    def today(self) -> date:
        return self.clock().astimezone().date()


def _require(is_right: bool, field: str) -> None:
    if not is_right:
        raise OperatorError(Code.CRITERIA_REFUSED, field=field)


def _require_found(is_right: bool, field: str) -> None:
    if not is_right:
        raise OperatorError(Code.FINDING_REFUSED, field=field)


def _told(line: SampleLine | Suspect) -> tuple[object, ...]:
    supply = line.supply if isinstance(line, SampleLine) else line.record.supply
    # Older programs drew neighbours also for months in which nothing is known of them.
    own = line.chart and (line.chart.months, line.chart.own, line.chart.marks)
    return supply, line.priority, line.reasons, line.gap, own
