"""Version 2 of the tables, the part about cash, closings and reversals."""

from __future__ import annotations

BOOKS_2 = ""

BOOKS_KEYS: dict[str, str] = {}
"""Append-only tables of this part whose rows name the journal row that brought them, with their primary keys."""
