"""Nouns and rules of the trade: standard library only, frozen values, no clock, no input or output."""
