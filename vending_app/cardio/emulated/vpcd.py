"""An emulated card in a virtual PC/SC reader: the card's side of the protocol of vsmartcard's vpcd.

The reader listens on TCP, the card connects. Every message is a length of two bytes, big-endian, and so many bytes.
One byte from the reader is a control: 00 power off, 01 power on, 02 reset, 04 give the answer to reset; anything
longer is a command. Only the answer to reset and commands are answered. An answer of length 0, or
closing the connection, takes the card out.
Source: virtualsmartcard, "API" chapter and vpcd.c (github.com/frankmorgner/vsmartcard).
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from threading import Event

from vending_app.cardio.emulated.software_card import SoftwareCard

POWER_OFF, POWER_ON, RESET, ASK_ATR = 0x00, 0x01, 0x02, 0x04
RETRY_S = 0.2
"""Between two attempts while the reader is not there."""
POLL_S = 0.05
"""How long a stop may go unnoticed while the reader is silent."""
CONNECT_S = 1.0
EMPTY_S = 0.5
"""The service looks for a card every 0.4 s, and takes one that is put in between two looks for the one before."""


def serve(
    host: str, port: int, card: SoftwareCard, stop: Event, *, on_insert: Callable[[], None] | None = None
) -> None:
    """Hold the card in the virtual reader until `stop`, or until a fault throws the card out.

    A reader that is not there yet, or goes away, is waited for. `on_insert` is called at each connection. When this
    returns the service has seen the reader empty, and the next card may be put in.
    """
    was_in = False
    while not stop.is_set() and not card.is_out:
        connection = _connected(host, port)
        if connection is None:
            stop.wait(RETRY_S)
            continue
        was_in = True
        with connection:
            card.power_off()
            if on_insert is not None:
                on_insert()
            _Conversation(connection, card, stop).hold()
        card.power_off()
    if was_in:
        Event().wait(EMPTY_S)


def _connected(host: str, port: int) -> socket.socket | None:
    try:
        connection = socket.create_connection((host, port), timeout=CONNECT_S)
    except OSError:
        return None
    connection.settimeout(POLL_S)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


class _Conversation:
    """One connection, from insertion to removal."""

    def __init__(self, connection: socket.socket, card: SoftwareCard, stop: Event) -> None:
        self._connection = connection
        self._card = card
        self._stop = stop
        self._messages = _Messages(connection)

    def hold(self) -> None:
        """Answer until the reader hangs up, the card is thrown out, or it is taken out."""
        while not self._stop.is_set():
            message = self._messages.next()
            if message is None:
                return
            if message and not self._answer(message):
                return

    def _answer(self, message: bytes) -> bool:
        """Whether there is more to say."""
        if len(message) != 1:
            answer = self._card.exchange(message)
            # The empty answer of a card that left makes the reader hang up.
            return _say(self._connection, _framed(answer)) and bool(answer)
        if message[0] == ASK_ATR:
            return _say(self._connection, _framed(self._card.atr))
        if message[0] in (POWER_OFF, POWER_ON, RESET):
            self._card.power_off()
        return True


def _framed(answer: bytes) -> bytes:
    return len(answer).to_bytes(2, "big") + answer


def _say(connection: socket.socket, message: bytes) -> bool:
    try:
        connection.sendall(message)
    except OSError:
        return False
    return True


class _Messages:
    """Messages from the reader."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._received = b""

    def next(self) -> bytes | None:
        """The next message; empty if none came within POLL_S; None when the reader has hung up."""
        while len(self._received) < 2 or len(self._received) < 2 + self._length:
            acknowledge_at_once(self._connection)
            try:
                piece = self._connection.recv(4096)
            except TimeoutError:
                return b""
            except OSError:
                return None
            if not piece:
                return None
            self._received += piece
        message, self._received = self._received[2 : 2 + self._length], self._received[2 + self._length :]
        return message

    @property
    def _length(self) -> int:
        return int.from_bytes(self._received[:2], "big")


def acknowledge_at_once(connection: socket.socket) -> None:
    """The reader writes length and body apart; a delayed acknowledgement between costs 48 ms a command.

    Linux only, and forgotten by the kernel: it is asked for again before every read.
    """
    if hasattr(socket, "TCP_QUICKACK"):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
