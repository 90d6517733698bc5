from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random
from time import process_time

import pytest
from fihris.indexer import Document
from fihris.indexer.detect import script_of
from fihris.indexer.folding import fold
from fihris.indexer.languages import LANGUAGES
from fihris.search import Searcher
from fihris.search.completions import MAX_COMPLETIONS
from fihris.search.resolve import Resolver
from fihris.search.weights import WEIGHTS

from ..collections import FEW_SEEDS, NUMBERS, WORDS, Collection, typo, write
from .test_suggest import collection, spread
from .twin import Entry, Twin


@pytest.fixture(scope="module", params=[9, 2])
def searcher(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    return Searcher(collection(tmp_path_factory.mktemp("suggest"), request.param).index)


@pytest.mark.parametrize(
    ("text", "completed"),
    [
        ("arm", ["army", "armée", "armistice", "armées"]),
        ("ARM", ["army", "armée", "armistice", "armées"]),
        # With one typing error behind those without.
        ("armé", ["armée", "armées", "army", "armistice"]),
        ("amrée", ["armée", "armées"]),
        ("برلغ", ["براغ"]),
        ("the arm", ["the army", "the armée", "the armistice", "the armées"]),
        ("l’armi", ["l’armistice", "l’army", "l’armée", "l’armées"]),
        ('"red army', ['"red army', '"red armée', '"red armistice', '"red armées']),
        # What stands behind the words before it comes first, then what stands with them.
        ("des arm", ["des army", "des armée", "des armistice", "des armées"]),
        ("vlasov arm", ["vlasov army", "vlasov armée", "vlasov armistice", "vlasov armées"]),
        (
            "liberation of arm",
            [f"liberation of {word}" for word in ("army", "armée", "armistice", "armées")],
        ),
        (
            "army and arm",
            ["army and armistice", "army and armée", "army and armées", "army and army"],
        ),
        ("جيش الت", ["جيش التحرير"]),
        ("army OR arm", ["army OR army", "army OR armée", "army OR armistice", "army OR armées"]),
        ("title:prag", ["title:prague"]),
        ("ele", ["elite", "élève", "élèves"][1:]),
        ("تحر", []),
        ("التح", ["التحرير"]),
        ("جـيـ", ["جيش"]),
        ("وَج", ["وجيوش"]),
        ("armad", []),
        ("zzz", []),
        ("arm ", []),
        ("arm*", []),
        ("", []),
        (" ", []),
        ("...", []),
    ],
)
def test_completions(searcher: Searcher, text: str, completed: list[str]) -> None:
    assert searcher.suggest(text) == completed


def test_how_many(searcher: Searcher) -> None:
    assert searcher.suggest("arm", 2) == ["army", "armée"]
    assert searcher.suggest("arm", 0) == searcher.suggest("arm", -1) == []


def test_a_letter_of_a_large_lexicon(tmp_path: Path) -> None:
    words = [f"a{n:x}" for n in range(60_000)]
    documents = [Document("all", "", " ".join(words)), Document("two", "", "ac ad")]
    searcher = Searcher(write(tmp_path / "index", [[document] for document in documents]).index)
    searcher.suggest("a")
    begin = process_time()
    found = searcher.suggest("a", 10**9)
    assert process_time() - begin < 0.5
    assert found[:2] == ["ac", "ad"]
    assert len(found) == MAX_COMPLETIONS


STOP_WORDS = frozenset().union(*(language.stop_words for language in LANGUAGES))


def expected(collection_: Collection, resolver: Resolver, before: list[str], prefix: str) -> list:
    """The completions of a prefix, one word and one document after another."""
    twin = Twin(collection_.held(), WEIGHTS)
    entries = [entry for entry in twin.entries if entry.live]
    content = [n for n, word in enumerate(before) if fold(word) not in STOP_WORDS]
    follows = [fold(word) for word in before[content[-1] :]] if content else []
    classes = [_forms(resolver, before[n]) for n in content]
    mistyped = tuple(_one_edit_away(prefix, {letter for word in twin.folded for letter in word}))
    ranked = []
    for word in twin.lexicon:
        form = fold(word)
        frequency = sum(word in entry.places["text"] for entry in entries)
        errors = 0 if form.startswith(prefix) else 1
        if not frequency or (errors and not (len(prefix) > 3 and form.startswith(mistyped))):
            continue
        behind = beside = 0
        if content:
            behind = sum(_stands_behind(entry, follows, word) for entry in entries)
            if form not in map(fold, before):
                beside = sum(
                    word in entry.places["text"]
                    and all(forms & entry.places["text"].keys() for forms in classes)
                    for entry in entries
                )
        key = (errors, form in STOP_WORDS, -behind, -beside, -frequency, word)
        ranked.append((*key, form))
    ranked.sort()
    if ranked and not ranked[0][0]:
        ranked = [row for row in ranked if not row[0] or row[-1][0] == prefix[0]]
    chosen: dict[str, str] = {}
    for row in ranked:
        chosen.setdefault(row[-1], row[-2])
    return list(chosen.values())


def _one_edit_away(prefix: str, letters: set[str]) -> Iterator[str]:
    """What may have been meant by a prefix, in letters of its script."""
    own = [letter for letter in letters if script_of(letter) == script_of(prefix)]
    for n in range(len(prefix)):
        yield prefix[:n] + prefix[n + 1 :]
        yield prefix[:n] + prefix[n : n + 2][::-1] + prefix[n + 2 :]
        for letter in own:
            yield prefix[:n] + letter + prefix[n + 1 :]
            yield prefix[:n] + letter + prefix[n:]


def _forms(resolver: Resolver, word: str) -> set[str]:
    found = resolver.resolve(word)
    pairs = zip(resolver._parts, found.variants, strict=True)
    return {
        part.lexicon.word(number)
        for part, variants in pairs
        for number in variants.ids[: variants.matching].tolist()
    }


def _stands_behind(entry: Entry, follows: list[str], word: str) -> bool:
    at = {(fold(each), place) for each, places in entry.places["text"].items() for place in places}
    return any(
        all((form, place - len(follows) + n) in at for n, form in enumerate(follows))
        for place in entry.places["text"].get(word, ())
    )


@pytest.mark.parametrize("number", NUMBERS)
def test_equals_looking_at_every_word(collections: list[Collection], number: int) -> None:
    searcher = Searcher(collections[number].index)
    resolver = Resolver(searcher.snapshot, WEIGHTS, only_live=True)
    random = Random(number)
    some = 0
    for _ in range(25):
        before = [w.lower() for w in random.choices(WORDS, k=random.randint(0, 3)) if w.isalnum()]
        word = random.choice([w for w in WORDS if w.isalpha()])
        started = word[: random.randint(1, len(word))]
        if random.random() < 0.3:
            started = typo(random, started)
        if not started.isalpha():
            continue
        text = " ".join([*before, started])
        wanted = expected(collections[number], resolver, before, fold(started.lower()))[:10]
        head = text[: len(text) - len(started)]
        assert searcher.suggest(text) == [head + each for each in wanted], text
        some += bool(wanted)
    assert some


@pytest.mark.parametrize("seed", FEW_SEEDS)
def test_segments_do_not_matter(seed: int, tmp_path: Path) -> None:
    random = Random(seed)
    searchers = spread(tmp_path, random)
    for _ in range(60):
        words = random.choices(WORDS, k=random.randint(1, 3))
        text = typo(random, " ".join(words))
        text = text[: random.randint(1, len(text))]
        for ask in (Searcher.suggest, Searcher.titles):
            answers = [ask(searcher, text) for searcher in searchers]
            assert answers == [answers[0]] * len(answers), text


def test_words_too_many_to_be_looked_at_in_each_segment(tmp_path: Path) -> None:
    """The most frequent over all segments may be rare in each."""
    texts = [" ".join(f"ba{n:04x}" for n in range(k, 3000, k + 1)) for k in range(1, 7)]
    commits = [[Document(f"{k}", "", text)] for k, text in enumerate(texts)]
    one = Searcher(write(tmp_path / "one", [[d for (d,) in commits]]).index)
    many = Searcher(write(tmp_path / "many", commits).index)
    assert len(many.snapshot.parts) == 6
    assert one.suggest("ba", 100) == many.suggest("ba", 100)
