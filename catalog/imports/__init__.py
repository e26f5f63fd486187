"""Lists of titles on their way in: previewed, chosen, taken, corrected."""
