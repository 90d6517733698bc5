from __future__ import annotations

import pytest
from fihris.indexer.words import words
from fihris.search.nodes import Word
from fihris.search.stopwords import lighten, query_languages
from fihris.search.syntax import parse
from whoosh.query import And, AndNot, NullQuery, Or, Query


def sought(query: Query) -> list[str]:
    """The words that a tree still looks for, with the boost where it is not 1."""
    if isinstance(query, Word):
        return [str(query) + (f"^{query.boost}" if query.boost != 1 else "")]
    if isinstance(query, AndNot):
        return sought(query.a)
    if type(query) in (And, Or):
        return [word for child in query.children() for word in sought(child)]
    return [str(query)] if query != NullQuery else []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("the army of the east", ["en"]),
        ("le son de la cloche", ["fr"]),
        ("جيش في الشرق", ["ar"]),
        ("in Berlin", ["de", "en"]),
        ("a été", ["en", "fr"]),
        ("vlasov", []),
        ("", []),
    ],
)
def test_the_languages_that_stop_words_give_away(text: str, codes: list[str]) -> None:
    found = [language.code for language in query_languages(words(text))]
    assert set(codes) <= set(found)
    assert len(codes) > 1 or found == codes


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("the army of liberation", ["army", "liberation"]),
        ("les camps dans le froid", ["camps", "froid"]),
        ("الجيش في الحرب", ["الجيش", "الحرب"]),
        ("the and of", ["the", "and", "of"]),
        ("prisoners in Berlin", ["prisoners", "berlin"]),
        ("the army of pour", ["army", "pour^0.5"]),
        ("the army pour", ["the^0.5", "army", "pour^0.5"]),
        # An exclusion or a filter beside them changes nothing.
        ("the army -prague", ["army"]),
        ("the army language:en", ["army", 'language:"en"']),
        ("the army date:1944 -prague", ["army", 'date:"1944"']),
        ("(the army) AND (the camps)", ["army", "camps"]),
        # What was asked for on purpose stays.
        ("the AND army", ["the", "army"]),
        ("=the army of", ["=the", "army"]),
        ("title:the army of", ["title:the", "army"]),
        ('"the army" of the camps', ['"the army"', "camps"]),
        ("the language:en", ["the", 'language:"en"']),
        ("the of language:en", ["the", "of", 'language:"en"']),
        ("the", ["the"]),
        ("", []),
    ],
)
def test_what_is_left_of_a_query(text: str, left: list[str]) -> None:
    assert sought(lighten(parse(text).query, 0.5)) == left


def test_excluded_stop_words_stay() -> None:
    light = lighten(parse("the army -(the of)").query, 0.5)
    assert isinstance(light, AndNot)
    assert sought(light.a) == ["army"]
    assert sought(light.b) == ["the", "of"]


def test_the_tree_itself_is_not_changed() -> None:
    query = parse("the army pour (the camps AND le son) language:en -of").query
    before = repr(query)
    lighten(query, 0.5)
    assert repr(query) == before
