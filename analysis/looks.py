"""When a run that stops when decided is judged; at which levels, says `statistics/spending.py`."""

LOOKS = (8, 12, 16, 24, 32)
"""The repetitions after which it is judged."""
MOST = LOOKS[-1]
