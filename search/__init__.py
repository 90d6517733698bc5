"""Queries become ranked, highlighted results: `Searcher` and what it gives back."""

from .results import Hit, Match, RankedIds, Results, Snippet
from .searcher import Searcher
from .selection import Selection
from .thesaurus import Thesaurus
from .weights import WEIGHTS, Weights

__all__ = [
    "WEIGHTS",
    "Hit",
    "Match",
    "RankedIds",
    "Results",
    "Searcher",
    "Selection",
    "Snippet",
    "Thesaurus",
    "Weights",
]
