"""WHAT must be true of the tables."""
