"""What is 0, but for rounding: so that neither a tie nor a figure is decided by the last bits of a sum."""

NOISE = 1e-6
"""What is smaller is 0, in any unit."""
