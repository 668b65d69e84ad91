"""The inspection page: the list in order of priority, and the evidence."""
