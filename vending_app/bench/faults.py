"""The fault campaign: a case is played, the card is presented again, the meter reads it, and it is judged.

Energy credited must be energy paid for, the books must balance, nothing may stay undecided, and receipt numbers may
have no gap (row C4).
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from vending_app.bench.cases import (
    MAY_GO_ON,
    Case,
    Extent,
    KillAt,
    Outcome,
    Verdict,
    breaks,
    enumerate_cases,
    enumerate_twice,
)
from vending_app.bench.flows import (
    BLANK_CARD,
    FLOWS,
    NEIGHBOURS_CARD,
    SALES,
    Flow,
    add_neighbour,
    is_spoilt,
    settle,
)
from vending_app.bench.fragile import fragile, hanging
from vending_app.bench.judging import ASIDE, holds_what_was_paid_before, judge, leaves_others_alone
from vending_app.bench.world import World, built_in, make_world, stepping
from vending_app.cardio.emulated.faults import OF_THE_READER, SWAPS, Fault, FaultKind
from vending_app.cardio.emulated.kinds import PLAIN, UNTELLING, Hooks
from vending_app.cardio.emulated.software_card import SoftwareCard
from vending_app.cardio.link import Readers
from vending_app.domain.errors import Code, OperatorError, VendingError
from vending_app.services.counter import Counter

UNBROKEN = "unbroken"
Transport = Callable[[SoftwareCard], AbstractContextManager[Readers]]
"""How a card gets into a reader: the built-in one, or a real pcscd."""
Adapt = Callable[[Counter], Counter]
"""Plants an error in the counter, to see the campaign fail."""


def unchanged(counter: Counter) -> Counter:
    """The counter as it is sold."""
    return counter


@dataclass(frozen=True, slots=True)
class Stage:
    """The prepared offices, one for each flow, that cases are copied from."""

    folder: Path
    chip: str = PLAIN
    """The kind of card, by its name in `EVERY_KIND`."""

    @property
    def tries_from_books(self) -> bool:
        """At a reader that does not tell the tries nothing can be broken unless the desk goes by its books."""
        return self.chip in UNTELLING

    def base(self, flow: Flow) -> World:
        """The office as it stands before the flow."""
        folder = self.folder / flow.name.replace(" ", "-")
        if not folder.exists():
            world = make_world(folder, chip=self.chip, tries_from_books=self.tries_from_books)
            flow.prepare(world)
            add_neighbour(world)
        by_books = self.tries_from_books
        return World(folder, flow.vault(), chip=self.chip, tries_from_books=by_books, card_name=flow.card)

    def case_world(self, flow: Flow, name: str) -> World:
        return self.base(flow).copy(self.folder / f"case-{name}")


# --- what there is to break ------------------------------------------------------------------------------


def measure(stage: Stage, flow: Flow) -> Extent:
    """Run the flow once, unbroken, and count."""
    world = stage.case_world(flow, "clean")
    card, steps = world.card(), [0]
    try:
        with (
            built_in(card) as readers,
            world.open(readers, wrap=stepping(lambda n: steps.__setitem__(0, n))) as counter,
        ):
            _count_from_now(card)
            flow.act(counter)
    finally:
        world.remove()
    return _counted(card, steps[0])


def _count_from_now(card: SoftwareCard) -> None:
    card.reset_counters()
    card.arm(None)


def _counted(card: SoftwareCard, steps: int = 0) -> Extent:
    plan = card.faults
    return Extent(card.apdus, dict(plan.with_data), plan.programming, card.all_bytes_programmed, steps)


def all_cases(stage: Stage, flows: Sequence[Flow] = FLOWS) -> list[Case]:
    """The whole campaign of single faults."""
    return [case for flow, extent in _measured(stage, flows) for case in enumerate_cases(flow, extent)]


def twice_cases(stage: Stage, flows: Sequence[Flow] = FLOWS) -> list[Case]:
    """The same fault twice in the same place, in every flow."""
    return [case for flow, extent in _measured(stage, flows) for case in enumerate_twice(flow, extent)]


def double_cases(stage: Stage, *, every: int = 1, flow: Flow = SALES[0]) -> list[Case]:
    """A second fault at each step of what the desk does after the first. Of bytes only every so many-th is torn."""
    return [
        Case(flow, first, at=first.at, again=again)
        for flow, extent in _measured(stage, [flow])
        for first in breaks(extent, every=every)
        for again in breaks(_recovery(stage, flow, first), every=every)
    ]


def _measured(stage: Stage, flows: Sequence[Flow]) -> Iterator[tuple[Flow, Extent]]:
    for flow in flows:
        yield flow, measure(stage, flow)


def _recovery(stage: Stage, flow: Flow, first: Fault) -> Extent:
    """How long the recovery from this fault is."""
    world = stage.case_world(flow, "clean")
    try:
        _break(world, Case(flow, first, at=first.at), built_in, unchanged)
        card = world.card()
        with built_in(card) as readers, world.open(readers) as counter:
            _count_from_now(card)
            settle(counter, flow)
        return _counted(card)
    finally:
        world.remove()


# --- breaking it -----------------------------------------------------------------------------------------


def run_case(stage: Stage, case: Case, *, transport: Transport | None = None, adapt: Adapt = unchanged) -> Outcome:
    """Break the flow, bring the card back, read it in the meter, and judge. Without a transport it is built in."""
    used = transport or built_in
    world = stage.case_world(case.flow, "now")
    try:
        first = _break(world, case, transport or _reader_for(case), adapt)
        if first == UNBROKEN:
            return Outcome(case, Verdict.STUCK, "the fault did not strike")
        if not leaves_others_alone(world, stage.base(case.flow), case):
            return Outcome(case, Verdict.LOST, "the card that lay there by mistake is not as it was", first=first)
        _try_what_lies_there(world, case, used, adapt)
        if case.again is not None:
            _settle(world, case.flow, used, adapt, fault=case.again)
        if not holds_what_was_paid_before(world, case.flow):
            return Outcome(case, Verdict.LOST, "a meter would find less on the torn card than was paid for")
        trouble = _settle(world, case.flow, used, adapt)
        verdict, detail = judge(world, case, trouble)
        return Outcome(case, verdict, detail, world.card().image, first)
    finally:
        world.remove()


def _reader_for(case: Case) -> Transport:
    """Only a reader that may fail itself needs something around it."""
    kind = case.fault.kind if case.fault is not None else None
    if kind is FaultKind.HANG:
        return hanging
    return fragile if kind in OF_THE_READER else built_in


def _break(world: World, case: Case, transport: Transport, adapt: Adapt) -> str:
    """What the desk was told, or that nothing was broken."""
    if case.kill is not None:
        return _kill(world, case, adapt)
    assert case.fault is not None, "a case is a fault or a kill"
    card = world.card()
    if case.fault.kind in SWAPS:
        card.stand_in = world.holding(_other(case.fault)).card()
    with transport(card) as readers, world.open(readers) as counter:
        card.arm(case.fault)
        try:
            case.flow.act(adapt(counter))
        except VendingError as error:
            return error.code.value if card.faults.is_over else UNBROKEN
    return "went on" if case.fault.kind in MAY_GO_ON and card.faults.is_over else UNBROKEN


def _other(fault: Fault) -> str:
    return BLANK_CARD if fault.kind is FaultKind.SWAP_BLANK else NEIGHBOURS_CARD


def _kill(world: World, case: Case, adapt: Adapt) -> str:
    """Do the flow in a child that dies by SIGKILL at the point of the case."""
    child = os.fork()
    if child == 0:
        _act_and_die(world, case, adapt)
    _, status = os.waitpid(child, 0)
    return f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else UNBROKEN


def _act_and_die(world: World, case: Case, adapt: Adapt) -> None:
    def die(count: int) -> None:
        if count == case.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def live(count: int) -> None:
        """Another kind of point: go on."""

    hooks = Hooks(
        on_apdu=die if case.kill is KillAt.APDU else None,
        on_byte=die if case.kill is KillAt.BYTE else None,
    )
    card = world.card(hooks)
    on_step = die if case.kill is KillAt.STEP else live
    with built_in(card) as readers, world.open(readers, wrap=stepping(on_step)) as counter:
        case.flow.act(adapt(counter))
    os._exit(0)


# --- what the desk does afterwards -----------------------------------------------------------------------


def _try_what_lies_there(world: World, case: Case, transport: Transport, adapt: Adapt) -> None:
    """After a swap the desk first goes on with the wrong card. A blank one that is issued so is the customer's."""
    if case.fault is None or case.fault.kind not in SWAPS:
        return
    wrong = world.holding(_other(case.fault))
    try:
        with transport(wrong.card()) as readers, wrong.open(readers) as counter:
            settle(adapt(counter), case.flow)
    except VendingError:
        return
    if case.flow.takes_blank:
        world.card_file.rename(world.holding(ASIDE).card_file)
        wrong.card_file.rename(world.card_file)


def _settle(
    world: World, flow: Flow, transport: Transport, adapt: Adapt, *, fault: Fault | None = None
) -> VendingError | None:
    """Present the card again, in the end at a reader that tells the tries if the desk says so; what goes wrong now is
    what a customer would suffer.
    """
    trouble = _settle_here(world, flow, transport, adapt, fault=fault)
    if fault is None and trouble is not None and trouble.code is Code.CARD_TRIES_UNTOLD:
        return _settle_here(replace(world, chip=PLAIN), flow, transport, adapt)
    return trouble


def _settle_here(
    world: World, flow: Flow, transport: Transport, adapt: Adapt, *, fault: Fault | None = None
) -> VendingError | None:
    card = world.card()
    try:
        with transport(card) as readers, world.open(readers) as counter:
            card.arm(fault)
            settle(adapt(counter), flow)
    except OperatorError as error:
        if not is_spoilt(error, flow):
            return error
        return _settle_on_another_card(world, flow, transport, adapt)
    except VendingError as error:
        return error
    return None


def _settle_on_another_card(world: World, flow: Flow, transport: Transport, adapt: Adapt) -> VendingError | None:
    try:
        with transport(world.take_blank_card()) as readers, world.open(readers) as counter:
            settle(adapt(counter), flow)
    except VendingError as error:
        return error
    return None
