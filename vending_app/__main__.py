"""The command line: opens the counter, or runs one headless verb."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from vending_app import __version__
from vending_app.commands import bench, desk, office, play, self_test, windows
from vending_app.commands.output import fail_usage


@click.group("vending-app", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def cli() -> None:
    """The counter of a prepaid electricity utility."""


for command in (
    windows.counter,
    windows.practice_verb,
    windows.tour,
    office.init,
    office.supplies,
    office.shift,
    office.settings_verb,
    office.ledger,
    desk.readers,
    desk.card,
    desk.sell,
    desk.recover,
    play.emulate,
    play.meter,
    self_test.selftest,
    bench.bench,
):
    cli.add_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one verb. Exit codes: 0 done · 1 refused · 2 usage · 3 environment fault · 4 outcome unknown."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        cli.main(given, prog_name="vending-app", standalone_mode=False)
    except click.UsageError as error:
        fail_usage(error.format_message(), as_json="--json" in given)
    except click.exceptions.Exit as leaving:
        raise SystemExit(leaving.exit_code) from None
    except (click.Abort, KeyboardInterrupt):
        raise SystemExit(130) from None


if __name__ == "__main__":
    main()
