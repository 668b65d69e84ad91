"""The supervisor's reports: their words, their picture, and their way to the desk and back."""
