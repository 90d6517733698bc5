"""Stems by Snowball, for the languages that it knows (https://snowballstem.org/algorithms/)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import snowballstemmer


def snowball(algorithm: str) -> Callable[[Sequence[str]], list[str]]:
    """A function for `Language.stems`: the stems of many words by one algorithm, "french" say."""

    def stems(words: Sequence[str]) -> list[str]:
        # A stemmer object is not safe to be shared by threads. Making one takes half a
        # microsecond, a lock would take as long and hold the others up.
        stemmer: Any = snowballstemmer.stemmer(algorithm)
        # Every word of a batch is another one, so its cache of words would only cost time:
        # 2.2 instead of 0.9 microseconds a word.
        stemmer.maxCacheSize = 0
        return stemmer.stemWords(words)

    return stems
