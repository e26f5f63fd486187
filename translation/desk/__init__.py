"""The desk: where the texts of an organization stand in each language, and people review them side by side."""
