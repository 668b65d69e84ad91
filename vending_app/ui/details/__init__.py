"""What is wrong with a card: words and parts of its page."""
