"""Texts and memory as files for translators' programs: TMX 1.4b and XLIFF 2, out and in again."""
