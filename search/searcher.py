"""The searcher: a query in, ranked and highlighted results out."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np
from whoosh.query import And, Every, NullQuery, Or

from ..indexer.index import Index
from ..indexer.segment import SegmentFiles, damage_named
from . import readahead, suggest
from .best import Ranked
from .chronological import in_order_of_time
from .execute import Ranking, execute, matching, scores_of
from .marks import Marks, marks
from .nodes import Filter, Word
from .plan import AllOf
from .rerank import rank
from .resolve import Resolver
from .results import Hit, RankedIds, Results
from .selection import Chosen, Selection
from .snapshot import Snapshot
from .snippets import highlights, snippets
from .stopwords import lighten
from .synonyms import with_synonyms
from .syntax import parse
from .thesaurus import NO_SYNONYMS, Thesaurus
from .weights import WEIGHTS, Weights
from .wholetext import WholeText, places_of, whole_text

# What most searches do without is imported when it is asked for, since `fihris search` imports all
# the rest each time.
if TYPE_CHECKING:
    from .analysis import TermView, WordView
    from .explain import Explanation
    from .facets import Facets
    from .titles import Title

#: How many hits may be asked for at once, and how far down a ranking they may begin.
MAX_LIMIT = 1000
MAX_OFFSET = 100_000

Order = Literal["relevance", "newest", "oldest"]
EVERYTHING = Selection()


class Searcher:
    """Searches an index. Safe to be shared by threads.

    It sees the commit that was the last when it was made, or when `refresh` was called; a search
    under way keeps the one it began with.

    Args:
        index: its folder, or an opened Index.
        weights: of the ranking.
        thesaurus: synonyms, or the file that holds them; read once. Raises InputError.
    """

    def __init__(
        self,
        index: str | os.PathLike[str] | Index,
        weights: Weights = WEIGHTS,
        thesaurus: str | os.PathLike[str] | Thesaurus | None = None,
    ) -> None:
        self._index = index if isinstance(index, Index) else Index.open(index)
        self.weights = weights
        if isinstance(thesaurus, str | os.PathLike):
            thesaurus = Thesaurus.read(thesaurus)
        self.thesaurus = thesaurus or NO_SYNONYMS
        self._lock = threading.Lock()
        self._snapshot = self._opened()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    @property
    def snapshot(self) -> Snapshot:
        """The commit that is searched."""
        return self._snapshot

    def refresh(self) -> bool:
        """Moves on to the last commit; tells whether there was a newer one."""
        with self._lock:
            if self._index.latest_generation() == self._snapshot.generation:
                return False
            self._snapshot = self._opened()
            return True

    def search(
        self,
        query: str,
        *,
        limit: int = 10,
        offset: int = 0,
        language: str | None = None,
        selection: Selection = EVERYTHING,
        order: Order = "relevance",
        facets: int | None = None,
    ) -> Results:
        """The results of a query.

        Args:
            query: in the query language; any text is a query.
            limit: how many hits, at most MAX_LIMIT.
            offset: how many of the best to pass over; beyond MAX_OFFSET there are no hits.
            language: only documents with this main language (ISO 639-1).
            selection: only documents with some metadata. With an empty query it finds them all.
            order: by score, or by date (then hits of similar words only are left out).
            facets: count the values that can be chosen, so many of each field; None: do not.
        """
        begin = perf_counter()
        parsed = parse(query)
        limit, offset = max(0, min(limit, MAX_LIMIT)), max(0, offset)
        if offset > MAX_OFFSET:
            limit = offset = 0
        with self._reading() as snapshot:
            resolver = Resolver(snapshot, self.weights)
            tree = self._tree(parsed.query, resolver, language)
            if selection:
                every = not query.strip() or query == "*"
                tree = And([Every() if every else tree, Chosen(selection)])
            ranking = self._ranking(snapshot, parsed.query, tree, resolver, offset + limit, order)
            return Results(
                query=query,
                total=ranking.total,
                total_similar=ranking.total_similar,
                hits=tuple(_hits(snapshot, ranking, ranking.hits[offset : offset + limit])),
                suggestion=self._suggestion(snapshot, query, tree, ranking, language),
                took=perf_counter() - begin,
                notes=parsed.notes,
                facets=None
                if facets is None
                else _counts(snapshot, self.weights, ranking, selection, facets),
                partial=ranking.partial,
            )

    def rank(self, query: str, limit: int = MAX_LIMIT) -> RankedIds:
        """The ids and scores of the best documents, without snippets: for runs of many queries."""
        limit = max(0, min(limit, MAX_LIMIT))
        with self._reading() as snapshot:
            parsed = parse(query)
            resolver = Resolver(snapshot, self.weights)
            tree = self._tree(parsed.query, resolver)
            ranking = self._ranking(snapshot, parsed.query, tree, resolver, limit)
            parts = snapshot.parts
            ranked = RankedIds(
                (parts[hit.part].files.id_of(hit.doc), hit.score) for hit in ranking.hits[:limit]
            )
            ranked.partial = ranking.partial
            ranked.notes = parsed.notes
            return ranked

    def document(self, document_id: str) -> dict[str, Any] | None:
        """The stored fields of a document and its text, or None."""
        with self._reading() as snapshot:
            found = snapshot.find(document_id)
            if found is None:
                return None
            part, doc = found
            return {**part.files.fields(doc), "text": part.files.text(doc)}

    def everything(self, facets: int = 10) -> Facets:
        """What can be chosen among all documents; counted once for each commit."""
        from .facets import everything

        with self._reading() as snapshot:
            return everything(snapshot, facets)

    def highlights(self, query: str, document_id: str) -> WholeText | None:
        """Where the words of a query stand in the whole of a document; None when there is none."""
        with self._reading() as snapshot:
            found = snapshot.find(document_id)
            if found is None:
                return None
            title = found[0].files.fields(found[1])["title"]
            tree = self._tree(parse(query).query, Resolver(snapshot, self.weights))
            return whole_text(snapshot, self.weights, tree, *found, title)

    def alike(self, document_id: str, limit: int = 5) -> list[Hit]:
        """The documents most like one, without snippets, the best first."""
        from . import likeness

        with self._reading() as snapshot:
            found = snapshot.find(document_id)
            if found is None:
                return []
            ranked = likeness.alike(snapshot, self.weights, *found, limit)
            return [_bare(snapshot, each) for each in ranked]

    def suggest(self, prefix: str, limit: int = 10) -> list[str]:
        """The text of a query with its last word completed, in the light of the words before it;
        the best first (see `completions`)."""
        from .completions import completions

        with self._reading() as snapshot:
            return completions(snapshot, self.weights, prefix, limit)

    def titles(self, prefix: str, limit: int = 5) -> list[Title]:
        """The titles of documents that go on as what was typed, the best first."""
        from .titles import titles

        with self._reading() as snapshot:
            return titles(snapshot, self.weights, prefix, limit)

    def explain(self, query: str, document_id: str) -> Explanation | None:
        """The arithmetic of a document's score; None when there is no such document."""
        from .explain import explanation

        with self._reading() as snapshot:
            found = snapshot.find(document_id)
            if found is None:
                return None
            asked = parse(query).query
            resolver = Resolver(snapshot, self.weights)
            tree = self._tree(asked, resolver)
            # Only the best hits are ranked again, so that the ranking itself is needed.
            ranking = self._ranking(snapshot, asked, tree, resolver, 0)
            return explanation(snapshot, self.weights, (asked, tree), ranking, *found)

    def analyze(self, text: str) -> list[WordView | TermView]:
        """What each word of a text stands for in the index; before its first word, each term of
        several words of the thesaurus that stands in the text, with its synonyms."""
        from .analysis import views

        with self._reading() as snapshot:
            return views(snapshot, self.weights, text)

    def _opened(self) -> Snapshot:
        snapshot = Snapshot(self._index, self.thesaurus)
        readahead.opened([part.files for part in snapshot.parts])
        return snapshot

    @contextmanager
    def _reading(self) -> Iterator[Snapshot]:
        """The commit to be searched; what reading altered files raises becomes IndexDamaged."""
        snapshot = self._snapshot
        with damage_named(part.files for part in snapshot.parts), readahead.watched():
            yield snapshot

    def _tree(self, query: Any, resolver: Resolver, language: str | None = None) -> Any:
        """The tree to be searched for the tree of a query."""
        if thesaurus := resolver.thesaurus:
            most = self.weights.synonym_cap
            query = with_synonyms(query, thesaurus, resolver.plain_forms, most)
        tree = lighten(query, self.weights.stop_elsewhere)
        if language and tree != NullQuery:
            tree = And([tree, Filter("language", language)])
        return tree

    def _ranking(
        self,
        snapshot: Snapshot,
        asked: Any,
        tree: Any,
        resolver: Resolver,
        limit: int,
        order: Order = "relevance",
    ) -> Ranking:
        if order != "relevance":
            ranking = execute(snapshot, self.weights, tree, 0, resolver)
            return _by_date(snapshot, self.weights, ranking, limit, newest=order == "newest")
        return rank(snapshot, self.weights, tree, limit, resolver, asked)

    def _suggestion(
        self, snapshot: Snapshot, query: str, tree: Any, ranking: Ranking, language: str | None
    ) -> str:
        """The query as it may have been meant, if it finds anything then; else ""."""
        text = suggest.corrected(snapshot, self.weights, query, tree, ranking.plan)
        # A word that is a correction stands in a document; what must stand together may not.
        words = tree.subqueries if type(tree) is Or else [tree]
        if not text or all(isinstance(each, Word) for each in words):
            return text
        resolver = Resolver(snapshot, self.weights)
        meant = self._tree(parse(text).query, resolver, language)
        return text if execute(snapshot, self.weights, meant, 1, resolver).total else ""


def _by_date(
    snapshot: Snapshot, weights: Weights, ranking: Ranking, limit: int, *, newest: bool
) -> Ranking:
    documents = matching(snapshot, weights, ranking.plan)
    first = in_order_of_time(snapshot, documents, limit, newest=newest)
    scores: dict[tuple[int, int], float] = {}
    for number in {number for number, _ in first}:
        docs = np.array(sorted(doc for n, doc in first if n == number), np.int64)
        of_docs = scores_of(snapshot, weights, ranking.plan, number, docs).tolist()
        scores |= {(number, doc): s for doc, s in zip(docs.tolist(), of_docs, strict=True)}
    hits = [Ranked(*place, scores[place]) for place in first]
    return Ranking(hits, ranking.total, 0, ranking.plan)


def _counts(
    snapshot: Snapshot, weights: Weights, ranking: Ranking, selection: Selection, limit: int
) -> Facets:
    from .facets import facets

    plan = ranking.plan
    if selection:  # the other half of the plan is the selection itself
        assert isinstance(plan, AllOf)
        plan = plan.children[0]
    return facets(snapshot, matching(snapshot, weights, plan), selection, limit)


def _hits(snapshot: Snapshot, ranking: Ranking, chosen: Sequence[Ranked]) -> list[Hit]:
    found: dict[tuple[int, int], Marks] = {}
    for number in {hit.part for hit in chosen}:
        docs = np.array(sorted(hit.doc for hit in chosen if hit.part == number), np.int64)
        part = snapshot.parts[number]
        readahead.records(part.files, docs)
        for doc, each in zip(docs.tolist(), marks(ranking.plan, number, part, docs), strict=True):
            found[number, doc] = each
    return [_hit(snapshot, hit, found[hit.part, hit.doc]) for hit in chosen]


def _bare(snapshot: Snapshot, hit: Ranked) -> Hit:
    fields = snapshot.parts[hit.part].files.fields(hit.doc)
    named = {name: fields.pop(name, "") for name in ("id", "title", "language", "source")}
    return Hit(**named, score=hit.score, metadata=fields)


def _hit(snapshot: Snapshot, hit: Ranked, found: Marks) -> Hit:
    files = snapshot.parts[hit.part].files
    fields = files.fields(hit.doc)
    title = fields.pop("title")
    return Hit(
        id=fields.pop("id"),
        title=title,
        language=fields.pop("language"),
        score=hit.score,
        source=fields.pop("source", ""),
        snippets=snippets(files, hit.doc, files.text(hit.doc), found, title),
        matched=tuple(found.matches),
        title_highlights=highlights(title, found.title),
        similar=not found.core,
        places=_places(files, hit.doc, found),
        metadata=fields,
    )


def _places(files: SegmentFiles, doc: int, found: Marks) -> int:
    _, places = places_of(found.positions, int(files.lengths["title"][doc]))
    return int(places[-1]) + 1 if len(places) else 0
