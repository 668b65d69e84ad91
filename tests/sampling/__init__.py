"""The sample for inspection."""
