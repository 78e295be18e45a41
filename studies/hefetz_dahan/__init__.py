"""Hefetz and Dahan, "Deep Learning Project: Single label instrument classifier" (S1)."""
