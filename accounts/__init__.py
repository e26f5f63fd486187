"""Organizations, the people who act for them, and the tokens with which they do."""
