from concurrent.futures import ThreadPoolExecutor

import pytest
from fihris.indexer.languages._snowball import snowball


def test_threads_may_share_the_function() -> None:
    words = [f"{start}{middle}ations" for start in "bcdfglmnprst" for middle in "aeiou"] * 20
    stems = snowball("french")
    expected = stems(words)
    with ThreadPoolExecutor(8) as pool:
        assert all(found == expected for found in pool.map(stems, [words] * 64))


def test_no_words() -> None:
    assert snowball("english")([]) == []


def test_an_unknown_algorithm_is_refused() -> None:
    with pytest.raises(KeyError):
        snowball("klingon")(["word"])
