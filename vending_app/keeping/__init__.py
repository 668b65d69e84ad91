"""What is kept outside the books: sealed backups, exported files, and tables that come in."""
