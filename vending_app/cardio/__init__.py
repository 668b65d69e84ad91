"""Cards: APDUs, readers, dialects, chips, card formats and the key vault."""
