from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from fihris.indexer import Document
from fihris.search import Searcher
from fihris.search.resolve import Resolver

from ..collections import WORDS, Collection, random_commits, typo, write

TEXTS = {
    "1": "L’armée de Vlasov à Prague",
    "2": "une armée, des armées, army and armistice",
    "3": "the army of liberation in the east",
    "4": "Vlasov’s army, elite élève élèves",
    "5": "جيش التحرير الروسي في براغ",
    "6": "الجيش وجيوش التحرير",
    "7": "only here: armadillo",
}


def collection(path: Path, size: int = 9) -> Collection:
    documents = [Document(name, "", text) for name, text in TEXTS.items()]
    commits = [documents[n : n + size] for n in range(0, len(documents), size)]
    return write(path / "index", [*commits, ["7"]])


@pytest.fixture(scope="module", params=[9, 2])
def searcher(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return Searcher(collection(tmp_path_factory.mktemp("suggest"), request.param).index)


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("vlasof", "vlasov"),
        ("Vlasof -prague", "Vlasov -prague"),
        ("VLASOF OR prague", "VLASOV OR prague"),
        ("vlasof’s army", "vlasov’s army"),
        ("l’armistise", "l’armistice"),
        ('"armée de vlasof"', '"armée de vlasov"'),
        ("«de vlasof» prague", "«de vlasov» prague"),
        ("armée NEAR/3 vlasof", "armée NEAR/3 vlasov"),
        ("(vlasof AND prague) language:fr", "(vlasov AND prague) language:fr"),
        ("liberattion  of the eest", "liberation  of the east"),
        ("التحربر", "التحرير"),
        # It would find nothing, or there is nothing to correct.
        ('"prague de vlasof"', ""),
        ("vlasof AND liberation", ""),
        ("vlasof language:ar", ""),
        ("=vlasof", ""),
        ('="vlasof"', ""),
        ("prague -vlasof", ""),
        ("armadillo", ""),
        ("the army", ""),
        ("armee", ""),
        ("", ""),
    ],
)
def test_did_you_mean(searcher: Searcher, query: str, meant: str) -> None:
    found = searcher.search(query)
    assert found.suggestion == meant
    if meant:
        again = searcher.search(meant)
        assert again.total
        assert again.suggestion == ""


def test_of_very_many_words_the_first_are_looked_at(
    searcher: Searcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = []

    def corrections(resolver: Resolver, word: str) -> object:
        looked_at.append(word)
        return plain(resolver, word)

    plain = Resolver.corrections
    monkeypatch.setattr(Resolver, "corrections", corrections)
    unknown = [f"xyzz{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(500)]
    assert searcher.search(" ".join([*unknown[:31], "vlasof"])).suggestion.endswith(" vlasov")
    assert searcher.search(" ".join([*unknown[:32], "vlasof"])).suggestion == ""
    looked_at.clear()
    searcher.search(" ".join(unknown))
    assert looked_at == unknown[:32]


def spread(folder: Path, random: Random) -> list[Searcher]:
    """The same live documents in one segment, in seven, with deletions, and these merged."""
    changed = write(folder / "changed", random_commits(random, random.randint(3, 6), 20))
    live = list(changed.documents.values())
    random.shuffle(live)
    one = write(folder / "one", [live])
    many = write(folder / "many", [live[n::7] for n in range(7) if live[n::7]])
    searchers = [Searcher(each.index) for each in (one, many, changed)]
    changed.index.optimize()
    return [*searchers, Searcher(changed.index)]


def check_spread(folder: Path, random: Random, count: int) -> int:
    """How many suggestions there were, the same in all."""
    searchers = spread(folder, random)
    some = 0
    for _ in range(count):
        words = [random.choice(WORDS) for _ in range(random.randint(1, 4))]
        place = random.randrange(len(words))
        words[place] = typo(random, words[place])
        text = " ".join(words)
        meant = [searcher.search(text, limit=1).suggestion for searcher in searchers]
        assert meant == [meant[0]] * len(meant), text
        some += bool(meant[0])
    return some


@pytest.mark.parametrize("seed", [0, pytest.param(1, marks=pytest.mark.slow)])
def test_segments_do_not_matter(seed: int, tmp_path: Path) -> None:
    assert check_spread(tmp_path, Random(seed), 60)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 116))
def test_segments_do_not_matter_in_more_collections(seed: int, tmp_path: Path) -> None:
    assert check_spread(tmp_path, Random(seed), 120)
