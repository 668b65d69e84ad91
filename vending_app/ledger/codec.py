"""Values as the text that is stored: canonical JSON for what is read whole, ISO 8601 for days and times."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import orjson

from vending_app.domain.card import MeterParameters, MeterStatus, WriteBack
from vending_app.domain.energy import Energy
from vending_app.domain.ids import MeterNo
from vending_app.domain.money import Money
from vending_app.domain.quote import Quote, QuoteLine
from vending_app.domain.tariff import Levy, LineKind, Price, Rounding, Step, Tariff, Tax

Json = dict[str, Any]


def canonical(value: object) -> str:
    """The one JSON text of a value: keys sorted, no spaces, bytes as hexadecimal."""
    return orjson.dumps(value, default=_hexadecimal, option=_STRICT).decode()


def _hexadecimal(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"no canonical form for {type(value).__name__}")


_STRICT = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
"""A value that has no form of its own here is refused, even if the library would find one."""


def time_text(at: datetime) -> str:
    """UTC, to the microsecond, sorting as time does."""
    assert at.tzinfo is not None, "times in the books carry their zone"
    in_utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return in_utc.isoformat(timespec="microseconds")


def day(text: str | None) -> date | None:
    """The day of a column that may be empty."""
    return date.fromisoformat(text) if text else None


def day_text(on: date | None) -> str | None:
    """A column that may be empty."""
    return on.isoformat() if on else None


def day_of(at: datetime) -> date:
    """The day at the counter, in the machine's time zone: what a cashier calls today."""
    return at.astimezone().date()


# --- parameters ------------------------------------------------------------------------------------------


def parameters_json(parameters: MeterParameters) -> Json:
    """All parameters of a meter, by name."""
    return {
        "alarm_1_wh": parameters.alarm_1.wh,
        "alarm_2_wh": parameters.alarm_2.wh,
        "overload_w": parameters.overload_w,
        "overdraft_wh": parameters.overdraft.wh,
        "hoarding_wh": parameters.hoarding.wh,
        "constant_imp_per_kwh": parameters.constant_imp_per_kwh,
        "ct_ratio": parameters.ct_ratio,
        "pt_ratio": parameters.pt_ratio,
    }


def parameters_of(read: Json) -> MeterParameters:
    """The other way."""
    return MeterParameters(
        alarm_1=Energy(read["alarm_1_wh"]),
        alarm_2=Energy(read["alarm_2_wh"]),
        overload_w=read["overload_w"],
        overdraft=Energy(read["overdraft_wh"]),
        hoarding=Energy(read["hoarding_wh"]),
        constant_imp_per_kwh=read["constant_imp_per_kwh"],
        ct_ratio=read["ct_ratio"],
        pt_ratio=read["pt_ratio"],
    )


# --- quotes ----------------------------------------------------------------------------------------------


def quote_json(quote: Quote) -> Json:
    """A quote with every line and the numbers of its arithmetic."""
    return {
        "tariff": quote.tariff,
        "tariff_from": quote.tariff_from.isoformat(),
        "total_minor": quote.total.minor,
        "energy_wh": quote.energy.wh,
        "charged_until": quote.charged_until.isoformat(),
        "tax_minor": quote.tax.minor,
        "lines": [_line_json(line) for line in quote.lines],
    }


def quote_of(read: Json) -> Quote:
    """The other way."""
    return Quote(
        tariff=read["tariff"],
        tariff_from=date.fromisoformat(read["tariff_from"]),
        total=Money(read["total_minor"]),
        energy=Energy(read["energy_wh"]),
        lines=tuple(_line_of(line) for line in read["lines"]),
        charged_until=date.fromisoformat(read["charged_until"]),
        tax=Money(read["tax_minor"]),
    )


def _line_json(line: QuoteLine) -> Json:
    """Without the numbers that this kind of line does not have."""
    read: Json = {"kind": line.kind.value, "name": line.name, "amount_minor": line.amount.minor}
    if line.energy is not None:
        read["energy_wh"] = line.energy.wh
    if line.price is not None:
        read["price_micro"] = line.price.micro_per_kwh
    if line.months:
        read["months"] = line.months
    if line.unit is not None:
        read["unit_minor"] = line.unit.minor
    if line.base is not None:
        read["base_minor"] = line.base.minor
    if line.rate_basis_points:
        read["rate_basis_points"] = line.rate_basis_points
    return read


def _line_of(read: Json) -> QuoteLine:
    return QuoteLine(
        kind=LineKind(read["kind"]),
        name=read["name"],
        amount=Money(read["amount_minor"]),
        energy=Energy(read["energy_wh"]) if "energy_wh" in read else None,
        price=Price(read["price_micro"]) if "price_micro" in read else None,
        months=read.get("months", 0),
        unit=Money(read["unit_minor"]) if "unit_minor" in read else None,
        base=Money(read["base_minor"]) if "base_minor" in read else None,
        rate_basis_points=read.get("rate_basis_points", 0),
    )


# --- tariffs ---------------------------------------------------------------------------------------------


def tariff_text(tariff: Tariff) -> str:
    """A tariff whole."""
    return canonical(
        {
            "code": tariff.code,
            "name": tariff.name,
            "valid_from": tariff.valid_from.isoformat(),
            "steps": [
                [step.up_to.wh if step.up_to is not None else None, step.price.micro_per_kwh] for step in tariff.steps
            ],
            "fixed_minor": tariff.fixed_per_month.minor,
            "taxes": [[tax.name, tax.rate_basis_points, sorted(tax.applies_to)] for tax in tariff.taxes],
            "levies": [[levy.name, levy.price.micro_per_kwh] for levy in tariff.levies],
            "minimum_minor": tariff.minimum.minor,
            "maximum_minor": tariff.maximum.minor,
            "rounding": tariff.rounding.value,
            **_fees_json(tariff),
        }
    )


def _fees_json(tariff: Tariff) -> Json:
    """Only those that there are: tariffs of earlier versions have none."""
    fees = {"card_fee_minor": tariff.card_fee.minor, "connection_fee_minor": tariff.connection_fee.minor}
    return {name: fee for name, fee in fees.items() if fee}


def tariff_of(text: str) -> Tariff:
    """The other way."""
    read = json.loads(text)
    return Tariff(
        code=read["code"],
        name=read["name"],
        valid_from=date.fromisoformat(read["valid_from"]),
        steps=tuple(Step(None if end is None else Energy(end), Price(price)) for end, price in read["steps"]),
        fixed_per_month=Money(read["fixed_minor"]),
        taxes=tuple(Tax(name, rate, frozenset(map(LineKind, on))) for name, rate, on in read["taxes"]),
        levies=tuple(Levy(name, Price(price)) for name, price in read["levies"]),
        minimum=Money(read["minimum_minor"]),
        maximum=Money(read["maximum_minor"]),
        rounding=Rounding(read["rounding"]),
        card_fee=Money(read.get("card_fee_minor", 0)),
        connection_fee=Money(read.get("connection_fee_minor", 0)),
    )


# --- write-backs -----------------------------------------------------------------------------------------

_ENERGIES = ("used_total", "remaining", "energy_total", "zero_crossing", "last_month")
_COUNTS = (
    "sequence",
    "purchases",
    "illegal_cards",
    "overload_trips",
    "low_credit_trips",
    "tamper_events",
    "power_failures",
    "power_max_w",
    "running",
    "key_version",
)


def write_back_text(write_back: WriteBack) -> str:
    """Every register of a write-back, by name."""
    read: Json = {name: getattr(write_back, name) for name in _COUNTS}
    read |= {f"{name}_wh": getattr(write_back, name).wh for name in _ENERGIES}
    read |= {"meter": write_back.meter, "status": int(write_back.status)}
    return canonical(read | {"meter_time": time_text(write_back.meter_time)})


def write_back_of(text: str) -> WriteBack:
    """The other way."""
    read = json.loads(text)
    values: Json = {name: read[name] for name in _COUNTS}
    values |= {name: Energy(read[f"{name}_wh"]) for name in _ENERGIES}
    return WriteBack(
        meter=MeterNo(read["meter"]),
        status=MeterStatus(read["status"]),
        meter_time=datetime.fromisoformat(read["meter_time"]),
        **values,
    )
