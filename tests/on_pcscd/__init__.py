"""Cards over a real PC/SC service."""
