"""The books on the screen: acts that are filled in, approved and done in one place of a page."""
