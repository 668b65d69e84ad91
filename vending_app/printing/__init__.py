"""Where paper comes out: an office printer, or a folder that stands for a screen."""
