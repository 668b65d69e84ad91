"""The verbs that need no reader."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import click
import pytest

from tests.commands.conftest import SECRETS, Call
from vending_app.__main__ import cli
from vending_app.domain.errors import Code, OperatorError
from vending_app.settings import Settings, changed


def test_the_sample_office_has_its_supplies_without_cards(office: Call) -> None:
    supplies = office("supplies").answer["supplies"]
    assert len(supplies) == 20
    assert {s["state"] for s in supplies} == {"open"}
    assert {s["card"] for s in supplies} == {None}
    assert {"supply", "meter", "customer", "state"} <= set(supplies[0])


def test_supplies_are_found_by_part_of_a_name_without_accents(office: Call) -> None:
    found = office("supplies", "tomas").answer["supplies"]
    assert [s["customer"] for s in found] == ["Tomás Herrera"]


def test_secrets_are_made_up_and_shown_once_when_unset(call: Call) -> None:
    shown = call("init", "--sample", VENDING_PASSWORD="", VENDING_VAULT_PASSPHRASE="").answer
    assert len(shown["password"]) >= 8
    assert len(shown["passphrase"]) >= 8
    secrets = {"VENDING_PASSWORD": shown["password"], "VENDING_VAULT_PASSPHRASE": shown["passphrase"]}
    assert call("shift", "open", "--float", "100.00", **secrets).code == 0


def test_given_secrets_are_never_shown(call: Call, tmp_path: Path) -> None:
    made = call("init", "--sample")
    assert made.code == 0
    kept = made.out + made.err + "".join(p.read_text("latin-1") for p in (tmp_path / "office").iterdir() if p.is_file())
    assert not any(secret in kept for secret in SECRETS.values())


def test_an_office_is_not_made_twice(office: Call) -> None:
    again = office("init", "--sample")
    assert (again.code, again.refusal) == (1, "ledger-exists")


def test_without_an_office_the_reason_is_a_fault_of_the_environment(call: Call) -> None:
    missing = call("supplies")
    assert (missing.code, missing.refusal) == (3, "ledger-missing")


def test_a_shift_opens_once_and_closes(office: Call) -> None:
    opened = office("shift", "open", "--float", "100.00").answer
    assert opened["float_minor"] == 10_000
    again = office("shift", "open", "--float", "100.00")
    assert (again.code, again.refusal) == (1, "shift-already-open")
    closed = office("shift", "close", "--counted", "100.00").answer
    assert (closed["counted_minor"], closed["expected_minor"]) == (10_000, 10_000)


def test_a_wrong_password_is_refused(office: Call) -> None:
    refused = office("shift", "open", "--float", "1", VENDING_PASSWORD="135791")
    assert (refused.code, refused.refusal) == (1, "login-refused")


def test_a_wrong_passphrase_is_refused(office: Call) -> None:
    refused = office("shift", "open", "--float", "1", VENDING_VAULT_PASSPHRASE="wrong")
    assert (refused.code, refused.refusal) == (1, "vault-passphrase-wrong")


def test_a_technician_opens_no_shift(office: Call) -> None:
    refused = office("shift", "open", "--float", "1", "--operator", "technician")
    assert (refused.code, refused.refusal) == (1, "permission-denied")


@pytest.mark.parametrize(
    "words",
    [
        ("init",),
        ("sell", "--amount", "5", "--energy", "5"),
        ("sell", "--id", "short", "--amount", "5"),
        ("settings", "desk"),
        ("emulate", "sle4442", "--image", "x", "--vpcd", "nowhere"),
        ("emulate", "classic", "--image", "x", "--vpcd", "127.0.0.1:1", "--fault", "burn"),
        ("emulate", "sle4442", "--image", "x", "--vpcd", "127.0.0.1:1", "--dialect", "morse"),
        ("no-such-verb",),
        ("meter", "insert", "--state", "m.json", "--image", "c.bin", "--meter", "abc"),
        ("sell", "--no-such-option"),
    ],
)
def test_a_wrong_command_line_is_usage(call: Call, words: tuple[str, ...]) -> None:
    wrong = call(*words)
    assert (wrong.code, wrong.refusal) == (2, "usage")


def test_a_setting_says_what_it_was_and_what_it_is(office: Call) -> None:
    for key, value, said, kept in (
        ("printer", "none", "Printer stays none, as it came.", ""),
        ("printer", "Laser 7", "Printer: none, as it came → Laser 7.", "Laser 7"),
        ("printer", "Laser 7", "Printer stays Laser 7.", "Laser 7"),
        ("printer", "None", "Printer: Laser 7 → none, as it came.", ""),
        ("dark", "yes", "Dark: no, as it came → yes.", True),
        ("tries_from_books", "yes", "By the books where no tries are told: no, as it came → yes.", True),
    ):
        answer = office("settings", key, value).answer
        assert (answer["says"], answer["settings"][key]) == (said, kept)
    assert "says" not in office("settings").answer


def test_a_setting_is_changed_and_one_that_is_unknown_refused(office: Call) -> None:
    assert office("settings", "reader", "ACR39").answer["settings"]["reader"] == "ACR39"
    assert office("settings", "dark", "yes").answer["settings"]["dark"] is True
    refused = office("settings", "colour", "red")
    assert (refused.code, refused.refusal) == (1, "setting-refused")


def test_a_desk_that_the_books_do_not_know_is_said_until_it_is_entered(office: Call, tmp_path: Path) -> None:
    (tmp_path / "office" / "settings.json").write_text('{"desk": 7}')
    unknown = office("supplies")
    assert (unknown.code, unknown.refusal) == (3, "desk-unknown")
    assert office("settings", "desk", "7").code == 0
    assert office("shift", "open", "--float", "10").answer["desk"] == 7


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"desk": 0}',
        b'{"desk": "1"}',
        b'{"no": 1}',
        b"\xff\xfe",
        b'{"reader": "\\ud800"}',
        b'{"dialect": "morse"}',
    ],
)
def test_damaged_settings_are_said(office: Call, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "office" / "settings.json").write_bytes(content)
    refused = office("supplies")
    assert (refused.code, refused.refusal) == (3, "settings-damaged")


@pytest.mark.parametrize("content", [b"", b"not a vault", os.urandom(200)])
def test_a_damaged_vault_is_said(office: Call, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "office" / "vault.sealed").write_bytes(content)
    refused = office("shift", "open", "--float", "1")
    assert (refused.code, refused.refusal) == (3, "vault-damaged")


def test_a_ledger_that_is_no_ledger_is_said(office: Call, tmp_path: Path) -> None:
    for file in (tmp_path / "office").glob("ledger.sqlite3*"):
        file.unlink()
    (tmp_path / "office" / "ledger.sqlite3").write_bytes(b"this is not a database" * 100)
    refused = office("supplies")
    assert (refused.code, refused.refusal) == (3, "ledger-damaged")


@pytest.mark.parametrize("missing", ["VENDING_PASSWORD", "VENDING_VAULT_PASSPHRASE"])
def test_without_a_secret_and_a_terminal_the_verb_is_refused(office: Call, missing: str) -> None:
    refused = office("shift", "open", "--float", "1", without=missing)
    assert (refused.code, refused.refusal) == (1, "secret-missing")


def test_a_meter_uses_nothing_below_zero(office: Call, tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text("{}")
    refused = office("meter", "use", "--state", str(tmp_path / "m.json"), "--energy=-1")
    assert (refused.code, refused.refusal) == (2, "usage")


def test_the_office_is_for_its_user_alone(office: Call, tmp_path: Path) -> None:
    assert office("supplies").code == 0
    assert (tmp_path / "office").stat().st_mode & 0o077 == 0


def test_a_setting_of_another_kind_of_figures_is_refused(office: Call) -> None:
    for key, value in (("desk", "٣"), ("dialect", "morse")):
        assert office("settings", key, value).refusal == "setting-refused"


@pytest.mark.parametrize(
    ("key", "value", "known"),
    [
        ("dialect", "OMNIKEY", "none, acs, acs-old, omnikey"),
        ("dark", "perhaps", "yes, no"),
        ("vault", "drawer", "sealed, pkcs11"),
        ("desk", "0", None),
    ],
)
def test_a_setting_that_cannot_be_names_the_values_that_there_are(key: str, value: str, known: str | None) -> None:
    with pytest.raises(OperatorError) as refused:
        changed(Settings(), key, value)
    assert (refused.value.code, refused.value.facts.get("known")) == (Code.SETTING_REFUSED, known)


def test_a_setting_that_is_none_names_those_that_are() -> None:
    with pytest.raises(OperatorError) as refused:
        changed(Settings(), "dialekt", "acs")
    assert "dialect" in str(refused.value.facts["known"]).split(", ")


def test_the_books_of_a_new_office_add_up(office: Call) -> None:
    proof = office("ledger", "verify").answer
    assert proof["ok"] is True
    assert proof["problems"] == []


def test_an_office_of_one_s_own_is_made_from_a_description(call: Call, tmp_path: Path) -> None:
    sample = json.loads(Path("resources/sample-office.json").read_text())
    sample["office"]["name"] = "Hill Town Power"
    sample["supplies"] = sample["supplies"][:2]
    (tmp_path / "own.json").write_text(json.dumps(sample))
    assert call("init", "--office", str(tmp_path / "own.json")).answer["supplies"] == 2
    assert len(call("supplies").answer["supplies"]) == 2


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"office": {"name": 1}}'])
def test_a_description_that_is_none_makes_no_office(call: Call, tmp_path: Path, content: str) -> None:
    (tmp_path / "own.json").write_text(content)
    refused = call("init", "--office", str(tmp_path / "own.json"))
    assert (refused.code, refused.refusal) == (3, "file-unreadable")
    assert not (tmp_path / "office" / "ledger.sqlite3").exists()


def test_the_self_test_names_a_remedy_for_what_is_not_in_order(office: Call) -> None:
    found = office("selftest", PCSCLITE_CSOCK_NAME="/nonexistent")
    checks = {check["check"]: check for check in found.answer["checks"]}
    assert set(checks) == {"service", "readers", "fonts", "ledger", "disk", "clock", "printer", "backup", "keys"}
    assert checks["ledger"]["ok"]
    assert not checks["service"]["ok"]
    assert checks["service"]["remedy"]
    assert found.code == 1


def test_without_the_service_a_sale_is_refused_with_its_own_code(office: Call) -> None:
    refused = office("sell", "--amount", "5.00", PCSCLITE_CSOCK_NAME="/nonexistent")
    assert (refused.code, refused.refusal) == (3, "pcsc-no-service")


def test_a_card_is_not_retired_by_one_person_alone(office: Call) -> None:
    refused = office("card", "retire", "--reader", "any")
    assert (refused.code, refused.refusal) == (1, "approval-needed")
    refused = office("card", "retire", "--reader", "any", "--operator", "cashier")
    assert refused.refusal == "permission-denied"


def test_every_verb_is_documented() -> None:
    text = Path("docs/command-line.md").read_text()
    context = click.Context(cli)
    verbs: list[str] = []
    for name in cli.list_commands(context):
        command = cli.get_command(context, name)
        assert command is not None
        verbs += [name, *(f"{name} {verb}" for verb in getattr(command, "commands", ()))]
    assert len(verbs) > 16
    assert [verb for verb in verbs if not re.search(rf"`vending-app {re.escape(verb)}\b", text)] == []
