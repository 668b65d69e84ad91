"""The supply page: its life on one axis, its balance, its cards, and what a technician does with it."""
