"""Tool cards at the desk (row T3): issued for the field, and read in when they come back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from vending_app.domain.card import CardHeader, CardImage, CardKind, CardWrite, ImageState
from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, EnvironmentFault, OperatorError, OutcomeUnknown, VendingError
from vending_app.domain.field_reading import FieldReading
from vending_app.domain.ids import CardNo, MeterNo, OperatorName
from vending_app.domain.people import Operator, Role, SupplyState
from vending_app.domain.records import MeterState
from vending_app.domain.tool_card import (
    OF_ONE_METER,
    TOOL_KINDS,
    Limits,
    Mandate,
    NewKeys,
    RecordPlace,
    ToolCard,
    ToolContent,
    ToolDraft,
    fits_tool_card,
)
from vending_app.ports import CardCodec, CardSession, Clock, KeyVault, Ledger, Progress
from vending_app.ports.progress import told_to
from vending_app.services import tool_cases as ask
from vending_app.services.meter_keys import known_to_all, known_to_one
from vending_app.services.supply_desk import require_sound

CARRIERS = frozenset({Role.TECHNICIAN, Role.SUPERVISOR, Role.ADMINISTRATOR})
"""Who may carry a tool card."""
SERVED = frozenset({SupplyState.PREPARED, SupplyState.OPEN, SupplyState.SUSPENDED})
"""In which its meter is up."""


@dataclass(frozen=True, slots=True)
class ToolDesk:
    """One desk's hand on tool cards."""

    ledger: Ledger
    codec: CardCodec
    vault: KeyVault
    clock: Clock

    # --- issuing ----------------------------------------------------------------------------------------

    def issue(
        self, session: CardSession, command: ask.IssueToolCard, *, operator: Operator, progress: Progress
    ) -> ask.ToolIssued:
        """Mandate durable, then written and proved; asked again with the same id, the identical bytes are finished.

        Raises OperatorError card-not-blank, card-not-tool, tool-card-unread, tool-area-refused, area-unknown,
        meter-unknown, operator-unknown, record-refused, sale-id-reused, tool-keys-known;
        OutcomeUnknown tool-card-in-doubt.
        """
        known = self.ledger.tool_by_id(command.id)
        if known is not None and known.draft.request != tool_request(command):
            raise OperatorError(Code.SALE_ID_REUSED, sale=command.id)
        if known is not None and known.is_written:
            return ask.ToolIssued(known, was_repeated=True)
        if known is not None:
            return ask.ToolIssued(self._finish(session, known, progress=progress))
        self._require_sound(command)
        draft = self._draft(self._free_card(session), command, operator)
        # Whatever a chip can refuse it refuses here, before a number is used up.
        session.unlock(draft.write)
        return ask.ToolIssued(self._write(session, self.ledger.issue_tool(draft), progress=progress))

    def _require_sound(self, command: ask.IssueToolCard) -> None:
        if command.kind not in TOOL_KINDS or (command.kind is CardKind.PARAMETER) is (command.limits is None):
            raise OperatorError(Code.RECORD_REFUSED, field="limits")
        if not 1 <= command.days <= ask.LONGEST_DAYS:
            raise OperatorError(Code.RECORD_REFUSED, field="days")
        if command.limits is not None:
            require_sound(command.limits)
        if command.kind in OF_ONE_METER:
            self._require_meter(command.meter)
        else:
            self._require_area(command.area)
        if command.kind is CardKind.KEY and self.vault.others:
            # The newest that is in use here may not be the newest of the office.
            raise EnvironmentFault(Code.KEY_OTHER, key_version=self.vault.others[-1])
        if command.kind is CardKind.KEY and self.vault.key_version == self._key_version(command):
            raise OperatorError(Code.TOOL_KEYS_KNOWN, key_version=self.vault.key_version)

    def _key_version(self, command: ask.IssueToolCard) -> int:
        """One that the meter proved, where there is one meter; a card for many is made under what every meter has."""
        if command.kind in OF_ONE_METER and command.meter is not None:
            return known_to_one(self.vault, self.ledger, command.meter)
        return known_to_all(self.vault)

    def _require_meter(self, meter: MeterNo | None) -> None:
        state = self.ledger.meter_state(meter) if meter else None
        if meter is None or state is None:
            raise OperatorError(Code.METER_UNKNOWN, meter=meter or "")
        if state is MeterState.STOCK:
            raise OperatorError(Code.RECORD_REFUSED, field="meter-in-stock")

    def _require_area(self, area: str) -> None:
        if not any(known.code == area for known in self.ledger.areas()):
            raise OperatorError(Code.AREA_UNKNOWN, area=area)
        if not fits_tool_card(area):
            raise OperatorError(Code.TOOL_AREA_REFUSED, area=area)

    def _free_card(self, session: CardSession) -> CardNo:
        """The number of the card in the reader, if nothing on it is lost; a blank one gets the next number."""
        card = self._number_on(session.read())
        # A number that is given is used up, whatever the chip says then.
        session.require_tries()
        return card or self.ledger.new_card_number()

    def _number_on(self, image: CardImage) -> CardNo | None:
        """None for a blank card."""
        if image.state is ImageState.UNREADABLE:
            raise OperatorError(Code.CARD_UNREADABLE)
        if image.state is ImageState.BLANK:
            return None
        if image.state is ImageState.FOREIGN or image.header is None:
            raise OperatorError(Code.CARD_NOT_BLANK)
        if image.tool is None:
            raise OperatorError(Code.CARD_NOT_TOOL)
        self._require_read_in(image.tool)
        return image.header.card

    def _require_read_in(self, tool: ToolContent) -> None:
        if tool.mandate is None:
            return
        known = {reading.record for reading in self.ledger.field_readings(tool.mandate.number)}
        if any(place.raw not in known for place in tool.records):
            raise OperatorError(Code.TOOL_CARD_UNREAD, mandate=tool.mandate.number)

    def _draft(self, card: CardNo, command: ask.IssueToolCard, operator: Operator) -> ToolDraft:
        carrier = self._carrier(command.carrier or operator.name)
        mandate = Mandate(
            number=self.ledger.new_mandate_number(),
            area="" if command.kind in OF_ONE_METER else command.area,
            meter=command.meter if command.kind in OF_ONE_METER else None,
            expires_on=self.today() + timedelta(days=command.days - 1),
            carrier=self.ledger.carrier_number(carrier),
            key_version=self._key_version(command),
        )
        new_keys = self._new_keys(command)
        return ToolDraft(
            id=command.id,
            request=tool_request(command),
            kind=command.kind,
            mandate=mandate,
            limits=command.limits,
            carrier=carrier,
            issued_by=operator.name,
            write=self._card_write(card, command.kind, mandate, command.limits, new_keys),
            at=self.clock(),
            new_keys=new_keys,
        )

    def _new_keys(self, command: ask.IssueToolCard) -> NewKeys | None:
        """The newest, with the key of the area that the meter serves, if it fits a tool card."""
        if command.kind is not CardKind.KEY or command.meter is None:
            return None
        lines = self.ledger.find_supplies(command.meter)
        served = next((line.number for line in lines if line.meter == command.meter and line.state in SERVED), None)
        area = self.ledger.supply(served, today=self.today()).area if served else ""
        return NewKeys(self.vault.key_version, area if fits_tool_card(area) else "")

    def _carrier(self, name: OperatorName) -> OperatorName:
        found = self.ledger.operator(name)
        if found is None or not found.is_active or found.role not in CARRIERS:
            raise OperatorError(Code.OPERATOR_UNKNOWN, name=name)
        return found.name

    def _card_write(
        self, card: CardNo, kind: CardKind, mandate: Mandate, limits: Limits | None, new_keys: NewKeys | None
    ) -> CardWrite:
        header = CardHeader(kind, self.ledger.office().utility, card, mandate.key_version)
        return CardWrite(
            card=card,
            record=self.codec.encode_mandate(kind, mandate, card=card, limits=limits, new_keys=new_keys),
            header=self.codec.encode_header(header),
            key_version=mandate.key_version,
        )

    def _finish(self, session: CardSession, tool: ToolCard, *, progress: Progress) -> ToolCard:
        """The identical bytes again, or nothing if they are there already. Raises tool-card-issued-anew."""
        if not tool.is_newest:
            raise OperatorError(Code.TOOL_CARD_ISSUED_ANEW, mandate=tool.number)
        if session.carries(tool.draft.write):
            return self._written(tool)
        session.unlock(tool.draft.write)
        return self._write(session, tool, progress=progress)

    def _write(self, session: CardSession, tool: ToolCard, *, progress: Progress) -> ToolCard:
        try:
            progress("writing")
            session.write(tool.draft.write, told=told_to(progress))
            progress("checking")
            session.verify(tool.draft.write)
        except VendingError as cause:
            raise OutcomeUnknown(Code.TOOL_CARD_IN_DOUBT, mandate=tool.number, cause=cause.code.value) from cause
        return self._written(tool)

    def _written(self, tool: ToolCard) -> ToolCard:
        self.ledger.tool_written(tool.number, at=self.clock())
        return replace(tool, is_written=True)

    # --- reading in -------------------------------------------------------------------------------------

    def read(self, session: CardSession, *, progress: Progress) -> ask.ToolRead:
        """Every proved record into the books, each once.

        Raises OperatorError card-not-tool, tool-card-torn, tool-card-unknown, and what finishing an issue raises.
        """
        image = session.read()
        waiting = self._waiting(image)
        if waiting is not None:
            return ask.ToolRead(self._finish(session, waiting, progress=progress), (), was_finished=True)
        tool, content = self._known(image)
        before = self._removed(tool)
        fresh = [found for place in content.records if (found := self._take(tool, place)).is_new]
        self.ledger.tool_read(tool.number, at=self.clock())
        is_stocked = before is not None and self.ledger.meter_state(before) is MeterState.STOCK
        return replace(self.show(tool.number, fresh=fresh), stocked=before if is_stocked else None)

    def _waiting(self, image: CardImage) -> ToolCard | None:
        """The interrupted issue that was begun on this card."""
        if image.state is ImageState.BLANK:
            return None
        begun = (tool for tool in self.ledger.unfinished_tools() if tool.is_newest)
        return next((tool for tool in begun if self.codec.may_become(image, tool.draft.write)), None)

    def _known(self, image: CardImage) -> tuple[ToolCard, ToolContent]:
        if image.state is ImageState.UNREADABLE:
            raise OperatorError(Code.CARD_UNREADABLE)
        if image.tool is None or image.header is None:
            raise OperatorError(Code.CARD_NOT_TOOL)
        if image.tool.mandate is None:
            raise OperatorError(Code.TOOL_CARD_TORN)
        number = image.tool.mandate.number
        tool = self.ledger.tool_card(number)
        if tool is None or tool.draft.write.card != image.header.card:
            raise OperatorError(Code.TOOL_CARD_UNKNOWN, mandate=number)
        return tool, image.tool

    def _removed(self, tool: ToolCard) -> MeterNo | None:
        """The meter of a clear card, if it waits for being cleared."""
        meter = tool.draft.mandate.meter if tool.draft.kind is CardKind.CLEAR else None
        return meter if meter and self.ledger.meter_state(meter) is MeterState.REMOVED else None

    def _take(self, tool: ToolCard, place: RecordPlace) -> FieldReading:
        assert place.record is not None, "only proved records are taken"
        return self.ledger.read_in(tool, place.raw, place.record, at=self.clock())

    # --- looking ----------------------------------------------------------------------------------------

    def show(self, mandate: int, *, fresh: Iterable[FieldReading] = ()) -> ask.ToolRead:
        """Raises OperatorError tool-card-unknown."""
        tool = self.ledger.tool_card(mandate)
        if tool is None:
            raise OperatorError(Code.TOOL_CARD_UNKNOWN, mandate=mandate)
        new = {reading.record for reading in fresh}
        found = self.ledger.field_readings(mandate)
        return ask.ToolRead(tool, tuple(replace(reading, is_new=reading.record in new) for reading in found))

    def all(self) -> ask.ToolCards:
        return ask.ToolCards(
            cards=self.ledger.tool_cards(),
            areas=tuple(area for area in self.ledger.areas() if fits_tool_card(area.code)),
            carriers=tuple(each for each in self.ledger.operators() if each.is_active and each.role in CARRIERS),
            now=self.clock(),
        )

    def today(self) -> date:
        return self.clock().astimezone().date()


def tool_request(command: ask.IssueToolCard) -> str:
    """What was asked, canonically."""
    bound = f"meter={command.meter}" if command.kind in OF_ONE_METER else f"area={command.area}"
    limits = " ".join(map(_plain, _values(command.limits))) if command.limits else ""
    return f"tool {command.kind.value} {bound} days={command.days} carrier={command.carrier} limits={limits}"


def _values(limits: Limits) -> tuple[Energy | int, ...]:
    return limits.alarm_1, limits.alarm_2, limits.overload_w, limits.overdraft, limits.hoarding


def _plain(value: Energy | int) -> str:
    return str(value.wh if isinstance(value, Energy) else value)
