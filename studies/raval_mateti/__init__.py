"""Raval and Mateti, "NSynth Classification using CNN" (S3)."""
