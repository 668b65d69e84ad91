"""The flows of the fault campaign: how each is prepared, what the desk does, and how it settles afterwards."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from vending_app.bench.world import (
    CARD,
    CASHIER,
    DESK,
    METER,
    PARAMETERS,
    SUPERVISOR,
    SUPPLY,
    TARIFF,
    TECHNICIAN,
    World,
    built_in,
    make_world,
    new_vault,
    stepping,
)
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.meter_slot import EmulatedMeterSlot
from vending_app.cardio.vault import SealedVault
from vending_app.domain.card import CardKind
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError, OutcomeUnknown
from vending_app.domain.ids import ActId, CardNo, MeterNo, SaleId, SupplyNo, ulid
from vending_app.domain.meter import MeterDecision
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import Customer, Meter, Operator, SupplyState
from vending_app.domain.permissions import Act
from vending_app.domain.records import CardEnd, Terms
from vending_app.ledger import DeskLedger, SqliteFile
from vending_app.services.book_cases import ReverseSale
from vending_app.services.counter import Counter
from vending_app.services.stock_cases import RetireCard
from vending_app.services.supply_cases import ChangeTerms, ReissueCard
from vending_app.services.tool_cases import IssueToolCard
from vending_app.services.use_cases import CardReading, FinishSale, IssueCard, OpenShift, ReadCard, Sell

AMOUNT = Money(5000)
USED = Energy(31_250)
THE_ID: SaleId = ulid(1_772_500_000_000, b"the-case-!")
"""The id of the sale under test: repeating the command after a fault uses the same."""
PAID: SaleId = ulid(1_772_400_000_000, b"paid-befor")
RESERVED = 2
"""The step of a sale after which its order is durable, where its card brings no write-back."""
WAITED: SaleId = ulid(1_772_450_000_000, b"not-on-it!")
"""A sale that waited when the flow began, with none of it on a card."""
REFUND = ActId(ulid(1_772_500_000_000, b"given-back"))
SPOILT = frozenset({Code.PSC_WRONG, Code.CARD_LOCKED, Code.CARD_LAST_TRY, Code.CARD_TRIES_UNTOLD, Code.CARD_NOT_BLANK})
"""A blank card whose code or keys were torn half changed is put aside, and another one taken."""
NEW_CARD, KEY_CARD = "new.bin", "key.bin"
NEIGHBOUR, NEIGHBOURS_CARD, BLANK_CARD = SupplyNo("00417733"), "neighbour.bin", "blank.bin"
"""What may lie in the reader instead of the card that was meant."""
STRICTER = replace(PARAMETERS, overload_w=5000)
SECOND_KEY = bytes(range(16, 32))
Command = IssueCard | Sell | ReissueCard | ReverseSale | RetireCard | IssueToolCard
WITH_A_WORD: dict[type, Act] = {RetireCard: Act.RETIRE_CARD, IssueToolCard: Act.KEY_CARD}
"""What needs a second person here."""
NEWEST_KEYS = 2
FIRST_CARD = CardNo("000070000001")
"""The number that the office of a case gives its first card."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One thing that a desk does with a card."""

    name: str
    prepare: Callable[[World], None]
    operator: Operator
    command: Command
    purchases: int
    """How often the customer has paid when the flow is over."""
    card: str = CARD
    """The card in the reader, by its file."""
    to_meter: tuple[str, ...] = (CARD,)
    """The cards that are read by the meter afterwards, in this order, the one that holds last."""
    vault: Callable[[], SealedVault] = new_vault
    done_already: Code | None = None
    """How the desk is told that there is nothing left to do."""

    @property
    def takes_blank(self) -> bool:
        """Whether any other blank card will do as well."""
        return isinstance(self.command, IssueCard | ReissueCard | IssueToolCard)

    @property
    def has_sale(self) -> bool:
        """Whether something is reserved and posted under `THE_ID`."""
        return not isinstance(self.command, RetireCard | IssueToolCard)

    def act(self, counter: Counter) -> None:
        """What the fault strikes."""
        counter.operator = self.operator
        counter.do(_with_word(counter, self.command, self.operator))


def _with_word(counter: Counter, command: Command, operator: Operator) -> Command:
    """The supervisor approves it, where that is asked for."""
    if not isinstance(command, RetireCard | IssueToolCard):
        return command
    word = counter.approvals.give(command, SUPERVISOR, operator=operator, act=WITH_A_WORD[type(command)])
    return replace(command, approval=word.id)


def settle(counter: Counter, flow: Flow) -> None:
    """What a desk does when the card is back: read it, finish what was interrupted, repeat the same command.

    Repeating is what a cashier does who does not know how it ended; the same id must not sell twice.
    """
    counter.operator = flow.operator
    if flow.has_sale and not flow.takes_blank:
        reading = counter.do(ReadCard())
        assert isinstance(reading, CardReading)
        if reading.open_sale is not None:
            counter.do(FinishSale())
    try:
        flow.act(counter)
    except OperatorError as error:
        if error.code is not flow.done_already:
            raise


def is_spoilt(error: OperatorError, flow: Flow) -> bool:
    """Whether another blank card has to be taken."""
    return flow.takes_blank and error.code in SPOILT | {Code.CARD_UNREADABLE}


# --- how an office came to stand where it does -----------------------------------------------------------


def _do(world: World, operator: Operator, *commands: object) -> None:
    with built_in(world.card()) as readers, world.open(readers) as counter:
        counter.operator = operator
        for command in commands:
            counter.do(command)


def _nothing(world: World) -> None:
    _do(world, CASHIER, OpenShift(Money(10_000)))


def _issued(world: World) -> None:
    _nothing(world)
    _do(world, TECHNICIAN, IssueCard(world.new_id(), SUPPLY))


def _sold(world: World) -> None:
    _issued(world)
    _do(world, CASHIER, Sell(PAID, SUPPLY, amount=Money(3000)))


def _written_back(world: World) -> None:
    _sold(world)
    world.load_meter()
    world.meter.use(USED, power_w=1800)
    world.load_meter()


def _lost(world: World) -> None:
    _sold(world)
    world.holding(NEW_CARD).take_blank_card()


def _paid_and_lost(world: World) -> None:
    """A sale that was paid waits: its card was taken out when it was reserved, with none of it there, and is broken."""
    _lost(world)
    with built_in(world.card()) as readers:

        def pull(step: int) -> None:
            if step == RESERVED:
                readers.pull()

        with world.open(readers, wrap=stepping(pull)) as counter, suppress(OutcomeUnknown):
            counter.operator = CASHIER
            counter.do(Sell(WAITED, SUPPLY, amount=AMOUNT))


def _replaced(world: World) -> None:
    """The customer has another card by now, which his meter has taken; and he brings the old one."""
    _lost(world)
    new = world.holding(NEW_CARD)
    _do(new, TECHNICIAN, ReissueCard(world.new_id(), SUPPLY, CardEnd.BROKEN))
    new.load_meter()
    _do(new, CASHIER, ReadCard())


def _stricter(world: World) -> None:
    _written_back(world)
    terms = Terms("000001", TARIFF.code, STRICTER, state=SupplyState.OPEN)
    _do(world, TECHNICIAN, ChangeTerms(SUPPLY, terms, reason="a smaller fuse"))


def two_versions() -> SealedVault:
    """The campaign's keys, and the version that follows them."""
    vault = new_vault()
    vault.take_over(SealedVault({NEWEST_KEYS: bytearray(SECOND_KEY)}))
    return vault


def _keys_made(world: World) -> None:
    """The meter wrote back under the first version, and the second was made since."""
    _written_back(world)
    world.vault.take_over(SealedVault({NEWEST_KEYS: bytearray(SECOND_KEY)}))
    world.holding(KEY_CARD).take_blank_card()


def _rolled_over(world: World) -> None:
    """The meter has learnt the second version from a key card, and told the office."""
    _keys_made(world)
    key_card = EmulatedCard.blank()
    request = IssueToolCard(ActId(world.new_id()), CardKind.KEY, meter=METER)
    with built_in(key_card) as readers, world.open(readers) as counter:
        counter.operator = TECHNICIAN
        counter.do(_with_word(counter, request, TECHNICIAN))
    learnt = world.meter.insert(EmulatedMeterSlot(key_card, vault=world.vault)).decision
    assert learnt is MeterDecision.KEYS_LEARNT, "the key card was made for this meter"
    world.load_meter()


def add_neighbour(world: World) -> None:
    """Another customer with a card of his own, and one blank card more."""
    with closing(DeskLedger.open(SqliteFile(world.ledger_file), desk=DESK)) as ledger:
        ledger.add_supply(
            NEIGHBOUR,
            customer=Customer("000002", "Tom Reed", "16 Mill Lane"),
            meter=Meter(MeterNo("000012345686"), "RM-1", 1600),
            tariff=TARIFF.code,
            parameters=PARAMETERS,
            opened_on=date(2024, 1, 1),
            arrears=ZERO,
            arrears_share_percent=0,
        )
    theirs = world.holding(NEIGHBOURS_CARD)
    theirs.take_blank_card()
    _do(theirs, TECHNICIAN, IssueCard(world.new_id(), NEIGHBOUR))
    world.holding(BLANK_CARD).take_blank_card()


_SELL = Sell(THE_ID, SUPPLY, amount=AMOUNT)
SALES = (
    Flow("sale", _issued, CASHIER, _SELL, purchases=1),
    Flow("second sale before loading", _sold, CASHIER, _SELL, purchases=2),
    Flow("sale after write-back", _written_back, CASHIER, _SELL, purchases=2),
)
FLOWS = (
    Flow("issue", _nothing, TECHNICIAN, IssueCard(THE_ID, SUPPLY), purchases=0),
    *SALES,
    Flow(
        "re-issue",
        _lost,
        TECHNICIAN,
        ReissueCard(THE_ID, SUPPLY, CardEnd.LOST),
        purchases=1,
        card=NEW_CARD,
        to_meter=(CARD, NEW_CARD, CARD),
    ),
    Flow("parameter change", _stricter, CASHIER, _SELL, purchases=2),
    Flow(
        "reversal",
        _sold,
        SUPERVISOR,
        ReverseSale(THE_ID, PAID, reason="wrong amount", refund=REFUND),
        purchases=0,
    ),
    Flow(
        "retire",
        _replaced,
        TECHNICIAN,
        RetireCard(FIRST_CARD),
        purchases=1,
        to_meter=(CARD, NEW_CARD),
        done_already=Code.CARD_BLANK,
    ),
    Flow(
        "key card",
        _keys_made,
        TECHNICIAN,
        IssueToolCard(ActId(THE_ID), CardKind.KEY, meter=METER),
        purchases=1,
        card=KEY_CARD,
        to_meter=(CARD, KEY_CARD, CARD),
        vault=two_versions,
    ),
    Flow("roll-over", _rolled_over, CASHIER, _SELL, purchases=2, vault=two_versions),
    Flow(
        "re-issue of what was paid",
        _paid_and_lost,
        TECHNICIAN,
        ReissueCard(THE_ID, SUPPLY, CardEnd.BROKEN),
        purchases=2,
        card=NEW_CARD,
        to_meter=(CARD, NEW_CARD, CARD),
    ),
)


def world_of_one_sale(folder: Path) -> World:
    """A new office in whose open shift one card was issued and sold to."""
    world = make_world(folder)
    SALES[0].prepare(world)
    with built_in(world.card()) as readers, world.open(readers) as counter:
        SALES[0].act(counter)
    return world
