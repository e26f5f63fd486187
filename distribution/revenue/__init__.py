"""Money in: sales reports, priced and split, booked and stated."""
