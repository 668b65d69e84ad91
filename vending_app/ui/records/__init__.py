"""Records: what is said of them, what is asked, and the card of one."""
