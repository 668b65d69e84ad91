"""What a meter's display shows, one register after the other (row S12), in the figures that its glass has."""

from __future__ import annotations

from dataclasses import dataclass

from vending_app.domain.energy import Energy
from vending_app.domain.meter import Insertion, MeterDecision, MeterView

KWH, WATTS = "kWh", "W"


@dataclass(frozen=True, slots=True)
class DisplayPage:
    """One thing that the display says."""

    caption: str
    figure: str
    """Figures, points, colons, minus and `E`: what seven segments can show."""
    unit: str = ""


def inquiry(view: MeterView) -> tuple[DisplayPage, ...]:
    """The registers in the order in which the display cycles through them; dark, so empty, without power."""
    if not view.has_power:
        return ()
    return (
        _energy("REMAINING", view.remaining),
        _energy("TOTAL BOUGHT", view.energy_total),
        DisplayPage("PURCHASES", str(view.purchases)),
        _energy("LAST PURCHASE", view.last_purchase),
        _energy("USED", view.used_total),
        DisplayPage("PAST ZERO", str(view.zero_crossing.wh), "Wh"),
        _energy("ALARM LEVEL", view.alarm_1),
        _energy("TRIP LEVEL", view.alarm_2),
        DisplayPage("POWER LIMIT", str(view.overload_w) if view.overload_w else "-", WATTS),
        DisplayPage("DATE", f"{view.time:%d-%m-%y}"),
        DisplayPage("TIME", f"{view.time:%H:%M}", "UTC"),
    )


def after_card(insertion: Insertion) -> DisplayPage | None:
    """What the display says first when a card was put in; None if the meter took no notice of it."""
    if not insertion.view.has_power:
        return None
    if insertion.decision.error_code:
        return DisplayPage("CARD REFUSED", insertion.decision.error_code)
    if insertion.credited:
        return _energy("CREDITED", insertion.credited)
    return _energy(_AFTER_TOOL.get(insertion.decision, "NOTHING NEW"), insertion.view.remaining)


_AFTER_TOOL = {
    MeterDecision.COLLECTED: "READ OUT",
    MeterDecision.LIMITS_SET: "LIMITS SET",
    MeterDecision.CLEARED: "CLEARED",
    MeterDecision.NOT_CLEARED: "NOT CLEARED",
    MeterDecision.KEYS_LEARNT: "KEYS SET",
}


def _energy(caption: str, energy: Energy) -> DisplayPage:
    return DisplayPage(caption, six_figures(energy), KWH)


def six_figures(energy: Energy) -> str:
    """`0018.40`: six figures, the last two behind the point; a minus takes the first place."""
    units = energy.card_units
    sign = "-" if units < 0 else ""
    whole, part = divmod(abs(units), 100)
    return f"{sign}{whole:0{4 - len(sign)}d}.{part:02d}"
