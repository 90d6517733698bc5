"""Why a document has its score: for people to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
from msgspec.structs import replace
from whoosh.query import Every, NullQuery

from . import nodes
from .execute import Ranking
from .pairs import Pair
from .plan import AllOf, AnyOf, Leaf, Plan, Scored, Without
from .reading import occurrences
from .rerank import Reranker
from .snapshot import Part, Snapshot
from .weights import Layer, Weights


class Explanation(msgspec.Struct, frozen=True):
    """A figure and the figures that it comes from.

    Attributes:
        value: the figure.
        text: what it is, for a person.
        parts: what it is made of.
        rule: how: "sum" or "product" of its parts, "share" for the first part divided by the sum
            of both; "" where it has no parts.
    """

    value: float
    text: str
    parts: tuple[Explanation, ...] = ()
    rule: str = ""

    def as_json(self) -> dict[str, Any]:
        """The tree as JSON values."""
        return {
            "value": self.value,
            "text": self.text,
            "rule": self.rule,
            "parts": [part.as_json() for part in self.parts],
        }

    def lines(self, depth: int = 0) -> Iterator[str]:
        """The tree as indented lines."""
        yield f"{'  ' * depth}{self.value:.4f}  {self.text}{_RULES[self.rule]}"
        for part in self.parts:
            yield from part.lines(depth + 1)


_RULES = {
    "": "",
    "sum": ", the sum of:",
    "product": ", the product of:",
    "share": ", the first divided by the sum of both:",
}


def explanation(
    snapshot: Snapshot,
    weights: Weights,
    trees: tuple[Any, Any],
    ranking: Ranking,
    part: Part,
    doc: int,
) -> Explanation:
    """The arithmetic of one document's score for a query that was run.

    The score of a document that is no hit is 0 without parts, and the text says why.

    Args:
        trees: the query as it was asked, and what was searched.
        ranking: what it gave, with at least the hits that are looked at closely.
    """
    asked, tree = trees
    title = part.files.fields(doc)["title"] or part.files.id_of(doc)
    plan, number = ranking.plan, snapshot.parts.index(part)
    explainer = _Explainer(snapshot, weights, number, doc)
    parts = list(explainer.scores(plan, tree))
    if not (parts if _is_wide(plan) else explainer.matches(plan)):
        why = explainer.missing(plan, tree) or "the query asks for nothing"
        return Explanation(0.0, f"“{title}” does not match: {why}")
    about = f"score of “{title}”"
    if ranking.partial:
        about += " for a query that was too much to be looked for everywhere"
    head = ranking.hits[: weights.depth]
    if any((hit.part, hit.doc) == (number, doc) for hit in head):
        whole = explainer.closer_look(Reranker(snapshot, weights, asked, plan), parts)
        return replace(whole, text=about)
    return Explanation(sum(part.value for part in parts), about, tuple(parts), "sum")


def _is_wide(plan: Plan) -> bool:
    """Whether whatever any word of a plan stands for is a hit: words are alternatives only."""
    if isinstance(plan, AllOf | Without):
        return False
    if isinstance(plan, AnyOf):
        return all(map(_is_wide, plan.children))
    return plan.main.constant is None


class _Explainer:
    """Explains the figures of one document, by its segment's number and its number there."""

    def __init__(self, snapshot: Snapshot, weights: Weights, number: int, doc: int) -> None:
        self._snapshot, self._weights = snapshot, weights
        self._number, self._part, self._doc = number, snapshot.parts[number], doc

    def matches(self, plan: Plan) -> bool:
        """Whether the document matches a plan."""
        if isinstance(plan, Leaf):
            return bool(plan.main.found[self._number].among(np.array([self._doc]))[0])
        if isinstance(plan, Without):
            return self.matches(plan.kept) and not self.matches(plan.excluded)
        return (all if isinstance(plan, AllOf) else any)(map(self.matches, plan.children))

    def missing(self, plan: Plan, tree: Any) -> str:
        """Why the document does not match a plan, "" when it does."""
        if self.matches(plan):
            return ""
        if isinstance(plan, Leaf):
            if plan.partial:
                return f"{_text(tree)} is too much to be looked for everywhere"
            return f"{_text(tree)} is not in it"
        if isinstance(plan, Without):
            return self.missing(plan.kept, tree.a) or f"it is excluded by {_text(tree.b)}"
        each = [self.missing(*pair) for pair in zip(plan.children, _children(tree), strict=True)]
        return " and ".join(filter(None, each))

    def scores(self, plan: Plan, tree: Any) -> Iterator[Explanation]:
        """What each leaf of a plan adds to the score."""
        if isinstance(plan, Leaf):
            yield from self._leaf(plan, tree)
        elif isinstance(plan, Without):
            yield from self.scores(plan.kept, tree.a)
        else:
            for child, asked in zip(plan.children, _children(tree), strict=True):
                # Of what a document lacks in part, nothing counts.
                if (
                    isinstance(plan, AllOf)
                    or isinstance(child, Leaf | AnyOf)
                    or self.matches(child)
                ):
                    yield from self.scores(child, asked)

    def closer_look(self, reranker: Reranker, parts: list[Explanation]) -> Explanation:
        """What a closer look adds to the sum of some parts."""
        weights = self._weights
        gains = reranker.gains(self._number, np.array([self._doc]))
        for pair, freqs, values in gains.pairs:
            if freqs[0]:
                parts.append(self._pair(pair, float(freqs[0]), float(values[0])))
        if gains.window[0]:
            parts.append(
                Explanation(
                    weights.together * float(gains.window[0]),
                    "words of the query close together",
                    (
                        Explanation(weights.together, "weight of words close together"),
                        Explanation(
                            float(gains.window[0]),
                            f"idf × boost of the words that stand within {weights.together_within} "
                            "words, where most do",
                        ),
                    ),
                    "product",
                )
            )
        per_group = gains.letters[:, 0]
        if per_group.any():
            by_word = np.bincount(reranker.groups.words, per_group, len(reranker.words))
            words = zip(reranker.words, by_word.tolist(), strict=True)
            each = (Explanation(v, f"groups of four letters of “{w}”") for w, v in words if v)
            about = f"letters that are alike, BM25 of groups of four × {weights.letters:g}"
            parts.append(Explanation(float(per_group.sum()), about, tuple(each), "sum"))
        score = sum(part.value for part in parts)
        times = float(gains.times[0])
        if times == 1:
            return Explanation(score, "", tuple(parts), "sum")
        factors = (
            Explanation(score, "what was found", tuple(parts), "sum"),
            Explanation(times, "the document is in the language of the query's own small words"),
        )
        return Explanation(score * times, "", factors, "product")

    def _pair(self, pair: Pair, frequency: float, value: float) -> Explanation:
        """What two words of the query that stand side by side add."""
        k1 = self._weights.k1
        return Explanation(
            value,
            f"“{_word(pair.first)} {_word(pair.second)}” side by side",
            (
                Explanation(pair.weight, "weight of neighbouring words"),
                Explanation(pair.factor / (k1 + 1), "idf × boost of the rarer word"),
                Explanation(k1 + 1, "k1 + 1"),
                self._share("text", Explanation(frequency, "tf, how often")),
            ),
            "product",
        )

    def _leaf(self, leaf: Leaf, tree: Any) -> Iterator[Explanation]:
        weights, name = self._weights, _text(tree)
        weight = weights.synonym if isinstance(tree, nodes.Synonyms) else 1.0
        yield from self._scored(leaf, leaf.main, name, tree.boost, tree, weight)
        for extra in leaf.extra:
            if extra.field == "title" and leaf.main.field != "title":
                label, weight = f"{name} in the title", weights.title
            else:
                label, weight = f"{name} exactly as written, once more", weights.exact_again
            yield from self._scored(leaf, extra, label, tree.boost, tree, weight)

    def _scored(
        self, leaf: Leaf, scored: Scored, label: str, boost: float, tree: Any, weight: float = 1.0
    ) -> Iterator[Explanation]:
        found, weights = scored.found[self._number], self._weights
        frequency = found.frequency_in(self._doc)
        if not frequency:
            return
        norms = self._snapshot.norms(self._number, scored.field, weights)[self._doc]
        value = float(scored.scores(np.array([frequency], np.float32), norms)[0])
        if scored.constant is not None:
            yield Explanation(value, f"{label}: a condition, not a measure")
            return
        matching = sum(each.frequency for each in scored.found)
        if isinstance(tree, nodes.Synonyms):
            about = "idf, that of the words asked for, or of the synonyms where it is less"
        elif leaf.spans is not None:
            about = "idf, the sum of those of its words"
            if leaf.synonyms:
                about += ", or of those of synonyms where it is less"
        else:
            about = (
                f"idf, ln(1 + (N - n + ½) / (n + ½)): n = {matching:,} of "
                f"N = {self._snapshot.documents:,} documents match"
            )
        factors = [Explanation(scored.idf, about), Explanation(weights.k1 + 1, "k1 + 1")]
        if weight != 1.0:
            factors.append(Explanation(weight, "weight of this part"))
        if boost != 1.0:
            factors.append(Explanation(boost, "boost, of a word that often means little"))
        counts = tuple(self._counts(leaf, scored))
        tf = Explanation(frequency, "tf, how often", counts, "sum" if counts else "")
        factors.append(self._share(scored.field, tf))
        yield Explanation(value, label, tuple(factors), "product")

    def _share(self, name: str, tf: Explanation) -> Explanation:
        """The last factor of BM25, tf / (tf + norm)."""
        weights, average = self._weights, self._snapshot.averages[name]
        length = int(self._part.files.lengths[name][self._doc])
        norm = weights.k1 * (1 - weights.b + weights.b * length / (average or 1.0))
        where = "title" if name == "title" else "document"
        about = (
            f"norm, k1 × (1 - b + b × length / average): the {where} has {length:,} words, "
            f"{average:.1f} on average"
        )
        return Explanation(
            tf.value / (tf.value + norm),
            "saturation, tf / (tf + norm)",
            (tf, Explanation(norm, about)),
            "share",
        )

    def _counts(self, leaf: Leaf, scored: Scored) -> Iterator[Explanation]:
        """The words of the document that a frequency is the weighted sum of."""
        # Beside NEAR it is whole chains that are counted.
        for match, places in () if leaf.parts else leaf.synonyms:
            times = int(np.count_nonzero(places[self._number] >> 32 == self._doc))
            if times:
                yield Explanation(times, f"{match.word}: {times} (synonym)")
        if leaf.word is None:
            return
        variants = leaf.word.variants[self._number]
        if scored is not leaf.main:
            again = scored.field == leaf.main.field
            variants = variants.first(variants.exact if again else variants.matching)
        postings = self._part.files.postings[scored.field]
        _, which, numbers = occurrences(self._part, postings, variants.ids, np.array([self._doc]))
        for place, posting in zip(which, numbers, strict=True):
            weight, times = float(variants.weights[place]), int(postings.freqs[posting])
            word = self._part.lexicon.word(int(variants.ids[place]))
            layer = Layer(int(variants.layers[place])).name.lower()
            yield Explanation(weight * times, f"{word}: {times} × {weight:g} ({layer})")


def _children(tree: Any) -> Sequence[Any]:
    """The queries of an And or Or; none of a query that asks for nothing."""
    return tree.subqueries if tree != NullQuery else ()


def _word(leaf: Leaf) -> str:
    """The word of a leaf of words."""
    return leaf.word.text if leaf.word else ""


def _text(tree: Any) -> str:
    """A query for a person."""
    if isinstance(tree, nodes.Word):
        return f"“{tree}”"
    if isinstance(tree, nodes.Synonyms):
        return f"synonyms of “{' '.join(tree.words)}”"
    return "every document" if isinstance(tree, Every) else str(tree)
