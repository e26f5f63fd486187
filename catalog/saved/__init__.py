"""Searches that a person keeps under a name, and how many works are new in each."""
