"""Which commit of étude this is."""

import subprocess
from pathlib import Path

COMMIT = ""
"""The commit that a wheel was built from; building writes it here."""


def commit() -> str:
    """The commit of the code; "" where nobody knows it."""
    root = Path(__file__).parents[1]
    # A wheel may be installed inside somebody else's checkout.
    if COMMIT or not (root / ".git").exists():
        return COMMIT
    try:
        command = ["git", "-C", str(root), "rev-parse", "--short", "HEAD"]
        return subprocess.run(command, capture_output=True, text=True, timeout=5, check=False).stdout.strip()
    except (OSError, subprocess.TimeoutExpired):
        return ""
