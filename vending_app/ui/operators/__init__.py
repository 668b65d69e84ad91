"""The administrator's operators: their words, and what is asked before one is changed."""
