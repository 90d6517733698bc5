"""Forms of words behave as if each were held."""

from __future__ import annotations

from fihris.indexer.forms import Forms
from fihris.indexer.strings import Strings
from hypothesis import given
from hypothesis import strategies as st
from numpy import array, int64

PAIRS = st.lists(st.tuples(st.text("aéعb", max_size=4), st.none() | st.text("ebا", max_size=5)))


@given(PAIRS, st.data())
def test_as_if_each_were_held(pairs: list[tuple[str, str | None]], data: st.DataObject) -> None:
    words = [word for word, _ in pairs]
    expected = [word if form is None else form for word, form in pairs]
    forms = Forms.of(Strings.of(words), Strings.of(expected))
    assert len(forms) == len(expected)
    assert forms.changed.tolist() == [n for n, w in enumerate(words) if w != expected[n]]
    assert forms.lengths.tolist() == list(map(len, expected))
    assert forms.alphabet().tolist() == sorted({ord(c) for form in expected for c in form})
    numbers = data.draw(st.lists(st.integers(0, len(words) - 1)) if words else st.just([]))
    assert forms.take(array(numbers, int64)).list() == [expected[n] for n in numbers]
    batches = list(forms.batches(3))
    assert [form for _, batch in batches for form in batch.list()] == expected
    assert [first for first, _ in batches] == list(range(0, len(words), 3))
