"""A module that is loaded with the first thing that is asked of it: what a start does not need shall not slow it."""

from __future__ import annotations

import importlib
from typing import Any


class WhenNeeded:
    """Stands for a module of this program until then. A type checker is shown the module itself."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, what: str) -> Any:
        return getattr(importlib.import_module(self._name), what)
