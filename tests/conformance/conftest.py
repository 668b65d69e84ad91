"""The vectors of the kit, made once."""

from __future__ import annotations

from typing import Any

import pytest

from vending_app.conformance.all_cases import vectors


@pytest.fixture(scope="session")
def told() -> list[dict[str, Any]]:
    return list(vectors())
