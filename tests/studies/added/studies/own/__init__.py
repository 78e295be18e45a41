"""A. Author, "Of low and high tones" (S9)."""
