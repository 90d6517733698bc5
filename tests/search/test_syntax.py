from __future__ import annotations

import time

import pytest
from fihris.indexer.words import words
from fihris.search.nodes import ExactPhrase, Filter, Leaf, Near, Word
from fihris.search.scanner import MAX_DEPTH, MAX_WORDS
from fihris.search.syntax import Parsed, parse
from hypothesis import example, given, settings
from hypothesis import strategies as st
from whoosh.query import And, AndNot, Every, NullQuery, Or, Query

# What is typed, and the tree that comes of it. `test_nodes.py` tells the leaves apart.
TREES = """
army                          army
army army                     (army OR army)
a b c                         (a OR b OR c)
a OR b|c d                    (a OR b OR c OR d)
a AND b AND c                 (a AND b AND c)
a AND (b AND c)               (a AND b AND c)
a b AND c                     ((a OR b) AND c)
a AND b c                     (a AND (b OR c))
a AND b OR c                  ((a AND b) OR c)
a OR b AND c                  (a OR (b AND c))
a AND (b OR c)                (a AND (b OR c))
L’ARMÉE                       armée
Jean-Pierre x                 (jean OR pierre OR x)
Jean-Pierre AND x             (jean AND pierre AND x)
Jean-Pierre -x                ((jean OR pierre) ANDNOT x)
x -Jean-Pierre                (x ANDNOT "jean pierre")
x -Jean-Pi*                   (x ANDNOT (jean AND pi*))
x -=title:a-b                 (x ANDNOT title:="a b")
"a"                           "a"
"a b" c                       ("a b" OR c)
“a b”                         "a b"
„a b“                         "a b"
‟a b”                         "a b"
«a b»                         "a b"
« a b »                       "a b"
»a b«                         "a b"
‹a b›                         "a b"
« a “b” c »                   "a b c"
"a (b" c)                     ("a b" OR c)
و"جيش"                        (و OR "جيش")
'a b'                         (a OR b)
"" a                          a
a "b c                        (a OR b OR c)
=a                            =a
="a b"                        ="a b"
=title:a                      title:=a
title:=a                      title:=a
=(a title:b)                  (=a OR title:=b)
= a                           a
a=b                           (a OR b)
-a                            (ALL ANDNOT a)
-a -b                         (ALL ANDNOT (a OR b))
Vlasov -Prague                (vlasov ANDNOT prague)
a -b c                        ((a OR c) ANDNOT b)
a −b                          (a ANDNOT b)
a NOT b c                     ((a OR c) ANDNOT b)
a OR b -c                     ((a OR b) ANDNOT c)
a -b AND c                    ((a AND c) ANDNOT b)
a AND NOT b OR c              ((a ANDNOT b) OR c)
a OR NOT b                    (a OR (ALL ANDNOT b))
(a -b) c                      ((a ANDNOT b) OR c)
(a -b)                        (a ANDNOT b)
(-a) b                        (b ANDNOT a)
a -(b c)                      (a ANDNOT (b OR c))
a -(b -c)                     (a ANDNOT (b ANDNOT c))
a -"b c"                      (a ANDNOT "b c")
a -lib*                       (a ANDNOT lib*)
a -title:b                    (a ANDNOT title:b)
NOT NOT a                     a
a- b-c 1917–23 - d            (a OR b OR c OR 1917 OR 23 OR d)
a NEAR b                      (a NEAR/10 b)
a NEAR/5 "b c"                (a NEAR/5 "b c")
a NEAR/0 b                    (a NEAR/1 b)
a NEAR/999999 b               (a NEAR/1000 b)
a NEAR/5 b NEAR/3 c           (a NEAR/3 b NEAR/3 c)
a-b NEAR c                    (a NEAR/10 b NEAR/10 c)
a NEAR (b)                    (a NEAR/10 b)
a NEAR (b c)                  (a AND (b OR c))
a NEAR b NEAR (c d)           ((a NEAR/10 b) AND (c OR d))
a NEAR title:b                (a AND title:b)
title:(a NEAR b)              (title:a NEAR/10 title:b)
a NEAR -b                     (a ANDNOT b)
a NEAR lib*                   (a AND lib*)
a NEAR language:fr            (a AND language:"fr")
a b NEAR c                    (a OR (b NEAR/10 c))
-a NEAR b                     (ALL ANDNOT (a NEAR/10 b))
language:fr                   (ALL AND language:"fr")
a language:fr                 (a AND language:"fr")
language:fr a OR b            ((a OR b) AND language:"fr")
a AND language:fr             (a AND language:"fr")
a OR language:fr              (a OR (ALL AND language:"fr"))
a language:fr,en              (a AND (language:"fr" OR language:"en"))
a language:(fr OR ar, en)     (a AND (language:"fr" OR language:"ar" OR language:"en"))
a language:fr date:1944       (a AND language:"fr" AND date:"1944")
a -language:fr                (a ANDNOT language:"fr")
-(language:fr date:1944)      (ALL ANDNOT (language:"fr" AND date:"1944"))
(a language:fr) b             ((a AND language:"fr") OR b)
creator:"A. (B), C",D         (ALL AND (creator:"A. (B), C" OR creator:"D"))
date:1943/1945                (ALL AND date:"1943/1945")
title:a b                     (title:a OR b)
title:"a b"                   title:"a b"
title:(a (b "c")) d           (title:a OR title:b OR title:"c" OR d)
title:lib*                    title:lib*
title:                        title
title: a                      (title OR a)
language: a                   (language OR a)
foo:bar                       (foo OR bar)
12:30                         (12 OR 30)
http://x                      (http OR x)
OR noir                       (or OR noir)
a AND                         (a OR and)
NOT                           not
a AND OR b                    (a AND b)
a | | b                       (a OR b)
a and b أو c ou d             (a OR and OR b OR أو OR c OR ou OR d)
NEARBY L'OR                   (nearby OR or)
a AND ()                      a
a AND (b                      (a AND b)
a) AND b                      (a AND b)
who was he?                   (who OR was OR he)
()                            <_NullQuery>
- = * ? ؟ … « »               <_NullQuery>
"…" -"…" -() =                <_NullQuery>
"""


@pytest.mark.parametrize(
    ("text", "tree"),
    [(line[:30].rstrip(), line[30:]) for line in TREES.strip().splitlines()],
)
def test_tree(text: str, tree: str) -> None:
    assert str(parse(text).query).replace(str(Every()), "ALL") == tree


@pytest.mark.parametrize("text", ["", " ", "\u200f", "\n", "\ud800", "\u0301", "!?…"])
def test_nothing_asked(text: str) -> None:
    assert parse(text) == Parsed(NullQuery, (), ())


@pytest.mark.parametrize(
    "texts",
    [
        ("title:جيش", "titre:جيش", "عنوان:جيش", "Titre\u00a0: جيش", "\u200fعنوان\u200f:\u200fجيش"),
        ("a language:ar", "a langue:arabe", "a لغة:العربية", "a langue\u202f:\u00a0« ar »"),
        ("source:x.txt", "مصدر:x.txt", "SOURCE:«x.txt»", 'source:"x.\u200btxt"'),
        ("creator:Bunin", "auteur:Bunin", "مؤلف:Bunin"),
        ("date:1944", "DATE:1944", "تاريخ:١٩٤٤", "تاريخ:۱۹۴۴"),
        ("collection:a,b", "مجموعة:a،b", "collection:(a b)"),
        ('a AND "b c"', "a AND «\u00a0b c\u00a0»", "\u200fa\u200f AND\u200e «b c»"),
        ('a AND "b c"', "a\u00a0AND\u3000“b c”", "a AND\u202f‹b\u00a0c›"),
        ("a -b", "a \u200f-\u200fb", "a\u00a0-b", "a \u200bNOT\u200b b"),
        ("=a b", "\u200f=\u200fa b"),
        ("a NEAR/5 b", "a NEAR/٥ b", "a \u200fNEAR/5\u200f b"),
    ],
)  # fmt: skip
def test_the_same_in_other_words(texts: tuple[str, ...]) -> None:
    first, *others = (parse(text).query for text in texts)
    assert first != NullQuery
    for other in others:
        assert other == first


def test_words_are_those_looked_for() -> None:
    parsed = parse('a -b "c d" title:e NEAR title:f lib* NOT (g h) =i language:fr AND (j -k)')
    assert [str(word) for word in parsed.words] == ["a", "title:e", "title:f", "=i", "j"]


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ('a "b" (c)', ()),
        ('a "b', ("unbalanced-quote",)),
        ("a » b « c", ()),
        ("« a", ("unbalanced-quote",)),
        ("a*", ("short-pattern",)),
        ("army *ج NOT b*", ("short-pattern",)),
        ("ar* * l’ar* a? 5*3", ()),
        ("a)", ("unbalanced-parenthesis",)),
        ("(a", ("unbalanced-parenthesis",)),
        ("(" * 40 + "a" + ")" * 40, ("too-deep",)),
        ("a " * (MAX_WORDS + 1), ("cut",)),
        ("a " * MAX_WORDS, ()),
        ("a-" * (MAX_WORDS + 1), ("cut",)),
        ("date:1 " * (MAX_WORDS + 1), ("cut",)),
        ("date:" + "1," * (MAX_WORDS + 1), ("cut",)),
        ('"' + "a " * (MAX_WORDS + 1) + '"', ("cut",)),
        ("x" * 100_001, ("cut",)),
    ],
)
def test_notes(text: str, notes: tuple[str, ...]) -> None:
    assert parse(text).notes == notes


def size(leaf: Query) -> int:
    """How many of the words that a query may have this leaf takes."""
    match leaf:
        case Near(words=operands):
            return sum(map(size, operands))
        case ExactPhrase(words=keys):
            return len(keys)
    return int(isinstance(leaf, Leaf))


def depth(query: Query) -> int:
    return 1 + max((depth(child) for child in query.children()), default=0)


def check(parsed: Parsed) -> None:
    """What holds for every query whatsoever."""
    assert isinstance(parsed.query, Query)
    assert sum(map(size, parsed.query.leaves())) <= MAX_WORDS
    assert depth(parsed.query) <= 4 * (MAX_DEPTH + 2)
    inside(parsed.query, Or)
    assert repr(parsed)
    assert str(parsed.query)
    assert isinstance(hash(parsed.query), int)


def inside(query: Query, parent: type[Query]) -> None:
    """Filters stand inside And or on the excluded side of AndNot, where nothing is scored."""
    assert not isinstance(query, Filter) or parent in (And, AndNot)
    if isinstance(query, AndNot):
        inside(query.a, Or)
    elif isinstance(query, And | Or):
        assert len(query) > 1
        assert not any(type(child) is type(query) for child in query)
        filters_only = all(isinstance(child, Filter) for child in query)
        for child in query:
            inside(child, parent if filters_only else type(query))


SIGNS = [*"|-=()\"«»*?:,'’ \u200f\u00a0\u0301\ue000\ud800"]
NAMES = ["AND", "OR", "NOT", "NEAR", "NEAR/3", "title:", "لغة:", "language:fr", "date:"]
WORDS = ["a", "armée", "جيش", "l’or", "x-y", "東京", "ﷺ", "12:30", " "]


@settings(max_examples=3 * settings.default.max_examples)
@given(st.text() | st.lists(st.sampled_from(SIGNS + NAMES + WORDS), max_size=60).map("".join))
@example("language:(fr (a) b")
@example("-language:(a OR")
@example("NOT AND NOT OR NOT")
@example('title:"')
def test_any_text_is_a_query(text: str) -> None:
    check(parse(text))


@given(st.text())
def test_text_without_operators_gives_its_words(text: str) -> None:
    plain = "".join(character for character in text if character not in '-−=*?:()|"“”„‟＂«»‹›')
    parsed = parse(plain)
    operators = {"AND", "OR", "NOT", "NEAR"}
    if not operators & set(plain.split()):
        assert [word.text for word in parsed.words] == words(plain)[:MAX_WORDS]
        assert all(word == Word(word.text) for word in parsed.words)


HUGE = {
    "parentheses": "(" * 100_000,
    "closed parentheses": "(" * 50_000 + "a" + ")" * 50_000,
    "groups": "a (b AND -" * 100_000,
    "NOTs": "NOT " * 2_000 + "a",
    "many NOTs": "NOT " * 250_000 + "a",
    "operators": "NOT AND " * 125_000,
    "bars": "|" * 1_000_000,
    "minus": "-" * 1_000_000,
    "groups left out": "-(" * 500_000,
    "quotes": '"' * 1_000_000,
    "quotes of two kinds": "«" * 50_000 + "»" * 50_000,
    "quotes that never close": "«" * 1_000_000,
    "one word": "a" * 1_000_000,
    "words": "word " * 200_000,
    "hyphens": "a-" * 500_000,
    "Chinese": "東" * 1_000_000,
    "marks": "e" + "\u0301" * 1_000_000,
    "filters": "language:fr " * 100_000,
    "values": "language:" + "fr," * 300_000,
    "open values": "language:(fr " * 80_000,
    "stars": "a*" * 500_000,
    "lone stars": "* " * 500_000,
    "invisible stars": "\u200f*" * 500_000,
    "fields": "title:" * 170_000,
    "direction marks": "\u200f" * 1_000_000,
    "field of marks": " a\u200f\u200f\u200f" * 200_000,
    "NEARs": "a NEAR " * 140_000,
    "spaces": " " * 1_000_000,
    "dots": ". " * 500_000,
}  # fmt: skip


@pytest.mark.parametrize("name", HUGE)
def test_huge_queries(name: str) -> None:
    begin = time.process_time()
    parse(HUGE[name])
    # Not how fast it is (bench tells), but that its time does not grow with the square.
    assert time.process_time() - begin < 5


def test_two_thousand_nots_are_even() -> None:
    assert parse(HUGE["NOTs"]).query == Word("a")


def test_parentheses_too_deep_are_passed_over() -> None:
    assert parse(HUGE["closed parentheses"]).query == Word("a")
    deep = "(a -" * 50 + "b"
    assert depth(parse(deep).query) <= MAX_DEPTH + 3
