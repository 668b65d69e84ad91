"""An emulated card in a virtual PC/SC reader: the card's side of the protocol of vsmartcard's vpcd.

The reader listens on TCP, the card connects. Every message is a length of two bytes, big-endian, and so many bytes.
One byte from the reader is a control: 00 power off, 01 power on, 02 reset, 04 give the answer to reset; anything
longer is a command. Only the answer to reset and commands are answered. Closing the connection takes the card out.
Source: virtualsmartcard, "API" chapter and vpcd.c (github.com/frankmorgner/vsmartcard).
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from threading import Event

from vending_app.cardio.emulated.card import ANSWER_TO_RESET, EmulatedCard

POWER_OFF, POWER_ON, RESET, ASK_ATR = 0x00, 0x01, 0x02, 0x04
RETRY_S = 0.2
"""Between two attempts while the reader is not there."""
POLL_S = 0.2
"""How long a stop may go unnoticed while the reader is silent."""


def serve(
    host: str, port: int, card: EmulatedCard, stop: Event, *, on_insert: Callable[[], None] | None = None
) -> None:
    """Hold the card in the virtual reader until `stop`, or until a fault throws the card out.

    A reader that is not there yet, or goes away, is waited for. `on_insert` is called at each connection.
    """
    while not stop.is_set() and not card.is_out:
        try:
            connection = socket.create_connection((host, port), timeout=POLL_S)
        except OSError:
            stop.wait(RETRY_S)
            continue
        with connection:
            card.power_off()
            if on_insert is not None:
                on_insert()
            _serve_connection(connection, card, stop)
        card.power_off()


def _serve_connection(connection: socket.socket, card: EmulatedCard, stop: Event) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    reader = _Messages(connection, stop)
    while not card.is_out and (message := reader.next()) is not None:
        answer = _answer(card, message)
        if answer and not _send(connection, answer):
            return


def _answer(card: EmulatedCard, message: bytes) -> bytes:
    """What goes back; nothing for a control without answer, nor from a card that left."""
    if len(message) != 1:
        return card.exchange(message)
    if message[0] == ASK_ATR:
        return ANSWER_TO_RESET
    if message[0] in (POWER_OFF, POWER_ON, RESET):
        card.power_off()
    return b""


def _send(connection: socket.socket, answer: bytes) -> bool:
    try:
        connection.sendall(len(answer).to_bytes(2, "big") + answer)
    except OSError:
        return False
    return True


class _Messages:
    """Messages from the reader, until it or we end."""

    def __init__(self, connection: socket.socket, stop: Event) -> None:
        self._connection = connection
        self._stop = stop

    def next(self) -> bytes | None:
        """The next message, or None when there will be none."""
        length = self._exactly(2)
        return self._exactly(int.from_bytes(length, "big")) if length is not None else None

    def _exactly(self, count: int) -> bytes | None:
        """So many bytes."""
        received = b""
        while len(received) < count:
            piece = self._piece(count - len(received))
            if not piece:
                return None
            received += piece
        return received

    def _piece(self, count: int) -> bytes:
        """At least one byte, or none when it is over."""
        while not self._stop.is_set():
            self._acknowledge_at_once()
            try:
                return self._connection.recv(count)
            except TimeoutError:
                continue
            except OSError:
                return b""
        return b""

    def _acknowledge_at_once(self) -> None:
        """The reader writes length and body apart; a delayed acknowledgement between costs 48 ms a command.

        Linux only, and forgotten by the kernel: it is asked for again before every read.
        """
        if hasattr(socket, "TCP_QUICKACK"):
            self._connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
