"""The same work arriving twice: noticed by identifier or by likeness, and offered as a merge."""
