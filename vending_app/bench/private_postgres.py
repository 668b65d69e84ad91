"""A PostgreSQL server of our own: in one folder, on a unix socket, run by a user without rights, gone with us."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from vending_app.bench.private_pcscd import NotPossibleHere

PORT = 5432
"""Only a part of the socket's name: nothing listens on the network."""
START_S = 30
TICK_US = 1_000_000 // os.sysconf("SC_CLK_TCK")
_DEBIAN = Path("/usr/lib/postgresql")


def programs() -> Path:
    """Where Debian keeps the newest server's programs, which are not on anybody's path. Raises NotPossibleHere."""
    found = sorted(_DEBIAN.glob("*/bin"), key=lambda folder: int(folder.parent.name))
    if not found:
        raise NotPossibleHere("PostgreSQL is not installed (the package postgresql).")
    return found[-1]


def unprivileged() -> list[str]:
    """PostgreSQL refuses to run as root; whoever it runs as, it ends with us."""
    if os.geteuid() != 0:
        return ["setpriv", "--pdeathsig", "QUIT"]
    return ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups", "--pdeathsig", "QUIT"]


@dataclass
class PrivatePostgres:
    """A cluster that is started, killed, stopped and put back at will."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url(self, database: str = "postgres", user: str = "postgres") -> str:
        return f"postgresql://{user}@/{database}?host={self.folder}&port={PORT}"

    def make(self) -> None:
        """The files of an empty server."""
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        how = "-U postgres -A trust -E UTF8 --locale=C.UTF-8 -N"
        self.run("initdb", "-D", str(self.data), *how.split())

    def run(self, program: str, *arguments: str) -> str:
        """What one of the server's own programs prints."""
        command = [*unprivileged(), str(programs() / program), *arguments]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=self.folder)
        return done.stdout.decode()

    def start(self) -> None:
        """Start it and wait until it lets somebody in. Raises NotPossibleHere."""
        options = {"listen_addresses": "", "unix_socket_directories": str(self.folder), "max_connections": "60"}
        settings = [f"--{name}={value}" for name, value in (options | dict(self.settings)).items()]
        command = [*unprivileged(), str(programs() / "postgres"), "-D", str(self.data), "-p", str(PORT), *settings]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        asking = [str(programs() / "pg_isready"), "-q", "-h", str(self.folder), "-p", str(PORT), "-U", "postgres"]
        until = time.monotonic() + START_S
        while subprocess.run(asking, check=False).returncode != 0:
            if time.monotonic() > until or self.process is None or self.process.poll() is not None:
                raise NotPossibleHere((self.folder / "log").read_text())
            time.sleep(0.05)

    def send(self, number: signal.Signals) -> None:
        """QUIT is a crash: the server ends at once and recovers from its log when it is started again."""
        assert self.process is not None, "it was started"
        self.process.send_signal(number)

    def crash(self) -> None:
        """End at once, without a word to anybody."""
        self.send(signal.SIGQUIT)
        assert self.process is not None, "it was started"
        self.process.wait(timeout=START_S)

    def processes(self) -> list[int]:
        """The server and all its children, so that it can be made to stand still."""
        assert self.process is not None, "it was started"
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [self.process.pid, *map(int, children.split())]

    def signal_all(self, number: signal.Signals) -> None:
        """To the server and all its children."""
        for process in self.processes():
            with suppress(ProcessLookupError):  # one of a desk that has just left
                os.kill(process, number)

    def cpu_us(self) -> int:
        """Microseconds of processor that the server has used: its own, its children's, and those of children gone."""
        first, *children = self.processes()
        ticks = sum(_ticks(first))
        for child in children:
            with suppress(FileNotFoundError):
                ticks += sum(_ticks(child)[:2])
        return ticks * TICK_US

    def close(self) -> None:
        """Harmless when repeated."""
        if self.process is not None and self.process.poll() is None:
            self.signal_all(signal.SIGCONT)
            self.crash()
        shutil.rmtree(self.folder, ignore_errors=True)  # its last children may still be leaving


def _ticks(process: int) -> tuple[int, ...]:
    """User and system time of a process, and of its children that ended."""
    after_the_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return tuple(map(int, after_the_name[11:15]))


@contextmanager
def private_postgres(settings: Mapping[str, str], *, folder: Path | None = None) -> Iterator[PrivatePostgres]:
    """A new server that runs, in a folder of its own. Raises NotPossibleHere."""
    programs()
    server = PrivatePostgres(Path(tempfile.mkdtemp(prefix="vending-postgres-", dir=folder)), settings)
    try:
        server.make()
        server.start()
        yield server
    finally:
        server.close()
