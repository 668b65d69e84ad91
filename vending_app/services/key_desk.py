"""Key ceremonies: master keys told by their check values, shared out to custodians, and proven by their shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from vending_app.domain.errors import Code, EnvironmentFault, OperatorError
from vending_app.domain.key_ceremony import (
    KeyDeed,
    KeyEvent,
    KeyState,
    require_custodians,
    require_together,
    require_told,
)
from vending_app.domain.permissions import Act
from vending_app.ports import Clock, KeyVault, Ledger
from vending_app.ports.key_keeping import KeyCustody
from vending_app.services import key_cases as ask
from vending_app.services.verb_tables import VerbTable

if TYPE_CHECKING:
    from vending_app.services.counter import Counter

OLD = frozenset({KeyState.ACCEPTED, KeyState.RETIRED})


@dataclass(frozen=True, slots=True)
class KeyDesk:
    """The administrator, beside the custodians."""

    ledger: Ledger
    vault: KeyVault
    custody: KeyCustody
    clock: Clock

    def show(self) -> ask.KeysShown:
        events = self.ledger.key_events()
        states = {version: self._state(version) for version in self._known(events)}
        uncleared = self.ledger.uncleared_cards() if OLD.intersection(states.values()) else {}
        keys = (self._told(version, state, events, uncleared) for version, state in states.items())
        return ask.KeysShown(self.custody.place, tuple(keys))

    def _known(self, events: tuple[KeyEvent, ...]) -> list[int]:
        """Here, or told of or seen in the books: a file that is older than they are lacks some."""
        told = {event.key_version for event in events}
        return sorted({*self.vault.held, *told, *self.ledger.key_versions_seen()})

    def _told(
        self, version: int, state: KeyState, of_all: tuple[KeyEvent, ...], uncleared: Mapping[int, int]
    ) -> ask.KeyTold:
        events = tuple(event for event in of_all if event.key_version == version)
        told = events[0].check_value if events else ""
        here = "" if state is KeyState.MISSING else self.vault.check_value(version)
        old_cards = uncleared.get(version, 0) if state in OLD else 0
        if state is KeyState.OTHER:
            return ask.KeyTold(version, told, state, events, old_cards, other=here)
        return ask.KeyTold(version, here or told, state, events, old_cards)

    def _state(self, version: int) -> KeyState:
        if version not in self.vault.held:
            return KeyState.MISSING
        if version in self.vault.others:
            return KeyState.OTHER
        if version not in self.vault.versions:
            return KeyState.RETIRED
        return KeyState.CURRENT if version == self.vault.key_version else KeyState.ACCEPTED

    def share(self, command: ask.ShareKey) -> ask.KeyShared:
        """The names stand in the books before anybody sees a share. Raises as the use case says."""
        names = require_custodians(command.custodians)
        self._require_ours(command.key_version)
        shares = self.custody.shares(command.key_version, count=len(names))
        return ask.KeyShared(self._tell(KeyDeed.SHARED, command.key_version, names, shares[0].sharing), shares)

    def roll(self, command: ask.RollKeys) -> KeyEvent:
        """Never under a number that these books know: its key may come back. Raises as the use case says.

        A desk with another key under one of them would go on from a file that no other desk's can be brought to.
        """
        self._require_ours(*self.vault.held)
        newest = self._known(self.ledger.key_events())[-1]
        with self.ledger.claiming_key(above=newest):
            made = self.custody.add_version(command.secret, above=newest)
            return self._tell(KeyDeed.MADE, made, (), "")

    def prove(self, command: ask.ProveShares) -> KeyEvent:
        """Raises as the use case says."""
        first = require_together(command.shares)
        self._require_ours(first.key_version)
        self.custody.prove(command.shares)
        return self._tell(KeyDeed.PROVEN, first.key_version, self._custodians(first.sharing), first.sharing)

    def join(self, command: ask.JoinShares) -> KeyEvent:
        """Raises as the use case says."""
        first = require_together(command.shares)
        self._require_ours(first.key_version)
        if first.key_version not in self.vault.held:
            require_told(first, self.ledger.key_events())
        self.custody.restore(command.shares, command.secret)
        return self._tell(KeyDeed.RESTORED, first.key_version, (), first.sharing)

    def retire(self, command: ask.RetireKey) -> KeyEvent:
        """Told before anything is refused under it. Raises as the use case says."""
        version = command.key_version
        self._require_ours(version)
        if version not in self.vault.versions:
            raise EnvironmentFault(Code.KEY_VERSION_NOT_HERE, key_version=version)
        if version == self.vault.key_version:
            raise OperatorError(Code.KEY_VERSION_NEWEST, key_version=version)
        oldest, next_oldest = self.vault.versions[:2]
        on, follows = self.clock().astimezone().date(), next_oldest if version == oldest else None
        event = self._event(KeyDeed.RETIRED, version, (), "")
        self.ledger.retire_key(event, on=on, next_oldest=follows)
        self.custody.retire(version)
        return self._as_told(event)

    def _require_ours(self, *versions: int) -> None:
        """Raises EnvironmentFault key-other."""
        for version in self.vault.others:
            if version in versions:
                raise EnvironmentFault(Code.KEY_OTHER, key_version=version)

    def _custodians(self, sharing: str) -> tuple[str, ...]:
        """To whom the books say that these shares were handed."""
        told = [event.custodians for event in self.ledger.key_events() if event.sharing == sharing]
        return told[0] if told else ()

    def _tell(self, deed: KeyDeed, version: int, custodians: tuple[str, ...], sharing: str) -> KeyEvent:
        event = self._event(deed, version, custodians, sharing)
        self.ledger.tell_of_key(event)
        return self._as_told(event)

    def _event(self, deed: KeyDeed, version: int, custodians: tuple[str, ...], sharing: str) -> KeyEvent:
        return KeyEvent(deed, version, self.vault.check_value(version), custodians, sharing, self.clock())

    def _as_told(self, event: KeyEvent) -> KeyEvent:
        """With who did it; another desk may have told of something since."""
        told = (each for each in reversed(self.ledger.key_events()) if each.key_version == event.key_version)
        return next(each for each in told if each.deed is event.deed)


def verbs(counter: Counter) -> VerbTable:
    return {
        ask.ShowKeys: (Act.VERIFY, lambda _, __: _desk(counter).show()),
        ask.ShareKey: (Act.KEYS, lambda asked, _: _desk(counter).share(asked)),
        ask.RollKeys: (Act.KEYS, lambda asked, _: _desk(counter).roll(asked)),
        ask.ProveShares: (Act.VERIFY, lambda asked, _: _desk(counter).prove(asked)),
        ask.JoinShares: (Act.KEYS, lambda asked, _: _desk(counter).join(asked)),
        ask.RetireKey: (Act.KEYS, lambda asked, _: _desk(counter).retire(asked)),
    }


def _desk(counter: Counter) -> KeyDesk:
    out = counter.outside
    if out.custody is None:
        raise EnvironmentFault(Code.VAULT_MISSING)
    return KeyDesk(out.ledger, out.vault, out.custody, out.clock)
