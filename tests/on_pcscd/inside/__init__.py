"""Run inside a private pcscd, by tests/on_pcscd/test_on_pcscd.py."""
