"""The page of the master keys, in parts."""
