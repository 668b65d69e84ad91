"""The counter: every use case of a page or a command, one method each, on one thread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import ReaderName, SaleId
from vending_app.domain.money import ZERO
from vending_app.domain.people import Operator
from vending_app.domain.permissions import Act
from vending_app.domain.sale import Purpose, Sale, SaleState
from vending_app.ports import (
    CardSession,
    LedgerProof,
    Progress,
)
from vending_app.ports.progress import WriteShare
from vending_app.services import use_cases as ask
from vending_app.services.approvals import Approvals
from vending_app.services.choices import ChangeSettings, DeskSettings, ShowSettings
from vending_app.services.desk_settings import SettingsDesk
from vending_app.services.keys_in_use import KeysInUse
from vending_app.services.login import Login
from vending_app.services.operators import Operators
from vending_app.services.outside import Outside
from vending_app.services.passwords import Secrets
from vending_app.services.people_cases import (
    Approved,
    ChangeSecret,
    GrantApproval,
)
from vending_app.services.readers import choose_reader
from vending_app.services.reading import Reading
from vending_app.services.receipts import Receipts
from vending_app.services.recovery import Recovery
from vending_app.services.selling import Selling, request_text
from vending_app.services.verb_tables import VerbTable, verbs_like
from vending_app.services.writing import Writing

RECENT_SHOWN = 12
FOUND_SHOWN = 50
"""Of a search; whoever wants more types more."""
SHIFT_SHOWN = 1000
"""Sales of one shift on its page: two days' work of the busiest desk."""


def _is_waited_for(sale: Sale) -> bool:
    """A card is issued where that was begun, and the last order of a supply that has ended keeps nobody waiting."""
    return sale.intent.purpose is not Purpose.ISSUE and not sale.intent.carried


def no_progress(step: str | WriteShare) -> None:
    """For callers that show no steps."""


@dataclass(slots=True)
class Counter:
    """One desk at work. Not thread-safe: the desk thread owns it.

    `do` performs any use case; who is logged in, and what was approved, is all it remembers.
    """

    outside: Outside
    operator: Operator | None = None
    approvals: Approvals = field(init=False)
    keys: KeysInUse = field(init=False)
    _open: dict[type, Callable[[Any, Progress], object]] = field(init=False, repr=False)
    """What needs no permission, or asks for its own secret."""
    _verbs: VerbTable = field(init=False, repr=False)
    """What is done by right: the act that must be permitted, and the method. What no sale needs joins when asked."""

    def __post_init__(self) -> None:
        out = self.outside
        self.approvals = Approvals(out.clock, out.entropy, out.ledger.demands, out.ledger.stands_alone)
        self.keys = KeysInUse(out.ledger, out.vault)
        self._open = {
            ask.Welcome: self._welcome,
            ask.LogIn: self._log_in,
            ask.LogOut: self._log_out,
            ask.ShowDesk: self._show_desk,
            ask.VerifyLedger: self._verify_ledger,
            GrantApproval: self._grant_approval,
            ChangeSecret: self._change_secret,
        }
        self._verbs = {
            ask.ShowShiftSales: (Act.SHIFT, self._show_shift_sales),
            ask.ReadCard: (Act.LOOK, self._read_card),
            ask.OpenSupply: (Act.LOOK, self._open_supply),
            ask.FindSupplies: (Act.LOOK, self._find_supplies),
            ask.ShowHistory: (Act.LOOK, self._show_history),
            ask.ShowReceipt: (Act.LOOK, self._show_receipt),
            ask.Sell: (Act.SELL, self._sell),
            ask.FinishSale: (Act.FINISH, self._finish_sale),
            ask.Recover: (Act.FINISH, self._recover),
            ask.PrintReceipt: (Act.PRINT, self._print_receipt),
            ShowSettings: (Act.SETTINGS, self._show_settings),
            ChangeSettings: (Act.SETTINGS, self._change_settings),
        }

    def rest(self) -> None:
        """Nothing is asked of the desk: the time to see whether a backup is due. Returns at once."""
        self.outside.backups.rest()

    def do(self, use_case: object, progress: Progress = no_progress) -> object:
        """Perform one use case and return its answer. Raises VendingError for every known trouble."""
        if type(use_case) in self._open:
            return self._open[type(use_case)](use_case, progress)
        with self._by_right(self._act_of(use_case), use_case):
            return self._verbs[type(use_case)][1](use_case, progress)

    def _act_of(self, use_case: object) -> Act:
        """What must be permitted; of some use cases it depends on what is asked."""
        kind = type(use_case)
        if kind not in self._verbs:
            self._verbs |= verbs_like(kind, self)
        act = self._verbs[kind][0]
        return act if isinstance(act, Act) else act(use_case)

    @contextmanager
    def _by_right(self, act: Act, use_case: object) -> Iterator[None]:
        """Whatever the block writes is written by the right of who is logged in, as his role is now.

        Raises OperatorError permission-denied, secret-must-change, approval-…
        """
        operator = self._who()
        if operator is not None and operator.must_change and act is not Act.SECRET:
            raise OperatorError(Code.SECRET_MUST_CHANGE, name=operator.name)
        authority = self.approvals.require(operator, act, request=use_case)
        with self.keys.heeded(), self.outside.ledger.acting_as(authority):
            yield
        self.approvals.note_used(authority)

    def _who(self) -> Operator | None:
        """Who is logged in, as the books have him now: a role that changes, or a lock, holds at once."""
        if self.operator is not None:
            self.operator = self.outside.ledger.operator(self.operator.name)
        return self.operator

    @property
    def at_work(self) -> Operator:
        assert self.operator is not None, "a verb that is done by right has somebody who does it"
        return self.operator

    # --- people -----------------------------------------------------------------------------------------

    def _welcome(self, _: ask.Welcome, __: Progress) -> ask.Greeting:
        out = self.outside
        return ask.Greeting(
            office=out.ledger.office(),
            desk=out.desk,
            operators=out.ledger.operators(),
            health=out.health(),
            now=out.clock(),
            practice_pin=out.practice_pin,
        )

    def _log_in(self, command: ask.LogIn, _: Progress) -> ask.Session:
        out = self.outside
        self.operator = self._login.log_in(command.name, command.secret)
        return ask.Session(self.operator, out.ledger.shift(desk=out.desk))

    def _log_out(self, _: ask.LogOut, progress: Progress) -> ask.Greeting:
        self.operator = None
        return self._welcome(ask.Welcome(), progress)

    def _change_secret(self, command: ChangeSecret, _: Progress) -> ask.Session:
        with self._by_right(Act.SECRET, command):
            self.operator = self.operators.choose_own(self.at_work, old=command.old, new=command.new, login=self._login)
        return ask.Session(self.operator, self.outside.ledger.shift(desk=self.outside.desk))

    def _grant_approval(self, command: GrantApproval, _: Progress) -> Approved:
        act = self._act_of(command.request)
        operator = self._who()
        self.approvals.check_may_approve(command.request, command.approver, operator=operator, act=act)
        approver = self._login.log_in(command.approver, command.secret)
        if approver.must_change:
            raise OperatorError(Code.SECRET_MUST_CHANGE, name=approver.name)
        approval = self.approvals.give(command.request, approver, operator=self.at_work, act=act)
        return Approved(approval.id, approval.approver, approval.until)

    # --- cards ------------------------------------------------------------------------------------------

    def _read_card(self, command: ask.ReadCard, _: Progress) -> ask.CardReading:
        with self.session(command.reader) as session:
            return self.reading.read(session, expected=command.expected)

    def _sell(self, command: ask.Sell, progress: Progress) -> ask.SaleDone:
        started = self.outside.clock()
        known = self.known(command.id, request=request_text(command))
        if known is not None and known.state.is_final:
            return self.done(known, started, was_repeated=True)
        if known is not None:
            return self.done(self.finish(command.reader, progress, known=known), started)
        with self.session(command.reader) as session:
            sale = self.selling.sell(session, command, operator=self.at_work, progress=progress)
        return self.done(sale, started)

    def _finish_sale(self, command: ask.FinishSale, progress: Progress) -> ask.SaleDone:
        started = self.outside.clock()
        return self.done(self.finish(command.reader, progress), started)

    def _recover(self, command: ask.Recover, progress: Progress) -> ask.Recovered:
        with self.session(command.reader) as session:
            waiting = self._recovery.waiting_for(session)
            resolved = (self._recovery.finish(session, progress=progress),) if waiting else ()
        voided = tuple(filter(None, map(self.voided_by, resolved)))
        return ask.Recovered(resolved, self.outside.ledger.open_sales(), voided)

    def finish(self, reader: ReaderName | None, progress: Progress, *, known: Sale | None = None) -> Sale:
        """Whatever waits for the card in the reader, or the known sale alone. Raises as Recovery.finish."""
        with self.session(reader) as session:
            return self._recovery.finish(session, known=known, progress=progress)

    def known(self, sale_id: SaleId, *, request: str) -> Sale | None:
        """What an earlier command of the same id came to. Raises OperatorError sale-id-reused, sale-voided."""
        sale = self.outside.ledger.sale(sale_id)
        if sale is not None and sale.intent.request != request:
            raise OperatorError(Code.SALE_ID_REUSED, sale=sale_id)
        if sale is not None and sale.state is SaleState.VOIDED:
            raise OperatorError(Code.SALE_VOIDED, sale=sale_id)
        return sale

    def done(self, sale: Sale, started: datetime, *, was_repeated: bool = False) -> ask.SaleDone:
        out = self.outside
        took = out.clock() - started
        number, last = sale.intent.order.supply, out.ledger.last_write_back(sale.intent.order.supply)
        return ask.SaleDone(
            sale=sale,
            supply=out.ledger.supply(number, today=self.reading.today()),
            write_back=last,
            milliseconds=took.seconds * 1000 + took.microseconds // 1000,
            was_repeated=was_repeated,
            foreseen=out.foresee(last, sale.intent.order, sale.intent.write.card) if out.foresee else None,
            voided=self.voided_by(sale),
        )

    def voided_by(self, cancellation: Sale) -> Sale | None:
        """The paid sale that it makes sure of; None of any other order, and where a reversal was voided."""
        intent = cancellation.intent
        if intent.purpose is not Purpose.CANCELLATION or intent.undoes is None:
            return None
        voided = self.outside.ledger.sale(intent.undoes)
        return voided if voided is not None and voided.tender is not None else None

    @contextmanager
    def session(self, wanted: ReaderName | None) -> Iterator[CardSession]:
        with self.outside.cards.session(self._reader(wanted)) as session:
            yield session

    def _reader(self, wanted: ReaderName | None) -> ReaderName:
        return choose_reader(self.outside.cards, wanted or self.outside.preferences.chosen.reader)

    # --- looking ----------------------------------------------------------------------------------------

    def _open_supply(self, command: ask.OpenSupply, _: Progress) -> ask.SupplyReading:
        supply = self.outside.ledger.supply(command.supply, today=self.reading.today())
        return self.reading.supply_reading(supply)

    def _find_supplies(self, command: ask.FindSupplies, _: Progress) -> ask.Found:
        waiting = command.is_waiting
        found = self.outside.ledger.find_supplies(command.text, limit=FOUND_SHOWN + 1, is_waiting=waiting)
        return ask.Found(command.text, found[:FOUND_SHOWN], has_more=len(found) > FOUND_SHOWN, is_waiting=waiting)

    def _show_history(self, command: ask.ShowHistory, _: Progress) -> ask.History:
        supply = self.outside.ledger.supply(command.supply, today=self.reading.today())
        return ask.History(supply, self.outside.ledger.history(command.supply))

    def _show_desk(self, _: ask.ShowDesk, __: Progress) -> ask.DeskState:
        out = self.outside
        shift = out.ledger.shift(desk=out.desk)
        return ask.DeskState(
            office=out.ledger.office(),
            desk=out.desk,
            now=out.clock(),
            operator=self.operator,
            shift=shift,
            recent=out.ledger.recent_sales(shift=shift.number, limit=RECENT_SHOWN) if shift else (),
            open_sales=tuple(s for s in out.ledger.open_sales() if _is_waited_for(s)),
            printer=out.printer.name,
            has_drawer=out.drawer.is_there,
            handed_over=out.ledger.handed_over(desk=out.desk) if shift is None else None,
            cash_over=out.ledger.cash_over() if shift else ZERO,
            lock_minutes=out.ledger.limits().lock_minutes,
        )

    def _show_shift_sales(self, command: ask.ShowShiftSales, _: Progress) -> ask.ShiftSales:
        return ask.ShiftSales(command.shift, self.outside.ledger.recent_sales(shift=command.shift, limit=SHIFT_SHOWN))

    def _verify_ledger(self, _: ask.VerifyLedger, __: Progress) -> LedgerProof:
        return self.keys.verify()

    # --- this desk --------------------------------------------------------------------------------------

    def _show_settings(self, _: ShowSettings, __: Progress) -> DeskSettings:
        return self._settings.show()

    def _change_settings(self, command: ChangeSettings, _: Progress) -> DeskSettings:
        return self._settings.change(command)

    # --- paper ------------------------------------------------------------------------------------------

    def _print_receipt(self, command: ask.PrintReceipt, _: Progress) -> ask.Printed:
        return self.receipts.print(command.sale)

    def _show_receipt(self, command: ask.ShowReceipt, _: Progress) -> ask.ReceiptPdf:
        return self.receipts.show(command.sale)

    # --- the services, made of what is outside ----------------------------------------------------------

    @property
    def receipts(self) -> Receipts:
        out = self.outside
        return Receipts(out.ledger, out.paper, out.printer, out.clock, self.reading)

    @property
    def reading(self) -> Reading:
        out = self.outside
        return Reading(out.cards, out.ledger, out.clock, out.desk, out.foresee)

    @property
    def writing(self) -> Writing:
        return Writing(self.outside.ledger, self.outside.clock)

    @property
    def selling(self) -> Selling:
        out = self.outside
        return Selling(out.cards, out.ledger, out.vault, out.clock, out.desk, self.reading, self.writing)

    @property
    def _recovery(self) -> Recovery:
        return Recovery(self.outside.ledger, self.reading, self.writing)

    @property
    def _settings(self) -> SettingsDesk:
        out = self.outside
        return SettingsDesk(out.cards, out.preferences, self._noting, allowed=lambda: out.ledger.allowance(out.desk))

    def _noting(self, before: Mapping[str, str], after: Mapping[str, str]) -> AbstractContextManager[None]:
        return self.outside.ledger.noting_choices(before, after, at=self.outside.clock())

    @property
    def _secrets(self) -> Secrets:
        return Secrets(self.outside.vault)

    @property
    def _login(self) -> Login:
        out = self.outside
        return Login(out.ledger, out.clock, out.desk, self._secrets, out.entropy)

    @property
    def operators(self) -> Operators:
        out = self.outside
        return Operators(out.ledger, out.clock, self._secrets, out.entropy)
