"""The command line: opens the counter, or runs one headless verb."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

import click

from vending_app import __version__
from vending_app.commands.output import fail_usage
from vending_app.no_core import forbid_core

VERBS = {
    "counter": "windows:counter",
    "practice": "windows:practice_verb",
    "tour": "windows:tour",
    "init": "office:init",
    "supplies": "office:supplies",
    "supply": "supply:supply",
    "meter-stock": "supply_records:meter_stock",
    "record": "records:record",
    "reading": "readings:reading",
    "card-stock": "card_stock:card_stock",
    "tool": "tools:tool",
    "shift": "till:shift",
    "cash": "till:cash",
    "drawer": "till:drawer",
    "void": "undo:void",
    "reverse": "undo:reverse",
    "refund": "undo:refund",
    "arrears": "undo:arrears",
    "tender": "undo:tender_verb",
    "close": "books:close",
    "inspect": "inspect:inspect",
    "report": "report:report",
    "operator": "people:operator",
    "tariff": "tariff:tariff",
    "office": "office_rules:office",
    "settings": "desk_settings:settings_verb",
    "ledger": "books:ledger",
    "keys": "keys:keys",
    "allowance": "allowance:allowance",
    "backup": "keeping:backup",
    "restore": "restored:restored",
    "import": "exchange:import_verb",
    "export": "exchange:export",
    "readers": "desk:readers",
    "card": "desk:card",
    "sell": "desk:sell",
    "recover": "desk:recover",
    "emulate": "play:emulate",
    "conformance": "conformance:conformance",
    "meter": "play:meter",
    "selftest": "self_test:selftest",
    "bench": "bench:bench",
}
"""Where each verb stands; only the one that is called is loaded."""


class Verbs(click.Group):
    """The verbs, found by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        place = VERBS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        command = getattr(importlib.import_module(f"vending_app.commands.{module}"), name)
        assert isinstance(command, click.Command), "the table names commands only"
        return command


@click.group("vending-app", cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def cli() -> None:
    """The counter of a prepaid electricity utility."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one verb. Exit codes: 0 done · 1 refused · 2 usage · 3 environment fault · 4 outcome unknown."""
    forbid_core()
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
