"""Reports as the books would tell them: a month with its closed days, a year, who owes, who is silent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from tests.gui.sale_reports import (
    LONG,
    acts,
    booked,
    charged,
    differences,
    each_sale,
    hours,
    interrupted,
    lines,
    operators,
    sales_of,
    steps,
    undone,
)
from tests.gui.values import NOW
from vending_app.domain.energy import Energy
from vending_app.domain.money import Money
from vending_app.domain.report import Column, Opens, Report, Row, Table, Unit, table
from vending_app.domain.report_asked import TAKEN_BACK, ReportAsked, ReportKind
from vending_app.domain.sale import TenderKind
from vending_app.ledger.act_tables import APPROVALS
from vending_app.ledger.energy_tables import AREAS as AREA_COLUMNS
from vending_app.ledger.energy_tables import SUPPLIES
from vending_app.ledger.period_tables import SOLD
from vending_app.ledger.refund_tables import EACH_REFUND, REFUNDS
from vending_app.ledger.standing_tables import ISSUED

MORE = (
    Column("cash", Unit.MONEY, adds=True),
    Column("cashless", Unit.MONEY, adds=True),
    Column("taken-back", Unit.MONEY, adds=True),
    Column("recovered", Unit.MONEY, adds=True),
    Column("reversals", Unit.COUNT, adds=True),
)
WHO = (
    Column("supply", Unit.TEXT),
    Column("customer", Unit.TEXT),
    Column("phone", Unit.TEXT),
    Column("area", Unit.TEXT),
)
TENDERS = [*(kind.value for kind in (TenderKind.CASH, TenderKind.MOBILE, TenderKind.BANK_CARD)), TAKEN_BACK]
PEOPLE = (
    ("00417739", "Oluwaseun Adeyemi", "0170 555 0248", "North 3, Mill Lane"),
    ("00417726", "Amara Okafor", "0170 555 0114", "North 3, Mill Lane"),
    ("00417734", LONG, "0170 555 0190", "South, behind the old railway station"),
    ("00417733", "فاطمة الزهراء", "0170 555 0185", ""),
)


def a_report(asked: ReportAsked) -> Report:
    """Nothing at all for 1999 and for a year without a sign."""
    is_empty = asked.period.startswith("1999") or asked.days == 180
    parts = {"account": booked, "line": charged, "refund": _each_refund}
    made = parts[asked.by]() if asked.by in parts else MAKERS[asked.kind](is_empty)
    of_area = {ReportKind.ENERGY: _energy_of_one_area, ReportKind.LOSSES: _of_one_area}
    tables = of_area[asked.kind]() if asked.area is not None else made
    if asked.kind is ReportKind.OPERATORS and asked.by:
        return Report(asked, acts(), NOW, currency="€", of="Ana Moreau")
    of = asked.of or AREAS.get(asked.area or "", ("",))[0]
    return Report(asked, tables, NOW, is_closed=asked.period == "2025-10", currency="€", of=of)


def _sold(day: int) -> Row:
    money = Money(600_000 + day * 7_919 % 300_000)
    cash = Money(money.minor * 3 // 4)
    back = Money(day % 3 * -4_000)
    paid = cash, money - cash - back, back
    return 150 + day, Energy(30_000_000 + day * 123_450), money, *paid, Money(day * 950), day % 3


def _month(is_empty: bool) -> tuple[Table, ...]:
    columns = (Column("day", Unit.DAY), Column("z", Unit.WORD), *SOLD, *MORE)
    closed = [(date(2025, 11, day), str(276 + day), *_sold(day)) for day in range(1, 14)]
    rows = [] if is_empty else [*closed, (date(2025, 11, 14), "running", *_sold(14))]
    return (table("days", columns, rows), *_shares(is_empty), _refunds(is_empty))


def _year(is_empty: bool) -> tuple[Table, ...]:
    columns = (Column("month", Unit.TEXT), *SOLD, *MORE)
    rows = [(f"2025-{month:02d}", *_sold(month * 9)) for month in range(1, 12)]
    return (table("months", columns, [] if is_empty else rows), *_shares(is_empty), _refunds(is_empty))


def _shares(is_empty: bool) -> tuple[Table, ...]:
    return (
        _share("cashiers", "cashier", Unit.TEXT, [] if is_empty else ["Ana Moreau", "Ben Adeyemi", LONG]),
        _share("desks", "desk", Unit.TEXT, [] if is_empty else ["1", "2", "3"]),
        _share("tariffs", "tariff", Unit.TEXT, [] if is_empty else ["H2", "B1"]),
        _share(
            "tenders",
            "tender",
            Unit.WORD,
            [] if is_empty else TENDERS,
        ),
    )


def _share(key: str, column: str, unit: Unit, names: list[str]) -> Table:
    rows = [(name, *(_back() if name == TAKEN_BACK else _sold(at * 31)[:3])) for at, name in enumerate(names)]
    return table(key, (Column(column, unit), *SOLD), rows, [sales_of(column, name, "2025-11") for name in names])


def _back() -> Row:
    return 0, Energy(-612_400), Money(-91_20)


def _refunds(is_empty: bool) -> Table:
    rows: list[Row] = [("cash", 2, Money(61_20)), ("card", 1, Money(30_00))]
    opens = [sales_of("refund", str(row[0]), "2025-11") for row in rows]
    return table("refunds", REFUNDS, [] if is_empty else rows, [] if is_empty else opens)


def _each_refund() -> tuple[Table, ...]:
    at = datetime(2025, 11, 14, 9, 2).astimezone()
    row: Row = (at, "2-P000007", LONG, "00417734", Money(30_00), "card", LONG, "2", "customer left the town")
    return (table("each-refund", EACH_REFUND, [row], [Opens("supply", "00417734")]),)


def _taxes(is_empty: bool) -> tuple[Table, ...]:
    amount = Column("amount", Unit.MONEY, adds=True)
    rows: list[Row] = [] if is_empty else [("VAT", Money(1_248_133))]
    far = "Rural electrification levy of the northern provinces"
    levies: list[Row] = [] if is_empty else [(far, Money(212_040)), ("Street lighting", Money(88_300))]
    charges: list[Row] = [] if is_empty else [("energy-charge", Money(9_246_058)), ("rounding", Money(-3))]
    return (
        table("taxes", (Column("tax", Unit.TEXT), amount), rows),
        table("levies", (Column("levy", Unit.TEXT), amount), levies),
        table("charges", (Column("charge", Unit.WORD), amount), charges),
    )


def _arrears(_: bool) -> tuple[Table, ...]:
    columns = (
        *WHO,
        Column("share", Unit.COUNT),
        Column("last-payment", Unit.DAY),
        Column("owed", Unit.MONEY, adds=True),
    )
    paid = (None, date(2025, 9, 4), date(2025, 10, 29), date(2025, 11, 3))
    rows = [(*who, 20 + at, paid[at], Money(21_500 - at * 4_000)) for at, who in enumerate(PEOPLE)]
    return (table("arrears", columns, rows),)


def _silent(is_empty: bool) -> tuple[Table, ...]:
    columns = (
        *WHO,
        Column("last-purchase", Unit.DAY),
        Column("write-back-came", Unit.DAY),
        Column("days-without-purchase", Unit.COUNT),
    )
    silent = zip(PEOPLE, (412, 134, 96, 61), strict=True)
    rows = [(*who, NOW.date() - timedelta(days), None, days) for who, days in silent]
    return (table("silent", columns, [] if is_empty else rows),)


def _energy(_: bool) -> tuple[Table, ...]:
    rows: list[Row] = [
        ("", 10, *_held(0, 0, 0, 0)),
        ("North 3, Mill Lane", 412, *_held(3_568_870, 676_500, 21_588_610, -12_340)),
    ]
    opens = [Opens("report", asked=ReportAsked(ReportKind.ENERGY, area=code)) for code in ("", "N-3")]
    return (table("areas", AREA_COLUMNS, rows, opens),)


def _held(card: int, meter: int, used: int, odd: int) -> Row:
    loaded = meter + used + odd
    return tuple(map(Energy, (card + loaded, loaded, used, card + meter, odd, card, meter)))


def _energy_of_one_area() -> tuple[Table, ...]:
    states = ("open", "closed", "open", "prepared")
    rows: list[Row] = [
        (*who[:2], state, *_held(120_000 * at, 90_310 + at, 8_400_050, -300 * at))
        for at, (who, state) in enumerate(zip(PEOPLE, states, strict=True))
    ]
    return (table("energy-supplies", SUPPLIES, rows),)


AREAS = {
    "E-1": ("Eastfield", (610, 640, 700, 690, 720, 680, 650, 700, 710, 690, 730)),
    "N-3": ("North 3, Mill Lane", (640, 660, 690, 720, 700, 710, 690, 880, 1240, 1610, 1820)),
    "S-2": ("South, behind the old railway station", (830, 850, 900, 880, 870, 910, 890, 860, 880, 900, 920)),
    "W-7": ("West", (760, 740, 720, 700, 690, 710, 730, 750, 740, 720, 700)),
}
"""Loss by month, in hundredths of a per cent; the newest month is not told yet."""
LOST = ("delivered", "used", "loss")
SOLD_THERE = Column("sold", Unit.ENERGY, adds=True)
WHERE = (Column("area-code", Unit.TEXT), Column("area", Unit.WORD))
LOSS = Column("loss-share", Unit.PERCENT)
LOSS_OF_ALL = Column("loss-share", Unit.PERCENT, share_of=("loss", "delivered"))


def _losses(is_empty: bool) -> tuple[Table, ...]:
    much = (Column("told-months", Unit.COUNT), Column("supplies", Unit.COUNT, adds=True))
    lost = tuple(Column(key, Unit.ENERGY, adds=True) for key in LOST)
    delivered = 11 * 38_412_000
    rows: list[Row] = [
        (code, name, *_side_by_side(delivered, sum(losses) // 11), 11, 412) for code, (name, losses) in AREAS.items()
    ]
    rows.append(("", "", *(None,) * 5, 0, 3))
    shares = (Column("lowest", Unit.PERCENT), Column("highest", Unit.PERCENT))
    standing = (*WHERE, Column("month", Unit.TEXT), LOSS, Column("beside", Unit.WORD), *shares)
    north = ("N-3", "North 3, Mill Lane", "2025-09", 1820)
    found: list[Row] = [(*north, "before", 640, 880), (*north, "others", 700, 920)]
    return (
        table("losses", (*WHERE, *lost, LOSS_OF_ALL, SOLD_THERE, *much), [] if is_empty else rows),
        _loss_months([] if is_empty else list(AREAS)),
        table("standing-out", standing, [] if is_empty else found),
    )


def _side_by_side(delivered: int, loss: int) -> Row:
    lost = delivered * loss // 10_000
    used = delivered - lost
    return Energy(delivered), Energy(used), Energy(lost), loss, Energy(used + 41_230)


def _loss_months(codes: list[str]) -> Table:
    months = [f"2024-{month:02d}" for month in (11, 12)] + [f"2025-{month:02d}" for month in range(1, 10)]
    columns = (
        *WHERE,
        Column("month", Unit.TEXT),
        *(Column(key, Unit.ENERGY) for key in LOST),
        LOSS,
        Column("sold", Unit.ENERGY),
        Column("covered", Unit.PERCENT),
    )
    rows: list[Row] = []
    for code in codes:
        name, losses = AREAS[code]
        told = zip(months, losses, strict=True)
        rows += [(code, name, month, *_side_by_side(38_412_000, loss), 98_30) for month, loss in told]
        rows.append(
            (code, name, "2025-10", Energy(38_412_000), Energy(22_400_190), None, None, Energy(35_118_660), 61_40)
        )
    return table("loss-months", columns, rows)


def _of_one_area() -> tuple[Table, ...]:
    columns = (*WHO[:2], SOLD_THERE, Column("used", Unit.ENERGY, adds=True), Column("last-write-back", Unit.DAY))
    rows: list[Row] = [
        (*who[:2], Energy(2_400_000 - at * 310_550), Energy(2_380_120 - at * 300_000), date(2025, 11, 2 + at))
        for at, who in enumerate(PEOPLE[:3])
    ]
    rows.append((*PEOPLE[3][:2], Energy(180_000), Energy(0), None))
    return (table("loss-supplies", columns, rows), _loss_months(["N-3"]))


def _gaps(_: bool) -> tuple[Table, ...]:
    who, odd = WHO[:2], Column("unexplained", Unit.ENERGY, adds=True)
    waiting = (*who, Column("at", Unit.MOMENT), Column("desk", Unit.TEXT), Column("order", Unit.COUNT))
    energies = (Column("loaded", Unit.ENERGY), Column("written", Unit.ENERGY), Column("too-much", Unit.ENERGY))
    desks = (Column("desk", Unit.TEXT), Column("name", Unit.TEXT), Column("last-act", Unit.MOMENT))
    missing = tuple(Column(key, Unit.TEXT) for key in ("desk", "first", "last"))
    seen = (
        Column("card", Unit.TEXT),
        Column("at", Unit.MOMENT),
        Column("desk", Unit.TEXT),
        Column("orders-ahead", Unit.COUNT, adds=True),
        Column("too-much", Unit.ENERGY, adds=True),
    )
    noted = datetime(2025, 11, 13, 10, 31).astimezone()
    return (
        table("waiting", waiting, []),
        table("cards-ahead", (*who, *seen), [(*PEOPLE[1][:2], "000000004416", noted, "2", 3, Energy(500_000))]),
        table("ahead", (*who, *energies), [(*PEOPLE[2][:2], Energy(418_870), Energy(230_680), Energy(188_190))]),
        table("unexplained-supplies", (*who, odd), [(*PEOPLE[0][:2], Energy(-300))]),
        table("missing-receipts", missing, [("2", "2-000007", "2-000009")]),
        table("silent-desks", desks, [("3", "Desk 3", None)], [Opens("desk", "3")]),
    )


def _approvals(is_empty: bool) -> tuple[Table, ...]:
    rows: list[Row] = [
        (datetime(2025, 11, 3, 16, 41).astimezone(), "void", "Ana Moreau", "Daniel Weiss"),
        (datetime(2025, 11, 7, 9, 5).astimezone(), "close-supply", LONG, "Daniel Weiss"),
    ]
    return (table("approvals", APPROVALS, [] if is_empty else rows),)


def _cards(is_empty: bool) -> tuple[Table, ...]:
    columns = (
        Column("at", Unit.MOMENT),
        Column("desk", Unit.TEXT),
        Column("stock-verb", Unit.WORD),
        Column("cards", Unit.COUNT, adds=True),
        Column("level", Unit.COUNT),
        Column("reference", Unit.TEXT),
        Column("reason", Unit.TEXT),
    )
    rows: list[Row] = [
        (datetime(2025, 11, 3, 16, 41).astimezone(), "1", "receive", 200, 237, "L-2025-11", "delivered"),
        (datetime(2025, 11, 7, 9, 5).astimezone(), "2", "spoil", -1, 36, "", "bent by the customer before it was used"),
    ]
    issued = (datetime(2025, 11, 7, 9, 5).astimezone(), *PEOPLE[2][:2], "000770000431", "lost", Money(5_00))
    return (
        table("stock", columns, [] if is_empty else rows),
        table("issued-cards", ISSUED, [] if is_empty else [(issued[0], PEOPLE[2][0], *issued[2:])]),
    )


def _day(is_empty: bool) -> tuple[Table, ...]:
    if is_empty:
        return tuple(replace(each, rows=(), opens=()) for each in _day(False))
    return (
        hours(),
        *_shares(False),
        _refunds(False),
        lines(),
        undone(),
        interrupted(),
        *_approvals(False),
        differences(),
    )


MAKERS = {
    ReportKind.DAY: _day,
    ReportKind.SALES: each_sale,
    ReportKind.STEPS: steps,
    ReportKind.OPERATORS: operators,
    ReportKind.MONTH: _month,
    ReportKind.YEAR: _year,
    ReportKind.TAXES: _taxes,
    ReportKind.ARREARS: _arrears,
    ReportKind.SILENT: _silent,
    ReportKind.ENERGY: _energy,
    ReportKind.LOSSES: _losses,
    ReportKind.GAPS: _gaps,
    ReportKind.APPROVALS: _approvals,
    ReportKind.CARDS: _cards,
}
