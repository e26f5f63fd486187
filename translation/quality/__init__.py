"""How good drafts were: each compared with what a person approved after it."""
