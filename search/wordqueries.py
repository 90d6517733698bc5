"""Queries that consist of words and phrases, as most do: any of them, or all of them.

One compiled kernel looks up their postings, counts, scores and ranks, in all segments; Python only
says which words are meant and what they are worth. The plan is that of any query, but its postings
are only promised, for whoever looks at the hits more closely. Patterns are sets of words too, once
it is known how much of them may be read (`budget`). Everything else goes the way of `lookups`,
`alternatives` and `joined`, and so does this without compiled kernels.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from whoosh import query as q

from ..indexer.schema import WORD_FIELDS
from . import compiled, nodes
from .best import Ranked, in_order
from .bm25 import idf
from .placed import is_little, together, where
from .plan import AllOf, AnyOf, Leaf, Plan, Scored, boosted, is_alternatives
from .promised import Promised, PromisedAlike, PromisedPhrase, PromisedWords, Role
from .resolve import Resolver
from .snapshot import Snapshot
from .stock import words_with_prefix
from .variants import Extent, Resolved
from .weights import Weights

#: Promises the documents of words: field, words of each segment, boost, how many of them count.
LookUp = Callable[..., Scored]

_WORDS = {nodes.Word}
_SIMPLE = {nodes.Word, nodes.ExactPhrase, q.Prefix}


def leaf_of(query: nodes.Word, word: Resolved, weights: Weights, look_up: LookUp) -> Leaf:
    """The leaf of a word and what it stands for."""
    name, variants, boost = query.fieldname or "text", word.variants, query.boost
    extra = []
    if weights.exact_again and not query.strict:
        extra.append(look_up(name, variants, boost * weights.exact_again, Extent.EXACT))
    if weights.title and name == "text":
        extra.append(look_up("title", variants, boost * weights.title, Extent.MATCHING))
    return Leaf(look_up(name, variants, boost, Extent.ALL), extra, word)


def plan_of_words(
    snapshot: Snapshot, weights: Weights, query: Any, resolver: Resolver
) -> Plan | None:
    """The plan of a tree that consists of words, its postings promised; None for another tree, or
    if they are so many that their postings must be counted first (`budget`)."""
    found = _leaves(query) if compiled.kernels else None
    if not found or len(found) > weights.sure_words:
        return None
    parts = snapshot.parts

    def look_up(field: str, variants: Any, boost: float, extent: Extent) -> Scored:
        return Scored(field, PromisedWords(parts, field, variants, extent), boost)

    def leaf(each: Any) -> Leaf:
        if type(each) is nodes.Word:
            resolved = resolver.resolve(each.text, each.strict)
            return leaf_of(each, resolved, weights, look_up)
        if type(each) is q.Prefix:
            words = [words_with_prefix(part, each) for part in parts]
            alike = PromisedAlike(parts, each.fieldname, words, Extent.ALL)
            return Leaf(Scored("text", alike, each.boost, constant=1.0))
        words = [resolver.resolve(word, each.strict, layers=False) for word in each.words]
        phrase = PromisedPhrase(parts, "text", words)
        return phrase.leaf(Scored("text", phrase, each.boost))

    if query is found[0]:
        return leaf(query)
    plans: list[Plan] = list(map(leaf, found))
    return boosted(AllOf(plans) if type(query) is q.And else AnyOf(plans), query.boost)


def _leaves(query: Any) -> list[Any] | None:
    """The words, phrases and prefixes that a tree consists of; None for another tree."""
    kind = type(query)
    several = kind is q.And or (kind is q.Or and not query.scale)
    found = query.subqueries if several else [query]
    kinds = set(map(type, found))
    if kinds == _WORDS:
        return found
    if not kinds <= _SIMPLE or (kind is q.Or and q.Prefix in kinds):
        return None  # documents that are worth the same are not ranked among others that are not
    for each in found:
        if type(each) is nodes.ExactPhrase and each.fieldname:
            return None  # titles alone do not tell how rare its words are
        if type(each) is q.Prefix and each.fieldname not in WORD_FIELDS:
            return None
    return found


def consists_of_words(plan: Plan) -> bool:
    """Whether all leaves of a plan are words, patterns and phrases, and one kernel can run it: what
    was too much to be looked for is no word any more (`budget`)."""
    return bool(compiled.kernels) and all(
        isinstance(each, Leaf) and each.word is not None for each in _flat(plan)
    )


def is_promised(plan: Plan) -> bool:
    """Whether the postings of a plan are promised, so that `rank_words` runs it."""
    of = _flat(plan)
    # They all are, or none is.
    return bool(of) and isinstance(of[0], Leaf) and isinstance(of[0].main.found, Promised)


def _flat(plan: Plan) -> list[Any]:
    """The leaves of a plan that consists of words and the like, without looking deeper."""
    return plan.children if isinstance(plan, AnyOf | AllOf) else [plan]


def rank_words(
    snapshot: Snapshot, weights: Weights, plan: Plan, limit: int
) -> tuple[list[Ranked], int, int]:
    """Runs a plan of `plan_of_words`: the best documents, in order, how many match and how many
    are only alike. What the words are worth is known afterwards, and whether a phrase was too much
    to be looked for everywhere."""
    assert compiled.kernels
    scored: list[Scored] = []
    asked = []
    phrases: list[Leaf] = []
    for leaf in _flat(plan):
        if leaf.spans is not None:
            phrases.append(leaf)
        role = Role.HITS
        for each in leaf.scored:
            found: Any = each.found
            scored.append(each)
            asked.append(found.asked(role))
            role = Role.MORE

    def price(frequencies: list[Any]) -> list[float]:
        if phrases:
            _restrict(snapshot, weights, phrases, frequencies)
        documents, more = snapshot.documents, weights.k1 + 1
        worth = []
        for each, frequency in zip(scored, frequencies, strict=True):
            if each.constant is not None:
                worth.append(each.constant * each.boost)
                continue
            if isinstance(frequency, list):  # of each word of a phrase
                each.idf = sum([idf(documents, of_word) for of_word in frequency], 0.0)
            else:
                each.idf = idf(documents, frequency)
            each.factor = each.idf * more * each.boost
            worth.append(each.factor)
        return worth

    with snapshot.workspaces.borrowed() as space:
        best, matching, alike = compiled.kernels.rank_words(
            snapshot.held(weights), asked, not is_alternatives(plan), price, space.sums,
            space.bits, space.window, space.room, limit, Ranked,
        )  # fmt: skip
    if len(snapshot.parts) > 1:
        best = in_order(snapshot, best, limit)
    return best, matching, alike


def _restrict(
    snapshot: Snapshot, weights: Weights, phrases: list[Leaf], frequencies: list[Any]
) -> None:
    """Restricts phrases that would be too much to be looked for everywhere (`budget`)."""
    of_words = [each for each in frequencies if isinstance(each, list)]
    # As most do, they have all that they want together.
    found: list[Any] = [leaf.main.found for leaf in phrases]
    words = (word for each in found for word in each.words)
    if is_little(snapshot, weights, "text", together(of_words), words):
        return
    wanted = [each.sought(min(freqs)) for each, freqs in zip(found, of_words, strict=True)]
    for leaf, phrase, chosen in zip(phrases, found, where(snapshot, weights, wanted), strict=True):
        phrase.among[:] = chosen.among
        leaf.partial = chosen.partial
