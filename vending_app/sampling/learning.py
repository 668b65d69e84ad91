"""What visits teach: how often each criterion was right, and the weights that speaks for. No numpy here."""

from __future__ import annotations

from collections.abc import Sequence

from vending_app.domain.inspection import Criteria, Criterion, Visit

MOST_POINTS = 100


def hit_rates(visits: Sequence[Visit]) -> dict[Criterion, tuple[int, int]]:
    """By criterion: visits that found something, and all that it spoke for."""
    rates: dict[Criterion, tuple[int, int]] = {}
    for visit in visits:
        for reason in visit.reasons:
            found, made = rates.get(reason.criterion, (0, 0))
            rates[reason.criterion] = found + visit.has_found, made + 1
    return rates


PRIOR_VISITS = 10
"""As many imagined visits of the usual success stand behind each weight, so that two visits do not turn it over."""


def proposed_weights(visits: Sequence[Visit], criteria: Criteria) -> dict[Criterion, int]:
    """The weights under which each criterion chose its visits, moved by how much better or worse it found than all did.

    Only proposed, never set. Those in force count where no visit speaks, and nowhere else: a proposal that was taken is
    proposed again to the point, whoever takes it how often, until there is another visit.
    """
    usual = (sum(visit.has_found for visit in visits) + 1) / (len(visits) + 2)
    rates = hit_rates(visits)
    proposed = dict(criteria.weights)
    for criterion in proposed.keys() & rates.keys():
        found, made = rates[criterion]
        rate = (found + PRIOR_VISITS * usual) / (made + PRIOR_VISITS)
        moved = round(_chosen_by(visits, criterion) * rate / usual)
        proposed[criterion] = max(0, min(MOST_POINTS, moved))
    return proposed


def _chosen_by(visits: Sequence[Visit], criterion: Criterion) -> float:
    """The middle of the weights that it had when it spoke for a visit."""
    weights = [visit.weights[criterion] for visit in visits if any(r.criterion is criterion for r in visit.reasons)]
    return sum(weights) / len(weights)
