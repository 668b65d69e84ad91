"""The parts of the page Office, and what is told beside each. No Qt here."""

from __future__ import annotations

from enum import StrEnum


class Part(StrEnum):
    """What of the rules is shown."""

    PAPERS = "papers"
    LIMITS = "limits"
    APPROVALS = "approvals"
    DESKS = "desks"
    CALENDAR = "calendar"
    CHANGES = "changes"


TABS = {
    Part.PAPERS: "Papers",
    Part.LIMITS: "Limits",
    Part.APPROVALS: "Approvals",
    Part.DESKS: "Desks",
    Part.CALENDAR: "Calendar",
    Part.CHANGES: "Changes",
}
ABOUT: dict[Part, tuple[str, tuple[str, ...]]] = {
    Part.LIMITS: (
        "Nobody is stopped",
        (
            "A limit tells somebody something. It never refuses a sale.",
            "Cash is asked for on the sell page and on the shift page, until some of it was brought to the safe.",
            "When a desk locks itself, and whether its drawer is counted blind, is the same at all desks.",
        ),
    ),
    Part.APPROVALS: (
        "Only ever stricter",
        (
            "What the table of permissions forbids stays forbidden, and what needs an approval there needs one here.",
            "Marked with two people, an act asks for a supervisor or an administrator before it is done, on its page"
            " and in the books.",
            "A sale never waits for a second person.",
            "Space or Enter marks a line.",
        ),
    ),
    Part.CALENDAR: (
        "Days off are not odd",
        (
            "A desk is silent when it wrote nothing on seven working days.",
            "A day off is left out of what is usual for its weekday.",
        ),
    ),
}
