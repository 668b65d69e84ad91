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
    """Each weight moved by how much better or worse its criterion found than all did; only proposed, never set."""
    if not visits:
        return dict(criteria.weights)
    usual = (sum(visit.has_found for visit in visits) + 1) / (len(visits) + 2)
    rates = hit_rates(visits)
    proposed = {}
    for criterion, weight in criteria.weights.items():
        found, made = rates.get(criterion, (0, 0))
        rate = (found + PRIOR_VISITS * usual) / (made + PRIOR_VISITS)
        proposed[criterion] = max(0, min(MOST_POINTS, round(weight * rate / usual)))
    return proposed
