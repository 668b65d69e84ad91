"""The day page: tiles, what was sold by hour, cashiers, tenders, and what is odd."""
