"""Statistics of write-backs and the sample for inspection: pure functions on numpy, no input or output."""
