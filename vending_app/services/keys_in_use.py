"""Which master keys a desk works under: those that its books leave it, also where another desk decided it just now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from vending_app.domain.errors import Code, EnvironmentFault
from vending_app.ports import KeyVault, Ledger, LedgerProof

_LACKS_KEYS = frozenset({Code.KEY_VERSION_UNKNOWN, Code.KEYS_RETIRED})


@dataclass(slots=True)
class KeysInUse:
    """One desk's. The books are asked for one number before each act, and for the keys only when that has risen."""

    ledger: Ledger
    vault: KeyVault
    _heard: int = 0

    def heed(self) -> None:
        """Forget what was retired since, and what turned out to be another key. Raises EnvironmentFault vault-locked.

        What is decided while the act goes on, the transaction that reserves finds (key-version-retired).
        """
        newest = self.ledger.newest_key_event()
        if newest != self._heard:
            self.vault.heed(retired=self.ledger.retired_keys(), told=self.ledger.key_check_values())
            self._heard = newest

    def require_ours(self) -> None:
        """Each key that is held here is the one that the books tell of. Raises EnvironmentFault key-other."""
        self.heed()
        if self.vault.others:
            raise EnvironmentFault(Code.KEY_OTHER, key_version=self.vault.others[-1])

    def verify(self, *, trusted: bytes | None = None) -> LedgerProof:
        """The books proved, and what is held here compared with what they tell: each key that is another is a problem.

        Closings must be signed under `trusted`, by default this desk's key. Raises EnvironmentFault vault-locked.
        """
        proof = self.ledger.verify(trusted=trusted or self.vault.signing_key)
        self.heed()
        others = (
            f"keys: version {at} that this desk holds is another key than the books tell" for at in self.vault.others
        )
        return replace(proof, problems=(*proof.problems, *others))

    @contextmanager
    def heeded(self) -> Iterator[None]:
        """For one act: what it lacks keys for, where this desk holds another key than its books tell of, it lacks for
        that reason. Raises EnvironmentFault key-other then."""
        self.heed()
        try:
            yield
        except EnvironmentFault as fault:
            if fault.code not in _LACKS_KEYS or not self.vault.others:
                raise
            raise EnvironmentFault(Code.KEY_OTHER, key_version=self.vault.others[-1]) from fault
