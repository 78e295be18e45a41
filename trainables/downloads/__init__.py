"""Corpora from where they are published: fetched, checked and unpacked."""
