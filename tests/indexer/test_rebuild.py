from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from fihris.indexer import (
    Document,
    Index,
    IndexDamaged,
    IndexLocked,
    IndexVersionError,
    commit,
    rebuild_lexicon,
)
from fihris.indexer.check import check
from fihris.indexer.languages import LANGUAGES
from fihris.indexer.languages.english import ENGLISH
from fihris.search import Searcher
from msgspec.structs import force_setattr

Stems = Callable[[Sequence[str]], list[str]]


@pytest.fixture
def change_english() -> Iterator[Callable[[Stems], None]]:
    """Gives English other stems, in another version, as a new release would."""
    stems, version = ENGLISH.stems, ENGLISH.version

    def change(new: Stems) -> None:
        force_setattr(ENGLISH, "stems", new)
        force_setattr(ENGLISH, "version", version + "+")

    yield change
    force_setattr(ENGLISH, "stems", stems)
    force_setattr(ENGLISH, "version", version)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    path = tmp_path / "index"
    for first in (0, 3):
        with Index.open_or_create(path).writer() as writer:
            for number, text in enumerate(TEXTS[first : first + 3], first):
                writer.add(Document(str(number), text=text))
    with Index.open(path).writer() as writer:
        writer.delete("2")
    return path


TEXTS = [
    "The mice ran away from the house, and it was the end of them.",
    "A mouse was in the kitchen when the prisoners came back to it.",
    "Of mice and men, and of the best of them.",
    "Les prisonniers sont revenus dans leur pays après la guerre.",
    "عاد الأسرى إلى بلادهم بعد الحرب.",
]


def ids(path: Path, word: str) -> list[str]:
    # An exclusion leaves no words in that are only spelled alike.
    return sorted(hit.id for hit in Searcher(path).search(f"{word} -zebra").hits)


def irregular(words: Sequence[str]) -> list[str]:
    return ["mouse" if word == "mice" else word for word in words]


def test_new_stems_need_no_documents(index: Path, change_english: Callable[[Stems], None]) -> None:
    assert ids(index, "mouse") == ["1"]
    assert ids(index, "prisoner") == ["1"]
    change_english(irregular)
    with pytest.raises(IndexVersionError, match=r"run `fihris rebuild-lexicon --index .*index`"):
        Searcher(index)
    rebuild_lexicon(index)
    assert check(Index.open(index)).ok
    assert ids(index, "mouse") == ["0", "1"]
    assert ids(index, '"mice ran"') == ["0"]
    assert ids(index, "أسرى") == ["4"]
    assert len(Index.open(index).commit_record().segments) == 2


def test_the_same_stems_give_the_same_answers(index: Path) -> None:
    queries = ["mouse", "prisonnier guerre", "الأسرى", "mise", "the best men"]

    def answers() -> list[list[tuple[str, float]]]:
        return [
            [(hit.id, hit.score) for hit in Searcher(index).search(query).hits] for query in queries
        ]

    with Index.open(index).writer() as writer:
        writer.optimize = True
    before = answers()
    rebuild_lexicon(index)
    assert answers() == before


def test_languages_in_another_order_cannot_be_mended(
    index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(commit, "LANGUAGES", tuple(reversed(LANGUAGES)))
        with pytest.raises(IndexVersionError, match="index the documents again into a new folder"):
            rebuild_lexicon(index)
        # A language taken away.
        patch.setattr(commit, "LANGUAGES", LANGUAGES[:-1])
        with pytest.raises(IndexVersionError, match="index the documents again into a new folder"):
            rebuild_lexicon(index)
    assert ids(index, "prisoner") == ["1"]


def test_one_writer(index: Path) -> None:
    with Index.open(index).writer(), pytest.raises(IndexLocked):
        rebuild_lexicon(index)


def test_damage_is_not_copied(index: Path) -> None:
    info = Index.open(index).commit_record().segments[0]
    store = index / f"{info.id}.store"
    store.write_bytes(store.read_bytes().replace(b"mice", b"mise"))
    with pytest.raises(IndexDamaged, match=store.name):
        rebuild_lexicon(index)
    assert Index.open(index).commit_record().segments[0] == info
