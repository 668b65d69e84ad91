"""What only the practice counter shows: its frame, its card tray and its meter."""
