"""The reference meter: the other side of the card contract."""
