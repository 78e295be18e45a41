"""What is checked before a run: its design, its data, its cost, and how many trials a GPU holds."""
