"""The fault campaign, scaled down: every so many-th case here, all of them with `vending-app bench faults`."""

from __future__ import annotations

from pathlib import Path

import pytest

from vending_app.bench import faults, over_pcscd, planted
from vending_app.bench.card_work import card_work
from vending_app.bench.classic_work import classic_work
from vending_app.bench.desfire_work import desfire_work
from vending_app.bench.faults import Stage, Verdict
from vending_app.bench.flows import FLOWS
from vending_app.bench.private_pcscd import NotPossibleHere, require_possible
from vending_app.cardio.emulated.kinds import KINDS, PLAIN

EVERY = 5
OTHER_CASES = 60
PCSCD_CASES = 12
CODE_BYTES = 2
"""The error counter is programmed twice when the code is presented."""


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return Stage(tmp_path_factory.mktemp("campaign"))


@pytest.fixture(scope="module")
def cases(stage: Stage) -> list[faults.Case]:
    return faults.all_cases(stage)


def test_every_flow_is_broken_at_every_command_byte_and_durable_step(cases: list[faults.Case], stage: Stage) -> None:
    kinds = {
        "pull-before",
        "answer-lost",
        "tear-old",
        "tear-erased",
        "tear-mixed",
        "kill-apdu",
        "kill-byte",
        "kill-step",
    }
    for flow in FLOWS:
        extent = faults.measure(stage, flow)
        of_flow = [case for case in cases if case.flow is flow]
        assert {case.kind for case in of_flow if not case.is_twice} == kinds
        assert len([case for case in of_flow if case.kind == "tear-mixed"]) == extent.bytes_programmed
        assert len([case for case in of_flow if case.kind == "kill-step"]) == extent.steps >= 4


def test_nothing_is_lost_doubled_or_stuck(cases: list[faults.Case], stage: Stage) -> None:
    outcomes = [faults.run_case(stage, case) for case in cases[::EVERY]]
    wrong = [f"{o.case.title}: {o.verdict}, {o.detail}" for o in outcomes if not o.is_right]
    assert wrong == []


@pytest.mark.parametrize("chip", sorted(set(KINDS) - {PLAIN}))
def test_nothing_is_lost_doubled_or_stuck_on_other_chips_and_readers(tmp_path: Path, chip: str) -> None:
    stage = Stage(tmp_path, chip)
    cases = faults.all_cases(stage)
    outcomes = [faults.run_case(stage, case) for case in cases[:: len(cases) // OTHER_CASES]]
    assert len(outcomes) >= OTHER_CASES
    assert [f"{o.case.title}: {o.verdict}, {o.detail}" for o in outcomes if not o.is_right] == []


def test_only_a_card_torn_twice_in_its_code_is_put_aside_and_nothing_was_paid_on_it(
    cases: list[faults.Case], stage: Stage
) -> None:
    in_code = [c for c in cases if c.kind.startswith("tear") and c.at <= CODE_BYTES and c.flow.name == "sale"]
    outcomes = {case: faults.run_case(stage, case) for case in in_code}
    aside = {(c.kind, c.at) for c, outcome in outcomes.items() if outcome.verdict is Verdict.PUT_ASIDE}
    assert aside == {("tear-mixed, twice", 1), ("tear-mixed, twice", 2), ("tear-old, twice", 2)}
    assert all(outcome.is_right for outcome in outcomes.values())
    assert faults.put_aside(list(outcomes.values())) == len(aside)


@pytest.mark.parametrize("plant", ["post-before-write", "new-sequence-on-retry"])
def test_a_planted_error_is_found(cases: list[faults.Case], stage: Stage, plant: str) -> None:
    tears = [case for case in cases if case.kind == "tear-mixed" and case.flow.name == "sale"]
    outcomes = [faults.run_case(stage, case, adapt=planted.PLANTS[plant]) for case in tears[::4]]
    assert any(outcome.verdict in {Verdict.LOST, Verdict.DOUBLED} for outcome in outcomes)


def test_the_cases_agree_on_a_real_pcscd(cases: list[faults.Case], tmp_path: Path) -> None:
    try:
        require_possible()
    except NotPossibleHere as missing:
        pytest.skip(f"no private pcscd on this machine: {missing}")
    compared = over_pcscd.compare(tmp_path, over_pcscd.spread(cases, PCSCD_CASES), stacks=2)
    assert len(compared) == PCSCD_CASES
    assert [c.built_in.case.title for c in compared if not c.agrees] == []
    assert {c.pcscd.verdict for c in compared} == {Verdict.RIGHT}


def test_a_sale_sends_and_programs_hardly_more_than_the_least(tmp_path: Path) -> None:
    figures = card_work(tmp_path)
    assert len(figures) == 6
    assert [figure.line for figure in figures if not figure.is_kept] == []


def test_a_sale_on_a_classic_sends_and_programs_hardly_more_than_the_least(tmp_path: Path) -> None:
    figures = classic_work(tmp_path)
    assert len(figures) == 6
    assert [figure.line for figure in figures if not figure.is_kept] == []


def test_a_sale_on_a_desfire_card_sends_one_command_more_than_the_least_at_most(tmp_path: Path) -> None:
    figures = desfire_work(tmp_path)
    assert [(figure.value, figure.floor) for figure in figures] == [("16", "15"), ("15", "15"), ("15", "15")]
    assert all(figure.is_kept for figure in figures)
