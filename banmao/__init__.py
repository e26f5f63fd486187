"""The program: it puts the domains together."""
