"""What is asked to enter a record, to correct one field of it with a reason, or to take a meter back to stock."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import spaced
from vending_app.domain.people import Customer, Meter
from vending_app.domain.record_lines import AreaLine, CustomerLine, MeterLine, RecordLine
from vending_app.domain.records import Area
from vending_app.services import supply_cases as ask
from vending_app.services.record_cases import ReturnMeter
from vending_app.ui.books.ask import Ask, Deed, Filled
from vending_app.ui.components.choice_list import Option
from vending_app.ui.records.record_words import kind_of


@dataclass(frozen=True, slots=True)
class Field:
    """One field that may be corrected."""

    name: str
    label: str
    value: str


def ask_customer_in() -> Ask:
    """Step 1 of 2: who and where."""

    def make(filled: Filled) -> Ask:
        return _ask_reach(Customer("", filled.reference, filled.reason))

    return Ask(
        title="New customer, 1 of 2",
        button="Next",
        make=make,
        sentence="A customer with a new supply is entered with it: F9.",
        reference="Name",
        reason="Address",
    )


def _ask_reach(customer: Customer) -> Ask:
    """Step 2: how to reach him, and who he is by a register."""

    def make(filled: Filled) -> Deed:
        return Deed(ask.EnterCustomer(replace(customer, phone=filled.reference, identity=filled.reason)), "")

    return Ask(
        title="New customer, 2 of 2",
        button="Enter customer",
        icon="users",
        make=make,
        facts=(("Customer", customer.name, ""), ("Address", customer.address, "")),
        reference="Phone, if he has one",
        reason="Passport or register number, if known",
    )


# --- corrections -----------------------------------------------------------------------------------------


def ask_correction(line: RecordLine) -> Ask:
    """Which field; what stood before stays in the history."""
    fields = {field.name: field for field in fields_of(line)}
    return Ask(
        title="Correct",
        button="Next",
        icon="note-pencil",
        make=lambda filled: _ask_value(line, fields[filled.choice]),
        sentence="What stood before stays in its history.",
        choices=tuple(Option(field.name, field.label, "", field.value) for field in fields.values()),
        choice="Which field",
    )


def _ask_value(line: RecordLine, field: Field) -> Ask:
    return Ask(
        title=f"Correct: {field.label}",
        button="Keep",
        icon="note-pencil",
        make=lambda filled: Deed(corrected(line, field.name, filled.reference, filled.reason), ""),
        facts=(("Until now", field.value or "–", ""),),
        reference="From now on",
        reference_is=field.value,
        reason="Reason",
    )


def fields_of(line: RecordLine) -> tuple[Field, ...]:
    """Those that may be corrected by hand, with their values as they are typed."""
    match line:
        case CustomerLine():
            return _fields(
                line.customer, name="Name", address="Address", phone="Phone", identity="Identity", notes="Notes"
            )
        case MeterLine():
            reading = Field("initial_reading", "Begins at, kWh", line.meter.initial_reading.plain)
            return (*_fields(line.meter, **_METER_LABELS), reading)
        case AreaLine():
            return _fields(line.area, name="Name", transformer="Transformer")
    return ()


_METER_LABELS = {
    "make": "Make",
    "model": "Model",
    "constant_imp_per_kwh": "Constant, imp/kWh",
    "phases": "Phases, 1 or 3",
    "ct_ratio": "CT ratio",
    "pt_ratio": "PT ratio",
}
_FIGURES = {"constant_imp_per_kwh", "phases", "ct_ratio", "pt_ratio"}


def _fields(of: Customer | Meter | Area, **labels: str) -> tuple[Field, ...]:
    return tuple(Field(name, label, str(getattr(of, name))) for name, label in labels.items())


def corrected(line: RecordLine, name: str, text: str, reason: str) -> object:
    """The use case that keeps it. Raises OperatorError amount-not-a-number where a figure is no figure."""
    match line:
        case CustomerLine():
            return ask.EnterCustomer(replace(line.customer, **{name: text}), reason)
        case MeterLine():
            return ask.EnterMeter(_other_meter(line.meter, name, text), reason)
        case AreaLine():
            return ask.EnterArea(replace(line.area, **{name: text}), reason)
    raise AssertionError("a card is what its supply’s orders made of it")


def _other_meter(meter: Meter, name: str, text: str) -> Meter:
    if name == "initial_reading":
        return replace(meter, initial_reading=Energy.parse(text))
    return replace(meter, **{name: whole(text) if name in _FIGURES else text})  # type: ignore[arg-type]


def whole(text: str) -> int:
    """Raises OperatorError amount-not-a-number."""
    if not (text.isascii() and text.isdecimal()):
        raise OperatorError(Code.AMOUNT_NOT_A_NUMBER, text=text)
    return int(text)


def ask_back_to_stock(line: MeterLine) -> Ask:
    """After a test: where its next supply begins."""

    def make(filled: Filled) -> Deed:
        return Deed(ReturnMeter(line.meter.number, Energy.parse(filled.reference), filled.reason), "")

    return Ask(
        title="Back to stock",
        button="Take into stock",
        icon="gauge",
        make=make,
        sentence="The meter was tested. Its next supply begins at what its register of use shows now.",
        facts=(("Meter", spaced(line.meter.number), ""), ("Make and model", kind_of(line), "")),
        reference="It shows now, kWh",
        reason="What the test found",
    )
