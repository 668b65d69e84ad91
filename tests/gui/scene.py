"""A behaving double of the counter: the supply of the pictures, and trouble on demand."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.gui import details, tool_values, values
from tests.gui.beside import Beside
from tests.gui.days import an_empty_day, some_days
from tests.gui.inspections import an_inspection
from tests.gui.reports import a_report
from tests.gui.starts import a_start
from tests.gui.tariffs import some_tariffs, with_version, without_version
from tests.gui.values import (
    ANA,
    BEN,
    CARD,
    DANIEL,
    NOW,
    OFFICE,
    PARAMETERS,
    PIN,
    PRINTERS,
    READER,
    SUPPLY,
    TARIFF,
    a_card,
    a_practice,
    a_reading,
    a_sale,
    a_supply,
    a_write_back,
    an_insertion,
    earlier_sales,
)
from vending_app.domain.card import (
    CardWrite,
    Order,
)
from vending_app.domain.card_stock import CardStock
from vending_app.domain.cash import CashCount, CashKind, CashMovement, Counted
from vending_app.domain.closing import Closing, ClosingKind
from vending_app.domain.day import DayReport
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError, OutcomeUnknown, VendingError
from vending_app.domain.ids import (
    ApprovalId,
    CardNo,
    DeskNo,
    MeterNo,
    OperatorName,
    ReceiptNo,
    SaleId,
    ShiftNo,
    SupplyNo,
)
from vending_app.domain.money import Money
from vending_app.domain.office_rules import Limits
from vending_app.domain.payment import Payment, PaymentKind
from vending_app.domain.people import (
    LOCK_MINUTES,
    HistoryEntry,
    Operator,
    OperatorChange,
    OperatorEvent,
    Shift,
    SupplyFile,
    SupplyLine,
    SupplyState,
)
from vending_app.domain.permissions import Act, Grant, grant
from vending_app.domain.quote import Quote, quote_for_energy, quote_for_money
from vending_app.domain.record_lines import RecordKind
from vending_app.domain.reversal import MeterHas, ReversalAdvice
from vending_app.domain.sale import Purpose, Sale, SaleIntent, SaleState, Tender
from vending_app.domain.start import OpenEnd
from vending_app.domain.verdict import Verdict
from vending_app.ports import LedgerProof, Progress, ReaderState
from vending_app.ports.progress import WriteShare
from vending_app.services.book_cases import (
    CloseCountedShift,
    ClosePeriod,
    Closings,
    CorrectTender,
    CountCash,
    DrawerOpened,
    ListClosings,
    ListOpenSales,
    MoveCash,
    OpenDrawer,
    OpenSale,
    OpenSales,
    PayArrears,
    PayRefund,
    PrintPayment,
    PrintShiftReport,
    ReportPdf,
    ReportPrinted,
    Reversed,
    ReverseSale,
    ShiftClosed,
    ShowReversal,
    ShowShiftReport,
    SignOpenSale,
    Voided,
    VoidSale,
)
from vending_app.services.choices import ChangeSettings, DeskChoices, DeskSettings, ShowSettings
from vending_app.services.day_cases import DayPaperShown, DayShown, ShowDay, ShowDayPaper
from vending_app.services.diagnosis_cases import DiagnoseCard, Diagnosis, RepairCard
from vending_app.services.inspection_cases import (
    EnterFinding,
    InspectionShown,
    KeepSample,
    MarkRoute,
    RouteSheetShown,
    SetCriteria,
    ShowInspection,
    ShowRouteSheet,
)
from vending_app.services.people_cases import (
    AddOperator,
    Approved,
    ChangeOperator,
    ChangeSecret,
    GrantApproval,
    ListOperators,
    LockOperator,
    OperatorList,
    OperatorShown,
    ResetSecret,
    ShowOperator,
    UnlockOperator,
)
from vending_app.services.practice_cases import CardFault, PracticeAct, PracticeState
from vending_app.services.record_cases import FindRecords, RecordsFound, ShowRecord
from vending_app.services.report_cases import MakeTables, ReportPaperShown, ShowReport, ShowReportPaper, TablesMade
from vending_app.services.rule_cases import ShowLimits
from vending_app.services.start_cases import ShowStart
from vending_app.services.stock_cases import ShowCardStock
from vending_app.services.tariff_cases import PutTariff, ShowTariffs, TariffsShown, WithdrawTariff
from vending_app.services.tool_cases import (
    IssueToolCard,
    ListToolCards,
    ReadToolCard,
    ShowToolCard,
    ToolCards,
    ToolIssued,
    ToolRead,
)
from vending_app.services.tool_verbs import act_of_tool
from vending_app.services.use_cases import (
    CardReading,
    DeskState,
    FindSupplies,
    FinishSale,
    Found,
    Greeting,
    Health,
    History,
    IssueCard,
    LogIn,
    LogOut,
    OpenShift,
    OpenSupply,
    Printed,
    PrintReceipt,
    ReadCard,
    ReceiptPdf,
    SaleDone,
    Sell,
    Session,
    ShiftSales,
    ShowDesk,
    ShowHistory,
    ShowReceipt,
    ShowShiftSales,
    SupplyReading,
    VerifyLedger,
    Welcome,
)


@dataclass
class Counter:
    """Answers use cases like the real counter; lives on the desk thread, is told what to do by the test."""

    card: CardReading | None = None
    shift: Shift | None = field(
        default_factory=lambda: Shift(
            ShiftNo(318), DeskNo(2), ANA.name, datetime(2025, 11, 14, 8, 2, tzinfo=UTC), Money(10_000), sales=17
        )
    )
    tears: bool = False
    paper_out: bool = False
    refuses: dict[type, VendingError] = field(default_factory=dict)
    bug_in: type | None = None
    hold: threading.Event | None = None
    share: WriteShare | None = None
    """How far the making of a card is, before `hold`."""
    """When set, a write waits in its first step until the test lets it go on."""
    diagnosis: Diagnosis | None = None
    """Of the card, where another one is wanted than it would get."""
    operators: tuple[Operator, ...] = (ANA, BEN, DANIEL)
    practice_pin: str = ""
    recent: tuple[Sale, ...] = field(default_factory=earlier_sales)
    open_sales: tuple[Sale, ...] = ()
    went_on: bool = False
    """Whether the card of an open sale carries newer orders, of books that were lost."""
    asked: list[object] = field(default_factory=list)
    operator: Operator | None = None
    readings: dict[SupplyNo, SupplyReading] = field(default_factory=lambda: {SUPPLY: a_reading()})
    pdf: bytes = b""
    practice: PracticeState | None = None
    shift_sales: tuple[Sale, ...] = ()
    found: tuple[SupplyLine, ...] = ()
    entries: tuple[HistoryEntry, ...] = ()
    expected: Money = field(default_factory=lambda: Money(45_000))
    counts: int = 0
    counted: Counted | None = None
    signed: set[str] = field(default_factory=set)
    meter_has: MeterHas = MeterHas.NOT_SEEN
    meter_left: Energy | None = field(default_factory=lambda: Energy.parse("18.40"))
    refusal: Code | None = None
    due: Money = field(default_factory=lambda: Money(0))
    closings: dict[ClosingKind, tuple[Closing, ...]] = field(default_factory=values.some_closings)
    closable: str = "2025-11-14"
    tool_cards: ToolCards = field(default_factory=tool_values.some_tool_cards)
    proof: LedgerProof = field(default_factory=lambda: LedgerProof(1284, (), {}, {}))
    has_drawer: bool = True
    handed_over: Shift | None = None
    inspection: InspectionShown | None = None
    events: dict[OperatorName, list[OperatorEvent]] = field(default_factory=dict)
    tariffs: TariffsShown = field(default_factory=some_tariffs)
    days: dict[date, DayReport] = field(default_factory=some_days)
    ends: tuple[OpenEnd, ...] = ()
    """What is open where a day begins."""
    beside: Beside = field(default_factory=Beside)
    lock_minutes: int = LOCK_MINUTES
    settings: DeskSettings = field(default_factory=lambda: DeskSettings(DeskChoices(), PRINTERS, (READER,)))

    def perform(self, use_case: object, progress: Progress) -> object:
        self.asked.append(use_case)
        if type(use_case) in self.refuses:
            raise self.refuses[type(use_case)]
        if self.bug_in is type(use_case):
            raise ZeroDivisionError("planted")
        return self._verbs()[type(use_case)](use_case, progress)

    def _verbs(self) -> dict[type, Callable[..., object]]:
        return {
            Welcome: self._welcome,
            LogIn: self._log_in,
            LogOut: self._log_out,
            ChangeSecret: self._change_secret,
            OpenShift: self._open_shift,
            **self._book_verbs(),
            ReadCard: self._read,
            DiagnoseCard: self._diagnose,
            RepairCard: self._repair,
            OpenSupply: lambda asked, _: self.readings[asked.supply],
            Sell: self._sell,
            FinishSale: self._finish,
            IssueCard: self._issue,
            PrintReceipt: self._print,
            ShowReceipt: lambda asked, _: ReceiptPdf(asked.sale, "2-004518", self.pdf),
            FindSupplies: self._find,
            FindRecords: self._find_records,
            ShowRecord: lambda asked, _: values.a_record(asked.key),
            ShowCardStock: lambda _, __: CardStock(DeskNo(2), 37, 412, is_counted=True),
            ShowHistory: self._history,
            ShowDesk: self._desk,
            ShowShiftSales: lambda asked, _: ShiftSales(asked.shift, self.shift_sales or self.recent),
            ShowSettings: lambda _, __: self.settings,
            ChangeSettings: self._change,
            PracticeAct: self._practice,
            ShowInspection: self._inspection,
            ShowStart: lambda _, __: a_start(self._at_work, self.shift, self.ends),
            **self._people_verbs(),
            ShowTariffs: lambda _, __: self.tariffs,
            PutTariff: self._put_tariff,
            WithdrawTariff: self._withdraw_tariff,
            ShowDay: self._show_day,
            ShowDayPaper: lambda asked, _: DayPaperShown("Day", asked, self.pdf),
            ShowReport: lambda asked, _: a_report(asked.asked),
            ShowReportPaper: lambda asked, _: ReportPaperShown(asked.title, asked, self.pdf),
            MakeTables: lambda asked, _: TablesMade(asked.title, asked.form, b"made"),
            ShowRouteSheet: lambda asked, _: RouteSheetShown("Route-7", asked, self.pdf),
            KeepSample: self._keep_sample,
            SetCriteria: self._set_criteria,
            MarkRoute: self._mark_route,
            EnterFinding: self._enter_finding,
        }

    @property
    def _at_work(self) -> Operator:
        assert self.operator is not None, "somebody is logged in"
        return self.operator

    def _put_tariff(self, asked: PutTariff, _: Progress) -> TariffsShown:
        self._by_right(asked, Act.TARIFFS)
        self.tariffs = with_version(self.tariffs, asked.tariff)
        return self.tariffs

    def _withdraw_tariff(self, asked: WithdrawTariff, _: Progress) -> TariffsShown:
        self._by_right(asked, Act.RULES)
        self.tariffs = without_version(self.tariffs, asked.code, asked.valid_from)
        return self.tariffs

    # --- operators --------------------------------------------------------------------------------------

    def _people_verbs(self) -> dict[type, Callable[..., object]]:
        return {
            ListOperators: lambda _, __: OperatorList(self.operators, {self.operators[0].name: NOW}),
            ShowOperator: lambda asked, _: OperatorShown(asked.name, tuple(self.events.get(asked.name, ()))),
            AddOperator: self._add_operator,
            ChangeOperator: self._change_operator,
            ResetSecret: lambda asked, _: self._keep(asked.name, OperatorChange.RESET, must_change=True),
            LockOperator: lambda asked, _: self._keep(asked.name, OperatorChange.LOCK, is_active=False),
            UnlockOperator: lambda asked, _: self._keep(asked.name, OperatorChange.UNLOCK, is_active=True),
        }

    def _add_operator(self, asked: AddOperator, _: Progress) -> Operator:
        added = Operator(asked.name, asked.full_name, asked.role, must_change=True)
        self.operators = (*self.operators, added)
        return self._noted(OperatorChange.ADD, None, added)

    def _change_operator(self, asked: ChangeOperator, _: Progress) -> Operator:
        given = {"full_name": asked.full_name, "role": asked.role}
        return self._keep(asked.name, OperatorChange.CHANGE, **{name: each for name, each in given.items() if each})

    def _keep(self, name: OperatorName, how: OperatorChange, **changes: Any) -> Operator:
        before = next(each for each in self.operators if each.name == name)
        after = replace(before, **changes)
        self.operators = tuple(after if each.name == name else each for each in self.operators)
        return self._noted(how, before, after)

    def _noted(self, how: OperatorChange, before: Operator | None, after: Operator) -> Operator:
        by = self.operator.name if self.operator else None
        self.events.setdefault(after.name, []).append(OperatorEvent(NOW, by, how, before, after))
        return after

    # --- days -------------------------------------------------------------------------------------------

    def _show_day(self, asked: ShowDay, _: Progress) -> DayShown:
        day = asked.day or NOW.date()
        return DayShown(self.days.get(day) or an_empty_day(day), NOW)

    # --- inspections ------------------------------------------------------------------------------------

    def _inspection(self, _: object, __: Progress) -> InspectionShown:
        assert self.inspection is not None, "the test says what is known"
        return self.inspection

    def _keep_sample(self, asked: KeepSample, progress: Progress) -> InspectionShown:
        self.inspection = an_inspection(asked.counted.sample)
        return self._inspection(asked, progress)

    def _set_criteria(self, asked: SetCriteria, progress: Progress) -> InspectionShown:
        self.inspection = replace(self._inspection(asked, progress), criteria=asked.criteria)
        return self.inspection

    def _mark_route(self, asked: MarkRoute, progress: Progress) -> InspectionShown:
        return self._line_changed(asked.supply, is_on_route=asked.is_on)

    def _enter_finding(self, asked: EnterFinding, progress: Progress) -> InspectionShown:
        return self._line_changed(asked.finding.supply, finding=asked.finding)

    def _line_changed(self, supply: SupplyNo, **changes: Any) -> InspectionShown:
        assert self.inspection is not None, "a line belongs to a list"
        lines = tuple(
            replace(each, line=replace(each.line, **changes)) if each.line.supply == supply else each
            for each in self.inspection.lines
        )
        self.inspection = replace(self.inspection, lines=lines)
        return self.inspection

    def _welcome(self, _: Welcome, __: Progress) -> Greeting:
        health = (
            Health("reader", True),
            Health("printer", True),
            Health("ledger", True),
            Health("backup", True, "02:00"),
        )
        return Greeting(OFFICE, DeskNo(2), self.operators, health, NOW, self.practice_pin)

    def _log_in(self, asked: LogIn, _: Progress) -> Session:
        if asked.secret not in {PIN, "open sesame"}:
            raise OperatorError(Code.LOGIN_REFUSED, name=asked.name)
        self.operator = next(each for each in self.operators if each.name == asked.name)
        return Session(self.operator, self.shift)

    def _change_secret(self, _: ChangeSecret, __: Progress) -> Session:
        assert self.operator is not None
        self.operator = replace(self.operator, must_change=False)
        return Session(self.operator, self.shift)

    def _log_out(self, _: LogOut, progress: Progress) -> Greeting:
        self.operator = None
        return self._welcome(Welcome(), progress)

    def _open_shift(self, asked: OpenShift, _: Progress) -> Shift:
        self.shift = Shift(ShiftNo(319), DeskNo(2), ANA.name, NOW, asked.float_cash)
        return self.shift

    # --- the books ---

    def _book_verbs(self) -> dict[type, Callable[..., object]]:
        return {
            GrantApproval: self._approve,
            MoveCash: self._move_cash,
            OpenDrawer: lambda _, __: DrawerOpened(NOW),
            ShowLimits: lambda _, __: Limits(),
            CountCash: self._count,
            CloseCountedShift: self._close_shift,
            ShowShiftReport: lambda asked, _: ReportPdf(values.report_title(self.shift, asked.shift), self.pdf),
            PrintShiftReport: lambda asked, _: self._paper(values.report_title(self.shift, asked.shift)),
            ListOpenSales: lambda _, __: self._waiting(),
            SignOpenSale: self._sign,
            ShowReversal: self._advice,
            VoidSale: self._void,
            ReverseSale: self._reverse,
            PayRefund: self._pay_refund,
            PayArrears: self._pay_arrears,
            PrintPayment: lambda asked, _: self._paper(str(asked.payment.number)),
            CorrectTender: self._correct,
            ListClosings: lambda asked, _: Closings(asked.kind, self.closings.get(asked.kind, ()), self.closable),
            ClosePeriod: self._close_period,
            VerifyLedger: lambda _, __: self.proof,
            ListToolCards: lambda _, __: self.tool_cards,
            ShowToolCard: lambda asked, _: tool_values.a_tool_read(asked.mandate),
            ReadToolCard: self._read_tool,
            IssueToolCard: self._issue_tool,
        }

    def _read_tool(self, _: ReadToolCard, __: Progress) -> ToolRead:
        if self.tears:
            raise OperatorError(Code.CARD_NOT_TOOL)
        return tool_values.a_tool_read(3)

    def _issue_tool(self, asked: IssueToolCard, _: Progress) -> ToolIssued:
        self._by_right(asked, act_of_tool(asked))
        raise OutcomeUnknown(Code.TOOL_CARD_IN_DOUBT, mandate=7)

    def _by_right(self, asked: Any, act: Act) -> None:
        """As the real counter: a role that needs an approval is refused without one."""
        if grant(self.operator, act) is Grant.APPROVAL and asked.approval is None:
            raise OperatorError(Code.APPROVAL_NEEDED, act=act.value)

    def _approve(self, asked: GrantApproval, _: Progress) -> Approved:
        if asked.secret not in {PIN, "open sesame"}:
            raise OperatorError(Code.LOGIN_REFUSED, name=asked.approver)
        return Approved(ApprovalId("approved"), asked.approver, NOW)

    def _paper(self, title: str) -> ReportPrinted:
        if self.paper_out:
            raise EnvironmentFault(Code.PRINTER_FAILED, reason="The printer has no paper.")
        return ReportPrinted(title, "Front printer")

    def _move_cash(self, asked: MoveCash, _: Progress) -> CashMovement:
        if asked.kind is CashKind.PAID_OUT:
            self._by_right(asked, Act.CASH_OVER)
        if asked.kind in {CashKind.PAID_IN, CashKind.PAID_OUT} and not asked.reason:
            raise OperatorError(Code.REASON_MISSING)
        return CashMovement(asked.id, ShiftNo(318), asked.kind, asked.amount, asked.reason, NOW, ANA.name)

    def _count(self, asked: CountCash, _: Progress) -> Counted:
        self.counts += 1
        total = asked.total if asked.total is not None else CashCount.of_pieces(asked.pieces).total
        self.counted = Counted(ShiftNo(318), total, self.expected, self.counts)
        return self.counted

    def _close_shift(self, asked: CloseCountedShift, _: Progress) -> ShiftClosed:
        assert self.shift is not None
        assert self.counted is not None
        if self.counted.difference and not asked.reason:
            raise OperatorError(Code.DIFFERENCE_NEEDS_REASON, difference=self.counted.difference)
        closed = replace(
            self.shift,
            closed_at=NOW,
            counted=self.counted.counted,
            expected=self.counted.expected,
            reason=asked.reason,
            handed_to=asked.hand_to,
        )
        self.shift = None
        return ShiftClosed(closed, values.a_closing(ClosingKind.SHIFT, number=41, period="318"))

    def _waiting(self) -> OpenSales:
        return OpenSales(
            tuple(
                OpenSale(sale, (NOW - sale.intent.at) // timedelta(minutes=1), sale.id in self.signed)
                for sale in self.open_sales
            )
        )

    def _sign(self, asked: SignOpenSale, _: Progress) -> OpenSales:
        self._by_right(asked, Act.SIGN_OPEN_SALE)
        self.signed.add(asked.sale)
        return self._waiting()

    def _known_sale(self, number: SaleId) -> Sale:
        known = (*self.open_sales, *self.shift_sales, *self.recent, *values.earlier_sales())
        return next(sale for sale in known if sale.id == number)

    def _advice(self, asked: ShowReversal, _: Progress) -> ReversalAdvice:
        return ReversalAdvice(self._known_sale(asked.sale), self.meter_has, self.meter_left, self.refusal, self.due)

    def _write_order(self, sale: Sale, number: SaleId, purpose: Purpose, progress: Progress) -> SaleDone:
        progress("writing")
        if self.hold is not None:
            self.hold.wait(10)
        if self.tears:
            self.tears = False
            raise OutcomeUnknown(Code.SALE_IN_DOUBT, sale=number, cause="card-removed")
        progress("checking")
        made = values.an_undoing(sale, number, purpose)
        return SaleDone(made, a_supply(), a_write_back(), 1840)

    def _void(self, asked: VoidSale, progress: Progress) -> Voided:
        self._by_right(asked, Act.VOID)
        if self.card is None:
            raise OperatorError(Code.CARD_ABSENT)
        sale = self._known_sale(asked.sale)
        if self.went_on:
            voided = replace(sale, state=SaleState.VOIDED)
            return Voided(voided, Money(0), SaleDone(voided, a_supply(), a_write_back(), 1840))
        done = self._write_order(sale, asked.id, Purpose.CANCELLATION, progress)
        self.open_sales = ()
        paid = sale.amount if sale.intent.purpose is Purpose.SALE else Money(0)
        return Voided(replace(sale, state=SaleState.VOIDED), paid, done)

    def _reverse(self, asked: ReverseSale, progress: Progress) -> Reversed:
        self._by_right(asked, Act.REVERSAL)
        if self.card is None:
            raise OperatorError(Code.CARD_ABSENT)
        sale = self._known_sale(asked.sale)
        done = self._write_order(sale, asked.id, Purpose.REVERSAL, progress)
        if asked.pay_by is None:
            return Reversed(done, None, sale.amount)
        paid = values.a_payment(PaymentKind.REFUND, sale.amount, asked.pay_by)
        return Reversed(done, paid, Money(0))

    def _pay_refund(self, asked: PayRefund, _: Progress) -> Payment:
        self._by_right(asked, Act.REFUND)
        self.due = Money(0)
        return values.a_payment(PaymentKind.REFUND, asked.amount, asked.tender)

    def _pay_arrears(self, asked: PayArrears, _: Progress) -> Payment:
        owed = a_supply().arrears
        if asked.amount > owed:
            raise OperatorError(Code.PAYMENT_TOO_MUCH, most=owed)
        return values.a_payment(PaymentKind.ARREARS, asked.amount, asked.tender)

    def _correct(self, asked: CorrectTender, _: Progress) -> Sale:
        self._by_right(asked, Act.TENDER_CORRECTION)
        sale = self._known_sale(asked.sale)
        return replace(sale, corrected=Tender(asked.tender, sale.amount, asked.reference))

    def _close_period(self, asked: ClosePeriod, _: Progress) -> Closing:
        closing = values.a_closing(asked.kind, number=92, period=asked.period)
        self.closings = {**self.closings, asked.kind: (closing, *self.closings.get(asked.kind, ()))}
        self.closable = ""
        return closing

    def _read(self, asked: ReadCard, _: Progress) -> CardReading:
        if self.card is None:
            raise OperatorError(Code.CARD_ABSENT)
        expected, reading = asked.expected, self.card.reading
        if expected is not None and reading is not None and reading.supply.number != expected:
            return replace(self.card, verdict=Verdict.WRONG_SUPPLY)
        return self.card

    def _diagnose(self, _: DiagnoseCard, __: Progress) -> Diagnosis:
        if self.card is None:
            raise OperatorError(Code.CARD_ABSENT)
        return self.diagnosis or details.looked_at(self.card)

    def _repair(self, asked: RepairCard, _: Progress) -> Diagnosis:
        self._by_right(asked, Act.REPAIR_CARD)
        assert self.diagnosis is not None, "only a card that was looked at is mended"
        return self.diagnosis

    def _sell(self, asked: Sell, progress: Progress) -> SaleDone:
        assert self.card is not None, "nothing was read"
        assert self.card.reading is not None, "nobody's card"
        reading = self.card.reading
        quote = (
            quote_for_money(TARIFF, reading.buyer, asked.amount)
            if asked.amount is not None
            else quote_for_energy(TARIFF, reading.buyer, asked.energy or Energy(0))
        )
        sale = self._sale(asked, quote, reading.supply)
        return self._write(sale, reading, progress)

    def _write(self, sale: Sale, reading: SupplyReading, progress: Progress) -> SaleDone:
        progress("writing")
        if self.hold is not None:
            self.hold.wait(10)
        if self.tears:
            self.tears = False
            doubted = replace(sale, state=SaleState.IN_DOUBT)
            self.open_sales = (doubted,)
            self.card = a_card(Verdict.FINISH_SALE, reading=reading, sale=doubted)
            raise OutcomeUnknown(Code.SALE_IN_DOUBT, sale=sale.id, cause="card-removed")
        progress("checking")
        return self._post(sale, reading)

    def _post(self, sale: Sale, reading: SupplyReading) -> SaleDone:
        posted = replace(sale, state=SaleState.POSTED, receipt=ReceiptNo("2-004518"))
        order = sale.intent.order
        supply = replace(
            reading.supply,
            energy_total=order.energy_total,
            order_sequence=order.sequence,
            sequence=order.sequence,
            arrears=reading.supply.arrears - Money(1000),
        )
        self.open_sales = ()
        self.recent = (posted, *self.recent)
        self.card = a_card(Verdict.READY, reading=replace(reading, supply=supply))
        if self.shift is not None:
            self.shift = replace(self.shift, sales=self.shift.sales + 1)
        return SaleDone(posted, supply, reading.write_back, 1840)

    def _finish(self, _: FinishSale, progress: Progress) -> SaleDone:
        assert self.card is not None, "nothing was read"
        if self.card.open_sale is None or self.card.reading is None:
            raise OperatorError(Code.SALE_UNKNOWN)
        sale = self.card.open_sale
        done = self._write(sale, self.card.reading, progress)
        undoes = sale.intent.undoes if sale.intent.purpose is Purpose.CANCELLATION else None
        return replace(done, voided=self._known_sale(undoes)) if undoes is not None else done

    def _issue(self, asked: IssueCard, progress: Progress) -> SaleDone:
        supply = replace(a_supply(name="Lin Wei"), number=asked.supply, card=CARD)
        sale = a_sale(asked.id, name="Lin Wei", minor=0, kwh="0")
        if self.share is not None:
            progress("writing")
            progress(self.share)
        bare = replace(sale, intent=replace(sale.intent, quote=None, tender=None, purpose=Purpose.ISSUE))
        done = self._write(bare, a_reading(supply), progress)
        return replace(done, sale=replace(done.sale, receipt=None))

    def _sale(self, asked: Sell, quote: Quote, supply: SupplyFile) -> Sale:
        order = Order(
            supply.meter.number,
            supply.number,
            supply.generation,
            supply.sequence + 1,
            supply.energy_total + quote.energy,
            quote.energy,
            supply.purchases + 1,
            PARAMETERS,
            NOW,
            DeskNo(2),
            1,
        )
        intent = SaleIntent(
            id=asked.id,
            purpose=Purpose.SALE,
            order=order,
            write=CardWrite(CARD, bytes(64)),
            desk=DeskNo(2),
            operator=ANA.name,
            at=NOW,
            shift=ShiftNo(318),
            quote=quote,
            tender=asked.tender,
        )
        return Sale(intent, SaleState.PENDING, customer_name=supply.customer.name)

    def _print(self, asked: PrintReceipt, _: Progress) -> Printed:
        if self.paper_out:
            raise EnvironmentFault(Code.PRINTER_FAILED, reason="The printer has no paper.")
        before = next((sale for sale in self.recent if sale.id == asked.sale), None)
        copy = int(before.is_printed) if before else 0
        self.recent = tuple(replace(sale, is_printed=True) if sale.id == asked.sale else sale for sale in self.recent)
        return Printed(asked.sale, "2-004518", copy, "Front printer")

    def _find_records(self, asked: FindRecords, _: Progress) -> RecordsFound:
        return RecordsFound(asked.kind, asked.text, values.RECORDS[asked.kind], has_more=asked.kind is RecordKind.CARD)

    def _find(self, asked: FindSupplies, _: Progress) -> Found:
        lines = tuple(
            SupplyLine(
                SupplyNo(f"0041{7726 + at:04d}"), name, street, MeterNo(f"{12345678 + at:012d}"), "H2", state, card
            )
            for at, (name, street, state, card) in enumerate(
                (
                    ("Amara Okafor", "14 Mill Lane, Eastfield", SupplyState.OPEN, CARD),
                    ("Lin Wei", "3 Harbour Street, Eastfield", SupplyState.OPEN, None),
                    ("Sunrise Bakery", "21 Market Square, Eastfield", SupplyState.OPEN, CardNo("000000000114")),
                    ("عبد الرحمن الخطيب", "9 River Road, Eastfield", SupplyState.OPEN, None),
                    ("Yusuf Demir", "8 Mill Lane, Eastfield", SupplyState.CLOSED, CardNo("000000000077")),
                )
            )
        )
        found = [
            line
            for line in (self.found or lines)
            if asked.text.lower() in f"{line.customer} {line.address} {line.number}".lower()
            and not (asked.is_waiting and (line.card or line.state is SupplyState.CLOSED))
        ]
        return Found(asked.text, tuple(found[:50]), has_more=len(found) > 50, is_waiting=asked.is_waiting)

    def _history(self, asked: ShowHistory, _: Progress) -> History:
        entries = (
            HistoryEntry(
                a_write_back().meter_time, "write-back", 27, Energy.parse("4794.20"), Money(0), Energy.parse("18.40")
            ),
            HistoryEntry(
                datetime(2025, 9, 27, 11, 5, tzinfo=UTC),
                "sale",
                27,
                Energy.parse("188.19"),
                Money(4000),
                Energy.parse("342.70"),
                "2-001604",
                "posted",
                SaleId("3"),
            ),
            HistoryEntry(datetime(2025, 1, 14, 9, 0, tzinfo=UTC), "issue", 20, Energy(0), Money(0)),
        )
        return History(a_supply(), self.entries or entries)

    def _desk(self, _: ShowDesk, __: Progress) -> DeskState:
        return DeskState(
            OFFICE,
            DeskNo(2),
            NOW,
            self.operator,
            self.shift,
            self.recent,
            self.open_sales,
            "Front printer",
            has_drawer=self.has_drawer,
            handed_over=self.handed_over,
            lock_minutes=self.lock_minutes,
        )

    def _change(self, asked: ChangeSettings, _: Progress) -> DeskSettings:
        given = {name: value for name, value in asdict(asked).items() if value is not None}
        if asked.quick_amounts is not None:
            given["quick_amounts"] = asked.quick_amounts
        self.settings = replace(self.settings, chosen=replace(self.settings.chosen, **given))
        return self.settings

    def _practice(self, asked: PracticeAct, _: Progress) -> PracticeState:
        now = self.practice or a_practice()
        if asked.verb == "card-fault":
            self.practice = replace(now, faults=replace(now.faults, card=CardFault(asked.card)))
            return self.practice
        changes: dict[str, object] = {
            "insert": {"in_reader": asked.card},
            "pull": {"in_reader": None},
            "load": {"load_w": asked.number},
            "paper-out": {"faults": replace(now.faults, is_paper_out=bool(asked.number))},
            "meter": {"insertion": an_insertion(now), "in_meter": asked.card or now.in_reader, "in_reader": None},
        }
        change = changes.get(asked.verb, {})
        assert isinstance(change, dict)
        self.practice = replace(now, **change)
        return self.practice


class Hand:
    """The hand at the reader: what the watcher sees. The watcher waits on it, nothing sleeps."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._states: tuple[ReaderState, ...] = (ReaderState(READER, False),)
        self.fails = 0

    def put_in(self) -> None:
        self._set((ReaderState(READER, True),))

    def take_out(self) -> None:
        self._set((ReaderState(READER, False),))

    def unplug(self) -> None:
        self._set(())

    def _set(self, states: tuple[ReaderState, ...]) -> None:
        with self._changed:
            self._states = states
            self._changed.notify_all()

    def watch(self, known: tuple[ReaderState, ...]) -> tuple[ReaderState, ...]:
        with self._changed:
            if self.fails:
                self.fails -= 1
                raise OSError("the card service misbehaves")
            self._changed.wait_for(lambda: self._states != known or self.fails > 0, timeout=0.05)
            return self._states
