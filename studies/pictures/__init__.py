"""What a report shows of the data: computed before a run, small enough for a page."""
