"""A key ceremony from the command line: shares are handed out, proven, and bring a lost vault back."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cardio.soft_token import MODULE, PIN, TOKEN, soft_token
from tests.commands.conftest import SECRETS, Call
from vending_app.cardio.vault import SealedVault
from vending_app.commands.keys import _key_line, _key_shape, _told, said_uncleared
from vending_app.domain.ids import OperatorName
from vending_app.domain.key_ceremony import KeyDeed, KeyEvent, KeyState
from vending_app.services.key_cases import KeyTold

PASSPHRASE = SECRETS["VENDING_VAULT_PASSPHRASE"]
WORD = {"VENDING_APPROVAL_PASSWORD": SECRETS["VENDING_PASSWORD"]}
NAMES = ("Ann Lee", "Bo Okoye", "Chi Wu")


def out_to(folder: Path, *names: str) -> list[str]:
    """A file for each in a folder of his own, as on a stick."""
    for name in names:
        (folder / name).mkdir(parents=True, exist_ok=True)
    return [word for name in names for word in ("--out", f"{name}={folder / name / 'share.txt'}")]


def split(office: Call, out: Path, *names: str, version: int = 1, approve: str = "supervisor") -> list[str]:
    """The share of each custodian, from the file that was written for him."""
    words = [word for name in names for word in ("--custodian", name)] + out_to(out, *names)
    done = office("keys", "split", "--version", str(version), *words, "--approve", approve, **WORD)
    assert done.code == 0, done.out
    assert [share["custodian"] for share in done.answer["shares"]] == list(names)
    files = [Path(path) for path in done.answer["files"]]
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in files)
    texts = [path.read_text() for path in files]
    assert all(name in text for name, text in zip(names, texts, strict=True))
    assert all(share["check_value"] in text for share, text in zip(done.answer["shares"], texts, strict=True))
    shares = [next(line for line in text.splitlines() if not line.startswith("#")) for text in texts]
    assert not any(share in done.out for share in shares)
    return shares


def typed(*shares: str) -> dict[str, str]:
    return {"VENDING_KEY_SHARES": "\n".join(shares)}


def test_the_files_of_a_sharing_are_taken_as_they_are(office: Call, tmp_path: Path) -> None:
    split(office, tmp_path / "shares", *NAMES[:2])
    whole = [path.read_text() for path in sorted((tmp_path / "shares").rglob("share.txt"))]
    assert office("keys", "prove", VENDING_KEY_SHARES="".join(whole)).answer["custodians"] == list(NAMES[:2])


@pytest.mark.parametrize(
    ("deed", "says"),
    [
        (KeyDeed.SHARED, "shared out to Ann Lee, Bo Okoye; by admin, with the word of supervisor"),
        (KeyDeed.PROVEN, "proven by shares of Ann Lee, Bo Okoye; by admin, with the word of supervisor"),
    ],
)
def test_who_did_it_is_told_apart_from_the_custodians(deed: KeyDeed, says: str) -> None:
    at = datetime(2026, 3, 2, 10, 31, tzinfo=UTC)
    event = KeyEvent(deed, 1, "BE7ED6", NAMES[:2], "9F3A", at, OperatorName("admin"), OperatorName("supervisor"))
    assert _told(event) == f"2026-03-02 10:31 UTC  {says}"


def test_keys_are_told_by_their_check_values_alone(office: Call, tmp_path: Path) -> None:
    vault = SealedVault.open(tmp_path / "office" / "vault.sealed", PASSPHRASE)
    shown = office("keys", "show").answer
    key = {"version": 1, "check_value": vault.check_value(1), "other_check_value": None, "state": "current"}
    assert shown == {"place": "sealed", "keys": [key | {"uncleared_cards": 0, "events": []}]}
    assert office("keys", "show", "--operator", "cashier").refusal == "permission-denied"


def test_a_version_that_is_known_by_cards_alone_has_no_check_value() -> None:
    told = KeyTold(2, "", KeyState.MISSING, ())
    assert _key_shape(told)["check_value"] is None
    assert _key_line(told).startswith("version 2  check value –  missing here")


OURS_MADE = ("keys", "roll", "--approve", "supervisor")


def rolls_in_two_files(office: Call, vault: Path) -> tuple[str, bytes]:
    """Two desks rolled over, each in its own file, and that of the wrong one is at this desk: the office's check
    value, and its file."""
    older = vault.read_bytes()
    made = office(*OURS_MADE, **WORD).answer
    ours = vault.read_bytes()
    vault.write_bytes(older)
    SealedVault.add_version(vault, PASSPHRASE, key=bytearray(16), entropy=os.urandom).lock()
    return str(made["check_value"]), ours


def test_a_file_with_another_key_is_told_from_the_offices(office: Call, tmp_path: Path) -> None:
    vault = tmp_path / "office" / "vault.sealed"
    check_value, ours = rolls_in_two_files(office, vault)
    shown = office("keys", "show").answer["keys"][1]
    assert (shown["state"], shown["check_value"]) == ("other", check_value)
    assert shown["other_check_value"] == SealedVault({2: bytearray(16)}).check_value(2)
    for refused in (OURS_MADE, ("keys", "retire", "--version", "2", "--approve", "supervisor")):
        assert office(*refused, **WORD).refusal == "key-other"
    vault.write_bytes(ours)
    assert office("keys", "show").answer["keys"][1]["state"] == "current"


def keys_looked_at(office: Call, *words: str, **how: str) -> dict[str, object]:
    """What the self-test says of the keys."""
    return next(check for check in office("selftest", *words, **how).answer["checks"] if check["check"] == "keys")


def test_who_checks_books_and_desk_hears_of_another_key_where_the_keys_can_be_opened(
    office: Call, tmp_path: Path
) -> None:
    vault = tmp_path / "office" / "vault.sealed"
    _, ours = rolls_in_two_files(office, vault)
    found = office("ledger", "verify")
    assert (found.code, found.answer["ok"], found.answer["keys_compared"]) == (1, False, True)
    assert found.answer["problems"] == ["keys: version 2 that this desk holds is another key than the books tell"]
    looked = keys_looked_at(office)
    assert (looked["ok"], looked["detail"]) == (
        False,
        "The key file of this desk is not the office’s: its version 2 is another key",
    )
    vault.write_bytes(ours)
    assert office("ledger", "verify").answer["keys_compared"]
    assert keys_looked_at(office)["ok"]


def test_nobody_has_to_open_the_keys_to_check_books_and_desk(office: Call, tmp_path: Path) -> None:
    rolls_in_two_files(office, tmp_path / "office" / "vault.sealed")
    without = {"without": "VENDING_VAULT_PASSPHRASE"}
    wrong = {"VENDING_VAULT_PASSPHRASE": "another passphrase"}
    for how in (without, wrong):
        proven = office("ledger", "verify", **how)
        assert (proven.code, proven.answer["ok"], proven.answer["keys_compared"]) == (0, True, False)
    assert office("ledger", "verify", "--held-keys", **wrong).refusal == "vault-passphrase-wrong"
    assert office("ledger", "verify", "--held-keys", **without).refusal == "secret-missing"
    unseen = keys_looked_at(office, **without)
    assert unseen["ok"] is None
    assert "--held-keys" in str(unseen["remedy"])
    assert keys_looked_at(office, "--held-keys", **without)["ok"] is False


def test_another_key_is_said_with_both_check_values() -> None:
    told = KeyTold(2, "A7EE7F", KeyState.OTHER, (), other="C610A5")
    assert _key_line(told) == "version 2  check value A7EE7F  another key is here: bring the office's key file (C610A5)"


@pytest.mark.parametrize("count", [2, 3])
def test_a_lost_vault_comes_back_by_all_its_shares_and_opens_what_it_opened(
    office: Call, tmp_path: Path, count: int
) -> None:
    shares = split(office, tmp_path / "shares", *NAMES[:count])
    check_value = office("keys", "show").answer["keys"][0]["check_value"]
    (tmp_path / "office" / "vault.sealed").unlink()
    few = office("keys", "join", **typed(*shares[1:]))
    assert (few.code, few.refusal) == (1, "key-shares-missing")
    back = office("keys", "join", **typed(*reversed(shares)), VENDING_VAULT_PASSPHRASE="another passphrase")
    assert back.answer["check_value"] == check_value
    events = office("keys", "show", VENDING_VAULT_PASSPHRASE="another passphrase").answer["keys"][0]["events"]
    assert [(event["deed"], event["custodians"], event["operator"], event["approver"]) for event in events] == [
        ("shared", list(NAMES[:count]), "admin", "supervisor"),
        ("restored", [], None, None),
    ]
    assert office("ledger", "verify", VENDING_VAULT_PASSPHRASE="another passphrase").answer["ok"]


def test_shares_are_handed_out_with_the_word_of_somebody_else_only(office: Call, tmp_path: Path) -> None:
    words = ("keys", "split", "--version", "1", "--custodian", "Ann", "--custodian", "Bo")
    out = out_to(tmp_path / "shares", "Ann", "Bo")
    assert office(*words, *out).refusal == "approval-needed"
    assert office(*words, *out, "--approve", "admin", **WORD).refusal == "approval-self"
    assert office(*words, *out, "--operator", "supervisor").refusal == "permission-denied"
    assert [path for path in (tmp_path / "shares").rglob("*") if path.is_file()] == []
    assert office("keys", "show").answer["keys"][0]["events"] == []


@pytest.mark.parametrize("names", [("Ann",), ("Ann", "ann"), ("Ann", "Bo", "Chi", "Dee"), ("Ann", " ")])
def test_custodians_are_two_or_three_with_names_of_their_own(
    office: Call, tmp_path: Path, names: tuple[str, ...]
) -> None:
    words = [word for name in names for word in ("--custodian", name)]
    out = [word for name in names for word in ("--out", f"{name}={tmp_path / 's'}")]
    done = office("keys", "split", "--version", "1", *words, *out, "--approve", "supervisor", **WORD)
    assert done.refusal == "custodians-refused"


@pytest.mark.parametrize(
    ("out", "says"),
    [
        (("Ann=here/a.txt",), "once for each"),
        (("Ann=here/a.txt", "Chi=there/b.txt"), "once for each"),
        (("Ann=here/a.txt", "Ann=there/b.txt"), "once for each"),
        (("here", "there"), "once for each"),
        (("Ann=here/a.txt", "Bo=here/a.txt"), "a file of its own"),
        (("Ann=here/a.txt", "Bo=here/../here/b.txt"), "a folder for each"),
        (("Ann=here/a.txt", "Bo=there/old.txt"), "not there yet"),
    ],
)
def test_each_custodian_gets_his_file_in_a_place_of_his_own(
    office: Call, tmp_path: Path, out: tuple[str, ...], says: str
) -> None:
    for folder in ("here", "there"):
        (tmp_path / folder).mkdir()
    (tmp_path / "there" / "old.txt").touch()
    words = [
        *("--custodian", "Ann", "--custodian", "Bo"),
        *(word for place in out for word in ("--out", place.replace("=", f"={tmp_path}/"))),
    ]
    done = office("keys", "split", "--version", "1", *words, "--approve", "supervisor", **WORD)
    assert (done.code, done.refusal) == (2, "usage")
    assert says in done.out
    assert office("keys", "show").answer["keys"][0]["events"] == []
    assert [path.name for folder in ("here", "there") for path in (tmp_path / folder).iterdir()] == ["old.txt"]


def test_one_folder_for_all_shares_is_used_only_if_somebody_says_so(office: Call, tmp_path: Path) -> None:
    out = [word for name in ("Ann", "Bo") for word in ("--out", f"{name}={tmp_path / name}.txt")]
    words = ("--custodian", "Ann", "--custodian", "Bo", *out, "--one-folder", "--approve", "supervisor")
    done = office("keys", "split", "--version", "1", *words, **WORD)
    assert done.answer["files"] == [str(tmp_path / "Ann.txt"), str(tmp_path / "Bo.txt")]


def test_a_place_that_cannot_be_written_is_found_before_a_share_is_made(office: Call, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    out = ("--out", f"Ann={tmp_path / 'here' / 'a.txt'}", "--out", f"Bo={tmp_path / 'away' / 'b.txt'}")
    words = ("--custodian", "Ann", "--custodian", "Bo", *out, "--approve", "supervisor")
    assert office("keys", "split", "--version", "1", *words, **WORD).refusal == "file-unreadable"
    assert office("keys", "show").answer["keys"][0]["events"] == []
    assert list((tmp_path / "here").iterdir()) == []


def test_shares_never_go_where_a_program_reads(office: Call) -> None:
    done = office("keys", "split", "--version", "1", "--custodian", "Ann", "--custodian", "Bo")
    assert (done.code, done.refusal) == (2, "usage")


def test_a_version_that_is_not_there_has_no_shares(office: Call, tmp_path: Path) -> None:
    words = ("keys", "split", "--version", "2", "--custodian", "Ann", "--custodian", "Bo")
    refused = office(*words, *out_to(tmp_path / "s", "Ann", "Bo"), "--approve", "supervisor", **WORD)
    assert (refused.code, refused.refusal) == (3, "key-version-not-here")


def test_a_version_that_is_not_there_is_neither_retired_nor_proven(office: Call, tmp_path: Path) -> None:
    two, vault = ("--approve", "supervisor"), tmp_path / "office" / "vault.sealed"
    older = vault.read_bytes()
    assert office("keys", "roll", *two, **WORD).code == 0
    shares = split(office, tmp_path / "shares", *NAMES[:2], version=2)
    vault.write_bytes(older)
    for version in ("2", "9"):
        refused = office("keys", "retire", "--version", version, *two, **WORD)
        assert (refused.code, refused.refusal) == (3, "key-version-not-here")
        assert f"Version {version} " in refused.answer["error"]["sentence"]
    proven = office("keys", "prove", **typed(*shares))
    assert (proven.code, proven.refusal) == (3, "key-version-not-here")
    assert "card" not in proven.out


def test_a_rehearsal_proves_the_shares_and_tells_it_with_their_names(office: Call, tmp_path: Path) -> None:
    shares = split(office, tmp_path / "first", *NAMES)
    again = split(office, tmp_path / "second", *NAMES[:2])
    assert not set(shares) & set(again)
    for of_one in (shares, again):
        proven = office("keys", "prove", **typed(*of_one))
        assert (proven.code, proven.answer["deed"]) == (0, "proven")
    assert office("keys", "show").answer["keys"][0]["events"][-1]["custodians"] == list(NAMES[:2])
    assert office("keys", "prove", **typed(shares[0], shares[0], shares[1])).refusal == "key-share-twice"
    assert office("keys", "prove", **typed(shares[0], again[1])).refusal == "key-share-other"
    assert office("keys", "prove", **typed(shares[0], shares[1])).refusal == "key-shares-missing"
    slip = shares[1][:-1] + ("A" if shares[1][-1] != "A" else "B")
    assert office("keys", "prove", **typed(shares[0], slip, shares[2])).refusal == "key-share-wrong"
    assert office("keys", "prove", **typed("")).refusal == "key-shares-missing"


def test_shares_of_another_office_prove_and_restore_nothing(office: Call, tmp_path: Path, call: Call) -> None:
    elsewhere = {"VENDING_DATA": str(tmp_path / "elsewhere")}
    assert call("init", "--sample", **elsewhere).code == 0
    words = ("keys", "split", "--version", "1", "--custodian", "Ann", "--custodian", "Bo", "--approve", "supervisor")
    assert call(*words, *out_to(tmp_path / "theirs", "Ann", "Bo"), **WORD, **elsewhere).code == 0
    theirs = [path.read_text().splitlines()[3] for path in sorted((tmp_path / "theirs").rglob("share.txt"))]
    assert office("keys", "show").code == 0
    assert office("keys", "prove", **typed(*theirs)).refusal == "key-shares-differ"
    (tmp_path / "office" / "vault.sealed").unlink()
    assert office("keys", "join", **typed(*theirs)).refusal == "key-shares-differ"
    assert not (tmp_path / "office" / "vault.sealed").exists()


def test_a_vault_that_is_there_is_not_written_over(office: Call, tmp_path: Path) -> None:
    shares = split(office, tmp_path / "shares", *NAMES)
    before = (tmp_path / "office" / "vault.sealed").read_bytes()
    assert office("keys", "join", **typed(*shares)).refusal == "approval-needed"
    assert office("keys", "join", "--approve", "supervisor", **WORD, **typed(*shares)).refusal == "key-version-exists"
    wrong = office("keys", "join", **typed(*shares), VENDING_VAULT_PASSPHRASE="wrong")
    assert wrong.refusal == "vault-passphrase-wrong"
    assert (tmp_path / "office" / "vault.sealed").read_bytes() == before


def test_a_version_comes_back_by_two_people_and_only_as_the_books_told_of_it(
    office: Call, call: Call, tmp_path: Path
) -> None:
    """An older vault.sealed is put back: the shares of another office's version 2 are not taken for ours."""
    elsewhere = {"VENDING_DATA": str(tmp_path / "elsewhere")}
    assert call("init", "--sample", **elsewhere).code == 0
    two, vault = ("--approve", "supervisor"), tmp_path / "office" / "vault.sealed"
    older = vault.read_bytes()
    assert call("keys", "roll", *two, **WORD, **elsewhere).code == 0
    words = ("keys", "split", "--version", "2", "--custodian", "Ann", "--custodian", "Bo", *two)
    assert call(*words, *out_to(tmp_path / "theirs", "Ann", "Bo"), **WORD, **elsewhere).code == 0
    theirs = typed(*(path.read_text().splitlines()[3] for path in sorted((tmp_path / "theirs").rglob("share.txt"))))
    assert office("keys", "join", *two, **WORD, **theirs).refusal == "key-not-in-books"
    made = office("keys", "roll", *two, **WORD).answer
    ours = typed(*split(office, tmp_path / "ours", *NAMES, version=2))
    vault.write_bytes(older)
    assert office("keys", "join", *two, **WORD, **theirs).refusal == "key-shares-differ"
    assert office("keys", "join", **ours).refusal == "approval-needed"
    assert vault.read_bytes() == older
    vault.unlink()
    assert office("keys", "join", **ours).refusal == "vault-missing"
    assert not vault.exists()
    vault.write_bytes(older)
    back = office("keys", "join", *two, **WORD, **ours).answer
    assert (back["deed"], back["check_value"]) == ("restored", made["check_value"])
    assert (back["operator"], back["approver"]) == ("admin", "supervisor")


def test_a_new_version_takes_two_people_and_the_passphrase_once_more(office: Call) -> None:
    assert office("keys", "roll").refusal == "approval-needed"
    rolled = office("keys", "roll", "--approve", "supervisor", **WORD)
    assert (rolled.answer["deed"], rolled.answer["version"]) == ("made", 2)
    shown = office("keys", "show").answer["keys"]
    [made] = shown[1]["events"]
    assert (made["deed"], made["operator"], made["approver"]) == ("made", "admin", "supervisor")
    assert [key["version"] for key in shown] == [1, 2]
    assert shown[1]["check_value"] == rolled.answer["check_value"] != shown[0]["check_value"]
    assert office("ledger", "verify").answer["ok"]


def test_a_new_version_that_cannot_be_written_is_told_as_every_trouble(office: Call, tmp_path: Path) -> None:
    draft = tmp_path / "office" / "vault.sealed.new"
    draft.mkdir()
    rolled = office("keys", "roll", "--approve", "supervisor", **WORD)
    assert (rolled.code, rolled.refusal, rolled.err) == (3, "vault-not-written", "")
    assert "vault.sealed" in rolled.answer["error"]["sentence"]
    draft.rmdir()
    assert office("keys", "roll", "--approve", "supervisor", **WORD).answer["version"] == 2


def test_a_version_is_retired_by_two_people_and_only_when_nothing_needs_it(office: Call) -> None:
    two = ("--approve", "supervisor")
    assert office("keys", "retire", "--version", "1", *two, **WORD).refusal == "key-version-newest"
    assert office("keys", "roll", *two, **WORD).answer["version"] == 2
    assert office("keys", "retire", "--version", "1").refusal == "approval-needed"
    needed = office("keys", "retire", "--version", "1", *two, **WORD)
    assert needed.refusal == "key-version-needed"
    assert office("keys", "roll", *two, **WORD).answer["version"] == 3
    assert office("keys", "retire", "--version", "4", *two, **WORD).code == 3
    shown = office("keys", "show").answer["keys"]
    assert [key["state"] for key in shown] == ["accepted", "accepted", "current"]
    assert [key["uncleared_cards"] for key in shown] == [0, 0, 0], "no card was replaced yet"
    retired = office("keys", "retire", "--version", "2", *two, **WORD)
    assert (retired.code, retired.refusal) == (1, "key-version-needed"), "the meters have nothing newer than version 1"


@pytest.mark.parametrize(("cards", "begins"), [(1, "1 old card was never"), (3, "3 old cards were never")])
def test_what_becomes_of_old_cards_is_said_in_words(cards: int, begins: str) -> None:
    assert said_uncleared(cards).startswith(begins)
    assert "Throw away one that comes back" in said_uncleared(cards)


def test_a_key_in_a_token_has_check_values_and_no_shares(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "token"
    folder.mkdir()
    with soft_token(folder):
        secret = {"VENDING_VAULT_PASSPHRASE": PIN}
        made = call("init", "--sample", "--vault", "pkcs11", "--vault-module", MODULE, "--vault-token", TOKEN, **secret)
        assert made.code == 0
        assert call("keys", "show", **secret).answer["place"] == "pkcs11"
        assert call("keys", "roll", "--approve", "supervisor", **WORD, **secret).answer["version"] == 2
        assert [key["version"] for key in call("keys", "show", **secret).answer["keys"]] == [1, 2]
        words = ("keys", "split", "--version", "1", "--custodian", "Ann", "--custodian", "Bo", "--approve")
        out = out_to(tmp_path / "s", "Ann", "Bo")
        assert call(*words, "supervisor", *out, **WORD, **secret).refusal == "key-in-token"
