"""The fault campaign: every command, every programmed byte, every durable step of every flow, broken once.

After each break the card is presented again and the meter reads it. Energy credited must be energy paid for, the
books must balance, nothing may stay undecided, and receipt numbers may have no gap (row C4).
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from vending_app.bench.flows import FLOWS, THE_ID, Flow, is_spoilt, settle
from vending_app.bench.world import MOMENT, SUPPLY, World, built_in, make_world, new_vault, stepping
from vending_app.cardio.emulated.faults import Fault, FaultKind, Residue
from vending_app.cardio.emulated.kinds import PLAIN, Hooks
from vending_app.cardio.emulated.software_card import SoftwareCard
from vending_app.cardio.link import Readers
from vending_app.cardio.sle4442_chip import LAST_TRY
from vending_app.domain.energy import NO_ENERGY
from vending_app.domain.errors import Code, OperatorError, VendingError
from vending_app.domain.sale import SaleState
from vending_app.services.counter import Counter

UNBROKEN = "unbroken"
Transport = Callable[[SoftwareCard], AbstractContextManager[Readers]]
"""How a card gets into a reader: the built-in one, or a real pcscd."""
Adapt = Callable[[Counter], Counter]
"""Plants an error in the counter, to see the campaign fail."""


def unchanged(counter: Counter) -> Counter:
    """The counter as it is sold."""
    return counter


class KillAt(StrEnum):
    """Where the process dies."""

    APDU = "kill-apdu"
    BYTE = "kill-byte"
    STEP = "kill-step"


@dataclass(frozen=True, slots=True)
class Case:
    """One break of one flow."""

    flow: Flow
    fault: Fault | None = None
    kill: KillAt | None = None
    at: int = 0
    is_twice: bool = False
    """Whether the same fault strikes again while the desk recovers."""

    @property
    def kind(self) -> str:
        """The row of the table it belongs to."""
        if self.kill is not None:
            return self.kill.value
        assert self.fault is not None, "a case is a fault or a kill"
        residue = f"-{self.fault.residue.value}" if self.fault.kind is FaultKind.TEAR else ""
        return f"{self.fault.kind.value}{residue}{', twice' if self.is_twice else ''}"

    @property
    def title(self) -> str:
        return f"{self.flow.name}: {self.kind} {self.at}"


class Verdict(StrEnum):
    """How a case ended."""

    RIGHT = "right"
    LOST = "lost"
    DOUBLED = "doubled"
    STUCK = "stuck"
    PUT_ASIDE = "put-aside"
    """Torn twice in a row while its code was presented: refused with its last try kept, and nothing was paid."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case, how it ended, and what can be compared with another run of it."""

    case: Case
    verdict: Verdict
    detail: str
    image: bytes = b""
    first: str = ""
    """What the desk was told at the break."""

    @property
    def is_right(self) -> bool:
        """Whether nobody has lost anything."""
        return self.verdict in {Verdict.RIGHT, Verdict.PUT_ASIDE}


@dataclass(frozen=True, slots=True)
class Extent:
    """How long a flow is when nothing breaks."""

    apdus: int
    bytes_programmed: int
    """Of the whole chip: main memory, error counter, code."""
    steps: int


@dataclass(frozen=True, slots=True)
class Stage:
    """The prepared offices, one for each flow, that cases are copied from."""

    folder: Path
    chip: str = PLAIN
    """The kind of card, by its name in `KINDS`."""

    def base(self, flow: Flow) -> World:
        """The office as it stands before the flow."""
        folder = self.folder / flow.name.replace(" ", "-")
        if not folder.exists():
            flow.prepare(make_world(folder, chip=self.chip))
        return World(folder, new_vault(), chip=self.chip)

    def case_world(self, flow: Flow, name: str) -> World:
        return self.base(flow).copy(self.folder / f"case-{name}")


def measure(stage: Stage, flow: Flow) -> Extent:
    """Run the flow once, unbroken, and count."""
    world = stage.case_world(flow, "clean")
    card, steps = world.card(), [0]
    with built_in(card) as readers, world.open(readers, wrap=stepping(lambda n: steps.__setitem__(0, n))) as counter:
        card.reset_counters()
        flow.act(counter)
    world.remove()
    return Extent(card.apdus, card.all_bytes_programmed, steps[0])


def enumerate_cases(flow: Flow, extent: Extent) -> Iterator[Case]:
    """Every boundary and every byte."""
    for fault in enumerate_faults(extent):
        yield Case(flow, fault, at=fault.at)
        yield Case(flow, fault, at=fault.at, is_twice=True)
    ends = {KillAt.APDU: extent.apdus, KillAt.BYTE: extent.bytes_programmed, KillAt.STEP: extent.steps}
    for kill, last in ends.items():
        yield from (Case(flow, kill=kill, at=at) for at in range(1, last + 1))


def enumerate_faults(extent: Extent) -> Iterator[Fault]:
    """What can happen to the card."""
    for at in range(1, extent.apdus + 1):
        yield Fault(FaultKind.PULL_BEFORE, at)
        yield Fault(FaultKind.ANSWER_LOST, at)
    for at in range(1, extent.bytes_programmed + 1):
        yield from (Fault(FaultKind.TEAR, at, residue) for residue in Residue)


def all_cases(stage: Stage, flows: Sequence[Flow] = FLOWS) -> list[Case]:
    """The whole campaign."""
    return [case for flow in flows for case in enumerate_cases(flow, measure(stage, flow))]


def run_case(
    stage: Stage, case: Case, *, transport: Transport = built_in, adapt: Adapt = lambda counter: counter
) -> Outcome:
    """Break the flow, bring the card back, read it in the meter, and judge."""
    world = stage.case_world(case.flow, "now")
    try:
        first = _break(world, case, transport, adapt)
        if first == UNBROKEN:
            return Outcome(case, Verdict.STUCK, "the fault did not strike")
        if case.is_twice:
            _settle(world, case.flow, transport, adapt, fault=case.fault)
        if not _holds_what_was_paid_before(world):
            return Outcome(case, Verdict.LOST, "a meter would find less on the torn card than was paid for")
        trouble = _settle(world, case.flow, transport, adapt)
        verdict, detail = _judge(world, case, trouble)
        return Outcome(case, verdict, detail, world.card().image, first)
    finally:
        world.remove()


def _break(world: World, case: Case, transport: Transport, adapt: Adapt) -> str:
    if case.kill is not None:
        return _kill(world, case, adapt)
    card = world.card()
    with transport(card) as readers, world.open(readers) as counter:
        card.arm(case.fault)
        try:
            case.flow.act(adapt(counter))
        except VendingError as error:
            return error.code.value
    return UNBROKEN


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


def _holds_what_was_paid_before(world: World) -> bool:
    """The customer may take the torn card home first: what he bought before must be on it, whole."""
    with built_in(world.card()) as readers, world.open(readers) as counter:
        bought = counter.outside.ledger.supply(SUPPLY, today=MOMENT.date()).energy_total
    order = world.codec.decode(world.card().image).order
    return bought <= (order.energy_total if order else NO_ENERGY)


def _settle(
    world: World, flow: Flow, transport: Transport, adapt: Adapt, *, fault: Fault | None = None
) -> VendingError | None:
    """Present the card again; what goes wrong now is what a customer would suffer."""
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


def _judge(world: World, case: Case, trouble: VendingError | None) -> tuple[Verdict, str]:
    """Energy credited = energy paid for, once; balances; nothing undecided; no gap."""
    meter = world.load_meter().view
    with built_in(world.card()) as readers, world.open(readers) as counter:
        ledger = counter.outside.ledger
        sale = ledger.sale(THE_ID)
        supply = ledger.supply(SUPPLY, today=MOMENT.date())
        undecided, proof = ledger.open_sales(), ledger.verify()
    bought, credited = supply.energy_total, meter.energy_total
    if credited != bought:
        kind = Verdict.LOST if credited < bought else Verdict.DOUBLED
        return kind, f"paid for {bought.wh} Wh, credited {credited.wh} Wh"
    if supply.purchases > case.flow.purchases:
        return Verdict.DOUBLED, f"bought {case.flow.purchases} times, charged {supply.purchases} times"
    if sale is None and not undecided and proof.is_ok and _keeps_its_last_try(world, case, trouble):
        return Verdict.PUT_ASIDE, "last try kept"
    if trouble or undecided or not proof.is_ok:
        return Verdict.STUCK, f"{trouble or ''}" or "; ".join(proof.problems) or f"{len(undecided)} undecided"
    if sale is None or sale.state is not SaleState.POSTED:
        return Verdict.LOST, f"the sale ended {sale.state.value if sale else 'unknown'}"
    if not _opens_with_its_code(world):
        return Verdict.STUCK, "the next sale would be refused: this card has another code"
    return Verdict.RIGHT, ""


def _opens_with_its_code(world: World) -> bool:
    card = world.card()
    header = world.codec.decode(card.image).header
    return header is not None and card.opens(world.vault, card=header.card, key_version=header.key_version)


def _keeps_its_last_try(world: World, case: Case, trouble: VendingError | None) -> bool:
    """One tear costs a card nothing for good; two in a row in its code leave one try, which is never used."""
    is_refused = trouble is not None and trouble.code in {Code.CARD_LAST_TRY, Code.CARD_TRIES_UNTOLD}
    return case.is_twice and is_refused and world.card().tries == LAST_TRY


def table(outcomes: Sequence[Outcome]) -> list[tuple[str, int, int, int, int]]:
    """Rows of kind, cases, lost, doubled, stuck; the last row sums."""
    kinds = sorted({outcome.case.kind for outcome in outcomes})
    rows = [(kind, *_counts([o for o in outcomes if o.case.kind == kind])) for kind in kinds]
    return [*rows, ("all", *_counts(outcomes))]


def put_aside(outcomes: Sequence[Outcome]) -> int:
    """How many cards must be exchanged; nothing was paid on them."""
    return sum(outcome.verdict is Verdict.PUT_ASIDE for outcome in outcomes)


def _counts(outcomes: Sequence[Outcome]) -> tuple[int, int, int, int]:
    def count(verdict: Verdict) -> int:
        return sum(outcome.verdict is verdict for outcome in outcomes)

    return len(outcomes), count(Verdict.LOST), count(Verdict.DOUBLED), count(Verdict.STUCK)
