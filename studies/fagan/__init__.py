"""Fagan, "Deep learning Audio Classification project" (S2)."""
