"""Is it free, for how much, and who has signed: availability, negotiations, contracts, licenses, and the studios' deals."""
