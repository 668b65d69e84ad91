"""The counter of a prepaid electricity utility: cards, energy credit, books and receipts."""

__version__ = "0.1.0"
