"""Receipts, reports and slips as PDF."""
