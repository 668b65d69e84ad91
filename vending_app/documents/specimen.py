"""A receipt that nobody was given: what the office's own texts will look like, with sums that nobody paid."""

from __future__ import annotations

from datetime import UTC, date, datetime

from vending_app.documents.receipt import Receipt
from vending_app.documents.slip import Manner
from vending_app.domain.card import CardWrite, MeterParameters, Order
from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.ids import CardNo, DeskNo, MeterNo, OperatorName, ReceiptNo, ShiftNo, SupplyNo, ulid
from vending_app.domain.money import ZERO, Money
from vending_app.domain.people import Customer, Meter, Office, SupplyFile, SupplyState
from vending_app.domain.quote import Buyer, Quote, quote_for_money
from vending_app.domain.sale import Purpose, Sale, SaleIntent, SaleState, Tender, TenderKind
from vending_app.domain.tariff import LineKind, Price, Step, Tariff, Tax

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
NUMBER = "1-000000"
_METER, _SUPPLY, _CARD = MeterNo("000000000000"), SupplyNo("00000000"), CardNo("000000000000")
_PARAMETERS = MeterParameters(Energy(20_000), Energy(5_000), 6_000, NO_ENERGY, NO_ENERGY, 1_600)
_TARIFF = Tariff(
    code="S",
    name="Specimen",
    valid_from=date(2026, 1, 1),
    steps=(Step(Energy(60_000), Price(150_000)), Step(None, Price(180_000))),
    fixed_per_month=Money(180),
    taxes=(Tax("VAT", 800, frozenset({LineKind.FIXED, LineKind.STEP})),),
    levies=(),
    minimum=Money(100),
    maximum=Money(100_000_00),
)


def specimen(manner: Manner, office: Office) -> bytes:
    """The receipt of a made-up sale of 20.00, with SPECIMEN across its top."""
    buyer = Buyer(AT.date(), NO_ENERGY, date(2026, 2, 1), ZERO, 0)
    quote = quote_for_money(_TARIFF, buyer, Money(20_00))
    return Receipt(manner, office, _sale(quote), quote, _supply(), None, 31, "", is_specimen=True).draw(0)


def _sale(quote: Quote) -> Sale:
    order = Order(_METER, _SUPPLY, 1, 1, quote.energy, quote.energy, 1, _PARAMETERS, AT, DeskNo(1), 1)
    intent = SaleIntent(
        id=ulid(0, bytes(10)),
        purpose=Purpose.SALE,
        order=order,
        write=CardWrite(_CARD, bytes(64)),
        desk=DeskNo(1),
        operator=OperatorName(""),
        at=AT,
        shift=ShiftNo(1),
        quote=quote,
        tender=Tender(TenderKind.CASH, Money(50_00)),
    )
    return Sale(intent, SaleState.POSTED, AT, ReceiptNo(NUMBER), "—", "—")


def _supply() -> SupplyFile:
    return SupplyFile(
        number=_SUPPLY,
        customer=Customer("", "—", ""),
        meter=Meter(_METER, "", 1_600),
        tariff=_TARIFF.code,
        tariff_name=_TARIFF.name,
        state=SupplyState.OPEN,
        parameters=_PARAMETERS,
        opened_on=AT.date(),
        closed_on=None,
        card=None,
        generation=0,
        sequence=0,
        order_sequence=0,
        energy_total=NO_ENERGY,
        purchases=0,
        arrears=ZERO,
        arrears_share_percent=0,
        charged_until=None,
        bought_this_month=NO_ENERGY,
    )
