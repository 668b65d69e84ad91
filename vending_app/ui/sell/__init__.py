"""The sell page and its cards."""
