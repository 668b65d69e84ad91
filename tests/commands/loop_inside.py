"""The whole loop on the command line, inside a private pcscd: prints the answer of every step as JSON, one a line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vending_app.cardio.pcsc import PcscReaders

SUPPLY, METER, AREA = "00417726", "000012345678", "N-3"
PATIENCE_LOOKS = 40


class Loop:
    def __init__(self, folder: Path) -> None:
        self.image, self.state = folder / "card.bin", folder / "meter.json"
        self.receipt = folder / "receipt.pdf"
        self._readers = PcscReaders()
        self._card: subprocess.Popen[bytes] | None = None

    def verb(self, step: str, *words: str) -> None:
        command = [sys.executable, "-m", "vending_app", *words, "--json"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        told = {"step": step, "code": done.returncode, "answer": json.loads(done.stdout), "err": done.stderr}
        sys.stdout.write(json.dumps(told) + "\n")

    def put_in(self, *options: str) -> None:
        address = f"127.0.0.1:{os.environ['VPCD_PORT']}"
        words = ["emulate", "sle4442", "--image", str(self.image), "--vpcd", address, *options]
        self._card = subprocess.Popen([sys.executable, "-m", "vending_app", *words], stdout=subprocess.DEVNULL)
        self.wait(is_present=True)

    @contextmanager
    def torn_at_byte(self, at: int) -> Iterator[None]:
        """The card in the reader, to be torn out while it is written."""
        self.put_in("--fault", f"tear:{at}:mixed")
        yield
        assert self._card is not None
        assert self._card.wait(PATIENCE_LOOKS) == 0, "a card that was torn out ends the command"

    def take_out(self) -> None:
        assert self._card is not None
        # Not an interrupt: whoever runs the tests in the background has told his children to ignore it.
        self._card.terminate()
        self._card.wait()
        self.wait(is_present=False)

    def wait(self, *, is_present: bool) -> None:
        states = self._readers.list()
        for _ in range(PATIENCE_LOOKS):
            if any(state.card_present for state in states) == is_present:
                return
            states = self._readers.watch(states, timeout_ms=250)
        raise TimeoutError(f"card present: {is_present}")


def main(folder: Path) -> None:
    loop = Loop(folder)
    loop.verb("no card", "card", "show", "--reader", "Virtual PCD 00 00")
    loop.verb("readers", "readers")
    loop.put_in("--blank")
    loop.verb("blank", "card", "show", "--reader", "Virtual")
    loop.verb("sell to blank", "sell", "--reader", "Virtual", "--amount", "50.00")
    loop.verb("issue", "card", "issue", "--supply", SUPPLY, "--reader", "Virtual")
    loop.verb("issue again", "card", "issue", "--supply", SUPPLY, "--reader", "Virtual")
    tender, receipt = ("--tender", "cash:100.00"), ("--receipt", str(loop.receipt))
    sale_id = ("--id", "01J8ZC5W9Q3T7V2X4N6M8K0H1G")
    loop.verb("sell", "sell", "--reader", "Virtual", "--amount", "50.00", *tender, *receipt, *sale_id)
    loop.verb("sell again", "sell", "--reader", "Virtual", "--amount", "50.00", *tender, *sale_id)
    loop.verb("recover", "recover", "--reader", "Virtual")
    loop.take_out()
    meter = ("--state", str(loop.state), "--image", str(loop.image), "--meter", METER, "--area", AREA)
    loop.verb("meter", "meter", "insert", *meter)
    loop.verb("use", "meter", "use", "--state", str(loop.state), "--energy", "12.5", "--power", "3.2")
    loop.verb("meter again", "meter", "insert", *meter)
    loop.put_in()
    loop.verb("show", "card", "show", "--reader", "Virtual")
    no_paper = ("--receipt", str(loop.image / "cannot-be-saved.pdf"))
    loop.verb("sell energy", "sell", "--reader", "Virtual", "--energy", "120", "--dialect", "acs", *no_paper)
    loop.verb("other dialect", "card", "show", "--reader", "Virtual", "--dialect", "morse")
    loop.take_out()
    with loop.torn_at_byte(9):
        loop.verb("torn", "sell", "--reader", "Virtual", "--amount", "20.00", "--id", "01J8ZC5W9Q3T7V2X4N6M8K0H2G")
    loop.wait(is_present=False)
    loop.put_in()
    loop.verb("torn card", "card", "show", "--reader", "Virtual")
    loop.verb("sell to torn", "sell", "--reader", "Virtual", "--amount", "10.00")
    loop.verb("finish", "recover", "--reader", "Virtual")
    loop.verb("finished", "sell", "--reader", "Virtual", "--amount", "20.00", "--id", "01J8ZC5W9Q3T7V2X4N6M8K0H2G")
    loop.take_out()
    loop.verb("meter last", "meter", "insert", *meter)
    a_round(loop, meter)
    asked_again(loop)
    a_lost_card(loop, meter)
    loop.verb("verify", "ledger", "verify")


def a_round(loop: Loop, meter: tuple[str, ...]) -> None:
    """A check card is issued, torn on the way and finished, taken to the meter, and read in; then it goes out again."""
    customers = loop.image
    loop.verb("area", "supply", "area", AREA, "--name", "North 3")
    loop.image = customers.with_name("tool.bin")
    loop.put_in("--blank")
    loop.take_out()
    issue = ("tool", "issue", "check", "--area", AREA, "--reader", "Virtual", "--days", "3")
    number = ("--id", "01J8ZC5W9Q3T7V2X4N6M8K0H4G")
    with loop.torn_at_byte(20):
        loop.verb("tool torn", *issue, *number)
    loop.wait(is_present=False)
    loop.put_in()
    loop.verb("tool finished", "tool", "read", "--reader", "Virtual")
    loop.verb("tool again", *issue, *number)
    loop.take_out()
    loop.verb("meter takes the tool", "meter", "insert", *meter[:2], "--image", str(loop.image), *meter[4:])
    loop.put_in()
    loop.verb("tool issued unread", *issue)
    loop.verb("tool card shown", "card", "show", "--reader", "Virtual")
    loop.verb("tool read", "tool", "read", "--reader", "Virtual")
    loop.verb("tool read again", "tool", "read", "--reader", "Virtual")
    loop.verb("tool anew", *issue)
    loop.take_out()
    loop.verb("tool list", "tool", "list")
    loop.image = customers


def asked_again(loop: Loop) -> None:
    """The same id again: of a sale that was undone since, and of a reversal whose money went back already."""
    sell = ("sell", "--reader", "Virtual", "--amount")
    undone = "01J8ZC5W9Q3T7V2X4N6M8K0H5G"
    with loop.torn_at_byte(9):
        loop.verb("to be undone", *sell, "20.00", "--id", undone)
    loop.wait(is_present=False)
    loop.put_in()
    why = ("--reason", "typed wrong", "--reader", "Virtual", "--operator", "supervisor")
    loop.verb("undone", "void", "--sale", undone, *why)
    loop.verb("undone again", *sell, "20.00", "--id", undone)
    first, second = "01J8ZC5W9Q3T7V2X4N6M8K0H6G", "01J8ZC5W9Q3T7V2X4N6M8K0H7G"
    loop.verb("the first of two", *sell, "10.00", "--id", first)
    loop.verb("the second of two", *sell, "30.00", "--id", second)
    loop.verb("reversal left due", "reverse", "--sale", second, *why, "--pay-by", "later")
    reverse = ("reverse", "--sale", first, *why, "--id", "01J8ZC5W9Q3T7V2X4N6M8K0H8G")
    loop.verb("reversal", *reverse)
    loop.verb("reversal again", *reverse)
    loop.verb("reversal otherwise", *reverse, "--pay-by", "later")
    loop.take_out()


def a_lost_card(loop: Loop, meter: tuple[str, ...]) -> None:
    """A second card takes over, the first is found again, and in the end the meter is changed by its write-back."""
    first = loop.image
    loop.verb("stake", "supply", "stake", SUPPLY, "--purchases", "3")
    loop.image = first.with_name("second.bin")
    loop.put_in("--blank")
    reissue = ("supply", "reissue", SUPPLY, "--why", "lost", "--purchases", "3", "--reader", "Virtual")
    number = ("--id", "01J8ZC5W9Q3T7V2X4N6M8K0H3G")
    loop.verb("free alone", *reissue, "--free")
    loop.verb("reissue", *reissue, *number)
    loop.verb("reissue again", *reissue, *number)
    loop.take_out()
    loop.verb("meter takes the new", "meter", "insert", *meter[:2], "--image", str(loop.image), *meter[4:])
    loop.verb("meter refuses the old", "meter", "insert", *meter)
    loop.put_in()
    loop.verb("show the new", "card", "show", "--reader", "Virtual")
    loop.verb("stock", "meter-stock", "add", "000087654321", "--model", "RM-2")
    loop.verb("change meter", "supply", "change-meter", SUPPLY, "000087654321", "--reason", "noisy")
    loop.take_out()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
