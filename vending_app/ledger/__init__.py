"""The books on disk: SQLite behind `ports.Ledger`. Start reading at `facade.py`, then `schema.py`."""

from vending_app.ledger.facade import SqliteLedger

__all__ = ["SqliteLedger"]
