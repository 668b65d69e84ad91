"""The verbs of the counter; they know ports and domain only."""
