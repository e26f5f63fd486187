"""Releases, their deliveries to overseas platforms, and the money that comes back."""
