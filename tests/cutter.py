"""A wire between a desk and its server that can be cut at any message, with the message on either side of the cut."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

REQUEST, ANSWER = "request", "answer"


class Cutter:
    """Forwards to a unix socket; `arm` makes it lose the n-th message of a direction, and the connection with it."""

    def __init__(self, target: Path) -> None:
        self._target = str(target)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._direction, self._left = "", 0
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def has_cut(self) -> bool:
        return self._left == 0

    def arm(self, direction: str, number: int) -> None:
        with self._lock:
            self._direction, self._left = direction, number

    def disarm(self) -> None:
        self.arm("", 0)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                desk, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                try:
                    server.connect(self._target)
                except OSError:
                    desk.close()
                    server.close()
                    continue
                self._open += [desk, server]
                for source, sink, direction in ((desk, server, REQUEST), (server, desk, ANSWER)):
                    threading.Thread(target=self._pump, args=(source, sink, direction), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, direction: str) -> None:
        with suppress(OSError):
            while (data := source.recv(1 << 20)) and not self._is_lost(direction):
                sink.sendall(data)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _is_lost(self, direction: str) -> bool:
        with self._lock:
            if direction != self._direction or self._left == 0:
                return False
            self._left -= 1
            return self._left == 0

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        for end in (self._listener, *self._open):
            end.close()


@contextmanager
def a_cutter(target: Path) -> Iterator[Cutter]:
    cutter = Cutter(target)
    try:
        yield cutter
    finally:
        cutter.close()
