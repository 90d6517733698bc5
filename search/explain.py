"""Why a document has its score, and what a word stands for: for people to read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..indexer.detect import script_of
from ..indexer.folding import fold
from ..indexer.relations import languages_by_script
from ..indexer.words import words
from .execute import Ranking
from .found import occurrences
from .plan import Leaf, Scored, leaves
from .resolve import Resolver
from .snapshot import Part, Snapshot
from .weights import Layer, Weights


@dataclass(frozen=True, slots=True)
class Explanation:
    """A figure and the figures that it comes from.

    Attributes:
        value: the figure; the sum of its parts where `parts` are its summands.
        text: what it is, for a person.
        parts: what it is made of.
    """

    value: float
    text: str
    parts: tuple[Explanation, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The tree as JSON values."""
        return {
            "value": self.value,
            "text": self.text,
            "parts": [part.as_json() for part in self.parts],
        }

    def lines(self, depth: int = 0) -> Iterator[str]:
        """The tree as indented lines."""
        yield f"{'  ' * depth}{self.value:.4f}  {self.text}"
        for part in self.parts:
            yield from part.lines(depth + 1)


def explanation(
    snapshot: Snapshot, weights: Weights, ranking: Ranking, part: Part, doc: int
) -> Explanation:
    """The arithmetic of one document's score for a query that was run."""
    number = snapshot.parts.index(part)
    parts: list[Explanation] = []
    for leaf in leaves(ranking.plan):
        parts.extend(_leaf(snapshot, weights, leaf, number, part, doc))
    score = sum(each.value for each in parts)
    again = next((h for h in ranking.hits if (h.part, h.doc) == (number, doc)), None)
    if again is not None and again.score - score > 1e-4:
        parts.append(
            Explanation(
                again.score - score,
                f"words of the query side by side, {weights.pairs:g} × BM25 of the pairs",
            )
        )
        score = again.score
    title = part.files.fields(doc).get("title") or part.files.id_of(doc)
    return Explanation(score, f"score of {title!r}", tuple(parts))


def _leaf(
    snapshot: Snapshot, weights: Weights, leaf: Leaf, number: int, part: Part, doc: int
) -> Iterator[Explanation]:
    name = f"“{leaf.word.text}”" if leaf.word else "phrase or filter"
    labels = [f"{name} in {leaf.main.field}"]
    for extra in leaf.extra:
        labels.append(
            f"{name} in the title, {weights.title:g} ×"
            if extra.field == "title" and leaf.main.field != "title"
            else f"{name} exactly as written, {weights.exact_again:g} × once more"
        )
    for scored, label in zip([leaf.main, *leaf.extra], labels, strict=True):
        found = scored.found[number]
        at = int(np.searchsorted(found.docs, doc))
        if at == len(found.docs) or found.docs[at] != doc:
            continue
        value = float(scored.scores(number, part, snapshot, weights)[at])
        frequency = float(found.freqs[at])
        yield Explanation(
            value, label, tuple(_arithmetic(snapshot, weights, leaf, scored, part, doc, frequency))
        )


def _arithmetic(
    snapshot: Snapshot,
    weights: Weights,
    leaf: Leaf,
    scored: Scored,
    part: Part,
    doc: int,
    frequency: float,
) -> Iterator[Explanation]:
    if scored.constant is not None or scored.given:
        return
    number = snapshot.parts.index(part)
    matching = sum(len(each.matches) for each in scored.found)
    length, average = int(part.files.lengths[scored.field][doc]), snapshot.averages[scored.field]
    yield Explanation(
        scored.factor,
        f"idf × (k1 + 1) × boost: {matching:,} of {snapshot.documents:,} documents match",
    )
    counts: list[Explanation] = []
    if leaf.word is not None and scored is leaf.main:
        variants = leaf.word.variants[number]
        postings = part.files.postings[scored.field]
        _, which, numbers = occurrences(part, postings, variants.ids, np.array([doc]))
        for place, posting in zip(which, numbers, strict=True):
            weight, times = float(variants.weights[place]), int(postings.freqs[posting])
            layer = Layer(int(variants.layers[place])).name.lower()
            word = part.lexicon.word(int(variants.ids[place]))
            counts.append(Explanation(weight * times, f"{word}: {times} × {weight:g} ({layer})"))
    yield Explanation(frequency, "tf, the weighted count of its words", tuple(counts))
    norm = weights.k1 * (1 - weights.b + weights.b * length / (average or 1))
    yield Explanation(
        frequency / (frequency + norm),
        f"tf / (tf + {norm:.3f}): the document has {length:,} words, {average:.1f} on average",
    )


@dataclass(frozen=True, slots=True)
class WordView:
    """A word and what it stands for in an index.

    Attributes:
        word: its key.
        folded: without accents and marks.
        stems: by language.
        roots: by language, where it has one.
        variants: the words of the index by layer, with weight and document frequency.
        correction: what may have been meant, when nothing like it is there.
    """

    word: str
    folded: str
    stems: dict[str, str]
    roots: dict[str, str]
    variants: list[tuple[str, str, float, int]] = field(default_factory=list)
    correction: str = ""

    def as_json(self) -> dict[str, Any]:
        """The view as JSON values."""
        return {
            "word": self.word,
            "folded": self.folded,
            "stems": self.stems,
            "roots": self.roots,
            "correction": self.correction,
            "variants": [
                {"word": word, "layer": layer, "weight": weight, "documents": documents}
                for word, layer, weight, documents in self.variants
            ],
        }


def word_views(snapshot: Snapshot, weights: Weights, text: str) -> list[WordView]:
    """What each word of a text stands for."""
    resolver = Resolver(snapshot, weights)
    views = []
    for key in words(text):
        folded = fold(key)
        languages = [each for _, each in languages_by_script().get(script_of(folded), [])]
        resolved = resolver.resolve(key)
        found: dict[str, tuple[int, float, int]] = {}
        for part, variants in zip(snapshot.parts, resolved.variants, strict=True):
            starts, ends = part.files.postings["text"].bounds(variants.ids)
            for n, number in enumerate(variants.ids):
                word = part.lexicon.word(int(number))
                before = found.get(word, (0, 0.0, 0))[2]
                found[word] = (
                    int(variants.layers[n]),
                    float(variants.weights[n]),
                    before + int(ends[n] - starts[n]),
                )
        ordered = sorted(found.items(), key=lambda item: (item[1][0], -item[1][1], item[0]))
        views.append(
            WordView(
                key,
                folded,
                {each.code: each.stems([folded])[0] for each in languages},
                {each.code: root for each in languages if (root := each.root(folded))},
                [
                    (word, Layer(layer).name.lower(), weight, documents)
                    for word, (layer, weight, documents) in ordered
                ],
                resolved.correction,
            )
        )
    return views
