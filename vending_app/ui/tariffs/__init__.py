"""The supervisor's tariffs: their words, their picture, and their way to the desk and back."""
