"""The conformance kit: it covers the document, finds meters that break it, and stands without the program."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vending_app.cardio import tool_codec
from vending_app.cardio.desfire.plan import WRITE_BACK_FILE
from vending_app.cardio.emulated.classic import EmulatedClassic
from vending_app.cardio.emulated.desfire.card import EmulatedDesfire
from vending_app.cardio.emulated.software_card import SoftwareCard
from vending_app.cardio.layout import Values
from vending_app.cardio.tool_codec import NO_METER, ToolCodec
from vending_app.conformance import kit, runner
from vending_app.conformance.all_cases import cases, vectors
from vending_app.conformance.cards import AREA, METER, card, order
from vending_app.conformance.contactless_cards import DesfireCard
from vending_app.conformance.door import Door
from vending_app.conformance.script import Script, ScriptWrong
from vending_app.domain.card import CardKind, Order
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.ids import MeterNo
from vending_app.domain.meter import MeterDecision, TripReason
from vending_app.domain.tool_card import OF_ONE_METER, Mandate
from vending_app.meter import reference, rules, tool_rules
from vending_app.meter.registers import Registers

LEAST = 390
SOME = 12
"""Of all cases, so many-th are played before a meter that breaks one rule."""
ROOT = Path(__file__).parents[2]


def test_every_rule_and_every_refusal_has_its_cases(told: list[dict[str, Any]]) -> None:
    assert len(told) >= LEAST
    assert len({vector["name"] for vector in told}) == len(told)
    said = {step["expect"].get("says") for vector in told for step in vector["steps"]} - {None}
    assert said == {decision.error_code or decision.value for decision in MeterDecision}
    assert {vector["rule"] for vector in told} >= {"1", "2", "3", "4", "5", "6", "writing back", "write-back", "alarms"}
    assert {vector["rule"] for vector in told} >= {"classic", "desfire"}


def test_each_case_begins_from_a_new_meter(told: list[dict[str, Any]]) -> None:
    assert all(vector["steps"][0]["ask"]["do"] == "provision" for vector in told)
    assert all(len(vector["steps"]) > 1 and vector["about"] for vector in told)


def test_no_master_key_is_in_the_kit(told: list[dict[str, Any]]) -> None:
    text = json.dumps(told)
    assert bytes(range(16)).hex() not in text
    assert bytes(range(16, 32)).hex() not in text


# --- meters that are wrong -------------------------------------------------------------------------------

Break = Callable[[pytest.MonkeyPatch], None]


def _credits_again(patch: pytest.MonkeyPatch) -> None:
    """It takes the same total as often as it sees it."""
    right = rules._take
    patch.setattr(rules, "_take", lambda before, order: right(_forgetful(before), order))


def _forgetful(before: Registers) -> Registers:
    return replace(before, sequence=0, energy_total=NO_ENERGY)


def _adds_amounts(patch: pytest.MonkeyPatch) -> None:
    """The old mistake: it adds what was bought last instead of the difference of the totals."""
    right = rules._credited
    patch.setattr(rules, "_credited", lambda before, order, _: right(before, order, order.last_purchase))


def _hoards(patch: pytest.MonkeyPatch) -> None:
    right = rules._take
    patch.setattr(
        rules,
        "_take",
        lambda before, order: right(before, replace(order, parameters=replace(order.parameters, hoarding=NO_ENERGY))),
    )


def _counts_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rules, "illegal", lambda before: before)


def _stays_open(patch: pytest.MonkeyPatch) -> None:
    right = rules.released
    patch.setattr(rules, "released", lambda was: was if was.trip is TripReason.OVERLOAD else right(was))


def _takes_old_cards(patch: pytest.MonkeyPatch) -> None:
    right = rules.decide
    patch.setattr(rules, "decide", lambda before, image: right(replace(before, generation=0, card=None), image))


def _takes_any_area(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(tool_rules, "_is_meant", lambda _, __: True)


def _clears_late(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(tool_rules, "CLEARED_WITHIN", tool_rules.CLEARED_WITHIN * 2)


def _trips_twice(patch: pytest.MonkeyPatch) -> None:
    right = rules._draw

    def draws(before: Any, energy: Any, *, power_w: int) -> Any:
        return right(replace(before, has_tripped_low=False), energy, power_w=power_w)

    patch.setattr(rules, "_draw", draws)


def _always_on(patch: pytest.MonkeyPatch) -> None:
    right = rules.released
    patch.setattr(rules, "released", lambda before: replace(right(before), trip=TripReason.NONE))


def _reads_without_keys(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(EmulatedClassic, "image_for", SoftwareCard.image_for)


def _logs_in_to_anything(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(EmulatedDesfire, "image_for", SoftwareCard.image_for)


def _forgets_whom_it_bars(patch: pytest.MonkeyPatch) -> None:
    """At a second clear card; the old card is credited from nothing then."""
    right = tool_rules.cleared
    patch.setattr(tool_rules, "cleared", lambda was, final: replace(right(was, final), barred=was.supply))


def _keeps_the_first_record(patch: pytest.MonkeyPatch) -> None:
    right = rules._bind
    patch.setattr(rules, "_bind", lambda was, order, card: replace(right(was, order, card), final=was.final))


def _sets_back_limits(patch: pytest.MonkeyPatch, is_meant: Callable[[Registers, Order], bool]) -> None:
    right = rules._take

    def takes(was: Registers, order: Order) -> tuple[MeterDecision, Registers]:
        return right(replace(was, parameters=order.parameters) if is_meant(was, order) else was, order)

    patch.setattr(rules, "_take", takes)


def _equal_order_sets_limits(patch: pytest.MonkeyPatch) -> None:
    _sets_back_limits(patch, lambda was, order: order.sequence == was.sequence)


def _old_order_sets_limits(patch: pytest.MonkeyPatch) -> None:
    _sets_back_limits(patch, lambda was, order: order.sequence < was.sequence)


def _hoards_without_difference(patch: pytest.MonkeyPatch) -> None:
    right = rules._take

    def takes(was: Registers, order: Order) -> tuple[MeterDecision, Registers]:
        decision, after = right(was, order)
        is_same = order.energy_total == was.energy_total and was.remaining > order.parameters.hoarding > NO_ENERGY
        over = decision is MeterDecision.CREDITED and is_same
        return (MeterDecision.OVER_HOARDING, rules.released(was)) if over else (decision, after)

    patch.setattr(rules, "_take", takes)


def _credit_forgets_the_trip(patch: pytest.MonkeyPatch) -> None:
    right = rules._credited
    patch.setattr(rules, "_credited", lambda *told: replace(right(*told), has_tripped_low=False))


def _credit_keeps_the_trip(patch: pytest.MonkeyPatch) -> None:
    right = rules._credited
    patch.setattr(
        rules, "_credited", lambda was, *told: replace(right(was, *told), has_tripped_low=was.has_tripped_low)
    )


def _limits_forget_the_trip(patch: pytest.MonkeyPatch) -> None:
    right = tool_rules._taken
    patch.setattr(tool_rules, "_taken", lambda *told: replace(right(*told), has_tripped_low=False))


def _limits_keep_the_trip(patch: pytest.MonkeyPatch) -> None:
    right = tool_rules._taken
    patch.setattr(
        tool_rules, "_taken", lambda was, *told: replace(right(was, *told), has_tripped_low=was.has_tripped_low)
    )


def _counters_turn_over(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reference, "_counted", lambda value, *, size: value % 256**size)


def _energy_turns_over(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(reference, "_whole_units", lambda energy: Energy.from_card_units(energy.wh // 10 % 2**32))


WRONG: dict[Break, str] = {
    _reads_without_keys: "classic-keys-unknown",
    _logs_in_to_anything: "desfire-ev2-keys-unknown",
    _credits_again: "again",
    _adds_amounts: "missed-1",
    _hoards: "hoarding-3000.01-3000",
    _counts_nothing: "other-meter",
    _stays_open: "overload-released",
    _takes_old_cards: "replacement",
    _takes_any_area: "check-elsewhere",
    _clears_late: "clear-after-121",
    _trips_twice: "trip-once",
    _always_on: "zero",
    _forgets_whom_it_bars: "clear-twice-old-supply",
    _keeps_the_first_record: "clear-next-record",
    _equal_order_sets_limits: "limits-hold-nothing-new",
    _old_order_sets_limits: "limits-hold-old-order",
    _hoards_without_difference: "hoarding-no-difference",
    _credit_forgets_the_trip: "trip-spent-order",
    _credit_keeps_the_trip: "trip-back-order",
    _limits_forget_the_trip: "limits-trip-spent",
    _limits_keep_the_trip: "limits-trip-back",
    _counters_turn_over: "full-tamper_events-65535",
    _energy_turns_over: "full-used",
}


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.__name__.strip("_"))
def test_a_meter_that_breaks_a_rule_is_found(
    wrong: Break, told: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong(monkeypatch)
    some = [vector for at, vector in enumerate(told) if vector["name"] == WRONG[wrong] or at % SOME == 0]
    failed = {vector["name"] for vector in some if not runner.play(AtHand(), vector).is_passed}
    assert WRONG[wrong] in failed
    assert len(failed) < len(some), "and what it does right is not held against it"


BOUND = [f"{kind}-bound-{how}" for kind in ("check", "parameter", "clear") for how in ("otherwise", "twice")]


@pytest.mark.parametrize("name", BOUND)
def test_nothing_but_what_a_mandate_names_is_wrong_where_that_is_the_case(
    name: str, told: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A meter that takes the key by the kind of the card, and asks nothing of what the mandate names."""
    kinds: list[CardKind] = []

    def takes(values: Values, kind: CardKind) -> Mandate:
        kinds.append(kind)
        figures = values.figures
        usual = {"area": "", "meter": METER} if kind in OF_ONE_METER else {"area": AREA, "meter": NO_METER}
        mandate = right(Values(usual, values.numbers), kind)
        return replace(mandate, area=figures["area"], meter=MeterNo(figures["meter"]))

    def proves(codec: ToolCodec, message: bytes, mandate: Mandate) -> bytes:
        if kinds[-1] in OF_ONE_METER:
            return codec._vault.record_mac(message, meter=MeterNo(METER), key_version=mandate.key_version)
        return codec._vault.area_mac(message, area=tool_codec.area_bytes(AREA), key_version=mandate.key_version)

    right = tool_codec.mandate_from
    monkeypatch.setattr(tool_codec, "mandate_from", takes)
    monkeypatch.setattr(ToolCodec, "_mac", proves)
    _takes_any_area(monkeypatch)
    vector = next(vector for vector in told if vector["name"] == name)
    found = runner.play(AtHand(), vector)
    assert any(each.startswith("says: ") and each.endswith(", not 'E-11'") for each in found.differences)


def test_a_case_that_contradicts_the_meter_is_no_case(monkeypatch: pytest.MonkeyPatch) -> None:
    _hoards(monkeypatch)
    with pytest.raises(ScriptWrong, match="E-07"):
        list(vectors())


class AtHand(runner.Meter):
    """The reference meter without a process between."""

    def __init__(self) -> None:
        super().__init__(())
        self._door = Door()

    def ask(self, request: dict[str, Any]) -> Any:
        return self._door.answer(json.dumps(request))


# --- the runner ------------------------------------------------------------------------------------------


def test_the_kit_stands_alone(tmp_path: Path) -> None:
    cases_told = kit.export(tmp_path / "kit")
    assert {path.name for path in (tmp_path / "kit").iterdir()} == {
        "vectors.jsonl",
        "run_conformance.py",
        "conformance.md",
        "card-format.md",
    }
    source = (tmp_path / "kit" / "run_conformance.py").read_text("utf-8")
    imported = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name).split(".")[0]  # type: ignore[union-attr]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert imported <= {*sys.stdlib_module_names, "cryptography"}
    ran = subprocess.run(
        [
            sys.executable,
            "run_conformance.py",
            "--json",
            "--meter",
            f"{sys.executable} -m vending_app conformance meter",
        ],
        cwd=tmp_path / "kit",
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert json.loads(ran.stdout) == {"cases": cases_told, "passed": cases_told, "failed": []}


# --- the door --------------------------------------------------------------------------------------------


@given(st.text() | st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_any_line_is_answered(line: str) -> None:
    door = Door()
    assert "error" in door.answer(line)


@given(
    st.dictionaries(st.sampled_from(["do", "at", "card", "on", "open", "keys", "meter", "area", "utility"]), st.text())
)
def test_any_request_is_answered(request: dict[str, str]) -> None:
    assert "error" in Door().answer(json.dumps(request))


def test_a_meter_answers_only_after_it_was_provisioned() -> None:
    door = Door()
    asked = json.dumps({"do": "use", "at": "2026-03-02T08:00:00Z", "energy_wh": 1, "power_w": 1})
    assert "error" in door.answer(asked)
    Script(door).provision()
    assert door.answer(asked)["registers"]
    assert "error" in door.answer(asked.replace("Z", ""))


def test_a_card_that_lacks_a_file_ends_no_meter() -> None:
    """What it credited is in its registers, and nothing is written."""
    script = Script(Door())
    script.provision()
    made = DesfireCard.of(card(order("100")))
    del made.files[WRITE_BACK_FILE.number]
    script.insert(made, "credited", credited=100_000, writes=False)


def test_each_case_can_be_played_alone() -> None:
    first = next(cases())
    script = Script(Door())
    first.play(script)
    assert script.steps[0]["ask"]["do"] == "provision"
