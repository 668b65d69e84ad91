"""Everything the counter needs from outside, joined by the composition root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from vending_app.domain.foreseen import Foresee
from vending_app.domain.ids import DeskNo
from vending_app.ports import CardDesk, Clock, Drawer, Entropy, KeyVault, Ledger, PaperMaker, Printer
from vending_app.ports.keeping import Backups
from vending_app.ports.key_keeping import KeyCustody
from vending_app.services import use_cases as ask
from vending_app.services.backups import NoBackups
from vending_app.services.desk_settings import Preferences, Unkept

HealthCheck = Callable[[], tuple[ask.Health, ...]]


@dataclass(frozen=True, slots=True)
class Outside:
    """Everything the counter needs from outside."""

    cards: CardDesk
    ledger: Ledger
    vault: KeyVault
    paper: PaperMaker
    printer: Printer
    drawer: Drawer
    clock: Clock
    desk: DeskNo
    health: HealthCheck
    entropy: Entropy
    preferences: Preferences = field(default_factory=Unkept)
    """The chosen reader is a name or part of it; empty takes the one with a card in."""
    practice_pin: str = ""
    backups: Backups = field(default_factory=NoBackups)
    foresee: Foresee | None = None
    """The reference meter, asked beforehand."""
    custody: KeyCustody | None = None
    """Where the masters of the vault are kept; None where nobody keeps them, as in a bench."""
