"""Chips in software: product code, for practice, for tests and for the fault campaign."""
