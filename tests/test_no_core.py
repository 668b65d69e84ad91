"""A crash of the program leaves no core file, asked of a real process."""

from __future__ import annotations

import subprocess
import sys

import pytest

ASKING = """
import ctypes, resource
from vending_app.__main__ import main
resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
try:
    main(["--version"])
except SystemExit:
    pass
PR_GET_DUMPABLE = 3
print(*resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(PR_GET_DUMPABLE, 0, 0, 0, 0))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asked by prctl")
def test_the_program_leaves_no_core() -> None:
    ran = subprocess.run([sys.executable, "-c", ASKING], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[-1] == "0 0 0"
