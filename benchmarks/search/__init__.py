"""How fast works are indexed and found, beside bare tantivy and a bare handler on the same index."""
