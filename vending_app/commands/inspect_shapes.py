"""Inspection lists as the command line tells them: in lines for people, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from vending_app.domain.inspection import Criterion, Reason
from vending_app.services import inspection_cases as ask
from vending_app.ui.inspect.inspect_words import CRITERIA, said_findings, said_hits, sentence_of
from vending_app.ui.phrases import counted, long_day


def list_lines(shown: ask.InspectionShown) -> tuple[str, ...]:
    """A list line by line, which others wait for findings, and how often each criterion was right."""
    lines = list(map(_line, shown.lines)) or ["No list is counted yet, or nothing stands out."]
    return (*_head_lines(shown), *lines, *_waiting_lines(shown), *_hit_lines(shown))


def _head_lines(shown: ask.InspectionShown) -> Iterator[str]:
    """Which list it is, and how far its route."""
    sample = shown.sample
    if sample is None:
        return
    of_all = counted(sample.looked_at, "supply stands", "supplies stand")
    route = f"; {said_findings(len(shown.route), shown.to_come)}" if shown.route else ""
    yield f"List {sample.number} of {long_day(sample.on)}: {sample.standing_out} of {of_all} out{route}."


def _waiting_lines(shown: ask.InspectionShown) -> Iterator[str]:
    """Other lists that findings are still to come of."""
    for route in shown.open_routes:
        if shown.sample is None or route.number != shown.sample.number:
            waiting = f"{counted(len(route.waiting), 'finding', 'findings')} still to come"
            yield f"List {route.number} of {long_day(route.on)}: {waiting}, {', '.join(route.waiting)}."


def _hit_lines(shown: ask.InspectionShown) -> Iterator[str]:
    """How often each criterion was right so far, and the lot beside them."""
    if shown.hits:
        told = ", ".join(f"{CRITERIA[criterion]} {said_hits(shown, criterion)}" for criterion in shown.hits)
        yield f"{counted(shown.visits, 'visit', 'visits')} so far: {told}."


def _line(listed: ask.Listed) -> str:
    line = listed.line
    mark = "route " if line.is_on_route else ""
    found = f" [{line.finding.outcome.value}]" if line.finding else ""
    return f"{line.priority:>3}  {line.supply}  {listed.customer}, {listed.address}: {mark}{sentence_of(line)}{found}"


def criteria_lines(shown: ask.InspectionShown) -> list[str]:
    """Each criterion with its points, what it found and what visits propose, and the lot beside them."""
    criteria = shown.criteria
    lines = [f"{criteria.size} meters, {criteria.by_chance_percent} % by lot, seed {criteria.seed}"]
    for criterion, points in criteria.weights.items():
        proposed = f", proposed {shown.proposed[criterion]}" if shown.proposed[criterion] != points else ""
        lines.append(f"{points:>3}  {_criterion_line(shown, criterion)}{proposed}")
    return [*lines, f"  –  {_criterion_line(shown, Criterion.CHANCE)}"]


def _criterion_line(shown: ask.InspectionShown, criterion: Criterion) -> str:
    found, made = shown.hits.get(criterion, (0, 0))
    hits = f", found something at {found} of {counted(made, 'visit', 'visits')}" if made else ""
    return f"{criterion.value:<14} {CRITERIA[criterion]}{hits}"


def shape_of(shown: ask.InspectionShown) -> dict[str, object]:
    """All of it."""
    sample = shown.sample
    return {
        "criteria": {
            "points": {criterion.value: points for criterion, points in shown.criteria.weights.items()},
            "size": shown.criteria.size,
            "by_chance_percent": shown.criteria.by_chance_percent,
            "seed": shown.criteria.seed,
        },
        "hits": {criterion.value: {"found": found, "visits": made} for criterion, (found, made) in shown.hits.items()},
        "proposed": {criterion.value: points for criterion, points in shown.proposed.items()},
        "sample": sample.number if sample else None,
        "on": sample.on.isoformat() if sample else None,
        "looked_at": sample.looked_at if sample else 0,
        "standing_out": sample.standing_out if sample else 0,
        "lines": [_listed_shape(listed) for listed in shown.lines],
        "to_come": shown.to_come,
        "open_lists": [
            {"sample": route.number, "on": route.on.isoformat(), "waiting": list(route.waiting)}
            for route in shown.open_routes
        ],
    }


def _listed_shape(listed: ask.Listed) -> dict[str, object]:
    line, finding = listed.line, listed.line.finding
    return {
        "supply": line.supply,
        "meter": listed.meter,
        "customer": listed.customer,
        "area": listed.area,
        "priority": line.priority,
        "missing_wh": line.gap.missing.wh if line.gap else 0,
        "at_stake_minor": listed.at_stake.minor,
        "check_card": listed.card.mandate if listed.card else None,
        "read": {"mandate": listed.read.mandate, "on": listed.read.on.isoformat(), "used_wh": listed.read.used.wh}
        if listed.read
        else None,
        "reasons": [_reason_shape(reason) for reason in line.reasons],
        "says": sentence_of(line),
        "is_on_route": line.is_on_route,
        "finding": {"outcome": finding.outcome.value, "on": finding.on.isoformat(), "note": finding.note}
        if finding
        else None,
    }


def _reason_shape(reason: Reason) -> dict[str, object]:
    facts = {name: fact.isoformat() if isinstance(fact, date) else fact for name, fact in reason.facts.items()}
    return {"criterion": reason.criterion.value, "points": reason.points, **facts}
