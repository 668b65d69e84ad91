"""The other pages of the counter."""
