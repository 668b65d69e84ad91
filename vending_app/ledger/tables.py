"""Which append-only tables the newest version has, with their primary keys: the first version’s and what came later."""

from __future__ import annotations

from vending_app.ledger import schema
from vending_app.ledger.schema_2_books import BOOKS_KEYS
from vending_app.ledger.schema_2_keeping import KEEPING_KEYS
from vending_app.ledger.schema_2_people import PEOPLE_KEYS, RULE_KEYS
from vending_app.ledger.schema_3_supplies import SUPPLIES_KEYS, SUPPLIES_RECORDS
from vending_app.ledger.schema_4_stock import STOCK_KEYS
from vending_app.ledger.schema_4_tools import TOOLS_KEYS
from vending_app.ledger.schema_5_inspections import INSPECTION_KEYS
from vending_app.ledger.schema_6_readings import READING_KEYS
from vending_app.ledger.schema_6_rules import OFFICE_RULE_KEYS
from vending_app.ledger.schema_7_keys import KEY_KEYS
from vending_app.ledger.schema_7_repairs import REPAIR_KEYS
from vending_app.ledger.schema_7_retirements import RETIREMENT_KEYS
from vending_app.ledger.schema_7_tries import TRIES_KEYS

_LATER_KEYS = {
    **PEOPLE_KEYS,
    **BOOKS_KEYS,
    **KEEPING_KEYS,
    **SUPPLIES_KEYS,
    **TOOLS_KEYS,
    **STOCK_KEYS,
    **INSPECTION_KEYS,
    **OFFICE_RULE_KEYS,
    **READING_KEYS,
    **KEY_KEYS,
    **RETIREMENT_KEYS,
    **REPAIR_KEYS,
    **TRIES_KEYS,
}

PRIMARY_KEYS = {**schema.PRIMARY_KEYS, **_LATER_KEYS}
"""Tables whose rows name the journal row that brought them."""

APPEND_ONLY = {**schema.APPEND_ONLY, **RULE_KEYS, **_LATER_KEYS}
"""Tables whose rows stay as they were written; what a row refers to stands before it."""

RECORDS = {**SUPPLIES_RECORDS, **schema.RECORDS}
"""Tables whose rows may be corrected, with their primary keys; what a row refers to stands before it."""
