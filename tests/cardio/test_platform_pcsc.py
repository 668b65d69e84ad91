"""What the codes of PC/SC mean on each system, by the tables of pcsclite.h and winerror.h."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from vending_app.cardio.link import CardMute, CardRemoved, CardReset
from vending_app.cardio.platform_pcsc import LINUX, WINDOWS, Platform
from vending_app.domain.errors import Code
from vending_app.domain.reader_names import without_place

RULE = Path(__file__).parents[2] / "installer" / "60-vending-pcsc.rules"
BOTH = pytest.mark.parametrize("platform", [LINUX, WINDOWS], ids=lambda platform: platform.name)


@BOTH
@pytest.mark.parametrize(
    ("result", "code"),
    [
        (0x8010001D, Code.PCSC_NO_SERVICE),
        (0x8010001D - 2**32, Code.PCSC_NO_SERVICE),
        (0x8010001E, Code.PCSC_NO_SERVICE),
        (0x8010006A, Code.PCSC_DENIED),
        (0x80100027, Code.PCSC_DENIED),
        (0x8010000B, Code.READER_BUSY),
        (0x8010000A, Code.READER_TIMEOUT),
        (0x80100069, Code.CARD_REMOVED),
        (0x8010000C, Code.CARD_ABSENT),
        (0x80100009, Code.READER_GONE),
        (0x80100017, Code.READER_GONE),
        (0x80100066, Code.CARD_UNREADABLE),
        (0x80100065, Code.CARD_UNREADABLE),
        *((failed, Code.READER_FAULT) for failed in (0x80100001, 0x80100006, 0x80100015, 0x8010001F, 0x80109999)),
    ],
)
def test_the_common_codes_mean_the_same(platform: Platform, result: int, code: Code) -> None:
    assert platform.trouble(result).code is code


@BOTH
def test_a_reset_is_one_that_a_session_begins_anew_after(platform: Platform) -> None:
    assert isinstance(platform.trouble(0x80100068), CardReset)


@pytest.mark.parametrize(
    ("result", "on_linux", "on_windows"),
    [
        (0x80100013, Code.PCSC_NO_SERVICE, Code.READER_GONE),
        (0x05, Code.READER_FAULT, Code.PCSC_DENIED),
        (0x06, Code.READER_FAULT, Code.PCSC_NO_SERVICE),
        (0x79, Code.READER_FAULT, Code.READER_TIMEOUT),
    ],
)
def test_where_the_systems_differ(result: int, on_linux: Code, on_windows: Code) -> None:
    assert (LINUX.trouble(result).code, WINDOWS.trouble(result).code) == (on_linux, on_windows)


def test_the_drivers_of_windows_tell_of_the_card_by_plain_numbers() -> None:
    assert isinstance(WINDOWS.trouble(0x16), CardRemoved)
    assert isinstance(WINDOWS.trouble(0x1F), CardMute)


def test_a_service_that_stopped_with_its_last_reader_has_no_reader_and_is_not_missing() -> None:
    assert [WINDOWS.means_no_reader(code) for code in (0x8010002E, 0x8010001D, 0x8010001E - 2**32)] == [True] * 3
    assert [LINUX.means_no_reader(code) for code in (0x8010002E, 0x8010001D, 0x8010001E)] == [True, False, False]


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("ACS ACR39U ICC Reader 00 00", "ACS ACR39U ICC Reader"),
        ("ACS ACR39U ICC Reader 0A 01", "ACS ACR39U ICC Reader"),
        ("ACS ACR39U ICC Reader 0", "ACS ACR39U ICC Reader"),
        ("HID Global OMNIKEY 3021 0", "HID Global OMNIKEY 3021"),
        ("Built-in", "Built-in"),
    ],
)
def test_a_reader_is_known_by_its_name_without_the_number_of_its_place(name: str, plain: str) -> None:
    assert without_place(name) == plain


def test_the_rule_lets_one_group_in_to_exactly_the_two_actions_of_the_card_service() -> None:
    rule = RULE.read_text(encoding="utf-8")
    actions = set(re.findall(r'action\.id == "([^"]+)"', rule))
    assert actions == {"org.debian.pcsc-lite.access_pcsc", "org.debian.pcsc-lite.access_card"}
    assert re.findall(r'isInGroup\("([^"]+)"\)', rule) == ["vending"]
