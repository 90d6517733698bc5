"""The best hits are looked at once more: what only a closer look at few documents can tell.

Neighbouring words of the query, words that stand close together, letters that are alike, and the
language. Each adds to the score (the language multiplies it) and never takes away, so that the hits
that were looked at stay before the others. The cost does not grow with the index.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import replace

from ..indexer.arrayfile import Array
from . import letters
from .best import Ranked, in_order
from .execute import Ranking, run
from .pairs import Pair, Places, pair_scores, pairs, stop_pairs
from .plan import Leaf, Plan, leaves
from .planner import plan_of
from .resolve import Resolver
from .snapshot import Snapshot
from .stopwords import plain_words, query_languages
from .together import best_windows
from .weights import Weights


class Gains(msgspec.Struct, frozen=True):
    """What some documents of a segment gain, as arrays with one number for each document.

    Attributes:
        pairs: for each pair of words how often it stands there, and what that adds.
        window: the idf of the words in the best window.
        letters: what each group of letters adds (groups × documents).
        times: what the whole is multiplied by.
    """

    pairs: list[tuple[Pair, Array, Array]]
    window: Array
    letters: Array
    times: Array

    def scores(self, before: Array, weights: Weights) -> Array:
        """The new scores of the documents."""
        total = before + sum((each for _, _, each in self.pairs), np.zeros(len(before)))
        total = total + weights.together * self.window
        # Row by row, so that a document's sum does not depend on how many others there are.
        return (total + np.add.reduce(self.letters, axis=0)) * self.times


class Reranker:
    """What a query asks for beyond its single words.

    Args:
        query: its tree, stop words included.
        plan: of the tree without them.

    Attributes:
        words: the different words that count together, with the leaves of the plan.
        languages: those that the stop words of the query give away, as codes.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        weights: Weights,
        query: Any,
        plan: Plan,
        resolver: Resolver | None = None,
    ) -> None:
        self._snapshot, self._weights = snapshot, weights
        asked = [word.text for word in plain_words(query)]
        there = {leaf.word.text: leaf for leaf in leaves(plan) if leaf.word is not None}
        self.words: dict[str, Leaf] = {text: there[text] for text in asked if text in there}
        self.pairs = pairs(plan, weights.pairs)
        if weights.stop_pairs:
            self.pairs += stop_pairs(
                snapshot, weights, query, self.words, resolver or Resolver(snapshot, weights)
            )
        looked_up = {id(leaf) for pair in self.pairs for leaf in (pair.first, pair.second)}
        looked_up.update(map(id, self.words.values()))
        # A word may stand in one document millions of times.
        self._most = weights.places_cap // max(weights.depth * len(looked_up), 1)
        self.languages: frozenset[str] = frozenset()
        if weights.language != 1 and len(snapshot.languages) > 1:
            self.languages = frozenset(each.code for each in query_languages(asked))

    @cached_property
    def idfs(self) -> list[float]:
        """The idf of each word, times its boost."""
        return [leaf.main.factor / (self._weights.k1 + 1) for leaf in self.words.values()]

    @cached_property
    def groups(self) -> letters.Groups:
        """The groups of letters of its words."""
        return letters.groups(self._snapshot, list(self.words))

    @property
    def idle(self) -> bool:
        """Whether no document gains anything."""
        return not (self.pairs or self.words or self.languages)

    def gains(self, number: int, docs: Array) -> Gains:
        """What documents of a segment gain.

        Args:
            number: the segment's.
            docs: the documents, ascending.
        """
        snapshot, weights = self._snapshot, self._weights
        part = snapshot.parts[number]
        places = Places(part, number, docs, self._most)
        scores = pair_scores(snapshot, number, weights, self.pairs, docs, places)
        found = [(pair, *both) for pair, both in zip(self.pairs, scores, strict=True)]
        window, starts = np.zeros(len(docs)), np.zeros(len(docs), np.int64)
        if weights.together and len(self.words) > 1:
            where = [places[leaf] for leaf in self.words.values()]
            window, starts = best_windows(where, self.idfs, docs, weights.together_within)
        alike = np.zeros((0, len(docs)))
        if weights.letters and self.words:
            shares = starts / np.maximum(part.files.lengths["text"][docs], 1)
            alike = letters.scores(snapshot, weights, self.groups, part, docs, shares)
        return Gains(found, window, alike, self._times(number, docs))

    def _times(self, number: int, docs: Array) -> Array:
        times = np.ones(len(docs))
        if self.languages:
            values = self._snapshot.parts[number].files.values["language"]
            assert values.codes is not None
            for n, code in enumerate(values.codes[docs].tolist()):
                # A document whose language could not be told is not held back.
                if values.at(code).decode() in {*self.languages, ""}:
                    times[n] = self._weights.language
        return times


def rank(
    snapshot: Snapshot,
    weights: Weights,
    query: Any,
    limit: int,
    resolver: Resolver | None = None,
    asked: Any = None,
) -> Ranking:
    """Runs a query tree and ranks the best, looked at closely.

    Args:
        limit: how many hits are wanted; it may give more.
        resolver: of the same snapshot and weights, if there is one that knows words already.
        asked: the tree with the stop words that were left out, if any were.
    """
    resolver = resolver or Resolver(snapshot, weights)
    plan = plan_of(snapshot, weights, query, resolver)
    if not weights.looks_closer:
        return run(snapshot, weights, plan, limit)
    # The best hits are ranked again among themselves, whichever of them are asked for.
    ranking = run(snapshot, weights, plan, max(limit, weights.depth))
    return rerank(snapshot, weights, query if asked is None else asked, ranking, resolver)


def rerank(
    snapshot: Snapshot,
    weights: Weights,
    query: Any,
    ranking: Ranking,
    resolver: Resolver | None = None,
) -> Ranking:
    """Ranks the best `depth` hits again among themselves; those behind them keep their places.

    Args:
        query: the tree of the query, stop words included.
    """
    if not ranking.hits:
        return ranking
    reranker = Reranker(snapshot, weights, query, ranking.plan, resolver)
    if reranker.idle:
        return ranking
    head, tail = ranking.hits[: weights.depth], ranking.hits[weights.depth :]
    scores = np.array([hit.score for hit in head])
    for number in {hit.part for hit in head}:
        rows = np.array([n for n, hit in enumerate(head) if hit.part == number])
        docs = np.array([head[n].doc for n in rows], np.int64)
        order = docs.argsort()
        rows = rows[order]
        scores[rows] = reranker.gains(number, docs[order]).scores(scores[rows], weights)
    ranked = [
        Ranked(hit.part, hit.doc, score) for hit, score in zip(head, scores.tolist(), strict=True)
    ]
    return replace(ranking, hits=in_order(snapshot, ranked, len(ranked)) + tail)
