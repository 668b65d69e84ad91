"""All of Qt: the window of the counter, its pages, and the bridge to the desk thread."""
