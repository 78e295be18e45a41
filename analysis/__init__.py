"""What was found: claims, runs, statistics, verdicts, figures and the report, from the files of a run alone."""
