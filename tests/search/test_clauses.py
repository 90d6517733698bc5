from __future__ import annotations

from fihris.search.clauses import NOTHING, Clause, all_of, joined
from fihris.search.nodes import ExactPhrase, Filter, Wildcard, Word
from whoosh.query import And, AndNot, Every, Or

A, B, C = Word("a"), Word("b"), Word("c")
FR, DATE = Filter("language", "fr"), Filter("date", "1944")


def test_joined_opens_what_is_nested() -> None:
    assert joined(Or, [A]) == A
    assert joined(Or, [A, Or([B, C])]) == Or([A, B, C])
    assert joined(And, [A, Or([B, C])]) == And([A, Or([B, C])])


def test_query() -> None:
    assert Clause(A, (FR,), (B, C)).query() == AndNot(And([A, FR]), Or([B, C]))
    assert Clause(And([A, B]), (FR,)).query() == And([A, B, FR])
    assert Clause(excluded=(B,)).query() == AndNot(Every(), B)
    assert Clause(filters=(FR, DATE)).query() == And([Every(), FR, DATE])


def test_only_nothing_is_false() -> None:
    assert not NOTHING
    assert Clause(A)
    assert Clause(filters=(FR,))
    assert Clause(excluded=(A,))


def test_negated() -> None:
    assert Clause(A).negated() == Clause(excluded=(A,))
    assert Clause(filters=(FR, DATE)).negated() == Clause(excluded=(And([FR, DATE]),))
    assert Clause(A, excluded=(B,)).negated() == Clause(excluded=(AndNot(A, B),))
    assert Clause(Or([A, B])).negated() == Clause(excluded=(Or([A, B]),))


def test_negated_token_of_several_words_is_a_phrase() -> None:
    strict = [Word("a", "title", strict=True), Word("b", "title", strict=True)]
    assert Clause(Or(strict), whole=True).negated() == Clause(
        excluded=(ExactPhrase(("a", "b"), "title", strict=True),)
    )
    pattern = Wildcard("lib*")
    assert Clause(Or([A, pattern]), whole=True).negated() == Clause(excluded=(And([A, pattern]),))
    filtered = Clause(Or([A, B]), (FR,), whole=True)
    assert filtered.negated() == Clause(excluded=(And([Or([A, B]), FR]),))


def test_places() -> None:
    assert Clause(A).places() == (A,)
    assert Clause(Or([A, B]), whole=True).places() == (A, B)
    for other in (Clause(Or([A, B])), Clause(A, (FR,)), Clause(Wildcard("lib*")), NOTHING):
        assert other.places() == ()


def test_all_of() -> None:
    whole = Clause(Or([A, B]), whole=True)
    assert all_of([]) == NOTHING
    assert all_of([NOTHING, whole]) == whole
    assert all_of([whole, Clause(filters=(FR,))]) == Clause(Or([A, B]), (FR,), whole=True)
    assert all_of([whole, Clause(C, excluded=(A,))]) == Clause(And([A, B, C]), (), (A,))
    assert all_of([Clause(filters=(FR,)), Clause(excluded=(A,))]) == Clause(None, (FR,), (A,))
