"""The books on disk."""
