"""A process of its own: plays one share of the cases over a private pcscd."""

from __future__ import annotations

import sys
from pathlib import Path

from vending_app.bench.over_pcscd import play

if __name__ == "__main__":
    play(Path(sys.argv[1]))
