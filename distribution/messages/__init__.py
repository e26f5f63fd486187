"""Messages between the hub and its partners, in the standards of the trade."""
