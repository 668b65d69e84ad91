"""Where a working day begins."""
