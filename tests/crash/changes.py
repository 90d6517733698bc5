"""Changes to an index whose outcome is known, and whether an index is in one of the states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from fihris.indexer import Document, Index
from fihris.indexer.check import check
from fihris.search import Searcher
from fihris.search.snapshot import Snapshot

_WORDS = """
    archive letter army winter the of library année bibliothèque archives une des élève
    جيش التحرير كتاب مكتبة رسالة الشتاء книга зима
""".split()

State = dict[str, str]


@dataclass(frozen=True)
class Change:
    """What is done in one commit: documents to add or replace, ids to delete, merging it all."""

    added: dict[str, str]
    deleted: tuple[str, ...]
    optimize: bool

    def make(self, index: Index) -> None:
        with index.writer() as writer:
            for document_id, text in self.added.items():
                writer.add(Document(id=document_id, title=f"Title of {document_id}", text=text))
            for document_id in self.deleted:
                writer.delete(document_id)
            writer.optimize = self.optimize

    def applied(self, state: State) -> State:
        after = {**state, **self.added}
        return {key: text for key, text in after.items() if key not in self.deleted}


def changes(seed: int, count: int) -> list[Change]:
    """Random changes; each adds a document that is new, so that each makes a commit."""
    random = Random(seed)
    made = []
    for number in range(count):
        ids = [f"new-{number}", *(f"doc-{random.randrange(25)}" for _ in range(3))]
        added = {key: " ".join(["everywhere", *random.choices(_WORDS, k=12)]) for key in ids}
        deleted = tuple(f"doc-{random.randrange(25)}" for _ in range(random.randrange(3)))
        made.append(Change(added, deleted, number % 11 == 3))
    return made


def states(made: Sequence[Change]) -> list[State]:
    """What the index holds before, between and after changes."""
    found: list[State] = [{}]
    for change in made:
        found.append(change.applied(found[-1]))
    return found


def state_of(index: Index) -> State:
    """What an index holds."""
    return {
        part.files.id_of(doc): part.files.text(doc)
        for part in Snapshot(index).parts
        for doc in range(part.count)
        if part.live[doc]
    }


def assert_sound(index: Index, allowed: Sequence[State]) -> None:
    """The index holds just what one of the states says, finds all of it, and is undamaged."""
    state = state_of(index)
    assert state in allowed
    report = check(index)
    assert report.ok, [str(finding) for finding in report.errors]
    assert report.documents == len(state)
    assert Searcher(index).search("everywhere").total == len(state)
