"""The slow, obvious search: dictionaries and loops over every word and every document.

It shares no code with what it checks. It takes from the package only what defines a word and a
language: words and their folding, the functions of the languages, passages and their detection.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from math import log
from typing import Any

import regex
from fihris.indexer import Document
from fihris.indexer.detect import Detector
from fihris.indexer.folding import casefold_key, fold
from fihris.indexer.language import Language
from fihris.indexer.languages import LANGUAGES
from fihris.indexer.passages import passages
from fihris.indexer.words import words
from fihris.search import nodes
from fihris.search.weights import Weights
from whoosh import query as whoosh_query

_DETECTOR = Detector()
CORE_LAYERS = ("exact", "folded", "stem", "corrected", "synonym")


@dataclass
class Entry:
    """A document as the twin sees it: the positions of each word in each field."""

    document: Document
    live: bool
    language: str = ""
    places: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)
    languages: dict[str, set[str]] = field(default_factory=dict)


@dataclass
class Answer:
    """What a query finds.

    Attributes:
        scores: of each hit, by id; with `similar` those that only rank.
        total, total_similar: how many.
        partial: whether the query was too much to be answered whole.
    """

    scores: dict[str, float]
    total: int
    total_similar: int
    partial: bool


@dataclass
class Part:
    """What a part of a query finds: the matching documents, and scores that it gives to any."""

    matches: set[int]
    scores: dict[int, float]


def entry_of(document: Document, live: bool) -> Entry:
    """The document cut into words, each with its language."""
    read = _read(document.id, document.title, document.text, document.language)
    return replace(read, document=document, live=live)


# The collections that the tests share are read by many of them.
@lru_cache(maxsize=1000)
def _read(*given: str | None) -> Entry:
    document = Document(*given)  # type: ignore[arg-type]
    entry = Entry(document, live=True, places={"text": {}, "title": {}})
    pieces = [document.text[start:end] for start, end in passages(document.text)]
    title_code, *codes = _DETECTOR.languages([document.title, *pieces], document.language)
    title_words = words(document.title)
    repeated = title_is_repeated(document)
    for word in title_words:
        entry.languages.setdefault(word, set()).add(title_code)
    _post(entry, "title", title_words, 0)
    start = 0
    if document.title and not repeated:
        _post(entry, "text", title_words, 0)
        # A title is no neighbour of the first word of the text.
        start = len(title_words) + 1
    body: list[str] = []
    for piece, code in zip(pieces, codes, strict=True):
        for word in words(piece):
            entry.languages.setdefault(word, set()).add(code)
        body += words(piece)
    _post(entry, "text", body, start)
    entry.lengths = {
        name: sum(map(len, by_word.values())) for name, by_word in entry.places.items()
    }
    for codes_of_word in entry.languages.values():
        codes_of_word.discard("")
    entry.language = document.language or _main(codes or [title_code], pieces or [document.title])
    return entry


def title_is_repeated(document: Document) -> bool:
    """Whether the words of the title are there already, since the text begins with it."""
    shown = document.title.rstrip("… ")
    text = document.text.lstrip()
    following = text[len(shown) : len(shown) + 1]
    inside = regex.match(r"[\w\p{M}\p{Cf}'’ʼ＇]", following)
    return bool(document.title) and text.startswith(shown) and (not shown or not inside)


def _post(entry: Entry, name: str, found: Sequence[str], start: int) -> None:
    for place, word in enumerate(found, start):
        entry.places[name].setdefault(word, []).append(place)


def _main(codes: Sequence[str], pieces: Sequence[str]) -> str:
    share: dict[str, int] = {}
    for code, piece in zip(codes, pieces, strict=True):
        if code:
            share[code] = share.get(code, 0) + len(piece)
    return max(share, key=lambda code: share[code]) if share else ""


def languages_of(folded: str) -> list[Language]:
    """The languages in whose script a word is written, told by its first letter."""
    for character in folded:
        if character.isalpha():
            return [l for l in LANGUAGES if regex.match(rf"\p{{{l.script}}}", character)]  # noqa: E741
    return []


def tried(folded: str) -> list[Language]:
    """The languages whose forms of a query word are looked for: some write particles onto
    numbers too, so that any number may have them."""
    if folded.isdecimal():
        return [language for language in LANGUAGES if language.rests("ورقمه")]
    return languages_of(folded)


@cache
def stem(language: Language, word: str) -> str:
    return language.stems([word])[0]


@cache
def stems_of(language: Language, word: str) -> frozenset[str]:
    return frozenset({stem(language, word), stem(language, fold(word))})


def plain(word: str) -> str:
    """What words are compared by in a thesaurus."""
    for language in languages_of(fold(word)):
        if language.rests("ورقمه"):
            return f"{language.code} {stem(language, fold(word))}"
    return fold(word)


@cache
def trigrams(folded: str) -> frozenset[str]:
    padded = f"\0{folded}\0"
    return frozenset(padded[n : n + 3] for n in range(len(folded)))


def likeness(one: str, other: str) -> float:
    """The Dice coefficient of the 3-grams of two folded words."""
    a, b = trigrams(one), trigrams(other)
    return 2 * len(a & b) / (len(a) + len(b))


@cache
def distance(one: str, other: str) -> int:
    """Edits between two words: letters added, left out, replaced, or neighbours swapped."""
    if not one or not other:
        return len(one) + len(other)
    if one[0] == other[0]:
        return distance(one[1:], other[1:])
    edits = [distance(one[1:], other), distance(one, other[1:]), distance(one[1:], other[1:])]
    if len(one) > 1 and len(other) > 1 and (one[0], one[1]) == (other[1], other[0]):
        edits.append(distance(one[2:], other[2:]))
    return 1 + min(edits)


def is_near(one: str, other: str, edits: int) -> bool:
    """Whether so few edits make one word of the other; told sooner than how many do."""
    if abs(len(one) - len(other)) > edits:
        return False
    if not one or not other:
        return True
    if one[0] == other[0]:
        return is_near(one[1:], other[1:], edits)
    rests = [(one[1:], other), (one, other[1:]), (one[1:], other[1:])]
    if one[:2] == other[1::-1]:
        rests.append((one[2:], other[2:]))
    return any(is_near(*rest, edits - 1) for rest in rests)


def is_slip(typed: str, meant: str) -> bool:
    """Whether one was typed with no letters but the other's: any left out, or all of them in
    another order, or one of them twice in a row."""
    doubled = {meant[: n + 1] + meant[n:] for n in range(len(meant))}
    return len(typed) < len(meant) or sorted(typed) == sorted(meant) or typed in doubled


def accents_beyond(typed: str, word: str) -> int:
    """How many letters with an accent were typed that a word in Latin letters does not have."""
    left = list(word)
    beyond = 0
    for letter in typed:
        if regex.match(r"\p{Latin}", letter) and fold(letter) != letter:
            if letter in left:
                left.remove(letter)
            else:
                beyond += 1
    return beyond


_MASK = 2**64 - 1


@cache
def _multiplier(place: int) -> int:
    state = (place + 1) * 0x9E3779B97F4A7C15 & _MASK
    state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
    state = (state ^ (state >> 27)) * 0x94D049BB133111EB & _MASK
    return state ^ (state >> 31) | 1


@cache
def identity(word: str, namespace: int = 0) -> int:
    """The hash of a word in whole numbers: by it ties are broken where a layer has a cap."""
    total = sum((ord(c) + 1) * _multiplier(n % 1024) for n, c in enumerate(word))
    mixed = total + (namespace + 1) * 0xD6E8FEB86659FD93 & _MASK
    mixed = (mixed ^ (mixed >> 32)) * 0xD6E8FEB86659FD93 & _MASK
    return mixed ^ (mixed >> 32)


def fits(pattern: str, text: str) -> bool:
    """Whether a text fits a pattern of `*` and `?`."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(fits(pattern[1:], text[n:]) for n in range(len(text) + 1))
    return bool(text) and pattern[0] in ("?", text[0]) and fits(pattern[1:], text[1:])


class Twin:
    """The documents of an index, deleted ones too: until they are merged away they count."""

    def __init__(
        self,
        documents: Sequence[tuple[Document, bool]],
        weights: Weights,
        groups: Sequence[Sequence[str]] = (),
    ) -> None:
        self.groups = [[tuple(words(term)) for term in group] for group in groups]
        held = [term for group in self.groups for term in group]
        self.in_groups = {plain(word) for term in held for word in term}
        self.in_terms = {plain(word) for term in held if len(term) > 1 for word in term}
        self.entries = [entry_of(document, live) for document, live in documents]
        self.weights = weights
        self.known_forms: dict[str, list[dict[str, tuple[float, str]]]] = {}
        self.lexicon = sorted({word for entry in self.entries for word in entry.languages})
        self.folded = {fold(word) for word in self.lexicon}
        self.languages: dict[str, set[str]] = {word: set() for word in self.lexicon}
        for entry in self.entries:
            for word, codes in entry.languages.items():
                self.languages[word] |= codes
        count = max(len(self.entries), 1)
        self.averages = {
            name: sum(e.lengths[name] for e in self.entries) / count for name in ("text", "title")
        }

    def search(self, query: Any) -> Answer:
        self.spend(query)
        part = self.part(query)
        ranked = {number for number, score in part.scores.items() if score > 0}
        if alternatives(query):
            hits, similar = part.matches | ranked, ranked - part.matches
        else:
            hits, similar = part.matches, set()
        live = {number for number in hits if self.entries[number].live}
        return Answer(
            {self.entries[n].document.id: part.scores.get(n, 0.0) for n in live},
            len(live - similar),
            len(live & similar),
            bool(self.cut),
        )

    # What is read at most

    def spend(self, query: Any) -> None:
        """Decides what each leaf of a query may read: the lists of documents of words shorter than
        `longest`, and the documents `among` which it looks for places."""
        found = list(occurrences_of(query))
        words_ = [leaf for leaf, _ in found if isinstance(leaf, nodes.Word)]
        patterns = [leaf for leaf, _ in found if isinstance(leaf, nodes.Wildcard)]
        open_ = {
            leaf.pattern
            for leaf in patterns
            if regex.match(r"[^*?]?[*?]", leaf.pattern)
            and not regex.fullmatch(r"[^*?]*\*", leaf.pattern)
        }
        longest = sorted(open_, key=lambda pattern: (-len(pattern), pattern))
        self.unread = set(longest[self.weights.open_patterns :])
        lists = [
            self.list_of(pattern, {w}, w) for pattern in patterns for w in self.fitting(pattern)
        ]
        if len(words_) > self.weights.sure_words:
            lists += [self.list_of(word, set(self.meant(word)), word.text) for word in words_]
        self.longest = (10**9, 0)
        read = 0
        for each in sorted(lists):
            read += each[0]
            if read > self.weights.postings_cap:
                self.longest = each
                break
        self.among: dict[int, set[int]] = {}
        placed = [leaf for leaf, _ in found if isinstance(leaf, PLACED)]
        numbers = range(len(self.entries))
        identities = [identity(entry.document.id) for entry in self.entries]
        most = self.weights.places_cap
        reckoned = {id(leaf): self.need(leaf) for leaf in placed}
        for leaf, share in too_much(reckoned, most).items():
            few = share * 2**64 // reckoned[leaf]
            self.among[leaf] = {n for n in numbers if identities[n] < few}
        # Twice as many may really be there, where nothing is missing of what must stand there.
        there = {
            leaf: sorted((whole(rows[n]), identities[n], n) for n in self.among.get(leaf, numbers))
            for leaf, rows in {id(leaf): self.often(leaf) for leaf in placed}.items()
        }
        counts = {leaf: sum(count for count, _, _ in each) for leaf, each in there.items()}
        for leaf, share in too_much(counts, 2 * most).items():
            read, self.among[leaf] = 0, set()
            for count, _, n in there[leaf]:
                read += count
                if read > share:
                    break
                self.among[leaf].add(n)
        self.cut = {
            id(leaf): excluded for leaf, excluded in found if self.is_cut(leaf, len(words_))
        }

    def is_cut(self, leaf: Any, count: int) -> bool:
        if isinstance(leaf, nodes.Wildcard):
            fitting = self.fitting(leaf)
            return leaf.pattern in self.unread or any(
                self.list_of(leaf, {w}, w) >= self.longest for w in fitting
            )
        if isinstance(leaf, nodes.Word) and count > self.weights.sure_words:
            return self.list_of(leaf, set(self.meant(leaf)), leaf.text) >= self.longest
        return id(leaf) in self.among

    def list_of(self, leaf: Any, held: set[str], name: str) -> tuple[int, int]:
        """How long the lists of documents of some words are, and what tells them from others."""
        field_ = leaf.fieldname or "text"
        size = sum(word in entry.places[field_] for entry in self.entries for word in held)
        return size, identity(name)

    def meant(self, query: nodes.Word) -> dict[str, tuple[float, str]]:
        return self.strict(query.text) if query.strict else self.resolve(query.text)

    def need(self, leaf: Any) -> int:
        """How many places are to be read, by how many documents the rarest of words has that stand
        together: each of them so often as a stop word, every sixteenth word of a document."""
        name = leaf.fieldname or "text"
        if isinstance(leaf, nodes.Synonyms):
            read = sum(len(row) * min(row) for row in self.of_terms(leaf.terms, name))
        elif isinstance(leaf, nodes.Near):
            rows = [
                [self.frequencies(operand), *self.of_terms(terms, name)]
                for operand, terms in with_terms(leaf)
            ]
            most = min(sum(min(row) for row in each) for each in rows)
            read = most * sum(len(row) for each in rows for row in each)
        else:
            row = self.frequencies(leaf)
            read = len(row) * min(row)
        return read * (1 + int(self.averages[name]) // 16)

    def often(self, leaf: Any) -> list[list[list[list[int]]]]:
        """How often each document holds the words of a leaf: of each operand the terms that may
        stand there, of each term its words."""
        operands = self.sets(leaf)
        found = [entry.places[leaf.fieldname or "text"] for entry in self.entries]
        return [
            [
                [[sum(len(places.get(w, ())) for w in words_) for words_ in term] for term in terms]
                for terms in operands
            ]
            for places in found
        ]

    def sets(self, leaf: Any) -> list[list[list[set[str]]]]:
        """Of each operand the terms that may stand there: what each word stands for."""
        if isinstance(leaf, nodes.Synonyms):
            return [[self.of_term(term) for term in leaf.terms]]
        pairs = with_terms(leaf) if isinstance(leaf, nodes.Near) else [(leaf, ())]
        return [[self.own(operand), *map(self.of_term, terms)] for operand, terms in pairs]

    def own(self, operand: Any) -> list[set[str]]:
        if isinstance(operand, nodes.Word):
            return [self.core(operand)]
        find = self.strict if operand.strict else self.as_written
        return [set(find(word)) for word in operand.words]

    def of_term(self, term: Sequence[str]) -> list[set[str]]:
        return [set(best_of(self.forms(word))) for word in term]

    def of_terms(self, terms: Sequence[Sequence[str]], name: str) -> list[list[int]]:
        """How many documents hold any form of each word of some synonyms."""
        return [[self.held(name, best_of(self.forms(w))) for w in term] for term in terms]

    def frequencies(self, leaf: Any) -> list[int]:
        """How many documents hold each word of an operand."""
        if isinstance(leaf, nodes.ExactPhrase):
            find = self.strict if leaf.strict else self.as_written
            return [self.held("text", find(word)) for word in leaf.words]
        return [self.held(leaf.fieldname or "text", self.core(leaf))]

    def core(self, leaf: nodes.Word) -> set[str]:
        return {word for word, (_, layer) in self.meant(leaf).items() if layer in CORE_LAYERS}

    def held(self, name: str, words_: Collection[str]) -> int:
        """How many documents hold any of some words."""
        return sum(any(word in entry.places[name] for word in words_) for entry in self.entries)

    def only_among(self, leaf: Any, places: Sequence[set[int]]) -> list[set[int]]:
        """Those of the places that are looked at."""
        among = self.among.get(id(leaf))
        return [p if among is None or n in among else set() for n, p in enumerate(places)]

    def part(self, query: Any) -> Part:
        if self.cut.get(id(query)):
            # What is excluded would be cut: then all is excluded.
            return Part(set(range(len(self.entries))), {})
        if isinstance(query, nodes.Word):
            return self.word(query)
        if isinstance(query, nodes.ExactPhrase):
            return self.exact_phrase(query)
        if isinstance(query, nodes.Near):
            return self.near(query)
        if isinstance(query, nodes.Wildcard):
            return self.wildcard(query)
        if isinstance(query, nodes.Synonyms):
            return self.in_other_terms(query)
        if isinstance(query, nodes.Filter):
            numbers = enumerate(self.entries)
            return Part({n for n, e in numbers if meets(e, query.fieldname, query.value)}, {})
        if isinstance(query, whoosh_query.Every):
            return self.constant(set(range(len(self.entries))), query.boost)
        if isinstance(query, whoosh_query.AndNot):
            kept, out = self.part(query.a), self.part(query.b)
            return only(kept, kept.matches - out.matches)
        if isinstance(query, whoosh_query.Not):
            everything = set(range(len(self.entries)))
            return self.constant(everything - self.part(query.query).matches, 1.0)
        if query == whoosh_query.NullQuery:
            return Part(set(), {})
        parts = [self.part(child) for child in query.subqueries]
        scores: dict[int, float] = {}
        for part in parts:
            add(scores, part.scores)
        if isinstance(query, whoosh_query.Or):
            return Part(set().union(*(part.matches for part in parts)), scores)
        assert isinstance(query, whoosh_query.And)
        matches = set.intersection(*(part.matches for part in parts))
        if any(not isinstance(child, whoosh_query.Not) for child in query.subqueries):
            # What is excluded beside what is sought says nothing of the documents that are left.
            scores = {}
            for child, part in zip(query.subqueries, parts, strict=True):
                if not isinstance(child, whoosh_query.Not):
                    add(scores, part.scores)
        else:
            scores = dict.fromkeys(matches, 1.0)
        return only(Part(matches, scores), matches)

    def constant(self, matches: set[int], score: float) -> Part:
        return Part(matches, dict.fromkeys(matches, score))

    # One word

    def word(self, query: nodes.Word) -> Part:
        if id(query) in self.cut:
            return Part(set(), {})
        name = query.fieldname or "text"
        variants = self.meant(query)
        core = {word: v for word, v in variants.items() if v[1] in CORE_LAYERS}
        exact = {word: v for word, v in variants.items() if v[1] == "exact"}
        matches, scores = self.scored(name, variants, core, query.boost)
        if not query.strict:
            boost = query.boost * self.weights.exact_again
            add(scores, self.scored(name, exact, exact, boost)[1])
        if name == "text":
            add(scores, self.scored("title", core, core, query.boost * self.weights.title)[1])
        return Part(matches, scores)

    def scored(
        self,
        name: str,
        variants: dict[str, tuple[float, str]],
        core: dict[str, tuple[float, str]],
        boost: float,
    ) -> tuple[set[int], dict[int, float]]:
        """The documents that hold a word of the core, and BM25 of the weighted frequencies."""
        frequencies: dict[int, float] = {}
        matches = set()
        for number, entry in enumerate(self.entries):
            for word, (weight, _) in variants.items():
                if found := entry.places[name].get(word):
                    frequencies[number] = frequencies.get(number, 0) + weight * len(found)
                    if word in core:
                        matches.add(number)
        return matches, self.bm25(name, frequencies, self.idf(len(matches)) * boost)

    def bm25(self, name: str, frequencies: dict[int, float], factor: float) -> dict[int, float]:
        k1, b = self.weights.k1, self.weights.b
        scores = {}
        for number, frequency in frequencies.items():
            length = self.entries[number].lengths[name] / (self.averages[name] or 1)
            scores[number] = factor * frequency * (k1 + 1) / (frequency + k1 * (1 - b + b * length))
        return scores

    def idf(self, frequency: int) -> float:
        return log(1 + (len(self.entries) - frequency + 0.5) / (frequency + 0.5))

    def documents_with(self, word: str) -> list[Entry]:
        return [entry for entry in self.entries if word in entry.places["text"]]

    def strict(self, text: str) -> dict[str, tuple[float, str]]:
        return {word: (1.0, "exact") for word in self.lexicon if word == text}

    def as_written(self, text: str) -> dict[str, tuple[float, str]]:
        found = self.strict(text)
        if weight := grained(self.weights.folded):
            for word in self.lexicon:
                if fold(word) == fold(text) and word != text:
                    found[word] = (weight, "folded")
        return found

    def resolve(self, text: str) -> dict[str, tuple[float, str]]:
        """The words that a word stands for, each with its weight and layer: the best of all."""
        weights, folded = self.weights, fold(text)
        layers = self.forms(text)
        if weights.synonym:
            layers.append(self.synonyms(text))
        absent = not any(layers) and not self.plain_forms(text) & self.in_terms
        spelt = len(folded) >= 4 and not regex.search(r"\d", folded)
        if spelt and absent and weights.corrected:
            layers.append(self.corrected(text))
        if weights.root:
            for language in tried(folded):
                roots = self.same_root(folded, language)
                layers.append(dict.fromkeys(roots, (grained(weights.root), "root")))
        if spelt and weights.similar:
            alike = self.alike(folded, weights.similar_floor, weights.similar_cap)
            layers.append(
                {w: (grained(weights.similar * like), "similar") for w, like in alike.items()}
            )
        return best_of(layers)

    def forms(self, text: str) -> list[dict[str, tuple[float, str]]]:
        """The first layers: the word as written and its other forms."""
        # Every word is looked at for each word asked for; the same one is asked for often.
        if text not in self.known_forms:
            self.known_forms[text] = self.found_forms(text)
        return [dict(layer) for layer in self.known_forms[text]]

    def found_forms(self, text: str) -> list[dict[str, tuple[float, str]]]:
        weights, folded = self.weights, fold(text)
        layers = [self.as_written(text)]
        spoken = {code for word in layers[0] for code in self.spoken(word)}
        if weights.stem:
            for language in tried(folded):
                if not spoken or language.code in spoken:
                    stems = self.same_stem(text, folded, language, bool(spoken))
                    layers.append(dict.fromkeys(stems, (grained(weights.stem), "stem")))
        return layers

    def synonyms(self, text: str) -> dict[str, tuple[float, str]]:
        """The forms of what stands in a group with the word or one of its forms."""
        own = self.plain_forms(text)
        others = [
            term[0]
            for group in self.groups
            if any(len(each) == 1 and plain(each[0]) in own for each in group)
            for term in group
            if len(term) == 1 and plain(term[0]) not in own
        ]
        found = []
        for other in list(dict.fromkeys(others))[: self.weights.synonym_cap]:
            of_other = best_of(self.forms(other))
            times = self.weights.synonym
            found.append({w: (grained(times * v), "synonym") for w, (v, _) in of_other.items()})
        return best_of(found)

    def plain_forms(self, text: str) -> set[str]:
        """A word and its forms, and what of it the thesaurus knows behind its particles."""
        own = {plain(text)}.union(*(map(plain, layer) for layer in self.forms(text)))
        for language in languages_of(fold(text)):
            own |= {plain(rest) for rest in language.rests(fold(text))} & self.in_groups
        return own

    def spoken(self, word: str) -> set[str]:
        """The languages of a word's script that it was seen in."""
        return self.languages[word] & {language.code for language in languages_of(fold(word))}

    def same_stem(self, text: str, folded: str, language: Language, masked: bool) -> Iterator[str]:
        own_rests = [rest for rest in language.rests(folded) if rest in self.folded]
        wanted = set(stems_of(language, text)).union(*(stems_of(language, r) for r in own_rests))
        attested = self.folded | {folded, *own_rests}
        for word in self.lexicon:
            form = fold(word)
            if language not in languages_of(form):
                continue
            # A word seen in no language of its script may be of any.
            if masked and language.code not in (self.spoken(word) or {language.code}):
                continue
            rests = [rest for rest in language.rests(form) if rest in attested]
            if wanted & (stems_of(language, word) | {stem(language, rest) for rest in rests}):
                yield word

    def same_root(self, folded: str, language: Language) -> list[str]:
        root = language.root(folded)
        if not root:
            return []
        same = [
            word
            for word in self.lexicon
            if language in languages_of(fold(word)) and language.root(fold(word)) == root
        ]
        same.sort(key=lambda word: (-len(self.documents_with(word)), identity(word)))
        return same[: self.weights.root_cap]

    def spelt(self) -> list[str]:
        return [w for w in self.lexicon if len(fold(w)) >= 3 and not regex.search(r"\d", w)]

    def alike(
        self, folded: str, floor: float, cap: int, among: list[str] | None = None
    ) -> dict[str, float]:
        words_ = self.spelt() if among is None else among
        found = {word: likeness(folded, fold(word)) for word in words_}
        words_ = [word for word in found if found[word] >= floor]
        words_.sort(key=lambda word: (-found[word], identity(word)))
        return {word: found[word] for word in words_[:cap]}

    def corrected(self, text: str) -> dict[str, tuple[float, str]]:
        chosen = self.corrections(text)
        weights = {1: self.weights.corrected, 2: self.weights.corrected_twice}
        return {
            word: (grained(weights[edits]), "corrected")
            for _, edits, of_form in chosen
            for word in of_form
        }

    def corrections(self, text: str) -> list[tuple[str, int, list[str]]]:
        """The words that may have been meant: the likeliest of each form, its edits, all of it."""
        folded = fold(text)
        found = self.within(text, 1, self.spelt())
        if not found and len(folded) >= 8:
            live = [w for w in self.spelt() if any(e.live for e in self.documents_with(w))]
            found = self.within(text, 2, list(self.alike(folded, 0.25, 200, live)))
        return found[:10]

    def within(
        self, text: str, edits: int, candidates: list[str]
    ) -> list[tuple[str, int, list[str]]]:
        folded = fold(text)
        forms: dict[str, list[str]] = {}
        counts: dict[str, int] = {}
        for word in candidates:
            form = fold(word)
            near = is_near(folded, form, edits)
            live = sum(entry.live for entry in self.documents_with(word)) if near else 0
            if live:
                counts[word] = live
                forms.setdefault(form, []).append(word)
        accents = {word: accents_beyond(text, word) for word in counts}
        named = [
            (min(of_form, key=lambda w: (accents[w], -counts[w], w)), edits, of_form)
            for of_form in forms.values()
        ]

        def likelihood(found: tuple[str, int, list[str]]) -> float:
            # One of many other letters is a thirtieth as likely as a slip with the word's own
            # letters, an accent that the word does not have a tenth.
            rarer = 1 if is_slip(folded, fold(found[0])) else 30
            return sum(counts[w] for w in found[2]) ** 0.8 / (rarer * 10 ** accents[found[0]])

        return sorted(named, key=lambda found: (-likelihood(found), found[0]))

    # Places

    def exact_phrase(self, query: nodes.ExactPhrase) -> Part:
        name = query.fieldname or "text"
        starts, idf = self.phrase(query, name)
        return self.by_places(name, self.only_among(query, starts), idf * query.boost)

    def phrase(self, query: nodes.ExactPhrase, name: str) -> tuple[list[set[int]], float]:
        """In each document the places of the first word, and the sum of the words' idf."""
        find = self.strict if query.strict else self.as_written
        allowed = [set(find(word)) for word in query.words]
        idf = 0.0
        for each in allowed:
            idf += self.idf(sum(bool(each & set(e.places["text"])) for e in self.entries))
        starts = []
        for entry in self.entries:
            where = [self.at(entry, name, each) for each in allowed]
            starts.append({p for p in where[0] if all(p + n in w for n, w in enumerate(where))})
        return starts, idf

    def at(self, entry: Entry, name: str, allowed: set[str]) -> set[int]:
        return {place for word in allowed for place in entry.places[name].get(word, ())}

    def in_other_terms(self, query: nodes.Synonyms) -> Part:
        name = query.fieldname or "text"
        places = []
        terms = [[set(best_of(self.forms(word))) for word in term] for term in query.terms]
        for entry in self.entries:
            found = set()
            for term in terms:
                where = [self.at(entry, name, allowed) for allowed in term]
                found |= {p for p in where[0] if all(p + n in w for n, w in enumerate(where))}
            places.append(found)
        places = self.only_among(query, places)
        asked = 0.0
        for word in query.words:
            core = {w for w, (_, layer) in self.resolve(word).items() if layer in CORE_LAYERS}
            asked += self.idf(sum(bool(self.at(e, name, core)) for e in self.entries))
        idf = min(asked, self.idf(sum(map(bool, places))))
        return self.by_places(name, places, idf * query.boost * self.weights.synonym)

    def near(self, query: nodes.Near) -> Part:
        name = query.fieldname or "text"
        idf, groups = 0.0, []
        for operand, terms in with_terms(query):
            if isinstance(operand, nodes.ExactPhrase):
                starts, worth = self.phrase(operand, name)
                length = len(operand.words)
            else:
                core = self.core(operand)
                starts = [self.at(entry, name, core) for entry in self.entries]
                worth, length = self.idf(sum(map(bool, starts))), 1
            group = [dict.fromkeys(each, length) for each in starts]
            for term, row in zip(terms, self.of_terms(terms, name), strict=True):
                worth = min(worth, sum(map(self.idf, row)))
                allowed = [set(best_of(self.forms(word))) for word in term]
                for entry, lengths in zip(self.entries, group, strict=True):
                    for p in self.at(entry, name, allowed[0]):
                        if all(p + n in self.at(entry, name, a) for n, a in enumerate(allowed)):
                            lengths[p] = max(len(term), lengths.get(p, 0))
            groups.append(group)
            idf += worth
        reached = groups[0]
        for group in groups[1:]:
            reached = [
                {
                    p: length
                    for p, length in here.items()
                    if any(gap(p, length, q, other) <= query.distance for q, other in there.items())
                }
                for there, here in zip(reached, group, strict=True)
            ]
        starts = [set(each) for each in reached]
        return self.by_places(name, self.only_among(query, starts), idf * query.boost)

    def by_places(self, name: str, places: Sequence[set[int]], factor: float) -> Part:
        counts = {n: float(len(found)) for n, found in enumerate(places) if found}
        return Part(set(counts), self.bm25(name, counts, factor))

    def wildcard(self, query: nodes.Wildcard) -> Part:
        fitting = self.fitting(query)
        read = [w for w in fitting if self.list_of(query, {w}, w) < self.longest]
        found = dict.fromkeys(read, (1.0, "exact"))
        return Part(*self.scored(query.fieldname or "text", found, found, query.boost))

    def fitting(self, query: nodes.Wildcard) -> list[str]:
        """The words that fit a pattern, if it is looked for at all."""
        if query.pattern in self.unread:
            return []
        return [word for word in self.lexicon if fits(query.pattern, fold(word))]


def too_much(needs: dict[int, int], most: int) -> dict[int, int]:
    """Which want more than they may have, and how much each of these may have."""
    left, waiting = most, len(needs)
    for need in sorted(needs.values()):
        if need > left // waiting:
            share = left // waiting
            return {leaf: share for leaf, need in needs.items() if need > share}
        left -= need
        waiting -= 1
    return {}


def whole(operands: Sequence[Sequence[Sequence[int]]]) -> int:
    """How often words stand in a document, of terms all words of which do; 0 where an operand has
    no such term."""
    found = [[term for term in terms if all(term)] for terms in operands]
    return sum(sum(term) for terms in found for term in terms) if all(found) else 0


def best_of(layers: Sequence[dict[str, tuple[float, str]]]) -> dict[str, tuple[float, str]]:
    """Of each word its best relation: the first that it has, unless a later one weighs more."""
    best: dict[str, tuple[float, str]] = {}
    for layer in layers:
        for word, (weight, name) in layer.items():
            if word not in best or weight > best[word][0]:
                best[word] = (weight, name)
    return best


def grained(weight: float) -> float:
    return round(weight * 256) / 256


def add(scores: dict[int, float], more: dict[int, float]) -> None:
    for number, score in more.items():
        scores[number] = scores.get(number, 0) + score


def only(part: Part, matches: set[int]) -> Part:
    """What is left when only some documents match: what others score is nothing."""
    return Part(matches, {n: score for n, score in part.scores.items() if n in matches})


#: Leaves that are words in certain places.
PLACED = (nodes.ExactPhrase, nodes.Near, nodes.Synonyms)


def occurrences_of(query: Any, excluded: bool = False) -> Iterator[tuple[Any, bool]]:
    """The leaves of a query, and whether each is excluded."""
    if isinstance(query, whoosh_query.AndNot):
        yield from occurrences_of(query.a, excluded)
        yield from occurrences_of(query.b, not excluded)
    elif isinstance(query, whoosh_query.Not):
        yield from occurrences_of(query.query, not excluded)
    elif isinstance(query, whoosh_query.And | whoosh_query.Or):
        for child in query.subqueries:
            yield from occurrences_of(child, excluded)
    else:
        yield query, excluded


def with_terms(leaf: nodes.Near) -> Iterator[tuple[Any, Sequence[tuple[str, ...]]]]:
    """The operands of NEAR, each with the synonyms that may stand in its place."""
    for number, operand in enumerate(leaf.words):
        yield operand, leaf.terms[number] if leaf.terms else ()


def gap(start: int, length: int, other: int, other_length: int) -> int:
    """How many words apart the nearest words of two terms stand, 0 when they overlap."""
    return max(0, other - (start + length - 1), start - (other + other_length - 1))


def alternatives(query: Any) -> bool:
    """Whether words that only rank may bring a document by themselves: nothing is required."""
    if isinstance(query, whoosh_query.Or):
        return all(map(alternatives, query.subqueries))
    kinds = (nodes.Word, nodes.ExactPhrase, nodes.Near, nodes.Wildcard, nodes.Synonyms)
    return isinstance(query, kinds) or query == whoosh_query.NullQuery


def meets(entry: Entry, name: str, value: str) -> bool:
    """Whether the metadata of a document is what a filter asks for."""
    if name == "language":
        return entry.language == value
    given = getattr(entry.document, name) or ""
    if name == "date":
        return bool(given) and bool(days(given) & days(value))
    return bool(given) and fold(casefold_key(value)) in fold(casefold_key(given))


@cache
def days(date: str) -> frozenset[str]:
    """Every day that a date may mean (all months have 31 of them here)."""
    start, _, end = date.partition("/")
    every = [
        f"{year}-{month:02}-{day:02}"
        for year in range(1910, 1951)
        for month in range(1, 13)
        for day in range(1, 32)
    ]
    first: Callable[[str], bool] = lambda day: day[: len(start)] >= start  # noqa: E731
    last = end or start
    return frozenset(day for day in every if first(day) and day[: len(last)] <= last)
