"""x"""

OPERATORS, TARIFFS = "operators", "tariffs"
