"""A process of its own: 200 sales through a private pcscd; prints the microseconds of each as JSON."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from vending_app.bench.flows import SALES
from vending_app.bench.over_pcscd import VirtualReader
from vending_app.bench.private_pcscd import private_pcscd
from vending_app.bench.speed import time_sales
from vending_app.bench.world import make_world


def main(folder: Path) -> None:
    """Prepare an office in the folder, and sell."""
    with private_pcscd() as service:
        world = make_world(folder)
        SALES[0].prepare(world)
        reader = VirtualReader(service)
        with reader(world.card()) as readers, world.open(readers) as counter:
            times = time_sales(counter, world)
        reader.close()
    sys.stdout.write(json.dumps(times) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
