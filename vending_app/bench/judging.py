"""How a case ended: by the meter, by the books, and by the cards."""

from __future__ import annotations

from vending_app.bench.cases import Case, Verdict
from vending_app.bench.flows import NEIGHBOURS_CARD, NEWEST_KEYS, SPOILT, THE_ID, WAITED, Flow
from vending_app.bench.world import MOMENT, SUPPLY, World, built_in
from vending_app.cardio.emulated.desfire.card import EmulatedDesfire
from vending_app.cardio.emulated.desfire.state import CardState
from vending_app.cardio.emulated.faults import FaultKind
from vending_app.cardio.sle4442_chip import LAST_TRY
from vending_app.domain.card import ImageState
from vending_app.domain.card_stock import StockVerb
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.errors import Code, VendingError
from vending_app.domain.money import ZERO
from vending_app.domain.sale import SaleState
from vending_app.ports import Ledger
from vending_app.services.book_cases import ReverseSale
from vending_app.services.stock_cases import RetireCard
from vending_app.services.stock_desk import MOVES_SHOWN
from vending_app.services.tool_cases import IssueToolCard

ASIDE = "aside.bin"
"""A card on which an issue was begun that went on on another."""
SHUT = frozenset({Code.CARD_FOREIGN, Code.CARD_KEYS_WRONG, Code.CARD_UNREADABLE})
"""How a card is refused whose keys were torn while it was made blank again; a card that only lied is finished."""
Judgement = tuple[Verdict, str]


def holds_what_was_paid_before(world: World, flow: Flow) -> bool:
    """The customer may take the torn card home first: what he bought before must be on one of his cards, whole.

    Of a reversal that waits for its card the customer has not got his money yet, and he has to come back for it. What
    was on no card when the flow began may wait for the new one.
    """
    with built_in(world.card()) as readers, world.open(readers) as counter:
        ledger = counter.outside.ledger
        bought = ledger.supply(SUPPLY, today=MOMENT.date()).energy_total
        waiting, waited = ledger.open_sale(supply=SUPPLY), ledger.sale(WAITED)
    if waiting is not None and isinstance(flow.command, ReverseSale):
        return True
    if waiting is not None and waited is not None and waited.state is SaleState.POSTED:
        bought -= waited.intent.energy
    orders = [world.codec.decode(world.holding(name).card().image).order for name in flow.to_meter]
    return bought <= max(order.energy_total if order else NO_ENERGY for order in orders)


def leaves_others_alone(world: World, before: World, case: Case) -> bool:
    """Whether the neighbour's card that lay there is as it was: nothing written and, if it was noticed, no try lost."""
    lay_there, was = world.holding(NEIGHBOURS_CARD), before.holding(NEIGHBOURS_CARD)
    if case.fault is not None and case.fault.kind is FaultKind.RESET_OURS:
        return lay_there.card_file.read_bytes() == was.card_file.read_bytes()
    return lay_there.card().image == was.card().image


def judge(world: World, case: Case, trouble: VendingError | None) -> Judgement:
    """Energy credited = energy paid for, once; balances; nothing undecided; no gap."""
    credited = _in_the_meter(world, case.flow)
    with built_in(world.card()) as readers, world.open(readers) as counter:
        ledger = counter.outside.ledger
        sale = ledger.sale(THE_ID)
        supply = ledger.supply(SUPPLY, today=MOMENT.date())
        undecided, proof = ledger.open_sales(), ledger.verify()
        due, boxed = ledger.refund_due(SUPPLY), _in_the_box(ledger)
    if credited != supply.energy_total:
        kind = Verdict.LOST if credited < supply.energy_total else Verdict.DOUBLED
        return kind, f"paid for {supply.energy_total.wh} Wh, credited {credited.wh} Wh"
    if sale is None and not undecided and proof.is_ok and _keeps_its_last_try(world, case, trouble):
        return Verdict.PUT_ASIDE, "last try kept"
    if supply.purchases > case.flow.purchases:
        return Verdict.DOUBLED, f"bought {case.flow.purchases} times, charged {supply.purchases} times"
    if trouble and _is_thrown_away(case, trouble) and not undecided and proof.is_ok:
        return Verdict.PUT_ASIDE, "nobody needs it, and it is no blank card"
    if trouble or undecided or not proof.is_ok:
        return Verdict.STUCK, f"{trouble or ''}" or "; ".join(proof.problems) or f"{len(undecided)} undecided"
    if case.flow.has_sale and (sale is None or sale.state is not SaleState.POSTED):
        return Verdict.LOST, f"the sale ended {sale.state.value if sale else 'unknown'}"
    if isinstance(case.flow.command, RetireCard) and boxed != 1:
        return Verdict.LOST, f"the box counted the retired card {boxed} times"
    if due != ZERO:
        return Verdict.LOST, f"{due.minor} were not given back"
    if world.meter.file.load().parameters != supply.parameters:
        return Verdict.LOST, "the meter does not have the parameters of the books"
    if isinstance(case.flow.command, IssueToolCard) and NEWEST_KEYS not in world.meter.file.load().key_versions:
        return Verdict.LOST, "the meter has not learnt the keys that the card was made to bring"
    return _of_the_cards(world, case)


def _is_thrown_away(case: Case, trouble: VendingError) -> bool:
    """A retired card that cost the plastic: nobody needed it, and no meter takes it any more."""
    was_torn = FaultKind.TEAR in {fault.kind for fault in (case.fault, case.again) if fault is not None}
    return isinstance(case.flow.command, RetireCard) and trouble.code in (SPOILT | SHUT if was_torn else SPOILT)


def _in_the_meter(world: World, flow: Flow) -> Energy:
    """What it has been credited with when every card was in it."""
    begun = (ASIDE,) if world.holding(ASIDE).card_file.exists() else ()
    for name in (*begun, *flow.to_meter):
        world.holding(name).load_meter()
    return world.meter.view().energy_total


def _of_the_cards(world: World, case: Case) -> Judgement:
    if isinstance(case.flow.command, RetireCard) and not _is_as_delivered(world.holding(case.flow.card)):
        return Verdict.STUCK, "the retired card keeps a key or a code of ours"
    if not _opens_with_its_code(world.holding(case.flow.to_meter[-1])):
        return Verdict.STUCK, "the next sale would be refused: this card has another code"
    if case.fault is not None and case.fault.kind in {FaultKind.SWAP_OURS, FaultKind.RESET_OURS}:
        neighbours = world.holding(NEIGHBOURS_CARD)
        if not _opens_with_its_code(neighbours):
            return Verdict.STUCK, "the card that lay there by mistake has another code"
    return Verdict.RIGHT, ""


def _is_as_delivered(world: World) -> bool:
    """Whether whoever has its factory keys may do with it what he likes, whatever becomes of our versions."""
    card = world.card()
    if isinstance(card, EmulatedDesfire):
        return card.state.to_bytes() == CardState.factory(card.state.uid, card.state.generation).to_bytes()
    return world.codec.decode(card.image).state is ImageState.BLANK


def _in_the_box(ledger: Ledger) -> int:
    """How often the box counted a card that came back into it."""
    moves = ledger.card_stock(limit=MOVES_SHOWN).moves
    return sum(move.verb is StockVerb.RECEIVE and move.reference.endswith(", retired") for move in moves)


def _opens_with_its_code(world: World) -> bool:
    card = world.card()
    header = world.codec.decode(card.image).header
    return header is not None and card.opens(world.vault, card=header.card, key_version=header.key_version)


def _keeps_its_last_try(world: World, case: Case, trouble: VendingError | None) -> bool:
    """One tear costs a card nothing for good; two in a row in its code leave one try, which is never used."""
    is_refused = trouble is not None and trouble.code in {Code.CARD_LAST_TRY, Code.CARD_TRIES_UNTOLD}
    return case.again is not None and is_refused and world.card().tries == LAST_TRY
