"""Rendered stand-ins of the corpora: synthesised notes and songs that decide no finding."""
