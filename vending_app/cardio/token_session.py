"""One login at one PKCS#11 token: the module loaded, the token found, the PIN asked of it with care.

PKCS#11 logs in a whole process, not a session, and a module that is started without arguments may be called by one
thread at a time (OASIS PKCS #11 v2.40, C_Initialize, C_Login). So one `TokenSession` is open in a process, and every
call goes through its lock. A wrong PIN leaves a session open inside the library; ending the module closes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import TYPE_CHECKING

import pkcs11
from pkcs11 import SecretKey, Session, Token, TokenFlag
from pkcs11 import exceptions as told

from vending_app.cardio.token_cmac import TokenCmac
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError, VendingError

if TYPE_CHECKING:
    from pkcs11._pkcs11 import lib as Library  # noqa: N812 - a class that the library calls lib

_GONE = (
    told.DeviceRemoved,
    told.TokenNotPresent,
    told.TokenNotRecognised,
    told.SlotIDInvalid,
    told.SessionHandleInvalid,
    told.SessionClosed,
    told.ObjectHandleInvalid,
    told.KeyHandleInvalid,
    told.UserNotLoggedIn,
    told.NoSuchToken,
)
"""What modules answer when a token was pulled out, or lost its power, while it was used."""
_in_use = Lock()
"""Held while a session is open: a second login would not check its PIN at all."""


class TokenSession:
    """A token that let us in; `call` guards every use of it."""

    def __init__(self, library: Library, label: str, session: Session) -> None:
        self._library, self.label = library, label
        self._session: Session | None = session
        self._cmac = TokenCmac(library.so)
        self._lock = Lock()

    @classmethod
    def open(cls, module: str, label: str, pin: str) -> TokenSession:
        """Log in. The last try of a PIN is never spent here.

        Raises EnvironmentFault token-module, token-missing, token-ambiguous, token-busy, token-pin-locked,
        token-failed; OperatorError token-pin-wrong, token-pin-last-try.
        """
        if not _in_use.acquire(blocking=False):
            raise EnvironmentFault(Code.TOKEN_BUSY, token=label)
        try:
            library = _loaded(module)
            try:
                session = _logged_in(library, label, pin)
                with _translated(label):
                    return cls(library, label, session)
            except VendingError:
                _end(library)
                raise
        except VendingError:
            _in_use.release()
            raise

    @contextmanager
    def call(self) -> Iterator[Session]:
        """The session for one use, by one thread. Raises EnvironmentFault vault-locked, token-missing, token-failed."""
        with self._lock:
            if self._session is None:
                raise EnvironmentFault(Code.VAULT_LOCKED)
            with _translated(self.label):
                yield self._session

    def cmac(self, key: SecretKey, message: bytes) -> bytearray:
        """AES-CMAC under a key of this session: 16 bytes for the caller to wipe. Raises as call."""
        with self.call() as session:
            assert key.handle is not None, "a key in a token has a handle"
            return self._cmac(session.handle, key.handle, message)  # type: ignore[attr-defined]

    def close(self) -> None:
        """Log out and end the module, which forgets what it knew; more than once is harmless."""
        with self._lock:
            if self._session is None:
                return
            self._session = None
            _end(self._library)
            _in_use.release()


def _loaded(module: str) -> Library:
    """The library of the maker, started. The path is never empty: that would look in this program for it."""
    try:
        return pkcs11.lib(module)
    except told.PKCS11Error as cause:
        raise EnvironmentFault(Code.TOKEN_MODULE, module=module, reason=_reason(cause)) from cause


def _logged_in(library: Library, label: str, pin: str) -> Session:
    token = _token(library, label)
    _check_tries(token)
    with _translated(label):
        try:
            # Read and write: a new version is made in the same session, and nothing else is ever written.
            return token.open(rw=True, user_pin=pin)
        except (told.PinIncorrect, told.PinInvalid, told.PinLenRange):
            raise OperatorError(Code.TOKEN_PIN_WRONG, token=label) from None


def _token(library: Library, label: str) -> Token:
    with _translated(label):
        try:
            return library.get_token(token_label=label)
        except told.MultipleTokensReturned as cause:
            raise EnvironmentFault(Code.TOKEN_AMBIGUOUS, token=label) from cause


def _check_tries(token: Token) -> None:
    """Before a PIN is sent: with one try left a slip of the finger locks the keys of the whole office."""
    if TokenFlag.USER_PIN_LOCKED in token.flags:
        raise EnvironmentFault(Code.TOKEN_PIN_LOCKED, token=token.label)
    if TokenFlag.USER_PIN_FINAL_TRY in token.flags:
        raise OperatorError(Code.TOKEN_PIN_LAST_TRY, token=token.label)


@contextmanager
def _translated(label: str) -> Iterator[None]:
    try:
        yield
    except told.PinLocked as cause:
        raise EnvironmentFault(Code.TOKEN_PIN_LOCKED, token=label) from cause
    except _GONE as cause:
        raise EnvironmentFault(Code.TOKEN_MISSING, token=label) from cause
    except told.PKCS11Error as cause:
        raise EnvironmentFault(Code.TOKEN_FAILED, token=label, reason=_reason(cause)) from cause


def _end(library: Library) -> None:
    """A token that was pulled out may refuse even this; there is nothing left to close then."""
    with suppress(told.PKCS11Error):
        library.finalize()


def _reason(cause: told.PKCS11Error) -> str:
    """The library's sentence, else the name of its error: CKR_DEVICE_ERROR is its DeviceError."""
    return str(cause) or type(cause).__name__
