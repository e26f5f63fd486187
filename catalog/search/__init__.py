"""Full-text search of published works: a tantivy index in each process, derived from the tables and rebuilt at will."""
