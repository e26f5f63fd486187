"""Texts that people write and others must read, in ten languages, and where each rendering comes from."""
