from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.desk_of import DeskOf, a_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[DeskOf]:
    with a_desk(tmp_path) as made:
        yield made
