"""The tests in `inside` need namespaces of their own: an ordinary run leaves them to the one test that makes them."""

from __future__ import annotations

import os

INSIDE = "VENDING_INSIDE_PCSCD"

collect_ignore = [] if os.environ.get(INSIDE) else ["inside"]
