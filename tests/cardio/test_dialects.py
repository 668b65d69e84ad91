"""One chip behind three families of readers: what is sent, what an answer means, and that nothing else differs."""

from __future__ import annotations

import pytest

from tests.cardio.builders import CARD, Counter, a_codec, a_vault, a_write, an_issue, every_fault
from tests.cardio.test_tears import twin
from tests.cardio.test_tool_cards import a_tool_write
from vending_app.cardio.apdu import SW_DONE, Answer, Apdu
from vending_app.cardio.builtin import BUILT_IN, BuiltInReaders
from vending_app.cardio.desk import Desk
from vending_app.cardio.dialects import ALL_TRIES, DIALECTS, PscOutcome, dialect_for, dialects_for
from vending_app.cardio.emulated.card import EmulatedCard
from vending_app.cardio.emulated.faults import Fault, FaultKind, Residue
from vending_app.cardio.emulated.kinds import counting
from vending_app.cardio.emulated.store import FACTORY_STATE, PSC_AT, MemoryStore
from vending_app.cardio.refused import TriesInMemory
from vending_app.domain.card import ANY_BLANK, CardKind, CardWrite, ImageState
from vending_app.domain.errors import Code, OperatorError, OutcomeUnknown, VendingError
from vending_app.domain.ids import ReaderName

ALL = sorted(DIALECTS)
PSC = b"\x01\x02\x03"
OWN = a_vault().psc(card=CARD, key_version=1)


@pytest.fixture
def counter() -> Counter:
    return Counter()


def issued(counter: Counter, dialect: str, *, tries: int = ALL_TRIES, psc: bytes | bytearray = OWN) -> EmulatedCard:
    """A customer's card behind a reader of this dialect."""
    made = EmulatedCard.blank()
    counter.carry_out(made, an_issue())
    return EmulatedCard(MemoryStore(made.image + FACTORY_STATE[256:260] + bytes([tries]) + psc), dialect=dialect)


def refusal(counter: Counter, card: EmulatedCard, write: CardWrite) -> VendingError:
    with pytest.raises(VendingError) as caught:
        counter.carry_out(card, write)
    return caught.value


# --- what is sent, and what an answer means ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dialect", "commands"),
    [
        (
            "acs-old",
            {
                "select": "FF A4 00 00 01 06",
                "read": "FF B0 00 80 80",
                "security": "FF B1 00 00 00",
                "write": "FF D0 00 30 01 5A",
                "present": "FF 20 00 00 03 01 02 03",
                "change": "FF D2 00 01 03 04 05 06",
            },
        ),
        (
            "omnikey",
            {
                "select": "",
                "read": "FF B0 00 80 80",
                "security": "",
                "write": "FF D6 00 30 01 5A",
                "present": "FF 20 00 00 03 01 02 03",
                "change": "FF 21 00 00 06 01 02 03 04 05 06",
            },
        ),
    ],
)
def test_commands_are_those_of_the_manuals(dialect: str, commands: dict[str, str]) -> None:
    """ACR38 reference manual 1.9; OMNIKEY software developer guide."""
    spoken = DIALECTS[dialect]
    sent = {
        "select": spoken.select(),
        "read": spoken.read(0x80, 0x80),
        "security": spoken.security(),
        "write": spoken.write(0x30, b"\x5a"),
        "present": spoken.present(PSC),
        "change": spoken.change(PSC, b"\x04\x05\x06"),
    }
    assert {name: apdu.to_bytes() if apdu else b"" for name, apdu in sent.items()} == {
        name: bytes.fromhex(raw) for name, raw in commands.items()
    }


@pytest.mark.parametrize(
    ("dialect", "answer", "outcome"),
    [
        ("acs-old", "07 010203 9000", PscOutcome.RIGHT),
        ("acs-old", "07 000000 9000", PscOutcome.WRONG),
        ("acs-old", "03 000000 9000", PscOutcome.WRONG),
        ("acs-old", "00 000000 9000", PscOutcome.LOCKED),
        ("acs-old", "9007", PscOutcome.UNCLEAR),
        ("acs-old", "9000", PscOutcome.UNCLEAR),
        ("omnikey", "9000", PscOutcome.RIGHT),
        ("omnikey", "63C2", PscOutcome.WRONG),
        ("omnikey", "63C0", PscOutcome.WRONG),
        ("omnikey", "6983", PscOutcome.LOCKED),
        ("omnikey", "9007", PscOutcome.UNCLEAR),
    ],
)
def test_the_same_answer_means_another_thing_in_another_dialect(dialect: str, answer: str, outcome: PscOutcome) -> None:
    assert DIALECTS[dialect].outcome(Answer.parse(bytes.fromhex(answer)), PSC) is outcome


@pytest.mark.parametrize(
    ("name", "dialect"),
    [
        ("ACS ACR39U ICC Reader 00 00", "acs"),
        ("ACS ACR 38U-CCID 00 00", "acs"),
        ("ACS ACR38U-CCID 0", "acs"),
        ("ACS ACR3801 00 00", "acs"),
        ("ACS ACR38U 00 00", "acs-old"),
        ("ACS ACR 38U 00 00", "acs-old"),
        ("HID Global OMNIKEY 3x21 Smart Card Reader 00 00", "omnikey"),
        ("OMNIKEY AG Smart Card Reader USB 0", "omnikey"),
        ("Cherry GmbH SmartTerminal ST-1144 00 00", "omnikey"),
        ("Some Reader 00", "acs"),
    ],
)
def test_the_name_of_a_reader_says_which_dialect_is_tried_first(name: str, dialect: str) -> None:
    assert dialect_for(ReaderName(name)).name == dialect
    assert sorted(each.name for each in dialects_for(ReaderName(name))) == ALL, "the others are tried too"


# --- the same life in every dialect -------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", ALL)
def test_a_reader_of_an_unknown_name_is_understood_by_what_it_answers(counter: Counter, dialect: str) -> None:
    card = EmulatedCard.blank(dialect=dialect)
    counter.carry_out(card, an_issue())
    for sequence in (2, 3, 4):
        counter.carry_out(card, a_write(sequence))
    image = a_codec().decode(card.image)
    assert [slot.order.sequence for slot in image.slots if slot.order] == [3, 4]
    assert card.chip.error_counter == ALL_TRIES
    assert card.chip.present(OWN)


@pytest.mark.parametrize("dialect", ALL)
def test_the_session_tells_which_dialect_it_found(counter: Counter, dialect: str) -> None:
    with counter.session(EmulatedCard.blank(dialect=dialect)) as session:
        image = session.read()
        assert (session.chip, session.dialect) == ("SLE4442", dialect)
        assert (image.tries, image.is_untold) == (3, False)


@pytest.mark.parametrize("dialect", ["acs-old", "omnikey"])
def test_a_sale_torn_anywhere_is_finished_on_return(counter: Counter, dialect: str) -> None:
    start, write = issued(counter, dialect), a_write(2)
    before = counter.codec.decode(start.image)
    apdus, programmed = counter.cost(twin(start), write)
    done = twin(start)
    counter.carry_out(done, write)
    for fault in every_fault(apdus=apdus, programmed=programmed):
        card, fresh = twin(start), Counter()
        error = fresh.broken(card, write, fault)
        order = counter.codec.decode(card.image).order
        assert isinstance(error, OutcomeUnknown | OperatorError), fault
        assert order in (before.order, counter.codec.decode(done.image).order), fault
        fresh.carry_out(card, write)
        assert card.image[:0xFF] == done.image[:0xFF], fault
        assert card.chip.error_counter == ALL_TRIES, fault


@pytest.mark.parametrize("dialect", ["acs-old", "omnikey"])
def test_an_issue_torn_anywhere_is_finished_or_refused_with_a_try_left(dialect: str) -> None:
    write = an_issue()
    apdus, programmed = Counter().cost(EmulatedCard.blank(dialect=dialect), write)
    finished = 0
    for fault in every_fault(apdus=apdus, programmed=programmed):
        card, counter = EmulatedCard.blank(dialect=dialect), Counter()
        assert counter.broken(card, write, fault) is not None, fault
        error = counter.broken(card, write, Fault(FaultKind.PULL_BEFORE, 10_000))
        assert card.chip.error_counter, fault
        if error is None:
            finished += 1
            assert card.chip.present(OWN), fault
        else:
            assert fault.kind is FaultKind.TEAR, fault
            assert error.code in {Code.CARD_LAST_TRY, Code.PSC_WRONG}, fault
    assert finished > 0.8 * (2 * apdus + 3 * programmed), "only a half-changed code cannot be guessed"


@pytest.mark.parametrize("dialect", ["acs-old", "omnikey"])
@pytest.mark.parametrize("kind", [CardKind.CHECK, CardKind.PARAMETER])
def test_a_tool_card_that_is_issued_anew_is_finished_after_any_tear(
    counter: Counter, dialect: str, kind: CardKind
) -> None:
    start, write = EmulatedCard.blank(dialect=dialect), a_tool_write(kind, number=18)
    counter.carry_out(start, a_tool_write(CardKind.CHECK))
    apdus, programmed = counter.cost(twin(start), write)
    wanted = twin(start)
    counter.carry_out(wanted, write)
    for fault in every_fault(apdus=apdus, programmed=programmed):
        card, fresh = twin(start), Counter()
        assert fresh.broken(card, write, fault) is not None, fault
        fresh.carry_out(card, write)
        assert card.image[:0xFF] == wanted.image[:0xFF], fault
        assert card.chip.error_counter == ALL_TRIES, fault


class Stutters(EmulatedCard):
    """A contact that fails the first few readings."""

    def __init__(self, *, fails: int) -> None:
        super().__init__(MemoryStore())
        self._fails = fails

    def exchange(self, apdu: bytes) -> bytes:
        if apdu[1] == 0xB0 and self._fails:
            self._fails -= 1
            return b"\x6f\x00"
        return super().exchange(apdu)


@pytest.mark.parametrize("fails", [1, 2, 3, 4])
def test_a_reader_that_was_told_the_type_is_never_taken_for_one_that_needs_not(counter: Counter, fails: int) -> None:
    with counter.session(Stutters(fails=fails)) as session:
        if session.read().state is not ImageState.UNREADABLE:
            assert session.dialect == "acs"


# --- what is never trusted alone ----------------------------------------------------------------------------------


class Says(EmulatedCard):
    """A reader that answers PRESENT CODE with its own words, whatever the card made of it."""

    def __init__(self, card: EmulatedCard, answer: str, *, is_done: bool = True) -> None:
        super().__init__(MemoryStore(card.image + card.chip._store.load()[256:]), dialect=card.dialect)
        self._answer, self._is_done = bytes.fromhex(answer), is_done

    def exchange(self, apdu: bytes) -> bytes:
        if apdu[1] != 0x20:
            return super().exchange(apdu)
        if self._is_done:
            super().exchange(apdu)
        return self._answer


@pytest.mark.parametrize("dialect", ["acs", "acs-old"])
def test_a_card_is_not_called_locked_while_its_counter_says_otherwise(counter: Counter, dialect: str) -> None:
    """An OMNIKEY says 90 00 for a right code, which is `locked` on an ACS reader."""
    answer = "9000" if dialect == "acs" else "00000000 9000"
    card = Says(issued(counter, dialect), answer)
    assert refusal(counter, card, a_write(2)).code is Code.READER_DIALECT
    assert card.bytes_programmed == 0


def test_a_reader_that_says_right_without_an_error_counter_has_to_prove_it_by_effect(counter: Counter) -> None:
    card = Says(issued(counter, "omnikey", psc=PSC), "9000")
    assert refusal(counter, card, a_write(2)).code is Code.PSC_WRONG
    assert card.bytes_programmed == 0


def test_a_proof_costs_one_byte_that_says_nothing(counter: Counter) -> None:
    card = issued(counter, "omnikey")
    for sequence, proof in ((2, 0x00), (3, 0xFF), (4, 0x00)):
        counter.carry_out(card, a_write(sequence))
        assert card.image[0xFF] == proof


def test_the_wrong_dialect_by_order_of_a_person_never_locks_a_card() -> None:
    """Each reader, each dialect forced on it, a card with a strange code, as often as a person likes."""
    for behind in ALL:
        for forced in ALL:
            card = issued(Counter(), behind, psc=PSC)
            counter = Counter()
            counter.desk = Desk(
                counter.readers, codec=counter.codec, vault=counter.vault, entropy=counting(), dialect=forced
            )
            for _ in range(5):
                with pytest.raises(VendingError):
                    counter.carry_out(card, a_write(2))
            assert card.chip.error_counter.bit_count() >= 1, (behind, forced)


def test_a_forced_dialect_that_the_reader_does_not_speak_reads_nothing() -> None:
    readers = BuiltInReaders()
    readers.insert(EmulatedCard.blank(dialect="acs-old"))
    desk = Desk(readers, codec=a_codec(), vault=a_vault(), entropy=counting(), dialect="acs")
    with desk.session(BUILT_IN) as session:
        assert session.read().state is ImageState.UNREADABLE


# --- the last try where the card itself is asked -------------------------------------------------------------------


@pytest.mark.parametrize("rounds", [5])
def test_a_strange_blank_card_is_tried_once_however_often_it_is_thrown_away_where_the_card_can_be_asked(
    rounds: int,
) -> None:
    kept, strange = TriesInMemory(), EmulatedCard(MemoryStore(FACTORY_STATE[:PSC_AT] + PSC), dialect="omnikey")
    codes = []
    for _ in range(rounds):
        codes.append(refusal(Counter(known=kept), strange, an_issue()).code)
        kept.spend(ANY_BLANK, 0)
    assert codes == [Code.PSC_WRONG] + [Code.CARD_LAST_TRY] * 4
    assert strange.chip.error_counter.bit_count() == 2


def test_where_the_card_can_be_asked_a_strange_blank_card_stops_no_other() -> None:
    kept, strange = TriesInMemory(), EmulatedCard(MemoryStore(FACTORY_STATE[:PSC_AT] + PSC), dialect="omnikey")
    for _ in range(3):
        refusal(Counter(known=kept), strange, an_issue())
    assert kept.spent(ANY_BLANK) == 1
    Counter(known=kept).carry_out(EmulatedCard.blank(dialect="omnikey"), an_issue())
    assert kept.spent(ANY_BLANK) == 0


def test_a_card_that_something_speaks_against_is_asked_itself(counter: Counter) -> None:
    """Where it tells that two tries are left, it need not be carried to another reader."""
    card, torn = issued(counter, "omnikey"), Fault(FaultKind.TEAR, 1, Residue.MIXED)
    for _ in range(2):
        assert counter.broken(card, a_write(2), torn) is not None
    assert refusal(counter, card, a_write(2)).code is Code.CARD_LAST_TRY, "two tears took two tries"
    assert card.chip.error_counter.bit_count() == 1
    card.chip._store.put(256 + 4, 0b011)
    counter.carry_out(card, a_write(2))
    assert card.chip.error_counter == ALL_TRIES


def test_a_card_that_nobody_here_ever_saw_keeps_its_last_try_where_it_can_be_asked(counter: Counter) -> None:
    """Another office's desk spent two, and these books know nothing of it."""
    card = issued(counter, "omnikey", tries=0b001, psc=PSC)
    assert refusal(counter, card, a_write(2)).code is Code.CARD_LAST_TRY
    assert card.chip.error_counter == 0b001


@pytest.mark.parametrize(
    "answer", ["", "9D", "9D00", "9D0107", "9E020003", "BD03A00107", "9D0408000000", "9D0507000000"]
)
def test_a_reader_that_does_not_pass_the_question_on_is_taken_to_tell_nothing(answer: str) -> None:
    told = DIALECTS["omnikey"].bus_tries(Answer(bytes.fromhex(answer), SW_DONE))
    assert told == (3 if answer == "9D0107" else None)
    assert DIALECTS["omnikey"].bus_tries(Answer(bytes.fromhex("9D0407000000"), 0x6D00)) is None


def test_a_card_that_left_at_the_question_has_lost_nothing(counter: Counter) -> None:
    card, kept = issued(counter, "omnikey"), TriesInMemory()
    apdus, _ = counter.cost(issued(counter, "omnikey"), a_write(2))
    for at in range(1, apdus + 1):
        Counter(known=kept).broken(card, a_write(at + 1), Fault(FaultKind.PULL_BEFORE, at))
        Counter(known=kept).carry_out(card, a_write(at + 1))
    assert kept.spent(CARD) == 0
    asked = Counter(known=kept).broken(card, a_write(30), Fault(FaultKind.PULL_BEFORE, 2))
    assert asked is not None
    assert (asked.code, kept.spent(CARD)) == (Code.CARD_REMOVED, 0)


def test_a_locked_card_is_said_to_be_locked_where_its_counter_is_shown(counter: Counter) -> None:
    for dialect in ALL:
        # An empty counter from the bus may as well be a reader that does not know the question.
        said = Code.CARD_TRIES_UNTOLD if dialect == "omnikey" else Code.CARD_LOCKED
        assert refusal(counter, issued(counter, dialect, tries=0), a_write(2)).code is said


# --- the readers in software --------------------------------------------------------------------------------------


def exchange(card: EmulatedCard, raw: str) -> str:
    return card.exchange(bytes.fromhex(raw)).hex().upper()


def test_the_old_acs_reader_answers_as_its_manual_says() -> None:
    card = EmulatedCard.blank(dialect="acs-old")
    assert exchange(card, "FFB0000004") == "6985"
    assert exchange(card, "FFA400000106") == "9000"
    assert exchange(card, "FFB0000004") == "A2131091" + "00FF1FF8" + "9000"
    assert exchange(card, "FFB1000000") == "07000000" + "9000"
    assert exchange(card, "FF20000003010203") == "03000000" + "9000"
    assert exchange(card, "FF20000003FFFFFF") == "07FFFFFF" + "9000"
    assert exchange(card, "FFD0004001AB") == "9000"
    assert card.image[0x40] == 0xAB


def test_the_omnikey_answers_as_its_guide_says() -> None:
    card = EmulatedCard.blank(dialect="omnikey")
    assert exchange(card, "FFB0000004") == "A2131091" + "9000"
    assert exchange(card, "FFB0010001") == "6A82"
    assert exchange(card, "FFD6004001AB") == "6982"
    assert exchange(card, "FF20000003010203") == "63C2"
    assert exchange(card, "FF20000003FFFFFF") == "9000"
    assert exchange(card, "FFD6004001AB") == "9000"
    assert exchange(card, "FFD600000100") == "6581", "the chip's own bytes are protected"
    assert exchange(card, "FF21000006FFFFFF040506") == "9000"
    card.power_off()
    assert [exchange(card, "FF20000003FFFFFF") for _ in range(4)] == ["63C2", "63C1", "63C0", "6983"]


def test_the_omnikey_carries_single_commands_to_the_bus_as_its_maker_shows() -> None:
    """Read Error Counter of HID's sample: GetApdu(31, 00, 00), the counter in the third byte."""
    card = EmulatedCard.blank(dialect="omnikey")
    assert exchange(card, "FF70076B07A605A00331000000") == "9D0407000000" + "9000"
    assert exchange(card, "FF70076B07A605A00330000000") == "9E020003" + "9000"
    assert exchange(card, "FF70010107A605A00331000000") == "6D00"
    assert exchange(card, "FF20000003010203") == "63C2"
    assert exchange(card, "FF70076B07A605A00331000000") == "9D0403000000" + "9000"
    sent = DIALECTS["omnikey"].bus_counter()
    assert sent is not None
    assert sent.to_bytes().hex().upper() == "FF70076B07A605A00331000000"
    assert DIALECTS["omnikey"].bus_tries(Answer.parse(bytes.fromhex("9D04030000009000"))) == 2
    assert DIALECTS["omnikey"].bus_tries(Answer.parse(bytes.fromhex("9D01049900"))) == 1


@pytest.mark.parametrize("dialect", [*ALL, "omnikey-untold"])
def test_a_reader_answers_any_command_of_its_class(dialect: str) -> None:
    for ins in range(256):
        for tail in (b"", b"\x00", b"\x03abc", b"\x01\x06\x00"):
            raw = Apdu(0xFF, ins, 0xFF, 0xFF).to_bytes() + tail
            assert Answer.parse(EmulatedCard.blank(dialect=dialect).exchange(raw))
