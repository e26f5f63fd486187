"""The words that a trade, or a house, has decided on: to be used, to be kept as they are, never to be used."""

from translation.glossary.matching import Banned, Glossary, TermHit
from translation.glossary.service import glossary_of, terms_in

__all__ = ["Banned", "Glossary", "TermHit", "glossary_of", "terms_in"]
