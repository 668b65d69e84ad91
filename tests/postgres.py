"""A PostgreSQL server of the tests' own: in a temporary folder, on a unix socket, run by a user without rights."""

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
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

PORT = 5432
"""Only a part of the socket's name: nothing listens on the network."""
QUICK = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}
"""For tests that are not about what a crash leaves."""


def programs() -> Path:
    """Where Debian keeps the newest server's programs, which are not on anybody's path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    assert found, "the package postgresql of installer/packages-test.txt is missing"
    return found[-1]


def unprivileged() -> list[str]:
    """PostgreSQL refuses to run as root; whoever it runs as, it ends with the tests."""
    if os.geteuid() != 0:
        return ["setpriv", "--pdeathsig", "QUIT"]
    return ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups", "--pdeathsig", "QUIT"]


@dataclass
class Server:
    """A cluster that is started, killed, stopped and put back at will."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=lambda: QUICK)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    process: subprocess.Popen[bytes] | None = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def url(self, database: str = "postgres", user: str = "postgres") -> str:
        return f"postgresql://{user}@/{database}?host={self.folder}&port={PORT}"

    def make(self) -> None:
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        command = [
            "initdb",
            "-D",
            str(self.data),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "-N",
        ]
        self._run(*command)

    def _run(self, program: str, *arguments: str) -> None:
        command = [*unprivileged(), str(programs() / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.folder)

    def start(self) -> None:
        options = {"listen_addresses": "", "unix_socket_directories": str(self.folder), "max_connections": "60"}
        settings = [f"--{name}={value}" for name, value in (options | dict(self.settings)).items()]
        command = [*unprivileged(), str(programs() / "postgres"), "-D", str(self.data), "-p", str(PORT), *settings]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.url(), connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                assert time.monotonic() < until, (self.folder / "log").read_text()
                time.sleep(0.05)

    def send(self, number: signal.Signals) -> None:
        """QUIT is a crash: the server ends at once and recovers from its log when it is started again."""
        assert self.process is not None
        self.process.send_signal(number)

    def crash(self) -> None:
        self.send(signal.SIGQUIT)
        assert self.process is not None
        self.process.wait(timeout=30)

    def processes(self) -> list[int]:
        """The server and all its children, so that it can be made to stand still."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [self.process.pid, *map(int, children.split())]

    def signal_all(self, number: signal.Signals) -> None:
        for process in self.processes():
            with suppress(ProcessLookupError):  # one of a desk that has just left
                os.kill(process, number)

    def run_sql(self, sql: str, *, database: str = "postgres") -> list[tuple[Any, ...]]:
        """As the superuser."""
        with psycopg.connect(make_conninfo(self.url(database)), autocommit=True) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def database(self) -> Iterator[str]:
        """A database of one test, which takes 7 MB while it is there."""
        name = f"office{next(self.numbers)}"
        self.run_sql(f"CREATE DATABASE {name}")
        yield name
        self.run_sql(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.signal_all(signal.SIGCONT)
            self.crash()
        shutil.rmtree(self.folder, ignore_errors=True)  # its last children may still be leaving


@contextmanager
def a_server(settings: Mapping[str, str] = QUICK) -> Iterator[Server]:
    server = Server(Path(tempfile.mkdtemp(prefix="vending-postgres-")), settings)
    try:
        server.make()
        server.start()
        yield server
    finally:
        server.close()
