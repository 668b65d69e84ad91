"""Tool cards in the window: their words, what is asked for one, and what came in from the field."""
