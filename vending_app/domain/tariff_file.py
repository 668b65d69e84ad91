"""A tariff as a file: JSON with whole numbers only; any bytes are a tariff or a refusal that says where and why."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.money import Money
from vending_app.domain.tariff import BadTariff, Levy, LineKind, Price, Rounding, Step, Tariff, TariffField, Tax

LARGEST_FILE = 100_000
"""Bytes: a tariff has a thousand."""
LARGEST_WHOLE = 10**12
"""Beyond any price, sum or energy: nothing is counted with more figures than that."""
_NEEDED = (
    "code",
    "name",
    "valid_from",
    "steps",
    "fixed_per_month_minor",
    "taxes",
    "levies",
    "minimum_minor",
    "maximum_minor",
    "rounding",
)
_MAY = ("card_fee_minor", "connection_fee_minor")
Made = TypeVar("Made")


def read_tariff(content: bytes) -> Tariff:
    """The tariff of a file. Raises OperatorError tariff-refused."""
    if len(content) > LARGEST_FILE:
        raise _refused("the file", "it is far too long")
    try:
        body = json.loads(content.decode(), object_pairs_hook=_once, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError) as cause:
        raise _refused("the file", "it is no JSON in UTF-8") from cause
    return tariff_of_fields(body)


def tariff_of_fields(body: object) -> Tariff:
    """The tariff of a parsed JSON object. Raises OperatorError tariff-refused."""
    fields = _object(body, "the tariff", needed=_NEEDED, may=_MAY)
    try:
        return Tariff(
            code=_text(fields, "code"),
            name=_text(fields, "name"),
            valid_from=_day(fields, "valid_from"),
            steps=_rows(fields, "steps", _step),
            fixed_per_month=_money(fields, "fixed_per_month_minor"),
            taxes=_rows(fields, "taxes", _tax),
            levies=_rows(fields, "levies", _levy),
            minimum=_money(fields, "minimum_minor"),
            maximum=_money(fields, "maximum_minor"),
            rounding=_one_of(Rounding, fields, "rounding"),
            card_fee=_money(fields, "card_fee_minor"),
            connection_fee=_money(fields, "connection_fee_minor"),
        )
    except BadTariff as bad:
        raise refusal_of(bad) from bad


def refusal_of(bad: BadTariff) -> OperatorError:
    """The same, for whoever entered it."""
    rows = {field for field in TariffField if field.value.startswith(("step-", "levy-", "tax-"))}
    return OperatorError(
        Code.TARIFF_REFUSED, field=bad.field, why=bad.why, **({"row": bad.row + 1} if bad.field in rows else {})
    )


def fields_of_tariff(tariff: Tariff) -> dict[str, Any]:
    """The JSON object that `tariff_of_fields` reads."""
    return {
        "code": tariff.code,
        "name": tariff.name,
        "valid_from": tariff.valid_from.isoformat(),
        "steps": [
            {"up_to_wh": step.up_to.wh if step.up_to else None, "micro_per_kwh": step.price.micro_per_kwh}
            for step in tariff.steps
        ],
        "fixed_per_month_minor": tariff.fixed_per_month.minor,
        "taxes": [
            {"name": tax.name, "rate_basis_points": tax.rate_basis_points, "applies_to": sorted(tax.applies_to)}
            for tax in tariff.taxes
        ],
        "levies": [{"name": levy.name, "micro_per_kwh": levy.price.micro_per_kwh} for levy in tariff.levies],
        "minimum_minor": tariff.minimum.minor,
        "maximum_minor": tariff.maximum.minor,
        "rounding": tariff.rounding.value,
        "card_fee_minor": tariff.card_fee.minor,
        "connection_fee_minor": tariff.connection_fee.minor,
    }


# --- parts -----------------------------------------------------------------------------------------------


def _step(row: object) -> Step:
    fields = _object(row, "a step", needed=("up_to_wh", "micro_per_kwh"))
    up_to = None if fields["up_to_wh"] is None else Energy(_whole(fields, "up_to_wh"))
    return Step(up_to, Price(_whole(fields, "micro_per_kwh")))


def _levy(row: object) -> Levy:
    fields = _object(row, "a levy", needed=("name", "micro_per_kwh"))
    return Levy(_text(fields, "name"), Price(_whole(fields, "micro_per_kwh")))


def _tax(row: object) -> Tax:
    fields = _object(row, "a tax", needed=("name", "rate_basis_points", "applies_to"))
    on = fields["applies_to"]
    if not isinstance(on, list):
        raise _refused("applies_to", "a list was expected")
    kinds = frozenset(_one_of(LineKind, {"applies_to": kind}, "applies_to") for kind in on)
    return Tax(_text(fields, "name"), _whole(fields, "rate_basis_points"), kinds)


def _object(value: object, what: str, *, needed: Iterable[str], may: Iterable[str] = ()) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _refused(what, "an object was expected")
    missing = [name for name in needed if name not in value]
    if missing:
        raise _refused(what, f"{missing[0]} is missing")
    unknown = sorted(value.keys() - {*needed, *may})
    if unknown:
        raise _refused(what, f"{_shown(unknown[0])} is no field of it")
    return value


def _rows(fields: Mapping[str, Any], name: str, make: Callable[[object], Made]) -> tuple[Made, ...]:
    if not isinstance(fields[name], list):
        raise _refused(name, "a list was expected")
    return tuple(map(make, fields[name]))


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields[name]
    if not isinstance(value, str) or not value.isprintable():
        raise _refused(name, "a text was expected")
    return value


def _whole(fields: Mapping[str, Any], name: str) -> int:
    value = fields.get(name, 0)
    if type(value) is not int or abs(value) > LARGEST_WHOLE:
        raise _refused(name, "a whole number was expected")
    return value


def _money(fields: Mapping[str, Any], name: str) -> Money:
    return Money(_whole(fields, name))


def _day(fields: Mapping[str, Any], name: str) -> date:
    try:
        return date.fromisoformat(_text(fields, name))
    except ValueError as cause:
        raise _refused(name, "a day was expected, as 2027-01-31") from cause


Word = TypeVar("Word", Rounding, LineKind)


def _one_of(words: type[Word], fields: Mapping[str, Any], name: str) -> Word:
    value = fields[name]
    if not isinstance(value, str) or value not in set(words):
        raise _refused(name, f"one of {', '.join(words)} was expected")
    return words(value)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose fields each stand once: the second of two would silently win."""
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a field is there twice")
    return made


def _shown(text: str) -> str:
    """A name of somebody else's choosing, short and on one line."""
    return ascii(text[:40])


def _refused(field: str, why: str) -> OperatorError:
    return OperatorError(Code.TARIFF_REFUSED, field=field, why=why)
