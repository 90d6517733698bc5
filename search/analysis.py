"""What words, and terms of a thesaurus, stand for in an index: for people to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from whoosh.query import Or

from ..indexer.detect import script_of
from ..indexer.folding import fold
from ..indexer.relations import languages_by_script
from ..indexer.words import words
from . import positions
from .nodes import Synonyms, Word
from .resolve import Resolver
from .snapshot import Snapshot
from .synonyms import with_synonyms
from .weights import Layer, Weights

#: Synonyms, each with the number of documents in which its words stand side by side in any form.
Counted = list[tuple[str, int]]


def _as_json(counted: Counted) -> list[dict[str, Any]]:
    return [{"term": term, "documents": documents} for term, documents in counted]


class WordView(msgspec.Struct, frozen=True):
    """A word and what it stands for in an index.

    Attributes:
        word: its key.
        folded: without accents and marks.
        stems: by language.
        roots: by language, where it has one.
        variants: the words of the index by layer, with weight and document frequency.
        correction: what may have been meant, when nothing like it is there.
        synonyms: those of several words.
    """

    word: str
    folded: str
    stems: dict[str, str]
    roots: dict[str, str]
    variants: list[tuple[str, str, float, int]] = msgspec.field(default_factory=list)
    correction: str = ""
    synonyms: Counted = msgspec.field(default_factory=list)

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
            "synonyms": _as_json(self.synonyms),
        }


class TermView(msgspec.Struct, frozen=True):
    """A term of several words and what the thesaurus gives for it.

    Attributes:
        term: the keys of its words, as they were given.
        documents: how many documents hold them side by side in any form.
        synonyms: its synonyms, of one word or several, in the order of the thesaurus.
    """

    term: str
    documents: int
    synonyms: Counted

    def as_json(self) -> dict[str, Any]:
        """The view as JSON values."""
        return {
            "term": self.term,
            "documents": self.documents,
            "synonyms": _as_json(self.synonyms),
        }


def views(snapshot: Snapshot, weights: Weights, text: str) -> list[WordView | TermView]:
    """What each word of a text stands for; before its first word, each term of several words that
    stands in the text."""
    resolver, keys = Resolver(snapshot, weights), words(text)
    of_words: dict[str, Counted] = {}
    terms: dict[tuple[str, ...], Counted] = {}
    for leaf in _synonyms(resolver, keys, weights.synonym_cap):
        counted = [(" ".join(term), _documents(snapshot, resolver, term)) for term in leaf.terms]
        if len(leaf.words) == 1:
            of_words[leaf.words[0]] = counted
        else:
            terms[leaf.words] = counted
    found: list[WordView | TermView] = []
    for place, key in enumerate(keys):
        for term, counted in terms.items():
            if tuple(keys[place : place + len(term)]) == term:
                count = _documents(snapshot, resolver, term)
                found.append(TermView(" ".join(term), count, counted))
        found.append(_word_view(snapshot, resolver, key, of_words.get(key, [])))
    return found


def _synonyms(resolver: Resolver, keys: Sequence[str], most: int) -> Iterator[Synonyms]:
    """What the thesaurus adds to a search for words in a row."""
    tree = Or([Word(key) for key in keys])
    if resolver.thesaurus:
        tree = with_synonyms(tree, resolver.thesaurus, resolver.plain_forms, most)
    return (leaf for leaf in tree.subqueries if isinstance(leaf, Synonyms))


def _documents(snapshot: Snapshot, resolver: Resolver, term: Sequence[str]) -> int:
    """How many documents hold the words of a term side by side in any form."""
    forms = [resolver.forms(word) for word in term]
    count = 0
    for number, part in enumerate(snapshot.parts):
        places = positions.phrase(part, "text", [variants[number].ids for variants in forms])
        count += positions.counted(places).frequency
    return count


def _word_view(snapshot: Snapshot, resolver: Resolver, key: str, synonyms: Counted) -> WordView:
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
    return WordView(
        key,
        folded,
        {each.code: each.stems([folded])[0] for each in languages},
        {each.code: root for each in languages if (root := each.root(folded))},
        [
            (word, Layer(layer).name.lower(), weight, documents)
            for word, (layer, weight, documents) in ordered
        ],
        resolved.correction,
        synonyms,
    )
