"""Runs that are kept in a bucket."""
