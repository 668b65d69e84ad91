"""Writing a paper or a table where somebody wants it, and saying how it went."""

from __future__ import annotations

from pathlib import Path

from vending_app.ui.components.toast import Note


def saved(path: str, content: bytes) -> Note:
    """Write it; the note says that it is there, or why not."""
    try:
        Path(path).write_bytes(content)
    except OSError as cause:
        return Note("Not saved", cause.strerror or "The file cannot be written.", "warn", about="save")
    return Note("Saved", Path(path).name, "ok", about="save")
