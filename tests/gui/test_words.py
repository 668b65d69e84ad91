"""Every code and every verdict has its words, and the words keep the house style."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import UTC, date, datetime

import pytest

from vending_app.domain.energy import Energy
from vending_app.domain.errors import Code, OperatorError, OutcomeUnknown
from vending_app.domain.money import Money
from vending_app.domain.people import Role
from vending_app.domain.sale import TenderKind
from vending_app.domain.verdict import Verdict
from vending_app.ui import phrases
from vending_app.ui.trouble_words import TROUBLE
from vending_app.ui.words import HEALTH, ROLES, TENDERS, VERDICTS, said, trouble, verdict_line

NOW = datetime(2025, 11, 14, 10, 42, tzinfo=UTC)


@pytest.mark.parametrize("code", list(Code))
def test_every_code_is_told_without_any_fact(code: Code) -> None:
    told = trouble(OperatorError(code))
    assert told.sentence.endswith(".")
    assert told.remedy.endswith(".")
    assert re.fullmatch(r"[ACPWRLB]-\d{3}", told.short)


def test_no_two_codes_share_a_code_for_the_phone() -> None:
    shorts = [short for _, _, short in TROUBLE.values()]
    assert len(shorts) == len(set(shorts)) == len(Code)


def test_facts_are_said_as_people_read_them() -> None:
    told = trouble(OperatorError(Code.AMOUNT_OVER_MAXIMUM, maximum=Money(200_000)))
    assert told.sentence == "The most is 2\u202f000.00."
    assert trouble(OperatorError(Code.LOGIN_WAIT, seconds=8)).sentence.startswith("Tried too often. Wait 8 s")
    assert said(Energy.parse("18.4")) == "18.40 kWh"
    assert said(date(2025, 3, 3)) == "3 Mar 2025"


def test_a_card_whose_tries_are_kept_tells_how_many_it_has() -> None:
    """Two may be too few as well: a card whose code was wrong once is not trusted with them."""
    for tries in (1, 2):
        told = trouble(OperatorError(Code.CARD_LAST_TRY, tries=tries))
        assert told.sentence == f"The card has {tries} of three tries left for its code, too few. None was used."
    assert "one" not in trouble(OperatorError(Code.CARD_LAST_TRY)).sentence.lower().split()


@pytest.mark.parametrize(
    ("hour", "said"),
    [(0, "evening"), (3, "evening"), (4, "morning"), (11, "morning"), (12, "afternoon"), (18, "evening")],
)
def test_one_is_greeted_by_the_hour(hour: int, said: str) -> None:
    assert phrases.greeting(datetime(2025, 11, 14, hour, 30).astimezone()) == f"Good {said}"


def test_an_unknown_outcome_always_says_that_nothing_is_lost() -> None:
    assert "Nothing is lost." in trouble(OutcomeUnknown(Code.SALE_IN_DOUBT)).remedy


@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_has_two_to_five_words_and_a_line(verdict: Verdict) -> None:
    words = VERDICTS[verdict]
    assert 1 <= len(words.title.split()) <= 4
    assert verdict_line(verdict).startswith(f"{words.title}: ")
    assert not words.title.endswith(".")


@pytest.mark.parametrize("forbidden", ["please", "!", "error", "theft", "fraud"])
def test_no_sentence_begs_shouts_or_accuses(forbidden: str) -> None:
    sentences = [part for texts, remedy, _ in TROUBLE.values() for part in (*texts, remedy)]
    sentences += [part for words in VERDICTS.values() for part in (*words.sentences, *words.brief, words.button)]
    assert [text for text in sentences if forbidden in text.lower()] == []


def test_roles_tenders_and_health_are_named() -> None:
    assert set(ROLES) == set(Role)
    assert set(TENDERS) == set(TenderKind)
    assert {"reader", "printer", "ledger", "backup", "keys", "fonts", "disk", "clock"} <= set(HEALTH)


def test_the_command_line_gets_its_words_without_qt() -> None:
    program = "import sys; import vending_app.ui.words; print(any('PySide6' in name for name in sys.modules))"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOW, "today at 10:42"),
        (datetime(2025, 11, 13, 18, 42, tzinfo=UTC), "yesterday at 18:42"),
        (datetime(2025, 9, 27, 9, 0, tzinfo=UTC), "on 27 Sep"),
        (datetime(2024, 1, 14, 9, 0, tzinfo=UTC), "on 14 Jan 2024"),
    ],
)
def test_a_moment_is_said_as_one_speaks(at: datetime, words: str) -> None:
    assert phrases.when(at, today=NOW.date()) == words


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Amara Okafor", "AO"), ("Sunrise", "S"), ("María de la Cruz", "MC"), ("", ""), ("عبد الخطيب", "عا")],
)
def test_initials_of_any_name(name: str, letters: str) -> None:
    assert phrases.initials(name) == letters
