"""The words for one line of a supply's life, on whatever page it stands."""

from __future__ import annotations

from vending_app.domain.energy import NO_ENERGY, Energy

KINDS = {
    "sale": "Sale",
    "issue": "Card issued",
    "reversal": "Reversal",
    "cancellation": "Cancellation",
    "write-back": "Write-back",
    "payment": "Arrears paid",
    "refund": "Refund",
    "note": "Note",
    "meter-change": "Meter changed",
    "settlement": "Supply closed",
    "inspection": "Inspection",
}
ORDERS = frozenset({"sale", "issue", "reversal", "cancellation"})
"""What wrote on a card."""
WAITS = "interrupted"
_STATES = {"posted": "", "pending": WAITS, "in_doubt": WAITS, "voided": "void"}


def said_kind(kind: str, receipt: str) -> str:
    """`Sale 2-001604`."""
    word = KINDS.get(kind, kind)
    return f"{word} {receipt}".strip() if kind in {"sale", "reversal"} else word


def said_state(state: str) -> str:
    """Nothing for what is as it should be."""
    return _STATES.get(state, state)


def said_detail(kind: str, sequence: int, state: str, text: str = "") -> str:
    """What more there is to say of it."""
    if kind == "write-back":
        return "meter read in the field" if text == "field" else "meter read by the card"
    if kind in ORDERS:
        return ", ".join(part for part in (f"order {sequence}", said_state(state)) if part)
    return text


def said_energy(kind: str, energy: Energy) -> str:
    """`used 4 794.20`, `+188.19`, nothing for a card."""
    if kind == "write-back" or (kind == "inspection" and energy):
        return f"used {energy}"
    if kind == "cancellation" or not energy:
        return ""
    return f"+{energy}" if energy > NO_ENERGY else str(energy)
