"""The stages of a sale, known to keys and status bar without the page that shows them."""

from __future__ import annotations

from enum import Enum


class Stage(Enum):
    """Where the counter stands."""

    EMPTY = "empty"
    TRIAL = "trial"
    READY = "ready"
    REFUSED = "refused"
    WRITING = "writing"
    DONE = "done"
    TORN = "torn"
    FINISH = "finish"
    """The card of an interrupted sale is in the reader."""
    STOPPED = "stopped"
