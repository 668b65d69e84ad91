"""The books behind `ports.Ledger`. Start reading at `facade.py`, then `books.py` and `schema.py`.

`postgres_server.py` is imported only where an office has a server: its driver costs a part of every start.
"""

from vending_app.ledger.books import Store
from vending_app.ledger.facade import DeskLedger
from vending_app.ledger.sqlite_file import SqliteFile

__all__ = ["DeskLedger", "SqliteFile", "Store"]
