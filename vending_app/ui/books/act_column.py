"""The place of a page where acts are filled in, approved and done; what is there otherwise is the page's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from vending_app.domain.errors import Code, VendingError
from vending_app.domain.people import Operator
from vending_app.ports.progress import WriteShare
from vending_app.services.people_cases import Approved, GrantApproval
from vending_app.ui.books.act_card import ActCard
from vending_app.ui.books.approval_card import ApprovalCard, approvers_for
from vending_app.ui.books.ask import Ask, Deed
from vending_app.ui.bridge import Failed, Finished
from vending_app.ui.theme import Look

ASK_AGAIN = frozenset({Code.APPROVAL_NEEDED, Code.APPROVAL_EXPIRED, Code.APPROVAL_USED, Code.APPROVAL_OTHER})
"""Then the same request is put before somebody who may approve it."""


class ActColumn(QWidget):
    """Signals: asked(object) — a use case for the desk; done(Finished) — the act is done;
    failed(Failed) — refused for another reason than a missing approval; left() — back to what was there before;
    moved() — another card stands here."""

    asked = Signal(object)
    done = Signal(object)
    failed = Signal(object)
    left = Signal()
    moved = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.operator: Operator | None = None
        self.people: tuple[Operator, ...] = ()
        self.deed: Deed | None = None
        """What is being asked for, until it is answered."""
        self._search: object = None
        """The last one that was asked for: the answers to those before it come too late."""
        self._homes: list[QWidget] = []
        self.home: QWidget | None = None
        self._card: ActCard | None = None
        self._approval: ApprovalCard | None = None

    @property
    def card(self) -> ActCard:
        """Where an act is filled in; made with the first one, because most pages of a day see none."""
        if self._card is None:
            self._card = ActCard(self.look, self)
            self._put_aside(self._card)
            self._card.filled.connect(self._on_filled)
            self._card.searched.connect(self._on_searched)
            self._card.left.connect(self.leave)
        return self._card

    @property
    def approval(self) -> ApprovalCard:
        """Where somebody gives his word; made when the first one is needed."""
        if self._approval is None:
            self._approval = ApprovalCard(self.look, self)
            self._put_aside(self._approval)
            self._approval.asked.connect(self._on_approver)
            self._approval.left.connect(self._on_not_approved)
        return self._approval

    def _put_aside(self, card: QWidget) -> None:
        card.hide()
        card.setGeometry(self.rect())

    @property
    def _cards(self) -> list[QWidget]:
        """What was needed so far."""
        return [card for card in (self._card, self._approval) if card is not None]

    def add_home(self, widget: QWidget) -> None:
        """Something that may stand here while no act is filled in; the first one does."""
        widget.setParent(self)
        self._homes.append(widget)
        self.home = self.home or widget
        widget.setVisible(widget is self.home)

    def show_people(self, operator: Operator | None, people: Sequence[Operator]) -> None:
        """Who asks, and who is known here."""
        self.operator, self.people = operator, tuple(people)

    @property
    def is_home(self) -> bool:
        """Nothing is being filled in."""
        return all(card.isHidden() for card in self._cards)

    def go_home(self, home: QWidget | None = None) -> None:
        """Show what stands here otherwise."""
        self.home = home or self.home
        self.deed = None
        if self._card is not None:
            self._card.ask = None
            self._card.forget()
        self._show(self.home)

    def open(self, ask: Ask) -> None:
        """Begin an act."""
        self.deed = None
        self._show(self.card)
        self.card.show_ask(ask)

    def _on_filled(self, made: Deed | Ask) -> None:
        """One step is filled in: the next one, or the desk is asked."""
        if isinstance(made, Ask):
            self.open(made)
        else:
            self.submit(made)

    def _on_searched(self, use_case: object) -> None:
        self._search = use_case
        self.asked.emit(use_case)

    def submit(self, deed: Deed) -> None:
        """Ask the desk for it."""
        self.deed = deed
        self.asked.emit(deed.request)

    def leave(self) -> bool:
        """Esc: one step back. Returns whether there was one."""
        if self.is_home:
            return False
        if self.deed is not None and self.approval.isHidden():
            return True  # the desk is at it: what was asked is waited for
        if not self.approval.isHidden() and self.card.ask is not None:
            self._on_not_approved()
        else:
            self.go_home()
            self.left.emit()
        return True

    def forget_secret(self) -> None:
        """The desk is left: nothing half typed stays for the next one."""
        if self._approval is not None:
            self._approval.forget()
        if self._card is not None:
            self._card.forget()

    def show_progress(self, step: str | WriteShare) -> None:
        """The desk writes a card: for what was asked here, if anything was."""
        if self.deed is not None and self._card is not None and not self._card.isHidden():
            self._card.show_progress(step)

    # --- what the desk answers --------------------------------------------------------------------------

    def awaits(self, use_case: object) -> bool:
        """Whether this is what was asked here, a search for it, or the approval of it."""
        if self._search is not None and use_case is self._search:
            return True
        request = use_case.request if isinstance(use_case, GrantApproval) else use_case
        return self.deed is not None and self.deed.request is request

    def take(self, done: Finished) -> None:
        """It was done; or something was found for it; or it is approved, and asked again."""
        if done.use_case is self._search:
            self._search = None
            self.card.show_found(done.answer)
            return
        if isinstance(done.answer, Approved) and self.deed is not None:
            request: Any = self.deed.request
            self.approval.forget()
            self._show(self.card if self.card.ask is not None else self.home)
            self.submit(replace(self.deed, request=replace(request, approval=done.answer.id)))
            return
        self.deed = None
        self.done.emit(done)

    def refuse(self, failed: Failed) -> None:
        """It was refused: ask for approval, or say why."""
        error = failed.error
        if isinstance(failed.use_case, GrantApproval):
            self.approval.show_trouble(error)
        elif error.code in ASK_AGAIN and self.deed is not None:
            self._ask_approval(self.deed)
        else:
            self.deed = None
            self.show_trouble(error)
            self.failed.emit(failed)

    def show_trouble(self, error: VendingError) -> None:
        """Say it where it was filled in."""
        if not self.card.isHidden():
            self.card.show_trouble(error)

    def _ask_approval(self, deed: Deed) -> None:
        self.card.set_resting(False)
        self._show(self.approval)
        self.approval.show_deed(deed, approvers_for(self.people, self.operator, deed.request))

    def _on_approver(self, request: GrantApproval) -> None:
        self.asked.emit(request)

    def _on_not_approved(self) -> None:
        self.approval.forget()
        if self.card.ask is None:
            self.go_home()
            self.left.emit()
            return
        self.deed = None
        self.card.set_resting(False)
        self._show(self.card)
        self.card.begin()

    # --- places -----------------------------------------------------------------------------------------

    def _show(self, shown: QWidget | None) -> None:
        for widget in (*self._homes, *self._cards):
            widget.setVisible(widget is shown)
        self.moved.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        for widget in (*self._homes, *self._cards):
            widget.setGeometry(self.rect())
