"""Lists of titles on their way out."""
