"""The demonstration collection keeps what docs/seeds.md promises.

Read with the standard library alone, so that it does not lean on the readers that it demonstrates.
"""

import html
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
import regex

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "seeds"
OLD_ENCODINGS = {"bizerte-ar.txt": "cp1256", "beauregard-fr.txt": "latin-1"}
LONG_LINE = "seeds/essays/historiography-en.txt"
SCRIPTS = {"ar": "Arabic", "fr": "Latin", "en": "Latin", "de": "Latin", "ru": "Cyrillic"}
# Words that only one of the languages of a script has.
TELLTALES = {"fr": r"\b(?:les|des|est|dans)\b", "en": r"\b(?:the|of|and|was)\b", "de": r"\bder\b"}
PARALLEL = [
    "liberation-army",
    "prague-manifesto",
    "prague-uprising",
    "repatriation",
    "moscow-trial",
    "volkhov",
]
CLUTTER = regex.compile(r"(?s)<(nav|footer|aside|header|script|style|head)\b.*?</\1>|<[^>]+>")
EDTF = regex.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?(?:/\d{4}(?:-\d\d(?:-\d\d)?)?)?")


@dataclass(frozen=True)
class Seed:
    id: str
    language: str
    raw: str
    text: str
    metadata: dict[str, str]


def _front_matter(raw: str) -> tuple[dict[str, str], str]:
    _, head, text = raw.split("---\n", 2)
    return dict(line.split(": ", 1) for line in head.splitlines()), text


def _meta(raw: str) -> dict[str, str]:
    return dict(regex.findall(r'<meta name="(\w+)" content="([^"]*)">', raw))


def _load() -> list[Seed]:
    seeds = []
    for path in sorted(path for path in SEEDS.rglob("*") if path.is_file()):
        raw = path.read_bytes().decode(OLD_ENCODINGS.get(path.name, "utf-8"))
        if path.suffix == ".jsonl":
            for line in raw.splitlines():
                record = json.loads(line)
                text, language = record.pop("text"), record.pop("language")
                seeds.append(Seed(record.pop("id"), language, line, text, record))
            continue
        metadata, text = {}, raw
        if path.suffix == ".md":
            metadata, text = _front_matter(raw)
        elif path.suffix == ".html":
            metadata, text = _meta(raw), html.unescape(CLUTTER.sub(" ", raw))
        name = f"seeds/{path.relative_to(SEEDS).as_posix()}"
        seeds.append(Seed(name, path.stem.rpartition("-")[2], raw, text, metadata))
    return seeds


COLLECTION = _load()


def _of(language: str) -> str:
    return "\n".join(seed.text for seed in COLLECTION if seed.language == language)


def test_there_are_enough_documents_in_each_language() -> None:
    count = Counter(seed.language for seed in COLLECTION)
    assert len(COLLECTION) >= 36
    assert min(count[language] for language in ("ar", "fr", "en")) >= 12
    assert set(count) == set(SCRIPTS)


def test_ids_are_unique() -> None:
    assert len({seed.id for seed in COLLECTION}) == len(COLLECTION)


@pytest.mark.parametrize("seed", COLLECTION, ids=lambda seed: seed.id)
def test_a_document_is_short_and_in_its_language(seed: Seed) -> None:
    words = len(seed.text.split())
    assert 80 <= words <= (1200 if seed.id == LONG_LINE else 400)
    letters = len(regex.findall(r"\p{L}", seed.text))
    own = len(regex.findall(rf"\p{{{SCRIPTS[seed.language]}}}", seed.text))
    assert own > letters / 2
    if seed.language in TELLTALES:
        found = {lang: len(regex.findall(word, seed.text)) for lang, word in TELLTALES.items()}
        assert max(found, key=lambda lang: found[lang]) == seed.language


@pytest.mark.parametrize("topic", PARALLEL)
def test_parallel_texts_stand_in_three_languages(topic: str) -> None:
    found = {seed.language for seed in COLLECTION if seed.id.startswith(f"seeds/chronicle/{topic}")}
    assert found == {"ar", "fr", "en"}


def test_all_formats_are_there() -> None:
    count = Counter(path.suffix for path in SEEDS.rglob("*") if path.is_file())
    assert set(count) == {".txt", ".md", ".html", ".jsonl"}
    assert min(count[suffix] for suffix in (".txt", ".md", ".html")) >= 5


@pytest.mark.parametrize(("name", "encoding"), OLD_ENCODINGS.items())
def test_old_encodings_are_not_utf_8(name: str, encoding: str) -> None:
    data = (SEEDS / "old-encodings" / name).read_bytes()
    with pytest.raises(UnicodeDecodeError):
        data.decode("utf-8")
    expected = "بنزرت" if encoding == "cp1256" else "château"
    assert expected in data.decode(encoding)


def test_web_pages_declare_their_language_and_hold_clutter() -> None:
    pages = [seed for seed in COLLECTION if seed.id.endswith(".html")]
    for page in pages:
        assert regex.search(rf'<html lang="{page.language}', page.raw)
        assert regex.search(r'<nav|role="navigation"', page.raw)
        assert "<footer>" in page.raw
        assert {"author", "date"} <= set(page.metadata)
    assert any("&eacute;" in page.raw for page in pages)
    assert any("<script>" in page.raw for page in pages)


@pytest.mark.parametrize(
    ("language", "pattern"),
    [
        ("ar", r"(?:\p{L}[\u064b-\u0652\u0670]+){3}"),  # vocalised
        ("ar", r"هٰذَا"),  # dagger alef
        ("ar", r"\u0640"),  # tatweel
        ("ar", r"[\ufe80-\ufefc]{3}"),  # presentation forms
        ("ar", r"١٩٤\d"),
        ("ar", r"194\d"),
        ("ar", r"\bوبالجيش\b"),
        ("ar", r"\bللأسرى\b"),
        ("ar", r"\bفالقيادة\b"),
        ("ar", r"\bوأغراضها\b"),
        ("ar", r"(?m)^> « \p{Latin}"),  # a French paragraph
        ("ar", r"Русская освободительная армия"),
        ("ar", r"Befreiungsarmee"),
        ("fr", r"l’[Aa]rmée"),  # curly apostrophe
        ("fr", r"\bl'[aA]\p{L}+"),  # straight apostrophe
        ("fr", r"œuvre"),
        ("fr", r"\p{L}[ﬁﬂﬃ]"),
        ("fr", r"« Armée de libération russe »"),
        ("fr", r"\u00ad"),  # soft hyphen
        ("fr", r"Befreiungsarmee"),
        ("en", r"[ﬁﬂ]"),
        ("en", r"\p{L}\u00ad\p{L}"),
        ("en", r"\[\^1\]: "),  # footnote
        ("en", r"\borganised\b"),
        ("en", r"\borganized\b"),
        ("en", r"\bcolour\b"),
        ("en", r"\blabor\b"),
        ("en", r"Русская освободительная армия"),
        ("en", r"Befreiungsarmee"),
    ],
)
def test_what_the_collection_shows_is_in_it(language: str, pattern: str) -> None:
    assert regex.search(pattern, _of(language))


def test_one_document_is_a_single_long_line_and_some_a_single_short_one() -> None:
    lines = {seed.id: seed.raw.rstrip("\n") for seed in COLLECTION if seed.id.endswith(".txt")}
    single = {name: len(line) for name, line in lines.items() if "\n" not in line}
    assert single.pop(LONG_LINE) >= 6000
    assert len(single) == 3
    assert max(single.values()) < 1000


def test_dates_are_edtf_of_every_kind() -> None:
    dates = [seed.metadata["date"] for seed in COLLECTION if "date" in seed.metadata]
    assert all(EDTF.fullmatch(date) for date in dates)
    for kind in (r"\d{4}", r"\d{4}/\d{4}", r"\d{4}-\d\d-\d\d"):
        assert any(regex.fullmatch(kind, date) for date in dates)


def test_invented_items_say_that_they_are_fictional() -> None:
    invented = [
        seed for seed in COLLECTION if seed.id.startswith(("seeds/letters/", "catalogue/", "oral/"))
    ]
    assert len(invented) >= 15
    for seed in invented:
        assert seed.metadata["collection"].endswith("(fictional)")


def test_every_record_of_json_lines_has_its_metadata() -> None:
    records = [seed for seed in COLLECTION if seed.raw.startswith("{")]
    for record in records:
        assert {"title", "date", "creator", "collection", "source"} <= set(record.metadata)
    assert len(records) >= 9


def test_the_guide_names_every_document() -> None:
    guide = (ROOT / "docs" / "seeds.md").read_text(encoding="utf-8")
    missing = [seed.id for seed in COLLECTION if seed.id.removeprefix("seeds/") not in guide]
    assert missing == []
