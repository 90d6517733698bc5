from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from fihris.indexer import Document
from fihris.search.resolve import Resolver
from fihris.search.snapshot import Snapshot
from fihris.search.thesaurus import Thesaurus
from fihris.search.variants import Resolved
from fihris.search.weights import CORE, GRAIN, PLAIN, WEIGHTS, Layer, Weights, grained
from msgspec.structs import replace

from ..collections import NUMBERS, Collection, write
from .random_queries import Queries
from .twin import Twin

Found = dict[str, tuple[float, str]]
CAPPED = replace(WEIGHTS, root_cap=2, similar_cap=3, similar_floor=0.4, synonym_cap=3)


def words_of(snapshot: Snapshot, resolved: Resolved) -> Found:
    """Each word with its weight and layer, which must be the same in all segments."""
    found: Found = {}
    for part, variants in zip(snapshot.parts, resolved.variants, strict=True):
        ids = variants.ids.tolist()
        edges = [0, variants.exact, variants.matching, len(ids)]
        assert edges == sorted(edges)
        assert len(ids) == len(set(ids))
        for place, kinds in enumerate(({Layer.EXACT}, CORE - {Layer.EXACT}, set(Layer) - CORE)):
            group = slice(*edges[place : place + 2])
            assert ids[group] == sorted(ids[group])
            assert set(variants.layers[group].tolist()) <= kinds
        for number, weight, layer in zip(ids, variants.weights, variants.layers, strict=True):
            entry = (float(weight), Layer(layer).name.lower())
            assert found.setdefault(part.lexicon.word(number), entry) == entry
    return found


def resolve(snapshot: Snapshot, text: str, weights: Weights = WEIGHTS) -> Found:
    return words_of(snapshot, Resolver(snapshot, weights).resolve(text))


def index_of(path: Path, *segments: str, language: str | None = None) -> Snapshot:
    commits = [[Document(str(n), text=t, language=language)] for n, t in enumerate(segments)]
    return Snapshot(write(path / "index", commits).index)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("weights", [WEIGHTS, PLAIN, CAPPED])
@pytest.mark.parametrize("synonyms", [False, True])
def test_equals_looking_at_every_word(
    collections: list[Collection], number: int, weights: Weights, synonyms: bool
) -> None:
    random = Random(number)
    queries = Queries(random, collections[number])
    groups = queries.groups() if synonyms else []
    snapshot = Snapshot(collections[number].index, Thesaurus(groups))
    resolver = Resolver(snapshot, weights)
    twin = Twin(collections[number].held(), weights, groups)
    for _ in range(20):
        text = queries.key()
        if groups and random.random() < 0.5:
            text = random.choice(random.choice(groups))
        resolved = resolver.resolve(text)
        expected = twin.resolve(text)
        assert words_of(snapshot, resolved) == expected, text
        core = {"exact", "folded", "stem", "corrected", "synonym"}
        assert resolved.found == any(layer in core for _, layer in expected.values())
        absent = "corrected" in {layer for _, layer in expected.values()}
        correction = twin.corrections(text)[0][0] if absent else ""
        assert resolved.correction == correction
        assert words_of(snapshot, resolver.resolve(text, strict=True)) == twin.strict(text)
        as_written = words_of(snapshot, resolver.resolve(text, layers=False))
        assert as_written == twin.as_written(text)


def test_of_relations_that_weigh_alike_the_closer_counts(tmp_path: Path) -> None:
    snapshot = index_of(tmp_path, "histoire")
    like = resolve(snapshot, "lahistoire", replace(WEIGHTS, similar=1, corrected_twice=0))
    weight = like["histoire"][0]
    both = replace(WEIGHTS, similar=1, corrected_twice=weight)
    assert resolve(snapshot, "lahistoire", both) == {"histoire": (weight, "corrected")}


def test_the_layers(tmp_path: Path) -> None:
    snapshot = index_of(
        tmp_path,
        "le général et les généraux dans la générale qui est une general",
        "les general generaux dans une ville générales generale",
        language="fr",
    )
    found = resolve(snapshot, "général")
    weights = {layer: grained(getattr(WEIGHTS, layer)) for layer in ("folded", "stem")}
    assert found["général"] == (1.0, "exact")
    assert found["general"] == (weights["folded"], "folded")
    assert found["générale"] == (weights["stem"], "stem")
    assert found["générales"] == (weights["stem"], "stem")
    assert "ville" not in found
    assert "est" not in found


def test_roots_rank_and_are_capped_to_the_most_frequent(tmp_path: Path) -> None:
    words = ["مكتوب", "كاتب", "مكتبة", "كتابة", "كتاب"]
    texts = [" ".join(words[: n + 1]) for n in range(len(words))]
    snapshot = index_of(tmp_path, *texts, texts[0])
    few = resolve(snapshot, "كتاب", replace(WEIGHTS, root_cap=2, similar=0, stem=0))
    assert {w for w, (_, layer) in few.items() if layer == "root"} == {"كاتب", "مكتوب"}
    many = resolve(snapshot, "كتاب", replace(WEIGHTS, similar=0, stem=0))
    assert {w for w, (_, layer) in many.items() if layer == "root"} == set(words[:-1])


def test_a_rest_is_a_word_when_any_segment_has_it(tmp_path: Path) -> None:
    alone = index_of(tmp_path / "alone", "وزير ولجيش")
    both = index_of(tmp_path / "both", "ولجيش", "جيش")
    assert resolve(alone, "الجيش", replace(WEIGHTS, similar=0, root=0, corrected=0)) == {}
    found = resolve(both, "الجيش", replace(WEIGHTS, similar=0, root=0))
    assert {word: layer for word, (_, layer) in found.items()} == {
        "جيش": "stem",
        "ولجيش": "stem",
    }


def test_a_number_is_found_behind_an_arabic_particle(tmp_path: Path) -> None:
    weights = replace(WEIGHTS, similar=0, root=0)
    snapshot = index_of(tmp_path, "عام 1944 1945", "عام و1945")
    assert resolve(snapshot, "ب1945", weights) == {"و1945": (grained(weights.stem), "stem")}
    alone = index_of(tmp_path / "alone", "عام و1945")
    assert resolve(alone, "ب1945", weights) == {}


def test_words_relate_in_a_language_that_both_were_seen_in(tmp_path: Path) -> None:
    """Number and numb have one stem in French and two in English."""
    weights = replace(WEIGHTS, similar=0, corrected=0)
    english = index_of(tmp_path / "en", "number", "numb", language="en")
    assert set(resolve(english, "number", weights)) == {"number"}
    french = index_of(tmp_path / "fr", "number", "numb", language="fr")
    assert set(resolve(french, "number", weights)) == {"number", "numb"}
    # Seen in both languages, though not in one segment.
    documents = [
        Document("0", text="number", language="en"),
        Document("1", text="number", language="fr"),
        Document("2", text="numb", language="en"),
        Document("3", text="numb", language="fr"),
    ]
    commits: list[list[Document | str]] = [[document] for document in documents]
    mixed = Snapshot(write(tmp_path / "mixed", commits).index)
    resolved = Resolver(mixed, weights).resolve("number")
    assert [len(variants.ids) for variants in resolved.variants] == [1, 1, 1, 1]


def test_an_absent_word_is_corrected_only_when_no_form_of_it_is_there(tmp_path: Path) -> None:
    snapshot = index_of(tmp_path, "the prisoners of the camp were there", language="en")
    resolver = Resolver(snapshot, WEIGHTS)
    assert resolver.resolve("prisoner").correction == ""
    resolved = resolver.resolve("prisonres")
    assert resolved.correction == "prisoners"
    assert words_of(snapshot, resolved)["prisoners"] == (1.0, "corrected")
    assert not resolver.resolve("zzzzzz").found
    assert resolver.resolve("194x").correction == ""


def test_weights_are_of_one_grain() -> None:
    assert grained(0.95) * GRAIN == 243
    assert grained(1) == 1
    assert abs(grained(0.3) - 0.3) <= 0.5 / GRAIN


def test_corrections_are_the_likeliest_words_first(tmp_path: Path) -> None:
    snapshot = index_of(tmp_path, *["mouse"] * 3, "house", "unrelated")
    resolver = Resolver(snapshot, WEIGHTS)
    assert _words(resolver, "huose") == ["house"]
    assert _words(resolver, "ouse") == ["mouse", "house"]
    assert _words(resolver, "nouse") == ["mouse", "house"]
    assert _words(resolver, "hhouse") == ["house"]
    assert _words(resolver, "house") == _words(resolver, "xyzzy") == []


def test_a_slip_is_likelier_than_another_letter(tmp_path: Path) -> None:
    """Of "brod" a letter left out gives "brood", another letter the more frequent "brid"."""
    snapshot = index_of(tmp_path, *["brid"] * 3, "brood")
    assert _words(Resolver(snapshot, WEIGHTS), "brod") == ["brood", "brid"]
    many: list[Document | str] = [Document(str(n), text="brid") for n in range(200)]
    often = Snapshot(write(tmp_path / "often", [[*many, Document("last", text="brood")]]).index)
    assert _words(Resolver(often, WEIGHTS), "brod") == ["brid", "brood"]


def _words(resolver: Resolver, text: str) -> list[str]:
    return [each.word for each in resolver.corrections(text)]
