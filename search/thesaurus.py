"""Synonyms that are given with a search: groups of terms of one word or several.

A file of them is plain text (`grouplines`) or SKOS (`skos`).
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Self

from ..indexer.detect import script_of
from ..indexer.errors import InputError
from ..indexer.folding import fold
from ..indexer.language import no_rests
from ..indexer.languages import LANGUAGES
from ..indexer.words import words
from . import grouplines

#: What a file may hold, so that it takes some hundred megabytes at most.
MAX_TERMS = 500_000
#: A term of more words is passed over.
MAX_WORDS = 16

#: The words of a term: keys as in `indexer.words`, or what `plain` makes of them.
Term = tuple[str, ...]


class Thesaurus:
    """Groups of terms that may stand for one another.

    A term may be in several groups. It is a synonym of all their terms, but they are none of each
    other's: what `bank` means does not make a river of money.

    Args:
        groups: terms as they are written.

    Attributes:
        notes: what of its file was passed over, for a person to read.
        digest: tells one file from another.
    """

    def __init__(self, groups: Iterable[Sequence[str]] = ()) -> None:
        self.notes: list[str] = []
        self.digest = ""
        self._groups: list[tuple[Term, ...]] = []
        self._of_term: dict[Term, list[int]] = {}
        self._beginning: dict[str, list[Term]] = {}
        self._words: set[str] = set()
        self._in_long: set[str] = set()
        for group in groups:
            self._add([tuple(words(term)) for term in group])

    def __bool__(self) -> bool:
        return bool(self._groups)

    @classmethod
    def read(cls, path: str | os.PathLike[str], *, hierarchy: bool = False) -> Self:
        """Reads a file: SKOS when its name ends with .rdf, .xml or .ttl, else plain text.

        Args:
            hierarchy: whether broader and narrower concepts of SKOS count as synonyms too.

        Raises InputError, naming file and line, when it cannot be read or is no thesaurus.
        """
        path, thesaurus = Path(path), cls()
        try:
            thesaurus._read(path, hierarchy=hierarchy)
        except OSError as error:
            raise InputError(
                str(path), f"cannot be read ({error.strerror})", "check the path"
            ) from None
        return thesaurus

    def _read(self, path: Path, *, hierarchy: bool) -> None:
        # Only here: most searches read no SKOS, and starting to search should load little.
        from .skos import Skos

        suffix = path.suffix.lower()
        skos = Skos(path, turtle=suffix == ".ttl") if suffix in (".rdf", ".xml", ".ttl") else None
        groups = skos.groups(hierarchy=hierarchy) if skos else grouplines.groups(path)
        count, long, first_long, digest = 0, 0, "", blake2b(digest_size=12)
        for where, group in groups:
            count += len(group)
            if count > MAX_TERMS:
                raise InputError(
                    where, f"is beyond the first {MAX_TERMS:,} terms", "leave groups out"
                )
            terms = [tuple(words(term)) for term in group]
            if too_long := sum(len(term) > MAX_WORDS for term in terms):
                long, first_long = long + too_long, first_long or where
            digest.update(repr(terms).encode())
            self._add(terms)
        self.digest = digest.hexdigest()
        for number, what in (
            (long, f"of more than {MAX_WORDS} words, the first in {first_long}"),
            (skos.foreign if skos else 0, "in languages that are not known"),
            (skos.beyond if skos else 0, f"beyond {grouplines.MAX_GROUP} of their concept"),
        ):
            if number:
                self.notes.append(f"{path}: terms passed over: {number:,} {what}")

    def words(self, forms: Collection[str], most: int) -> list[str]:
        """The synonyms of one word that share a group with a word, without the word itself.

        Args:
            forms: of the word, `plain`.
            most: how many at most, in the order of the groups.
        """
        others = (term[0] for term in self._others(forms) if len(term) == 1)
        return list(dict.fromkeys(word for word in others if plain(word) not in forms))[:most]

    def phrases(self, forms: Collection[str], most: int) -> list[Term]:
        """The synonyms of several words that share a group with a word; as `words`."""
        return list(dict.fromkeys(term for term in self._others(forms) if len(term) > 1))[:most]

    def beginning(self, forms: Collection[str]) -> list[Term]:
        """The terms of several words, all `plain`, whose first word is one of some forms of a word:
        the longest first."""
        found = [term for form in sorted(forms) for term in self._beginning.get(form, ())]
        return sorted(found, key=lambda term: -len(term))

    def of_term(self, term: Term, most: int) -> list[Term]:
        """The synonyms of a term of several words, without the term itself.

        Args:
            term: its words, `plain`.
            most: how many at most, in the order of the groups.
        """
        others = (other for n in self._of_term.get(term, ()) for other in self._groups[n])
        return list(dict.fromkeys(other for other in others if _plain(other) != term))[:most]

    def holds(self, forms: Collection[str]) -> bool:
        """Whether any form of a word is a word of the thesaurus."""
        return not self._words.isdisjoint(forms)

    def holds_in_term(self, forms: Collection[str]) -> bool:
        """Whether any form of a word stands in a term of several."""
        return not self._in_long.isdisjoint(forms)

    def _others(self, forms: Collection[str]) -> Iterator[Term]:
        """The terms of all groups that hold one of some forms by itself."""
        for number in sorted({n for form in forms for n in self._of_term.get((form,), ())}):
            yield from self._groups[number]

    def _add(self, group: Sequence[Term]) -> None:
        kept = tuple(dict.fromkeys(term for term in group if 0 < len(term) <= MAX_WORDS))
        if len(kept) < 2:
            return
        for term in dict.fromkeys(map(_plain, kept)):
            if term not in self._of_term:
                self._of_term[term] = []
                self._words.update(term)
                if len(term) > 1:
                    self._beginning.setdefault(term[0], []).append(term)
                    self._in_long.update(term)
            self._of_term[term].append(len(self._groups))
        self._groups.append(kept)


NO_SYNONYMS = Thesaurus()


def plain(word: str) -> str:
    """What words of a thesaurus and of queries are compared by: the folded form; in languages that
    write articles and particles onto words, where no text may hold the bare word, the stem."""
    form = fold(word)
    language = _WITH_PARTICLES.get(script_of(form))
    return f"{language.code} {language.stems([form])[0]}" if language else form


_WITH_PARTICLES = {
    language.script: language for language in LANGUAGES if language.rests is not no_rests
}


def _plain(term: Term) -> Term:
    return tuple(map(plain, term))
