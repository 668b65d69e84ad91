"""Paper: receipts as PDF."""
