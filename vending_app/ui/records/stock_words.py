"""The words of the blank cards of a desk. No Qt here."""

from __future__ import annotations

from vending_app.domain.card_stock import CardStock
from vending_app.ui.phrases import counted


def said_level(stock: CardStock) -> str:
    """What lies there, and what is to be done about it."""
    if not stock.is_counted:
        return "Blank cards are not counted yet. Count the cards."
    office = f", {stock.office} in the office" if stock.office != stock.here else ""
    if stock.here < 0:
        return f"{counted(-stock.here, 'card', 'cards')} more were issued than entered. Count the cards."
    low = " Order more." if stock.is_low else ""
    return f"{counted(stock.here, 'blank card', 'blank cards')} at this desk{office}.{low}"


def tone_of(stock: CardStock) -> tuple[str, str]:
    """Tone and icon; two empty texts while all is as usual."""
    return ("warn", "warning-fill") if stock.needs_count or stock.is_low else ("", "")
