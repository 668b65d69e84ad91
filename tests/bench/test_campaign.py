"""The fault campaign, scaled down: every so many-th case here, all of them with `vending-app bench faults`."""

from __future__ import annotations

from pathlib import Path

import pytest

from vending_app.bench import cases as campaign
from vending_app.bench import faults, over_pcscd, planted
from vending_app.bench.cases import Case, KillAt, Verdict
from vending_app.bench.faults import Stage
from vending_app.bench.flows import FLOWS, NEW_CARD, SALES, Flow
from vending_app.bench.private_pcscd import NotPossibleHere, require_possible
from vending_app.bench.world import CARD, built_in
from vending_app.cardio.emulated.faults import FLIPS, FaultKind
from vending_app.cardio.emulated.kinds import EVERY_KIND, PLAIN
from vending_app.cardio.totals1_layout import CARD_SIZE
from vending_app.domain.meter import MeterDecision

CASES, OTHER_CASES, DOUBLES = 60, 18, 10
PCSCD_CASES = 8
CODE_BYTES = 2
"""The error counter is programmed twice when the code is presented."""
NO_BYTES = 1000
"""So many-th byte of a recovery is torn: none, commands alone."""
BY_NAME = {flow.name: flow for flow in FLOWS}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return Stage(tmp_path_factory.mktemp("campaign"))


@pytest.fixture(scope="module")
def cases(stage: Stage) -> list[Case]:
    return faults.all_cases(stage)


def wrong_of(stage: Stage, chosen: list[Case]) -> list[str]:
    outcomes = [faults.run_case(stage, case) for case in chosen]
    return [f"{o.case.title}: {o.verdict}, {o.detail}" for o in outcomes if not o.is_right]


def some(cases: list[Case], count: int) -> list[Case]:
    """So many or a few more, evenly."""
    return cases[:: max(1, len(cases) // count)]


def test_every_flow_is_broken_at_every_command_byte_and_durable_step(cases: list[Case], stage: Stage) -> None:
    kinds = {kind.value for kind in (*campaign.AT_COMMANDS, *FLIPS, FaultKind.SHORT, FaultKind.LIE)}
    kinds |= {"tear-old", "tear-erased", "tear-mixed", *KillAt}
    for flow in FLOWS:
        extent = faults.measure(stage, flow)
        of_flow = [case for case in cases if case.flow is flow]
        assert {case.kind for case in of_flow} == kinds
        assert len([case for case in of_flow if case.kind == "tear-mixed"]) == extent.bytes_programmed
        assert len([case for case in of_flow if case.kind == "kill-step"]) == extent.steps >= 4
        for kind in campaign.AT_COMMANDS:
            assert len([case for case in of_flow if case.kind == kind.value]) == extent.apdus
        for command in range(1, extent.apdus + 1):
            flips = [case for case in of_flow if case.fault and case.fault.kind in FLIPS and case.at == command]
            assert len(flips) == 1 + -(-extent.with_data.get(command, 0) // campaign.STRETCH)


def test_over_the_campaign_each_byte_of_a_card_and_each_bit_of_a_status_is_once_wrong(
    cases: list[Case], stage: Stage
) -> None:
    """On a card that is read whole; a case is found again by its name."""
    reads = {flow.name: faults.measure(stage, flow).with_data for flow in FLOWS}
    flips = [case.fault for case in cases if case.fault is not None and case.fault.kind is FaultKind.FLIP_STATUS]
    assert {fault.bit for fault in flips} == set(range(16))
    whole = [
        case.fault.bit
        for case in cases
        if case.fault is not None
        and case.fault.kind is FaultKind.FLIP_DATA
        and reads[case.flow.name][case.at] == CARD_SIZE
    ]
    assert {bit // 8 for bit in whole} == set(range(CARD_SIZE))
    assert {bit % 8 for bit in whole} == set(range(8))
    assert len({case.title for case in cases}) == len(cases)


def test_nothing_is_lost_doubled_or_stuck(cases: list[Case], stage: Stage) -> None:
    assert wrong_of(stage, some(cases, CASES)) == []


@pytest.mark.parametrize("chip", sorted(set(EVERY_KIND) - {PLAIN}))
def test_nothing_is_lost_doubled_or_stuck_on_other_chips_and_readers(tmp_path: Path, chip: str) -> None:
    stage = Stage(tmp_path, chip)
    assert wrong_of(stage, some(faults.all_cases(stage), OTHER_CASES)) == []


@pytest.mark.parametrize("chip", [PLAIN, "classic", "desfire-ev2"])
def test_a_second_fault_while_the_desk_recovers_costs_nothing_either(tmp_path: Path, chip: str) -> None:
    stage = Stage(tmp_path, chip)
    doubles = faults.double_cases(stage, every=NO_BYTES)
    assert {case.flow for case in doubles} == {SALES[0]}
    assert wrong_of(stage, some(doubles, DOUBLES)) == []


def test_only_a_card_torn_twice_in_its_code_is_put_aside_and_nothing_was_paid_on_it(stage: Stage) -> None:
    twice = faults.twice_cases(stage, [SALES[0]])
    in_code = [c for c in twice if c.kind.startswith("tear") and c.at <= CODE_BYTES]
    outcomes = {case: faults.run_case(stage, case) for case in in_code}
    aside = {(c.kind, c.at) for c, outcome in outcomes.items() if outcome.verdict is Verdict.PUT_ASIDE}
    assert aside == {("tear-mixed, twice", 1), ("tear-mixed, twice", 2), ("tear-old, twice", 2)}
    assert all(outcome.is_right for outcome in outcomes.values())
    assert campaign.put_aside(list(outcomes.values())) == len(aside)


@pytest.mark.parametrize("plant", ["post-before-write", "new-sequence-on-retry"])
def test_a_planted_error_is_found(cases: list[Case], stage: Stage, plant: str) -> None:
    tears = [case for case in cases if case.kind == "tear-mixed" and case.flow.name == "sale"]
    outcomes = [faults.run_case(stage, case, adapt=planted.PLANTS[plant]) for case in tears[::4]]
    assert any(outcome.verdict in {Verdict.LOST, Verdict.DOUBLED} for outcome in outcomes)


@pytest.mark.parametrize("chip", [PLAIN, "classic"])
def test_a_desk_that_does_not_look_whose_card_it_is_after_a_reset_is_found(tmp_path: Path, chip: str) -> None:
    """Codes and keys are each card's own: the neighbour's card loses a try, or his order.

    Of a DESFire card nothing is asked between reading and writing; tests/cardio/test_other_cards.py has what no fault
    of a campaign can bring.
    """
    stage = Stage(tmp_path, chip)
    resets = [case for case in faults.all_cases(stage, [SALES[0]]) if case.kind == FaultKind.RESET_OURS.value]
    seen = (faults.run_case(stage, case, adapt=planted.PLANTS["any-card-after-a-reset"]) for case in resets)
    wrong = next(outcome for outcome in seen if not outcome.is_right)
    assert wrong.detail == "the card that lay there by mistake is not as it was"
    assert faults.run_case(stage, wrong.case).first == "card-swapped"


def test_a_desk_that_settles_what_waits_before_it_re_issues_is_found(cases: list[Case], stage: Stage) -> None:
    """A card that is pulled before its order is reserved: what was paid is on no card, and nothing asks for it."""
    flow = BY_NAME["re-issue of what was paid"]
    pulls = [case for case in cases if case.flow is flow and case.kind == FaultKind.PULL_BEFORE.value]
    seen = (faults.run_case(stage, case, adapt=planted.PLANTS["settle-before-re-issue"]) for case in pulls)
    wrong = next(outcome for outcome in seen if not outcome.is_right)
    assert wrong.verdict is Verdict.LOST
    assert faults.run_case(stage, wrong.case).first == "card-removed"


@pytest.mark.parametrize(
    "kind", [FaultKind.LIE, FaultKind.HANG, FaultKind.UNPLUG, FaultKind.SWAP_OURS, FaultKind.RESET_OURS]
)
def test_each_new_kind_of_fault_finds_a_desk_that_posts_before_it_writes(
    cases: list[Case], stage: Stage, kind: FaultKind
) -> None:
    of_kind = [case for case in cases if case.kind == kind.value and case.flow is SALES[0]]
    outcomes = (faults.run_case(stage, case, adapt=planted.PLANTS["post-before-write"]) for case in of_kind)
    assert any(outcome.verdict is Verdict.LOST for outcome in outcomes)


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        (FaultKind.HANG, "reader-timeout", "sale-in-doubt"),
        (FaultKind.UNPLUG, "reader-gone", "sale-in-doubt"),
        (FaultKind.SERVICE_KILLED, "pcsc-no-service", "sale-in-doubt"),
    ],
)
def test_what_fails_around_the_card_is_told_by_its_name_until_a_sale_is_reserved(
    cases: list[Case], stage: Stage, kind: FaultKind, before: str, after: str
) -> None:
    of_kind = [case for case in cases if case.kind == kind.value and case.flow is SALES[0]]
    assert faults.run_case(stage, of_kind[0]).first == before
    assert faults.run_case(stage, of_kind[-1]).first == after


# --- the flows themselves --------------------------------------------------------------------------------


def played(stage: Stage, flow: Flow, name: str) -> list[MeterDecision]:
    """What the meter says to each card when nothing was broken."""
    world = stage.case_world(flow, name)
    with built_in(world.card()) as readers, world.open(readers) as counter:
        flow.act(counter)
    return [world.holding(card).load_meter().decision for card in flow.to_meter]


def test_a_re_issued_card_replaces_the_one_before_and_what_that_one_gave_is_not_given_again(stage: Stage) -> None:
    flow = BY_NAME["re-issue"]
    assert flow.to_meter == (CARD, NEW_CARD, CARD)
    told = played(stage, flow, "re-issued")
    assert told == [MeterDecision.CREDITED, MeterDecision.CREDITED, MeterDecision.CARD_REPLACED]


def test_an_order_after_the_roll_over_is_made_under_the_second_keys(stage: Stage) -> None:
    flow = BY_NAME["roll-over"]
    assert played(stage, flow, "rolled") == [MeterDecision.CREDITED]
    world = stage.base(flow).holding(CARD)
    rolled = world.codec.decode((stage.folder / "case-rolled" / CARD).read_bytes()[:256])
    assert rolled.order is not None
    assert (rolled.order.key_version, rolled.header and rolled.header.key_version) == (2, 1)


def test_a_retired_card_is_blank_and_no_meter_takes_it(tmp_path: Path) -> None:
    told = played(Stage(tmp_path, "desfire-ev2"), BY_NAME["retire"], "retired")
    assert told == [MeterDecision.NOT_OURS, MeterDecision.NOTHING_NEW], "the new card was in the meter before"


# --- over a real pcscd -----------------------------------------------------------------------------------


def test_the_cases_agree_on_a_real_pcscd(cases: list[Case], tmp_path: Path) -> None:
    try:
        require_possible()
    except NotPossibleHere as missing:
        pytest.skip(f"no private pcscd on this machine: {missing}")
    compared = over_pcscd.compare(tmp_path, over_pcscd.spread(cases, PCSCD_CASES), stacks=2)
    assert len(compared) == PCSCD_CASES
    assert [c.built_in.case.title for c in compared if not c.agrees] == []
    assert [c.pcscd.case.title for c in compared if not c.pcscd.is_right] == []
