"""Overrides: a person approves words although a check warns about them, and says why."""
