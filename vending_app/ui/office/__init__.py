"""The page Office: rules of the office, changed by two people."""
