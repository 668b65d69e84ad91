"""Inspections in the books: criteria that were set, samples, routes, and what was found (row S11)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime

from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import SupplyNo
from vending_app.domain.inspection import (
    Criteria,
    Criterion,
    Finding,
    Gap,
    KeptSample,
    Mark,
    OpenRoute,
    Outcome,
    Reason,
    Sample,
    SampleLine,
    Suspect,
    UseChart,
    Visit,
)
from vending_app.domain.money import Money
from vending_app.ledger.books import Books, Row
from vending_app.ledger.codec import Json, canonical, time_text
from vending_app.ledger.journal import acting
from vending_app.ledger.kinds import Kind


def set_criteria(books: Books, criteria: Criteria, *, at: datetime) -> None:
    with books.writing(), acting(books, Kind.CRITERIA, at=at) as page:
        page.insert("sampling_criteria", {"body": _criteria_text(criteria), "at": time_text(at)})


def criteria(books: Books) -> Criteria:
    """Those that were set last, or the usual ones."""
    text = books.value("SELECT body FROM sampling_criteria ORDER BY journal DESC LIMIT 1")
    return _criteria_of(text) if text else Criteria()


def _criteria_text(criteria: Criteria) -> str:
    read = asdict(criteria) | {"weights": {criterion.value: points for criterion, points in criteria.weights.items()}}
    return canonical(read)


def _criteria_of(text: str) -> Criteria:
    read = json.loads(text)
    points = {Criterion(name): points for name, points in read.pop("weights").items()}
    # As the page has them: the text that was kept is sorted by their names.
    weights = {criterion: points[criterion] for criterion in Criterion if criterion in points}
    return Criteria(weights=weights, **read)


def told_criteria(text: str) -> dict[str, str]:
    """All that was set, by its name, the points by those of their criteria; without a text the usual ones."""
    read = asdict(_criteria_of(text) if text else Criteria())
    points = read.pop("weights")
    return {name: str(value) for name, value in (*((each.value, points[each]) for each in points), *read.items())}


# --- samples ---------------------------------------------------------------------------------------------


def newest_row(books: Books) -> int:
    """What a sample that is counted now is counted by."""
    return int(books.value("SELECT coalesce(max(id), 0) FROM journal"))


def keep(books: Books, sample: Sample, *, until: int, at: datetime) -> int:
    """Store what was counted; its number."""
    row: Row = {
        "on_day": sample.on.isoformat(),
        "until": until,
        "criteria": _criteria_text(sample.criteria),
        "lines": canonical({"lines": [_line_json(suspect) for suspect in sample.suspects]}),
        "looked_at": sample.looked_at,
        "standing_out": sample.standing_out,
        "at": time_text(at),
    }
    with books.writing(), acting(books, Kind.SAMPLE, at=at) as page:
        page.insert("samples", row)
    return page.journal


def _line_json(suspect: Suspect) -> Json:
    return {
        "supply": suspect.record.supply,
        "priority": suspect.priority,
        "reasons": [_reason_json(reason) for reason in suspect.reasons],
        "gap": _gap_json(suspect.gap) if suspect.gap else None,
        "chart": _chart_json(suspect.chart) if suspect.chart else None,
        # Rows of older programs have none.
        **({} if suspect.at_stake is None else {"at_stake_minor": suspect.at_stake.minor}),
    }


def _gap_json(gap: Gap) -> Json:
    return {"since": gap.since.isoformat(), "expected_wh": gap.expected.wh, "counted_wh": gap.counted.wh}


def _gap_of(read: Json) -> Gap:
    return Gap(date.fromisoformat(read["since"]), Energy(read["expected_wh"]), Energy(read["counted_wh"]))


_CURVES = ("own", "middle", "low", "high")


def _chart_json(chart: UseChart) -> Json:
    return {
        "months": [month.isoformat() for month in chart.months],
        **{curve: list(getattr(chart, curve)) for curve in _CURVES},
        "marks": [[mark.on.isoformat(), mark.criterion.value, mark.times] for mark in chart.marks],
        "peers": chart.peers,
    }


def _chart_of(read: Json) -> UseChart:
    return UseChart(
        months=tuple(map(date.fromisoformat, read["months"])),
        marks=tuple(Mark(date.fromisoformat(on), Criterion(name), times) for on, name, times in read["marks"]),
        peers=read["peers"],
        **{curve: tuple(read[curve]) for curve in _CURVES},
    )


def _reason_json(reason: Reason) -> Json:
    facts = {name: fact.isoformat() if isinstance(fact, date) else fact for name, fact in reason.facts.items()}
    return {"criterion": reason.criterion.value, "points": reason.points, "facts": facts}


def _reason_of(read: Json) -> Reason:
    facts = {name: date.fromisoformat(fact) if isinstance(fact, str) else fact for name, fact in read["facts"].items()}
    return Reason(Criterion(read["criterion"]), read["points"], facts)


def samples(books: Books, *, limit: int) -> tuple[KeptSample, ...]:
    """Newest first, with their routes and findings."""
    rows = books.all("SELECT * FROM samples ORDER BY journal DESC LIMIT ?", (limit,))
    return tuple(_kept(books, row) for row in rows)


def sample(books: Books, number: int) -> KeptSample:
    """Raises OperatorError sample-unknown."""
    row = books.one("SELECT * FROM samples WHERE journal = ?", (number,))
    if row is None:
        raise OperatorError(Code.SAMPLE_UNKNOWN, number=number)
    return _kept(books, row)


def _kept(books: Books, row: Row) -> KeptSample:
    number = row["journal"]
    marks = books.all("SELECT supply, is_on FROM route_marks WHERE sample = ? ORDER BY journal", (number,))
    on_route = {mark["supply"]: bool(mark["is_on"]) for mark in marks}
    found = {line.supply: line for line in _findings(books, row)}
    lines = json.loads(row["lines"])["lines"]
    return KeptSample(
        number=number,
        until=row["until"],
        on=date.fromisoformat(row["on_day"]),
        at=datetime.fromisoformat(row["at"]),
        criteria=_criteria_of(row["criteria"]),
        lines=tuple(_line_of(line, on_route, found) for line in lines),
        looked_at=row["looked_at"],
        standing_out=row["standing_out"],
    )


def _line_of(read: Json, on_route: dict[str, bool], found: dict[SupplyNo, Finding]) -> SampleLine:
    supply = SupplyNo(read["supply"])
    return SampleLine(
        supply=supply,
        priority=read["priority"],
        reasons=tuple(map(_reason_of, read["reasons"])),
        gap=_gap_of(read["gap"]) if read["gap"] else None,
        chart=_chart_of(read["chart"]) if read["chart"] else None,
        is_on_route=on_route.get(supply, False),
        finding=found.get(supply),
        at_stake=Money(read["at_stake_minor"]) if "at_stake_minor" in read else None,
    )


# --- routes and findings ---------------------------------------------------------------------------------


def mark_route(books: Books, number: int, supply: SupplyNo, *, is_on: bool, at: datetime) -> None:
    """Raises OperatorError sample-unknown for a supply that the sample does not have."""
    with books.writing():
        _require_line(books, number, supply)
        with acting(books, Kind.ROUTE, at=at) as page:
            page.insert("route_marks", {"sample": number, "supply": supply, "is_on": int(is_on), "at": time_text(at)})


def enter_finding(books: Books, number: int, finding: Finding, *, at: datetime) -> None:
    """What was seen; a later one corrects an earlier one, which stays. Raises OperatorError sample-unknown."""
    row: Row = {
        "sample": number,
        "supply": finding.supply,
        "outcome": finding.outcome.value,
        "used_total_wh": finding.used.wh if finding.used is not None else None,
        "note": finding.note,
        "on_day": finding.on.isoformat(),
        "at": time_text(at),
    }
    with books.writing():
        _require_line(books, number, finding.supply)
        with acting(books, Kind.FINDING, at=at) as page:
            page.insert("findings", row)


def _require_line(books: Books, number: int, supply: SupplyNo) -> None:
    if all(line.supply != supply for line in sample(books, number).lines):
        raise OperatorError(Code.SAMPLE_UNKNOWN, number=number, supply=supply)


def _findings(books: Books, sample: Row) -> Iterable[Finding]:
    """What was seen since a list was kept, of whichever list it was entered; its own words come last."""
    for row in books.all(_SEEN_SINCE, (sample["journal"], sample["on_day"])):
        used = Energy(row["used_total_wh"]) if row["used_total_wh"] is not None else None
        on = date.fromisoformat(row["on_day"])
        yield Finding(SupplyNo(row["supply"]), Outcome(row["outcome"]), on, used, row["note"])


_STANDS = """NOT EXISTS (SELECT 1 FROM findings AS later
    WHERE later.supply = findings.supply AND later.sample = findings.sample AND later.journal > findings.journal)"""
"""Of a row of `findings`: no later word of its list corrects it, neither what was seen nor on which day."""
_SEEN_SINCE = f"""
SELECT * FROM findings WHERE (sample = ?1 OR journal > ?1 AND on_day >= ?2) AND {_STANDS}
ORDER BY CASE WHEN sample = ?1 THEN 1 ELSE 0 END, journal
"""
_WAITING = f"""
SELECT sample, on_day, supply FROM route_marks AS mark JOIN samples ON samples.journal = sample
WHERE is_on = 1
    AND NOT EXISTS (SELECT 1 FROM route_marks AS later
        WHERE later.sample = mark.sample AND later.supply = mark.supply AND later.journal > mark.journal)
    AND NOT EXISTS (SELECT 1 FROM findings WHERE findings.supply = mark.supply AND {_STANDS}
        AND (findings.sample = mark.sample OR findings.journal > mark.sample AND findings.on_day >= samples.on_day))
ORDER BY sample DESC, mark.journal
"""


def open_routes(books: Books) -> tuple[OpenRoute, ...]:
    """Lists that findings are still to come of, newest first: a meter waits until it is seen or taken off."""
    found: dict[int, tuple[date, list[SupplyNo]]] = {}
    for number, on, supply in books.tuples(_WAITING):
        found.setdefault(number, (date.fromisoformat(on), []))[1].append(SupplyNo(supply))
    return tuple(OpenRoute(number, on, tuple(waiting)) for number, (on, waiting) in found.items())


# --- visits ----------------------------------------------------------------------------------------------


def visits(books: Books) -> tuple[Visit, ...]:
    """All that came to a yes or a no, with the reasons they were made for.

    One visit is one supply on one day. On a list a later finding corrects an earlier one; of findings of that supply
    and day on several lists the one entered last counts, with the reasons and weights of its list.
    """
    entered: dict[tuple[int, str], Row] = {}
    for row in books.all("SELECT sample, supply, outcome, on_day FROM findings ORDER BY journal"):
        key = row["sample"], row["supply"]
        entered.pop(key, None)
        entered[key] = row
    made = {(row["supply"], row["on_day"]): row for row in entered.values() if row["outcome"] != Outcome.NO_ACCESS}
    lists = {number: _chosen(books, number) for number in {row["sample"] for row in made.values()}}
    return tuple(_visit(row, *lists[row["sample"]]) for row in made.values())


def _chosen(books: Books, number: int) -> tuple[Criteria, dict[str, Json]]:
    """The criteria of a list, and what they chose, by supply."""
    row = books.one("SELECT criteria, lines FROM samples WHERE journal = ?", (number,))
    assert row is not None, "a finding names its list"
    return _criteria_of(row["criteria"]), {line["supply"]: line for line in json.loads(row["lines"])["lines"]}


def _visit(row: Row, chosen_by: Criteria, lines: dict[str, Json]) -> Visit:
    reasons = tuple(map(_reason_of, lines[row["supply"]]["reasons"]))
    return Visit(reasons, Outcome(row["outcome"]).is_hit, chosen_by.weights)


_LAST_VISIT = f"SELECT max(on_day) FROM findings WHERE supply = ? AND outcome <> 'no-access' AND {_STANDS}"


def last_visit(books: Books, supply: SupplyNo) -> date | None:
    """The day on which somebody last stood before the meter, whenever it was entered."""
    day: str | None = books.value(_LAST_VISIT, (supply,))
    return date.fromisoformat(day) if day else None
