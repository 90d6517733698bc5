from __future__ import annotations

from math import log
from pathlib import Path

import pytest
from fihris.indexer import Document
from fihris.search import Searcher
from fihris.search.noisychannel import Channel, Context
from fihris.search.resolve import Resolver
from fihris.search.weights import WEIGHTS

from ..collections import write

TEXTS = [
    *["the captain steered the boat over the river at night"] * 8,
    *["the farmer wore a coat of wool in winter"] * 6,
    *["le capitaine respire avec un appareil respiratory"] * 2,
    "an only word: zanzibar",
    "الفلاح يستمد قوته من الأرض",
    *["مياه النهر والأرض والزراعة"] * 5,
]


@pytest.fixture(scope="module", params=[99, 4])
def searcher(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    documents = [Document(str(n), "", text) for n, text in enumerate(TEXTS)]
    size = request.param
    commits = [documents[n : n + size] for n in range(0, len(documents), size)]
    return Searcher(write(tmp_path_factory.mktemp("channel") / "index", commits).index)


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        # "bcoat" is one letter from both; the other words tell which.
        ("bcoat river", "boat river"),
        ("bcoat winter", "coat winter"),
        ("captain rievr", "captain river"),
        # An other form of the same root is no misspelling.
        ("تستمد الأرض", ""),
        # Alone, a word is corrected all the same.
        ("bcoat", "boat"),
        ("تستمد", "يستمد"),
        # A word that never stands with the others was hardly meant.
        ("captain wonter", ""),
        # Where nothing else is found either, it is enough that it is not much less likely.
        ("qqqqq loat", "qqqqq boat"),
    ],
)
def test_the_rest_of_the_query_decides(searcher: Searcher, query: str, meant: str) -> None:
    assert searcher.search(query).suggestion == meant


def test_how_much_oftener_words_stand_together(tmp_path: Path) -> None:
    """Each figure, worked out by hand, differs by that of the other words alone."""
    commits = [[Document(f"{n}{text}", "", text)] for n, text in
               enumerate(["boat river", "river boat", "sea", "other"])]  # fmt: skip
    searcher = Searcher(write(tmp_path / "index", commits).index)
    snapshot = searcher.snapshot
    (boat,) = Resolver(snapshot, WEIGHTS).corrections("boatt")
    channel = Channel(snapshot)
    river = [part.files.postings["text"].docs[:0] for part in snapshot.parts]
    for n, part in enumerate(snapshot.parts):
        number = part.lexicon.find(b"river")
        if number >= 0:
            start, end = part.files.postings["text"].offsets[number : number + 2]
            river[n] = part.files.postings["text"].docs[int(start) : int(end)]
    alone = channel.meant("boatt", boat, Context([]))
    together = channel.meant("boatt", boat, Context([river]))
    # Both documents with boat have it, as half of all do: (2 / 0.5 + 1) / (2 + 1).
    assert together - alone == pytest.approx(log(5 / 3))
    nowhere = channel.meant("boatt", boat, Context([[docs[:0] for docs in river]]))
    assert nowhere == alone  # a word that nothing holds says nothing


def test_letters_that_follow_each_other_as_in_words_are_likelier(searcher: Searcher) -> None:
    channel = Channel(searcher.snapshot)
    assert channel.new("riverine") > channel.new("rvieriqx")
    assert channel.new("winter") > channel.new("wintre") > channel.new("wtxnqe")
