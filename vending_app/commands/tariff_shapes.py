"""The JSON of the verbs of tariffs, as docs/command-line.md describes it."""

from __future__ import annotations

from datetime import date

from vending_app.commands.shapes import Shape
from vending_app.domain.tariff_entry import TariffLife, TariffVersion
from vending_app.domain.tariff_file import fields_of_tariff
from vending_app.domain.tariff_preview import Pays, PreviewLine, TariffChange
from vending_app.services.tariff_cases import TariffPreviewed, TariffsShown
from vending_app.ui.tariffs.tariff_words import said_household, said_part

FAR_DAY = date(2099, 1, 1)
"""Of the template: nobody puts it in force by mistake."""


def today(shown: TariffsShown) -> date:
    """The day at the counter when it was asked."""
    return shown.now.astimezone().date()


def life(of: TariffLife, shown: TariffsShown) -> Shape:
    held, coming = of.on(today(shown)), of.after(today(shown))
    return {
        "code": of.code,
        "supplies": of.supplies,
        "in_force_since": held.tariff.valid_from.isoformat() if held else None,
        "next_from": coming.tariff.valid_from.isoformat() if coming else None,
        "versions": [version(each) for each in reversed(of.versions)],
        "withdrawn": [each.tariff.valid_from.isoformat() for each in of.withdrawn],
    }


def version(of: TariffVersion) -> Shape:
    return {
        "tariff": fields_of_tariff(of.tariff),
        "entered_at": of.entered_at.isoformat(),
        "operator": of.operator,
        "approver": of.approver,
    }


def previewed(of: TariffPreviewed) -> Shape:
    return {
        "valid_from": of.asked.tariff.valid_from.isoformat(),
        "now_since": of.now.tariff.valid_from.isoformat() if of.now else None,
        "follows": of.follows.tariff.valid_from.isoformat() if of.follows else None,
        "followed_by": of.followed_by.tariff.valid_from.isoformat() if of.followed_by else None,
        "households": [_line(each, of.asked.tariff.valid_from) for each in of.lines],
        "changes": [_change(each) for each in of.changes],
    }


def _line(of: PreviewLine, valid_from: date) -> Shape:
    return {
        "energy_wh": of.energy.wh,
        "now": _pays(of.now) if of.now else None,
        "then": _pays(of.then),
        "more_minor": of.more.minor if of.more is not None else None,
        "more_basis_points": of.more_basis_points,
        "says": said_household(of, valid_from),
    }


def _pays(of: Pays) -> Shape:
    return {
        "total_minor": of.total.minor if of.total is not None else None,
        "refused": of.refused.value if of.refused else None,
    }


def _change(of: TariffChange) -> Shape:
    said = said_part(of)
    return {"field": of.field.value, "row": of.row, "before": said.before, "after": said.after}
