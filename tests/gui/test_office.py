"""The page Office: every part whole in both looks, changed by keyboard, and only with a second person's word."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.documents.pictures import a_png
from tests.gui.at_window import Petra, at_window
from tests.gui.looks import KEEP, keep, nothing_cut
from tests.services.desk_of import by_two
from tests.services.test_permission_matrix import SECRET, hashed
from vending_app.bench.world import ADMINISTRATOR, CASHIER, MOMENT, SUPERVISOR, SUPPLY, TECHNICIAN
from vending_app.domain.cash import CashKind
from vending_app.domain.ids import ActId, DeskNo, MeterNo, OperatorName, SaleId
from vending_app.domain.money import Money
from vending_app.domain.office_rules import Calendar, Demands, DeskNames, Holiday, Identity, Limits, ReceiptTexts, Rule
from vending_app.domain.people import Operator, Role
from vending_app.domain.permissions import DEMANDABLE, Act
from vending_app.domain.records import CardEnd
from vending_app.domain.report import Opens
from vending_app.domain.sale import TenderKind
from vending_app.services import book_cases as book
from vending_app.services.choices import DeskChoices
from vending_app.services.people_cases import Approved, GrantApproval, LockOperator
from vending_app.services.rule_cases import RulesShown, SetRule
from vending_app.services.stock_cases import CountCards
from vending_app.services.supply_cases import ChangeMeter, ReissueCard
from vending_app.services.use_cases import ShowDesk
from vending_app.ui.books.act_column import ActColumn
from vending_app.ui.books.ask import Deed
from vending_app.ui.components.buttons import Button
from vending_app.ui.components.rail import SETUP, SHIFT
from vending_app.ui.doors import DOORS, OFFICE, OPERATORS
from vending_app.ui.office.demand_card import PAIRS
from vending_app.ui.office.parts import Part
from vending_app.ui.office.rule_words import ACTS
from vending_app.ui.office.told_cards import SpecimenCard
from vending_app.ui.pages.office_page import OfficePage
from vending_app.ui.theme import make_look

ADA = Operator(OperatorName("ada"), "Ada Vogel", Role.ADMINISTRATOR)
HOLIDAYS = (Holiday(MOMENT.date().replace(month=12, day=25), "Christmas"), Holiday(MOMENT.date(), "Day of the river"))
LONG = "Wilhelmina Alexandra Featherstonehaugh Electricity Works"


def door_of(boss: Boss) -> Button:
    """The button of set-up that leads to the rules of the office."""
    return boss.window.setup.doors[next(door for door in DOORS if door.key == OFFICE)]


class Boss:
    """A supervisor before the page, and an administrator beside him."""

    def __init__(self, petra: Petra) -> None:
        self.petra, self.window = petra, petra.window
        with petra.books.acting_as(by_two(Act.APPROVERS)):
            petra.books.enter_operator(ADA, hashed(ADA.name), at=MOMENT)
        self.logs_in()

    def logs_in(self, operator: Operator = SUPERVISOR) -> None:
        self.petra.logs_in(operator)
        self.people = (CASHIER, TECHNICIAN, SUPERVISOR, ADA)
        self.page.show_people(operator, self.people)

    @property
    def page(self) -> OfficePage:
        return self.window.rooms.office

    def opens(self) -> None:
        """By keyboard, over the set-up page."""
        self.window.go(SETUP.key)
        self.tabs_to(door_of(self))
        self.petra.presses(Qt.Key.Key_Return)
        self.petra.until(lambda: self.window.shell.current == OFFICE and self.page.identity.fields["name"].text())

    def tabs_to(self, wanted: QWidget) -> None:
        for _ in range(60):
            if QApplication.focusWidget() is wanted:
                return
            self.petra.presses(Qt.Key.Key_Tab)
        raise AssertionError(f"the tab key does not lead to {wanted.accessibleName()}")

    def goes_to(self, part: Part) -> None:
        segment = self.page.tabs._segments[list(Part).index(part)]
        segment.click()

    def approves(self) -> None:
        """The summary, then the secret of the administrator."""
        column = self.page.column
        self.petra.until(lambda: column.card.isVisible() and column.card.button.isEnabled())
        self.petra.presses(Qt.Key.Key_Return)
        self.petra.until(column.approval.isVisible)
        column.approval.passphrase.setFocus()
        self.petra.types(SECRET)
        self.petra.presses(Qt.Key.Key_Return)
        self.petra.until(lambda: column.is_home)

    def makes(self, rule: Rule, was: Rule, png: bytes = b"") -> None:
        """Without the page."""
        request = SetRule(rule, was, png)
        given = self.petra.does(GrantApproval(request, ADA.name, SECRET))
        assert isinstance(given, Approved)
        assert isinstance(self.petra.does(SetRule(rule, was, png, given.id)), RulesShown)


@pytest.fixture
def boss(qtbot: QtBot, tmp_path: Path) -> Iterator[Boss]:
    with at_window(qtbot, tmp_path) as petra:
        yield Boss(petra)


def looked_at(boss: Boss, caplog: pytest.LogCaptureFixture, name: str) -> None:
    QTest.qWait(40 if KEEP else 0)
    with nothing_cut(caplog):
        boss.window.grab()
    keep(boss.window, name)


def furnish(boss: Boss) -> None:
    """Rules of every kind, with long names, and a change at the command line."""
    called = boss.petra.books.office()
    was = Identity(**{name: getattr(called, name) for name in Identity.__slots__})
    boss.makes(Identity(LONG, "Station Street 1, Eastfield by the river", "40-118-2270", "Mon to Sat", "0800 555"), was)
    png = a_png(200, 60)
    texts = ReceiptTexts(("Welcome", "خوش آمدید"), ("Electricity Act 12/2020, section 4",), sha256(png).hexdigest())
    boss.makes(texts, ReceiptTexts(), png)
    boss.makes(Calendar((0, 1, 2, 3, 4, 5), HOLIDAYS), Calendar())
    boss.makes(Demands(((Role.SUPERVISOR, Act.REVERSAL), (Role.TECHNICIAN, Act.REISSUE))), Demands())
    with boss.petra.books.noting_choices({"printer": ""}, {"printer": "Counter"}, at=MOMENT):
        pass
    many_desks(boss)
    boss.makes(DeskNames(((1, LONG[:40]), (7, "صندوق شماره هفت"))), DeskNames())


def many_desks(boss: Boss) -> None:
    """A hundred, of which ninety-nine never did anything."""
    for number in range(2, 101):
        boss.petra.books.add_desk(DeskNo(number), name=f"Desk {number}")


def test_every_part_is_whole_in_both_looks_and_in_a_low_window(boss: Boss, caplog: pytest.LogCaptureFixture) -> None:
    furnish(boss)
    boss.opens()
    boss.petra.until(boss.page.specimen.document.pageCount)
    for dark in (False, True):
        boss.window.dress(DeskChoices(dark=dark, less_motion=True))
        for size, low in (((1366, 768), ""), ((1050, 590), "-low")):
            boss.window.setMinimumSize(*size)
            boss.window.resize(*size)
            for part in Part:
                boss.goes_to(part)
                looked_at(boss, caplog, f"office-{part.value}-{'dark' if dark else 'light'}{low}")


def test_the_name_is_changed_by_keyboard_and_by_two_people(boss: Boss, caplog: pytest.LogCaptureFixture) -> None:
    boss.opens()
    page, petra = boss.page, boss.petra
    assert QApplication.focusWidget() is page.identity.fields["name"]
    assert not page.identity.keep.isEnabled()
    petra.presses(Qt.Key.Key_End)
    petra.types(" Power")
    boss.tabs_to(page.identity.keep)
    petra.presses(Qt.Key.Key_Return)
    looked_at(boss, caplog, "office-summary")
    before = petra.books.office().name
    assert page.column.card.ask is not None
    assert page.column.card.ask.facts == (("Name", f"{before} → {before} Power", ""),)
    petra.until(page.column.card.button.isEnabled)
    petra.presses(Qt.Key.Key_Return)
    petra.until(page.column.approval.isVisible)
    looked_at(boss, caplog, "office-approval")
    petra.presses(Qt.Key.Key_Escape)
    assert petra.books.office().name == before, "one person changes nothing"
    boss.approves()
    assert petra.books.office().name == f"{before} Power"
    petra.until(lambda: not page.identity.is_changed)
    (change,) = petra.books.rule_changes(limit=9)
    assert (change.operator, change.approver) == (SUPERVISOR.name, ADA.name)


def test_what_is_typed_is_forgotten_by_escape_and_the_next_one_leaves(boss: Boss) -> None:
    boss.opens()
    boss.goes_to(Part.LIMITS)
    field = boss.page.limits.fields["drawer_most"]
    field.setFocus()
    field.selectAll()
    boss.petra.types("500")
    assert boss.page.limits.keep.isEnabled()
    boss.petra.presses(Qt.Key.Key_Escape)
    assert field.text() == Limits().drawer_most.plain
    assert boss.window.shell.current == OFFICE
    boss.petra.presses(Qt.Key.Key_Escape)
    assert boss.window.shell.current == SETUP.key


def test_a_figure_that_cannot_be_says_so_and_goes_nowhere(boss: Boss) -> None:
    boss.opens()
    boss.goes_to(Part.LIMITS)
    field = boss.page.limits.fields["silent_days"]
    field.setFocus()
    field.selectAll()
    boss.petra.types("0")
    boss.page.limits.submit()
    assert boss.page.limits.sentence == "Days go from 1 to 3650."
    assert boss.page.column.is_home


def test_lines_and_days_are_marked_entered_and_removed(boss: Boss) -> None:
    boss.opens()
    page, petra = boss.page, boss.petra
    boss.goes_to(Part.APPROVALS)
    page.demands.table.setFocus()
    petra.presses(Qt.Key.Key_Space)
    assert page.demands.wanted() == Demands((PAIRS[0],))
    boss.goes_to(Part.CALENDAR)
    page.calendar.days[6].setFocus()
    petra.presses(Qt.Key.Key_Space)
    page.calendar.day.setFocus()
    for text in ("2027-01-01", "New Year"):
        petra.types(text)
        petra.presses(Qt.Key.Key_Return)
    assert page.calendar.wanted() == Calendar(
        (0, 1, 2, 3, 4, 5), (Holiday(MOMENT.date().replace(year=2027, month=1, day=1), "New Year"),)
    )
    page.calendar.table.setFocus()
    petra.presses(Qt.Key.Key_Delete)
    assert page.calendar.wanted().holidays == ()
    page.calendar.submit()
    boss.approves()
    assert petra.books.rule_changes(limit=1)[0].after == Calendar((0, 1, 2, 3, 4, 5))


def test_desks_are_named_by_keyboard_and_by_two_people(boss: Boss, caplog: pytest.LogCaptureFixture) -> None:
    many_desks(boss)
    boss.opens()
    boss.goes_to(Part.DESKS)
    page, petra, card = boss.page, boss.petra, boss.page.desks
    boss.tabs_to(card.table)
    for name in ("Main hall", "Annexe"):
        petra.presses(Qt.Key.Key_Return)
        assert card.name.hasFocus()
        petra.types(name)
        card.table.setFocus()
        petra.presses(Qt.Key.Key_Down)
    assert page.desk.title == "Desk 3"
    petra.presses(Qt.Key.Key_Return)
    petra.presses(Qt.Key.Key_Delete)
    petra.presses(Qt.Key.Key_Return)
    assert card.sentence == "A desk has a name of 1 to 40 letters."
    petra.types("annexe")
    petra.presses(Qt.Key.Key_Return)
    assert card.sentence == "Another desk is called so already."
    card.name.selectAll()
    petra.types("Branch")
    petra.presses(Qt.Key.Key_Return)
    looked_at(boss, caplog, "office-desks-summary")
    boss.approves()
    kept = DeskNames(((1, "Main hall"), (2, "Annexe"), (3, "Branch")))
    assert petra.books.rule_changes(limit=1)[0].after == kept
    petra.until(lambda: not card.is_changed)
    card.table.selectRow(1)
    boss.tabs_to(card.give_up)
    petra.presses(Qt.Key.Key_Space)
    assert card.is_changed
    card.submit()
    boss.approves()
    assert petra.books.rule_changes(limit=1)[0].after == DeskNames(kept.names, given_up=(2,))
    petra.until(lambda: not card.is_changed)
    looked_at(boss, caplog, "office-desks-given-up")
    assert [card.name_of(desk) for desk in card.rows.rows][:4] == ["Main hall", "Annexe", "Branch", "Desk 4"]
    assert card.table.verticalScrollBar().maximum() > 0, "a hundred are scrolled through"
    petra.presses(Qt.Key.Key_Escape)


def test_a_silent_desk_of_the_gaps_leads_to_where_it_is_given_up(boss: Boss) -> None:
    many_desks(boss)
    boss.window.rooms.report_flow.open(Opens("desk", "3"))
    page = boss.page
    boss.petra.until(lambda: page.desks.table.chosen is not None and page.desks.table.chosen.number == 3)
    assert boss.window.shell.current == "office"
    assert QApplication.focusWidget() is page.desks.table
    assert page.desk.title == "Desk 3"
    assert not page.desks.give_up.isChecked()


def test_where_a_receipt_will_be_drawn_is_the_ground_of_its_card(qtbot: QtBot) -> None:
    look = make_look(dark=False, less_motion=True)
    card = SpecimenCard(look)
    qtbot.addWidget(card)
    card.resize(400, 600)
    assert card.grab().toImage().pixelColor(200, 300) == QColor(look.tokens.card)


def test_a_receipt_is_drawn_while_its_lines_are_typed(boss: Boss, tmp_path: Path) -> None:
    boss.opens()
    page = boss.page
    boss.petra.until(page.specimen.document.pageCount)
    first = page.specimen.document.pagePointSize(0).height()
    page.texts.above[0].setFocus()
    boss.petra.types("Welcome")
    boss.petra.until(lambda: page.specimen.document.pagePointSize(0).height() > first)
    (tmp_path / "logo.png").write_bytes(b"no picture")
    page.texts._ask = lambda parent: str(tmp_path / "logo.png")
    page.texts.choose.click()
    boss.petra.until(lambda: "logo" in page.texts.sentence)


def test_a_technician_does_not_see_the_button(boss: Boss, caplog: pytest.LogCaptureFixture) -> None:
    boss.window.go(SETUP.key)
    boss.petra.until(lambda: boss.window.setup.settings)
    looked_at(boss, caplog, "office-setup")
    boss.logs_in(TECHNICIAN)
    assert door_of(boss).isHidden()
    boss.logs_in(ADMINISTRATOR)
    assert not door_of(boss).isHidden()


def test_what_an_office_may_demand_can_be_approved_where_it_is_done(boss: Boss) -> None:
    """Each act of the list, on its page: whoever asks is led to somebody who approves."""
    assert set(ACTS) == set(DEMANDABLE) == {act for _, act in PAIRS}
    boss.makes(Demands(PAIRS), Demands())
    window, sale = boss.window, SaleId("0" * 26)
    acts: dict[Act, tuple[Operator, ActColumn, object]] = {
        Act.REVERSAL: (SUPERVISOR, window.sale.column, book.ReverseSale(sale, sale, "wrong", ActId("1" * 26))),
        Act.REFUND: (SUPERVISOR, window.history.column, book.PayRefund(ActId("2" * 26), SUPPLY, Money(1))),
        Act.VOID: (SUPERVISOR, window.sale.column, book.VoidSale(sale, sale, "wrong")),
        Act.TENDER_CORRECTION: (
            SUPERVISOR,
            window.sale.column,
            book.CorrectTender(ActId("3" * 26), sale, TenderKind.MOBILE, "wrong"),
        ),
        Act.CASH_OVER: (
            SUPERVISOR,
            window.shifts.column,
            book.MoveCash(ActId("4" * 26), CashKind.PAID_OUT, Money(1), "stamps"),
        ),
        Act.DRAWER: (SUPERVISOR, window.shifts.column, book.OpenDrawer("change")),
        Act.CARD_STOCK: (TECHNICIAN, window.rooms.records.column, CountCards(3)),
        Act.REISSUE: (TECHNICIAN, window.supply.column, ReissueCard(sale, SUPPLY, CardEnd.LOST)),
        Act.METER_CHANGE: (TECHNICIAN, window.supply.column, ChangeMeter(SUPPLY, MeterNo("1" * 12), "old")),
        Act.OPERATORS: (ADMINISTRATOR, window.rooms.operators.column, LockOperator(CASHIER.name)),
    }
    assert set(acts) == set(DEMANDABLE)
    for act, (operator, column, request) in acts.items():
        boss.logs_in(operator)
        column.submit(Deed(request, "This."))
        boss.petra.until(lambda column=column: not column.approval.isHidden())  # type: ignore[misc]
        assert column.approval.deed == Deed(request, "This."), act
        column.go_home()


def test_an_operator_is_locked_by_keyboard_and_by_two_people(boss: Boss, caplog: pytest.LogCaptureFixture) -> None:
    boss.makes(Demands(((Role.ADMINISTRATOR, Act.OPERATORS),)), Demands())
    boss.logs_in(ADMINISTRATOR)
    page, petra = boss.window.rooms.operators, boss.petra
    boss.window.go(SETUP.key)
    boss.tabs_to(boss.window.setup.doors[next(door for door in DOORS if door.key == OPERATORS)])
    petra.presses(Qt.Key.Key_Return)
    petra.until(lambda: page.people.rows)
    page.table.selectRow([one.name for one in page.people.rows].index(CASHIER.name))
    boss.tabs_to(page.lock)
    petra.presses(Qt.Key.Key_Return)
    petra.presses(Qt.Key.Key_Return)
    petra.until(page.column.approval.isVisible)
    looked_at(boss, caplog, "office-operator-approval")
    approval = page.column.approval
    assert approval.accessibleDescription() == f"{CASHIER.full_name} ({CASHIER.name}) may not log in any more."
    assert {each.name for each in approval.approvers} == {ADA.name, SUPERVISOR.name}
    petra.presses(Qt.Key.Key_Return)
    petra.types(SECRET)
    petra.presses(Qt.Key.Key_Return)
    petra.until(lambda: page.column.is_home and page.lock.text() == "Unlock")
    locked = petra.books.operator(CASHIER.name)
    assert locked is not None
    assert not locked.is_active
    assert petra.books._books.value("SELECT count(*) FROM approvals WHERE act = 'operators'") == 1


def test_a_new_secret_of_a_supervisor_is_approved_by_anybody_but_him(
    boss: Boss, caplog: pytest.LogCaptureFixture
) -> None:
    boss.logs_in(ADMINISTRATOR)
    boss.window.go(SETUP.key)
    boss.window.setup.doors[next(door for door in DOORS if door.key == OPERATORS)].click()
    page, petra = boss.window.rooms.operators, boss.petra
    petra.until(lambda: page.people.rows)
    page.table.selectRow([one.name for one in page.people.rows].index(SUPERVISOR.name))
    page.secret.click()
    for _ in range(2):
        petra.types("the ferry leaves at noon")
        petra.presses(Qt.Key.Key_Return)
    petra.until(page.column.approval.isVisible)
    looked_at(boss, caplog, "office-approver-approval")
    assert [each.name for each in page.column.approval.approvers] == [ADA.name]
    petra.types(SECRET)
    petra.presses(Qt.Key.Key_Return)
    petra.until(lambda: page.column.is_home)
    # The other one is Ada, who was entered by two as well.
    assert petra.books._books.value("SELECT count(*) FROM approvals WHERE act = 'approvers'") == 2


def test_a_long_change_is_approved_in_a_sentence_that_fits(boss: Boss, caplog: pytest.LogCaptureFixture) -> None:
    boss.opens()
    page, petra = boss.page, boss.petra
    for field in page.identity.fields.values():
        field.setText("A very long text that nobody has room for on paper at all, 1")
    page.identity.note_change()
    page.identity.submit()
    petra.until(lambda: page.column.card.isVisible() and page.column.card.button.isEnabled())
    assert not page.identity.isEnabled(), "nothing else is typed meanwhile"
    looked_at(boss, caplog, "office-summary-long")
    petra.presses(Qt.Key.Key_Return)
    petra.until(page.column.approval.isVisible)
    looked_at(boss, caplog, "office-approval-long")


def test_too_much_cash_is_told_and_nobody_is_stopped(boss: Boss, caplog: pytest.LogCaptureFixture) -> None:
    boss.makes(Limits(drawer_most=Money(50_00)), Limits())
    boss.logs_in(CASHIER)
    boss.window.flow.desk = None
    boss.petra.does(ShowDesk())
    boss.petra.until(lambda: boss.window.shifts.cash_over)
    assert "Bring cash to the safe" in [note.title for note in boss.window.shell.toasts.notes]
    assert boss.window.shifts.card.note[0] == "warn"
    boss.window.go(SHIFT.key)
    looked_at(boss, caplog, "office-cash")
