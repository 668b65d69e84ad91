"""Tool cards on the command line, as far as no reader is needed; the round itself is in the loop over a real pcscd."""

from __future__ import annotations

import pytest

from tests.commands.conftest import Call

CHECK = ("tool", "issue", "check")


def test_nothing_was_issued_yet(office: Call) -> None:
    listed = office("tool", "list").answer
    assert (listed["cards"], listed["areas"]) == ([], [])
    assert sorted(listed["carriers"]) == ["admin", "supervisor", "technician"]
    office("supply", "area", "N-3", "--name", "North 3")
    office("supply", "area", "NORTHERN-3", "--name", "Too long for a card")
    assert office("tool", "list").answer["areas"] == ["N-3"]


@pytest.mark.parametrize(
    "words",
    [
        (*CHECK,),
        (*CHECK, "--area", "N-3", "--meter", "000012345678"),
        ("tool", "issue", "clear", "--area", "N-3"),
        (*CHECK, "--area", "N-3", "--overload", "4"),
        (*CHECK, "--area", "N-3", "--id", "short"),
        ("tool", "issue", "user", "--area", "N-3"),
    ],
)
def test_what_does_not_belong_together_is_a_slip_of_the_line(office: Call, words: tuple[str, ...]) -> None:
    assert office(*words).refusal == "usage"


def test_what_is_refused_before_the_card_is_looked_at(office: Call) -> None:
    assert office("tool", "show", "1").refusal == "tool-card-unknown"
    assert office("tool", "list", "--operator", "cashier").refusal == "permission-denied"
    parameter = ("tool", "issue", "parameter", "--area", "N-3", "--alarm-1", "30")
    assert office(*parameter).refusal == "approval-needed"
    assert office(*CHECK, "--area", "N-3", PCSCLITE_CSOCK_NAME="/nonexistent").refusal == "pcsc-no-service"
