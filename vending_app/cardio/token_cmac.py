"""AES-CMAC by a token, answered straight into memory that can be wiped.

python-pkcs11 hands an answer out as `bytes` and frees the buffer it came in as it is; of a derived key that is a copy
which nobody can overwrite. So the two calls whose answer is a key, C_SignInit and C_Sign, are made here, on the session
and the key that the library opened. Structures: OASIS PKCS #11 v2.40, chapters 2 and 3.
"""

from __future__ import annotations

import ctypes
import os

from pkcs11 import Mechanism
from pkcs11 import exceptions as told

ANSWER_SIZE = 16
_PACKED = 1 if os.name == "nt" else 0
"""The standard packs its structures on Windows alone."""
_FUNCTIONS = 68
_SIGN_INIT, _SIGN = 42, 43
"""Places in the list of functions, which every module of version 2 has in this order."""
_OK = 0
_ERRORS: dict[int, type[told.PKCS11Error]] = {
    0x30: told.DeviceError,
    0x32: told.DeviceRemoved,
    0x60: told.KeyHandleInvalid,
    0x68: told.FunctionRejected,
    0x70: told.MechanismInvalid,
    0x82: told.ObjectHandleInvalid,
    0xB0: told.SessionClosed,
    0xB3: told.SessionHandleInvalid,
    0xE0: told.TokenNotPresent,
    0xE1: told.TokenNotRecognised,
    0x101: told.UserNotLoggedIn,
}
"""What a signature may be refused with, in the library's names; anything else is a general failure."""


class _Mechanism(ctypes.Structure):
    _pack_ = _PACKED
    _fields_ = (
        ("mechanism", ctypes.c_ulong),
        ("parameter", ctypes.c_void_p),
        ("parameter_size", ctypes.c_ulong),
    )


class _FunctionList(ctypes.Structure):
    _pack_ = _PACKED
    _fields_ = (("version", ctypes.c_ubyte * 2), ("functions", ctypes.c_void_p * _FUNCTIONS))


_SignInit = ctypes.CFUNCTYPE(ctypes.c_ulong, ctypes.c_ulong, ctypes.POINTER(_Mechanism), ctypes.c_ulong)
_Sign = ctypes.CFUNCTYPE(
    ctypes.c_ulong,
    ctypes.c_ulong,
    ctypes.c_char_p,
    ctypes.c_ulong,
    ctypes.POINTER(ctypes.c_ubyte),
    ctypes.POINTER(ctypes.c_ulong),
)


class TokenCmac:
    """The calls of one module, which python-pkcs11 has loaded and started."""

    def __init__(self, module: str) -> None:
        found = ctypes.POINTER(_FunctionList)()
        _check(ctypes.CDLL(module).C_GetFunctionList(ctypes.byref(found)))
        functions = found.contents.functions
        self._init = _SignInit(functions[_SIGN_INIT])
        self._sign = _Sign(functions[_SIGN])

    def __call__(self, session: int, key: int, message: bytes) -> bytearray:
        """AES-CMAC of the message, 16 bytes; by one thread at a time. Raises PKCS11Error."""
        _check(self._init(session, _Mechanism(Mechanism.AES_CMAC.value, None, 0), key))
        answer, size = bytearray(ANSWER_SIZE), ctypes.c_ulong(ANSWER_SIZE)
        into = (ctypes.c_ubyte * ANSWER_SIZE).from_buffer(answer)
        _check(self._sign(session, message, len(message), into, size))
        if size.value != ANSWER_SIZE:
            raise told.SignatureLenRange
        return answer


def _check(returned: int) -> None:
    if returned != _OK:
        raise _ERRORS.get(returned, told.GeneralError)(f"CKR {returned:#x}")
