"""The documents of the marketplace, generated from structured terms."""
