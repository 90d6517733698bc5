"""Queries that consist of words, as most do: any of them, or all of them.

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

from . import bm25, compiled, nodes
from .best import Ranked, in_order
from .plan import AllOf, AnyOf, Leaf, Plan, Scored, boosted, leaves
from .promised import Promised
from .resolve import Resolver
from .snapshot import Snapshot
from .variants import Extent, Resolved
from .weights import Weights

#: Promises the documents of words: field, words of each segment, boost, how many of them count.
LookUp = Callable[..., Scored]

_FIELDS = {"text": 0, "title": 1}


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
    words = _words(query) if compiled.kernels else None
    if not words or len(words) > weights.sure_words:
        return None
    parts = snapshot.parts

    def look_up(field: str, variants: Any, boost: float, extent: Extent) -> Scored:
        return Scored(field, Promised(parts, field, variants, extent), boost)

    found: list[Plan] = [
        leaf_of(word, resolver.resolve(word.text, word.strict), weights, look_up) for word in words
    ]
    if query is words[0]:
        return found[0]
    return boosted(AllOf(found) if type(query) is q.And else AnyOf(found), query.boost)


def _words(query: Any) -> list[nodes.Word] | None:
    if type(query) is nodes.Word:
        return [query]
    if type(query) is q.And or (type(query) is q.Or and not query.scale):
        found = query.subqueries
        return found if all(type(each) is nodes.Word for each in found) else None
    return None


def consists_of_words(plan: Plan) -> bool:
    """Whether all leaves of a plan are words and patterns, and one kernel can run it: what was too
    much to be looked for is no word any more (`budget`)."""
    of = plan.children if isinstance(plan, AnyOf | AllOf) else [plan]
    return bool(compiled.kernels) and all(isinstance(x, Leaf) and x.word is not None for x in of)


def is_promised(plan: Plan) -> bool:
    """Whether the postings of a plan are promised, so that `rank_words` runs it."""
    while isinstance(plan, AnyOf | AllOf) and plan.children:
        plan = plan.children[0]
    return isinstance(plan, Leaf) and isinstance(plan.main.found, Promised)


def rank_words(
    snapshot: Snapshot, weights: Weights, plan: Plan, limit: int
) -> tuple[list[Ranked], int, int]:
    """Runs a plan of `plan_of_words`: the best documents, in order, how many match and how many
    are only alike. What the words are worth is known afterwards."""
    assert compiled.kernels
    scored: list[Scored] = []
    sets = []
    for leaf in leaves(plan):
        for each in leaf.scored:
            found: Any = each.found
            scored.append(each)
            sets.append((found.words, _FIELDS[each.field], found.extent, each is leaf.main))

    def price(frequencies: list[int]) -> list[float]:
        more = weights.k1 + 1
        for each, frequency in zip(scored, frequencies, strict=True):
            each.idf = bm25.idf(snapshot.documents, frequency)
            each.factor = each.idf * more * each.boost
        return [each.factor for each in scored]

    with snapshot.workspaces.borrowed() as space:
        hits, matching, alike = compiled.kernels.rank_words(
            snapshot.held(weights), sets, isinstance(plan, AllOf), price, space.sums, space.bits,
            limit,
        )  # fmt: skip
    best = list(map(Ranked._make, hits))
    if len(snapshot.parts) > 1:
        best = in_order(snapshot, best, limit)
    return best, matching, alike
