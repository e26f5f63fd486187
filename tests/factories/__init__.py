"""What tests stand on, one file per domain."""
