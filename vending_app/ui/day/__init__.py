"""The day page: tiles, takings by hour, cashiers, tenders, and what is odd."""
