"""Did you mean: a query with the words that are not in the index corrected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from math import log
from typing import Any

from whoosh.query import And, AndNot, Or

from ..indexer.detect import script_of
from ..indexer.folding import fold
from ..indexer.relations import languages_by_script
from ..indexer.words import spans
from .corrections import Correction
from .nodes import ExactPhrase, Near, Word
from .noisychannel import Channel, Context
from .plan import Leaf, Plan, leaves
from .resolve import Resolver
from .snapshot import Snapshot
from .variants import Resolved
from .weights import Weights

# A suggestion has to be so much likelier, as a logarithm, than that nothing is wrong: a wrong one
# costs more than a missing one, since the corrected words are looked for in any case.
_MARGIN = log(3)
# Of so many different words: each is weighed with all others, and a longer text is pasted.
_MAX_WORDS = 32


def corrected(snapshot: Snapshot, weights: Weights, text: str, query: Any, plan: Plan) -> str:
    """The text of a query with the words that are not in the index corrected; "" when none is.

    Only the first 32 different words are looked at. Words in quotes and beside NEAR are corrected
    too, words that are excluded or that must be spelt so (=) are not. Everything else stays as it
    was typed.

    Args:
        query: the tree of the text.
        plan: of the tree.
    """
    asked = list(leaves(plan))
    typed = list(islice(dict.fromkeys(_typed_words(query)), _MAX_WORDS))
    resolver = Resolver(snapshot, weights, only_live=True)
    words: dict[str, str] = {}
    for word in typed:
        if not _is_there(snapshot, asked, word) and (found := resolver.corrections(word)):
            others = [resolver.resolve(other) for other in typed if other != word]
            words[word] = _likeliest(snapshot, word, found, others)
    words = {word: meant for word, meant in words.items() if meant}
    if not words:
        return ""
    pieces, place = [], 0
    for key, start, end in spans(text):
        if key in words and start >= place:
            pieces += [text[place:start], _in_place_of(text[start:end], key, words[key])]
            place = end
    return "".join(pieces) + text[place:] if pieces else ""


def _is_there(snapshot: Snapshot, asked: Sequence[Leaf], word: str) -> bool:
    """Whether a word is known to be in the index without looking it up once more."""
    if snapshot.deleted:
        return False  # in deleted documents perhaps
    of_word = [leaf.word for leaf in asked if leaf.word is not None and leaf.word.text == word]
    return any(each.found and not each.correction for each in of_word)


def _likeliest(
    snapshot: Snapshot,
    word: str,
    found: Sequence[Correction],
    others: Sequence[Resolved],
) -> str:
    """The correction that fits the rest of a query best; "" when a word that the index does not
    hold is nearly as likely, or when it is of the same root: another form is no misspelling. Of a
    word that stands alone it is the first: nothing else is found."""
    if not others:
        return found[0].word
    context = Context.of(snapshot, others)
    channel, folded = Channel(snapshot), fold(word)
    ranked = [(channel.meant(folded, each, context), each.word) for each in found]
    likelihood, meant = max(ranked, key=lambda pair: pair[0])
    # A query that finds nothing as it is has less to lose.
    margin = _MARGIN if context.words else -_MARGIN
    if likelihood < channel.new(folded) + margin or _same_root(folded, fold(meant)):
        return ""
    return meant


def _same_root(one: str, other: str) -> bool:
    """Whether two folded words may be of one root, in a language that has roots."""
    languages = languages_by_script().get(script_of(one), [])
    return any((root := known.root(one)) and root == known.root(other) for _, known in languages)


def _typed_words(query: Any) -> Iterator[str]:
    """The words that a tree looks for and that may be spelt otherwise."""
    if isinstance(query, Word):
        yield from () if query.strict else (query.text,)
    elif isinstance(query, ExactPhrase):
        yield from () if query.strict else query.words
    elif isinstance(query, Near):
        for operand in query.words:
            yield from _typed_words(operand)
    elif isinstance(query, AndNot):
        yield from _typed_words(query.a)
    elif type(query) in (And, Or):
        for child in query.subqueries:
            yield from _typed_words(child)


def _in_place_of(surface: str, key: str, correction: str) -> str:
    """A correction with what stands around the word in its surface (l’, 's), and in its case."""
    place = surface.lower().find(key)
    if place < 0 or len(surface.lower()) != len(surface):
        place, word = 0, surface
    else:
        word = surface[place : place + len(key)]
    if word.isupper() and len(word) > 1:
        correction = correction.upper()
    elif word[:1].isupper():
        correction = correction[:1].upper() + correction[1:]
    return surface[:place] + correction + surface[place + len(word) :]
