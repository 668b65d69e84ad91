"""Version 4 of the tables, its part for cards that never come back: who may close a supply may void its last order."""

from __future__ import annotations

WRITE_OFF_4 = """
INSERT INTO act_kinds (act, kind, is_effect) VALUES ('close-supply', 'void', 1);
"""
"""The same rows in both databases."""
