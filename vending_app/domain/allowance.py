"""A vending allowance: so much energy a desk may sell, until a day, as the office granted and signed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from vending_app.domain.energy import NO_ENERGY, Energy
from vending_app.domain.errors import Code, OperatorError
from vending_app.domain.ids import DeskNo

MARK = "vending-allowance-1"
SIGNATURE_BYTES = 64
MOST = Energy(10**15)
"""A thousand terawatt-hours: any sum that means something is below."""
MOST_GRANTS = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Grant:
    """What the office says; the newest grant of a desk is what holds, from the moment it is entered."""

    utility: int
    desk: DeskNo
    number: int
    """Rises with every grant of a desk, so that an old one is never entered again."""
    energy: Energy | None
    """What may be sold under it; None lifts the limit."""
    until: date
    """The last day, by the clock of whoever granted; of a lifted limit it says nothing."""
    granted_at: datetime
    """With the zone of that clock, which tells when the last day ends whatever zone a desk was started in."""

    @property
    def message(self) -> bytes:
        """What is signed: a line for each value, in this order."""
        energy = "none" if self.energy is None else str(self.energy.wh)
        lines = (
            MARK,
            f"utility={self.utility}",
            f"desk={self.desk}",
            f"number={self.number}",
            f"energy_wh={energy}",
            f"until={self.until.isoformat()}",
            f"granted_at={self.granted_at.isoformat()}",
        )
        return "".join(f"{line}\n" for line in lines).encode()


@dataclass(frozen=True, slots=True)
class SignedGrant:
    """A grant with the office's Ed25519 signature over its message."""

    grant: Grant
    signature: bytes

    @property
    def text(self) -> str:
        """For a file that travels: the message, and the signature in hexadecimal."""
        return f"{self.grant.message.decode()}signature={self.signature.hex()}\n"


@dataclass(frozen=True, slots=True)
class Allowance:
    """Where a desk stands under its newest grant."""

    signed: SignedGrant
    used: Energy
    """Sold since, held by sales that are not decided, and carried to another meter on somebody's word; what was voided
    came back."""

    @property
    def left(self) -> Energy | None:
        """None where the limit is lifted."""
        granted = self.signed.grant.energy
        return None if granted is None else granted - self.used


def require_allowed(allowance: Allowance, energy: Energy, *, at: datetime) -> None:
    """Raises OperatorError allowance-over past its last day, allowance-spent with what is left."""
    left, grant = allowance.left, allowance.signed.grant
    if left is None or energy <= NO_ENERGY:
        return
    if at.astimezone(grant.granted_at.tzinfo).date() > grant.until:
        raise OperatorError(Code.ALLOWANCE_OVER, until=grant.until)
    if energy > left:
        raise OperatorError(Code.ALLOWANCE_SPENT, left=max(left, NO_ENERGY), asked=energy)


def parse_grant(text: str) -> SignedGrant:
    """Total: any text is a grant or OperatorError allowance-refused; whose signature it is is asked elsewhere."""
    try:
        told = dict(line.split("=", 1) for line in text.splitlines()[1:])
        energy = None if told["energy_wh"] == "none" else Energy(_whole(told["energy_wh"], most=MOST.wh))
        grant = Grant(
            utility=_whole(told["utility"], most=65_535),
            desk=DeskNo(_whole(told["desk"], most=65_535)),
            number=_whole(told["number"], most=MOST_GRANTS),
            energy=energy,
            until=date.fromisoformat(told["until"]),
            granted_at=datetime.fromisoformat(told["granted_at"]),
        )
        signed = SignedGrant(grant, bytes.fromhex(told["signature"]))
    except (ValueError, KeyError) as cause:
        raise OperatorError(Code.ALLOWANCE_REFUSED, why="form") from cause
    # Only the one way of writing it that is signed.
    if signed.text != text or grant.number < 1 or grant.granted_at.tzinfo is None:
        raise OperatorError(Code.ALLOWANCE_REFUSED, why="form")
    return signed


def _whole(text: str, *, most: int) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and int(text) <= most):
        raise ValueError(text)
    return int(text)
