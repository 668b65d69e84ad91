"""Figures and the fault campaign."""
