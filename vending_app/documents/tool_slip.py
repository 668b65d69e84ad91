"""The slip of a tool card: what it is for, until when, and that its carrier has it; and when it came back."""

from __future__ import annotations

from dataclasses import dataclass

from vending_app.documents.signed_slip import SignedSlip
from vending_app.domain.ids import masked, spaced
from vending_app.domain.tool_card import ToolIssue


@dataclass
class ToolSlip(SignedSlip):
    """One tool card."""

    issue: ToolIssue

    def draw(self) -> bytes:
        """All of it. The same arguments give the same bytes."""
        words, issue = self.words, self.issue
        draft, number = issue.card.draft, str(issue.card.number)
        title = words.tool_kinds[draft.kind]
        self.banner(0)
        self.head()
        self.title(title, number)
        self.done(draft.at, issue.desk, issue.issuer, issue.approver)
        self.what_for()
        self.came_back()
        self.signature(words.issuer_signed)
        self.signature(words.carrier_signed)
        self.foot(issue.fingerprint)
        return self.pdf(f"{title} {number}")

    # --- the parts from top to bottom ---

    def what_for(self) -> None:
        """Which meters take it, until when, what it tells them, and who answers for it."""
        words, card = self.words, self.issue.card
        draft, mandate = card.draft, card.draft.mandate
        self.row(words.carried_by, card.carrier_name)
        self.row(words.card, masked(draft.write.card))
        if mandate.meter:
            self.row(words.meter, spaced(mandate.meter))
        else:
            self.row(words.area, mandate.area)
        self.row(words.last_day, self.whole_day(mandate.expires_on))
        if draft.limits is not None:
            self.section(words.limits)
            self.limits(draft.limits)
        self.y += 12
        self.remark(words.carrier_answers)

    def came_back(self) -> None:
        """Once it was read in."""
        words, card = self.words, self.issue.card
        if card.read_at is not None:
            self.section(words.came_back)
            self.row(words.read_in, self.moment(card.read_at))
            self.row(words.meters_read, str(card.meters))
