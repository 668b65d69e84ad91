"""The verbs card dump and card repair: everything about a card, for a technician and whoever helps him from afar."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from vending_app.commands.common import Verb, approval_option, at_work, do_approved, operator_option, verb, with_reader
from vending_app.commands.output import say, write_paper
from vending_app.domain.ids import ReaderName
from vending_app.domain.people import Role
from vending_app.services.diagnosis import lacking
from vending_app.services.diagnosis_cases import DiagnoseCard, Diagnosis, RepairCard
from vending_app.ui.details.diagnosis_words import (
    PAST,
    facts_of,
    field_line,
    in_books,
    past_line,
    past_of,
    past_shape,
    said,
    support_shape,
)


@click.command("dump")
@click.option("--support", type=click.Path(path_type=Path), help="Also a file for support: numbers and proofs masked.")
@with_reader
@operator_option(Role.TECHNICIAN)
@verb
def card_dump(call: Verb, *, support: Path | None, reader: str, dialect: str, operator: str) -> None:
    """Say everything about the card in the reader: in words, field by field, and beside the books."""
    with at_work(call, operator=operator, dialect=dialect) as counter:
        found = counter.do(DiagnoseCard(ReaderName(reader)))
    assert isinstance(found, Diagnosis)
    if support is not None:
        write_paper(support, json.dumps(support_shape(found), ensure_ascii=False, indent=1).encode())
    say(_shape(found), "\n".join(_lines(found)), as_json=call.as_json)


@click.command("repair")
@approval_option
@with_reader
@operator_option(Role.TECHNICIAN)
@verb
def card_repair(call: Verb, *, approve: str, reader: str, dialect: str, operator: str) -> None:
    """Write the newest order of the books on the card in the reader once more; nothing is sold by it."""
    with at_work(call, operator=operator, dialect=dialect) as counter:
        found = counter.do(DiagnoseCard(ReaderName(reader)))
        assert isinstance(found, Diagnosis)
        sale = lacking(found.reading, found.repair)
        found = do_approved(counter, RepairCard(sale.id, found.reading.reader), approver=approve)
    assert isinstance(found, Diagnosis)
    says = f"The card was mended. {said(found)}"
    say(_shape(found), says, as_json=call.as_json)


def _lines(found: Diagnosis) -> list[str]:
    facts = facts_of(found)
    wide = max(len(label) for label, _ in facts)
    lines = [said(found), "", *(f"{label.ljust(wide)}  {value}" for label, value in facts)]
    lines += ["", *(field_line(field) for field in found.fields)] if found.fields else []
    lines += ["", PAST, *(past_line(each) for each in past_of(found))] if found.history else []
    return lines + (["", *(in_books(each) for each in found.compared)] if found.compared else [])


def _shape(found: Diagnosis) -> dict[str, Any]:
    read = found.reading
    return {
        "says": said(found),
        "verdict": read.verdict.value,
        "reader": read.reader,
        "chip": read.chip or None,
        "dialect": read.dialect or None,
        "atr": found.atr.hex().upper() or None,
        "uid": found.uid.hex().upper() or None,
        "tries": read.image.tries,
        "read_ms": found.milliseconds,
        "card": read.card,
        "issue_begun": found.issue_begun,
        "slots": [{"name": slot.name, "state": slot.state.value} for slot in read.image.slots],
        "write_back": read.image.write_back_state.value,
        "fields": [
            {
                "place": field.place,
                "name": field.name,
                "address": field.address,
                "bytes": field.raw.hex().upper(),
                "value": field.value or None,
                "meaning": field.meaning,
            }
            for field in found.fields
        ],
        "history": [past_shape(past) for past in found.history],
        "compared": [
            {
                "what": each.what.value,
                "card": each.on_card or None,
                "books": each.in_books or None,
                "equal": each.is_equal,
            }
            for each in found.compared
        ],
        "repair": found.repair.id if found.repair is not None else None,
    }
