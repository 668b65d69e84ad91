"""Runs verbs each in a process of its own, forked from one that has loaded the program: a start costs most of a call.

Lines of JSON: {words, environment, folder} in, {code} out. What the verb wrote lies in `folder`, as `out` and `err`.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback
from pathlib import Path

from vending_app.__main__ import VERBS, main


def load() -> None:
    """All verbs but those that open windows: what a fork must not share is made by none of them while it loads."""
    for place in sorted({place.partition(":")[0] for place in VERBS.values()} - {"windows"}):
        importlib.import_module(f"vending_app.commands.{place}")
    for name in ("vending_app.app", "vending_app.kept", "vending_app.ledger", "vending_app.documents.papers"):
        importlib.import_module(name)


def child(words: list[str], environment: dict[str, str], folder: Path) -> int:
    """The life of one verb."""
    os.environ.clear()
    os.environ.update(environment)
    for number, name in ((1, "out"), (2, "err")):
        made = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(made, number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.argv = ["vending-app", *words]
    try:
        main()
    except SystemExit as leaving:
        code = leaving.code
        return code if isinstance(code, int) else 0 if code is None else 1
    except BaseException:  # noqa: BLE001 - as the interpreter does with what nobody caught
        traceback.print_exc()
        return 1
    return 0


def serve() -> None:
    """Until nobody asks any more."""
    for line in sys.stdin:
        asked = json.loads(line)
        number = os.fork()
        if not number:
            code = child(asked["words"], asked["environment"], Path(asked["folder"]))
            sys.stdout.flush()
            sys.stderr.flush()
            # As it is, not as pytest or the one that waits would have it at their end.
            os._exit(code)
        _, status = os.waitpid(number, 0)
        sys.stdout.write(f"{json.dumps({'code': os.waitstatus_to_exitcode(status)})}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    load()
    serve()
