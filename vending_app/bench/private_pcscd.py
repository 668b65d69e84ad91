"""A real pcscd with a virtual reader, private to one process: own mounts, own network, own /run, a free port.

    python -m vending_app.bench.private_pcscd -- COMMAND …

runs a command inside; it finds the port of the virtual reader in VPCD_PORT. Needs Linux, root, and the packages
pcscd and vsmartcard-vpcd. Nothing of it is seen outside, and everything ends with the process.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Lock

PORT_VARIABLE = "VPCD_PORT"
DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so.0.8")
PCSCD = Path("/usr/sbin/pcscd")
DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL")
"""Also when we are killed: nobody else would end what runs in these namespaces."""
SOCKET = Path("/run/pcscd/pcscd.comm")
READER_NAME = "Virtual PCD"
START_TIMEOUT_S = 10

_CLONE_NEWNS = 0x00020000
_CLONE_NEWNET = 0x40000000
_MS_REC_PRIVATE = 0x4000 | 0x40000


class NotPossibleHere(Exception):
    """This machine cannot run the private service; the text says what is missing."""


class PrivatePcscd:
    """The service and its virtual reader. Starts and ends it; each start uses the same port."""

    def __init__(self, directory: Path, port: int) -> None:
        self._directory = directory
        self.port = port
        self.reader = READER_NAME
        """What the service calls its reader; empty for none. It counts from the next start."""
        self._process: subprocess.Popen[bytes] | None = None
        self._whole = Lock()
        """A card kills the service from its own thread; whoever lost the service then may start it at once."""
        self.has_reader = False

    def start(self, *, with_reader: bool = True) -> None:
        """Start the service, as if its reader were unplugged if so asked, and wait until it can be asked.

        Raises NotPossibleHere.
        """
        with self._whole:
            self._start(with_reader=with_reader)

    def _start(self, *, with_reader: bool) -> None:
        self.has_reader = with_reader and bool(self.reader)
        plugged = (
            f'FRIENDLYNAME "{self.reader}"\nDEVICENAME /dev/null:0x{self.port:04X}\n'
            f"LIBPATH {DRIVER}\nCHANNELID 0x{self.port:04X}\n"
        )
        (self._directory / "vpcd").write_text(plugged if self.has_reader else "")
        SOCKET.unlink(missing_ok=True)
        (SOCKET.parent / "pcscd.pid").unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [*DIES_WITH_US, PCSCD, "-f", "-c", self._directory], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        _wait_for(self._is_ready)

    @property
    def is_running(self) -> bool:
        return self._process is not None

    def kill(self) -> None:
        """As if it crashed."""
        with self._whole:
            if self._process is not None:
                self._process.kill()
                self._process.wait()
                self._process = None
                self.has_reader = False

    def freeze(self) -> None:
        """As if it hung: it holds its connections and answers nothing until `thaw`.

        Returns when all of its threads stand still; until then one of them may answer for a while.
        """
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        os.waitpid(self._process.pid, os.WUNTRACED)

    def thaw(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def _is_ready(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            raise NotPossibleHere("pcscd ended at once")
        return SOCKET.exists() and (not self.has_reader or _is_listening(self.port))


@contextmanager
def private_pcscd() -> Iterator[PrivatePcscd]:
    """Enter the namespaces in this process, for good, and run the service. Raises NotPossibleHere."""
    require_possible()
    enter_namespaces()
    with tempfile.TemporaryDirectory(prefix="pcscd-") as directory:
        service = PrivatePcscd(Path(directory), free_port())
        service.start()
        try:
            yield service
        finally:
            service.kill()


def require_possible() -> None:
    """Raises NotPossibleHere, naming the first thing that is missing."""
    if not sys.platform.startswith("linux"):
        raise NotPossibleHere("Linux only")
    if os.geteuid() != 0:
        raise NotPossibleHere("needs root")
    for needed in (PCSCD, DRIVER):
        if not needed.exists():
            raise NotPossibleHere(f"{needed} is not installed")


def enter_namespaces() -> None:
    """Own mounts and own network for this process and its children; an empty /run; loopback up."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNS | _CLONE_NEWNET):
        raise NotPossibleHere(f"unshare: {os.strerror(ctypes.get_errno())}")
    _mount(libc, b"none", b"/", None, _MS_REC_PRIVATE)
    _mount(libc, b"tmpfs", b"/run", b"tmpfs", 0)
    SOCKET.parent.mkdir()
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


def _mount(libc: ctypes.CDLL, source: bytes, target: bytes, kind: bytes | None, flags: int) -> None:
    if libc.mount(source, target, kind, ctypes.c_ulong(flags), None):
        raise NotPossibleHere(f"mount {target.decode()}: {os.strerror(ctypes.get_errno())}")


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _is_listening(port: int) -> bool:
    """Asked of the kernel's table: a trial connection would be taken for a card."""
    wanted = f":{port:04X} "
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return any(wanted in line.split("rem")[0][:30] and line.split()[3] == "0A" for line in lines)


def _wait_for(is_so: Callable[[], bool]) -> None:
    tick = Event()
    for _ in range(START_TIMEOUT_S * 100):
        if is_so():
            return
        tick.wait(0.01)
    raise NotPossibleHere("pcscd did not come up")


def main(arguments: Sequence[str]) -> int:
    """Run the command after `--` inside; its exit code is ours."""
    command = list(arguments[1:]) if arguments[:1] == ["--"] else list(arguments)
    if not command:
        print("usage: python -m vending_app.bench.private_pcscd -- COMMAND …", file=sys.stderr)  # noqa: T201
        return 2
    with private_pcscd() as service:
        environment = {**os.environ, PORT_VARIABLE: str(service.port)}
        return subprocess.run([*DIES_WITH_US, *command], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
