"""Cards: bytes, chips, sessions, keys."""
