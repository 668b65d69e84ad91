"""The verb conformance as a meter maker types it wrong."""

from __future__ import annotations

import pytest

from tests.commands.conftest import Call


@pytest.mark.parametrize("command", ["", " ", '"x'])
def test_a_command_without_words_is_no_meter(call: Call, command: str) -> None:
    """Nor is it the reference meter, which is played where no other is named."""
    called = call("conformance", "run", "--meter", command, "--only", "again")
    assert (called.code, called.refusal) == (2, "usage")
    assert called.answer["error"]["sentence"].startswith("The command of the meter ")


def test_a_meter_that_cannot_be_started_is_a_fault_of_the_environment(call: Call) -> None:
    called = call("conformance", "run", "--meter", "there-is-no-such-meter", "--only", "again")
    assert (called.code, called.refusal) == (3, "meter-silent")
