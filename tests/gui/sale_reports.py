"""Reports of sales as the books would tell them: a day, sales one by one, tariffs and steps, operators."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from vending_app.domain.energy import Energy
from vending_app.domain.money import Money
from vending_app.domain.report import Column, Opens, Row, Table, Unit, table
from vending_app.domain.report_asked import ReportAsked, ReportKind
from vending_app.domain.sale import TenderKind
from vending_app.ledger.account_tables import BOOKED
from vending_app.ledger.act_tables import APPROVALS, DIFFERENCES, INTERRUPTED, UNDONE
from vending_app.ledger.asking import sales_that_share
from vending_app.ledger.day_tables import LINES
from vending_app.ledger.operator_tables import AT_DESK, AT_DESK_WITH_REASON, ONE, OPERATORS, OPERATORS_HELD, acts_of
from vending_app.ledger.period_tables import SOLD
from vending_app.ledger.sale_tables import SALES
from vending_app.ledger.step_tables import CHARGED, STEPS

LONG = "Maria-Theresia von Hohenberg-Lindenthal zu Altenburg"
MORNING = datetime(2025, 11, 14, 8, 12).astimezone()
DAY = MORNING.date().isoformat()


def sold(at: int) -> Row:
    return 3 + at, Energy(412_340 + at * 51_010), Money(64_120 + at * 7_919 % 60_000)


def sales_of(by: str, of: str, period: str = DAY) -> Opens:
    return sales_that_share(ReportAsked(ReportKind.SALES, period), by, of)


def hours() -> Table:
    clocks = range(8, 17)
    rows = [(f"{at:02d}:00", *sold(at % 8)) for at in clocks]
    return table("hours", (Column("hour", Unit.TEXT), *SOLD), rows, [sales_of("hour", str(at)) for at in clocks])


def undone() -> Table:
    rows: list[Row] = [
        (MORNING, "void", "", "Oluwaseun Adeyemi", Money(20_00), "Ana Moreau", "Daniel Weiss", "typed 200"),
        (MORNING + timedelta(hours=2), "reversal", "2-004511", LONG, Money(500_00), LONG, "Daniel Weiss", ""),
        (MORNING + timedelta(hours=3), "reprint", "2-004508", "فاطمة الزهراء", Money(30_00), "Ana Moreau", "", ""),
    ]
    return table("undone", UNDONE, rows, [Opens("sale", f"01HF{at}") for at in range(3)])


def interrupted() -> Table:
    row: Row = (MORNING, LONG, LONG, "2", Energy(151_520), Money(50_00), "waiting")
    return table("interrupted", INTERRUPTED, [row], [Opens("sale", "01HF7")])


def differences() -> Table:
    row = (MORNING, LONG, "2", Money(1_204_50), Money(1_199_50), Money(-5_00), "a note of five was missing")
    return table("differences", DIFFERENCES, [row], [Opens("shift", "41")])


def each_sale(is_empty: bool) -> tuple[Table, ...]:
    names = ("Amara Okafor", LONG, "فاطمة الزهراء")
    rows: list[Row] = [
        (
            MORNING + timedelta(minutes=at * 7),
            f"2-{4500 + at:06d}",
            names[at % 3],
            f"004177{26 + at}",
            Energy(151_520 - at * 900),
            Money(50_00 - at * 100),
            list(TenderKind)[at % 3].value,
            "Ana Moreau",
            "2",
            "H2",
        )
        for at in range(0 if is_empty else 18)
    ]
    return (table("each-sale", SALES, rows, [Opens("sale", f"01HF{at}") for at in range(len(rows))]),)


def steps(is_empty: bool) -> tuple[Table, ...]:
    since = date(2025, 7, 1)
    rows: list[Row] = [
        ("H2", since, "Fixed charge", "", None, Money(4_120_00)),
        ("H2", since, "Step 1", "0.1050", Energy(812_340_000), Money(85_295_70)),
        ("H2", since, "Step 2", "0.1480", Energy(204_110_000), Money(30_208_28)),
        ("H2", since, "VAT", "", None, Money(9_569_92)),
        ("B1", since, "Step 1", "0.1750", Energy(91_000_000), Money(15_925_00)),
    ]
    names = (
        "fixed-charge/0/Fixed charge",
        "step/105000/Step 1",
        "step/148000/Step 2",
        "tax/0/VAT",
        "step/175000/Step 1",
    )
    leads = [sales_of("line", f"{row[0]}/2025-07-01/{name}", "2025-11") for row, name in zip(rows, names, strict=True)]
    return (table("steps", STEPS, [] if is_empty else rows, [] if is_empty else leads),)


def charged() -> tuple[Table, ...]:
    rows: list[Row] = [
        (MORNING, "2-004511", LONG, "00417726", Energy(60_000), Money(6_30)),
        (MORNING + timedelta(hours=1), "2-004512", "فاطمة الزهراء", "00417727", Energy(-12_400), Money(-1_30)),
    ]
    return (table("each-charge", CHARGED, rows, [Opens("sale", "01HF0"), Opens("sale", "01HF1")]),)


def operators(is_empty: bool) -> tuple[Table, ...]:
    people = (("Ana Moreau", "cashier"), (LONG, "cashier"), ("Daniel Weiss", "supervisor"))
    known = [] if is_empty else list(enumerate(people))
    undid: list[Row] = [(*who, *((at * 3 + of) % 7 for of in range(len(OPERATORS) - 2))) for at, who in known]
    held: list[Row] = [(*who, at, 4 - at, at * 9, 1, Money(-500 * at)) for at, who in known]
    opens = [acts_of("2025-11", who.split()[0].lower()) for _, (who, _) in known]
    return table("operators", OPERATORS, undid, opens), table("operators-held", OPERATORS_HELD, held, opens)


def acts() -> tuple[Table, ...]:
    """Of Ana alone."""
    at = datetime(2025, 11, 14, 9, 2).astimezone()
    line: Row = ("Ana Moreau", "cashier", 214, 1, 1, 0, 1, 1, 2, 1)
    opened: list[Row] = [(at, "2", "change for the queue")]
    allowed: list[Row] = [(at, "void", "Ana Moreau", "Daniel Weiss")]
    failed: list[Row] = [(at - timedelta(minutes=minutes), "2") for minutes in (7, 6)]
    return (
        table("in-all", ONE, [line], [sales_of("cashier", "ana", "2025-11")]),
        interrupted(),
        undone(),
        table("drawer-openings", AT_DESK_WITH_REASON, opened),
        differences(),
        table("asked-approvals", APPROVALS, allowed),
        table("allowed-approvals", APPROVALS, []),
        table("failed-tries", AT_DESK, failed),
    )


def lines() -> Table:
    rows: list[Row] = [
        ("energy-charge", "", Money(5_812_20)),
        ("tax", "VAT", Money(691_11)),
        ("levy", "Rural electrification levy of the northern provinces", Money(81_30)),
        ("arrears", "", Money(120_00)),
    ]
    accounts = ("income:energy", "tax:VAT", f"levy:{rows[2][1]}", "arrears")
    return table("lines", LINES, rows, [sales_of("account", account) for account in accounts])


def booked() -> tuple[Table, ...]:
    rows: list[Row] = [
        (MORNING, "sale", "2-004511", LONG, "00417726", Money(41_20)),
        (MORNING + timedelta(hours=1), "reversal", "2-004512", "فاطمة الزهراء", "00417727", Money(-3_70)),
        (MORNING + timedelta(hours=2), "settlement", "", "Amara Okafor", "00417728", Money(-12_05)),
    ]
    leads = [Opens("sale", "01HF0"), Opens("sale", "01HF1"), Opens("supply", "00417728")]
    return (table("each-booking", BOOKED, rows, leads),)
