"""Ways to a partner, one file for each protocol, and the choreography that they share."""
