"""From a study to a finished run directory: explore, confirm, gather, report."""
