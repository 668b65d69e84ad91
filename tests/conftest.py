"""Every test runs without a display and at one place of the earth."""

from __future__ import annotations

import os
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["TZ"] = "UTC"
time.tzset()

from vending_app.ui.none_guard import keep_none_alive  # noqa: E402 - after the environment is set

keep_none_alive()
