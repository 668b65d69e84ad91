"""Which versions of a tariff count, for every query that looks for prices; loaded with the program."""

from __future__ import annotations

from vending_app.domain.tariff import WITHDRAWN_PREFIX

_SUBJECT = f"'{WITHDRAWN_PREFIX}' || tariffs.code || ':' || valid_from"
COUNTS = f"NOT EXISTS (SELECT 1 FROM office_rules WHERE subject = {_SUBJECT})"
"""Of the table `tariffs`: nobody has withdrawn it. One look into an index of a table with a handful of rows."""
