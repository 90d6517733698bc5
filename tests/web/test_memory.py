"""A server that is asked for ever new things comes to hold what it needs, and then no more."""

from __future__ import annotations

import random
from collections.abc import Iterator
from http.client import HTTPConnection
from itertools import count, islice
from pathlib import Path
from urllib.parse import urlencode

import pytest
from fihris.indexer import Document, Index

from bench.load import serving
from bench.memory import memory

_ALPHABETS = ("abcdefghijklmnoprstuvwz", "ابتثجحخدذرزسشصضطظعغفقكلمنهوي")
_DOCUMENTS, _WORDS = 1500, 150
# Until all that is kept on purpose has come to its bounds, and then.
_SUGGESTIONS, _REQUESTS = 5000, 3000
#: Bytes that a request may leave behind, which is next to nothing: a suggestion that is never
#: forgotten takes four times as much, a request or the words of a document far more.
_LEFT = 300


@pytest.mark.slow
def test_memory_stays_as_it_is_however_much_is_asked_for(tmp_path: Path) -> None:
    chosen = random.Random(5)
    texts = [_text(chosen, n) for n in range(_DOCUMENTS)]
    with Index.create(tmp_path / "index") as index, index.writer() as writer:
        for n, words in enumerate(texts):
            writer.add(Document(id=f"d{n}", title=" ".join(words[:3]), text=" ".join(words)))
    with serving(tmp_path / "index", 1) as (server, address):
        connection = HTTPConnection(address.removeprefix("http://"), timeout=60)

        def ask(path: str) -> None:
            connection.request("GET", path, headers={"Accept": "text/html"})
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, path

        for path in islice(_reading(chosen, texts), 100):
            ask(path)
        for path in islice(_typing(chosen, texts), _SUGGESTIONS):
            ask(path)
        held = [memory(server).own]
        paths = _reading(chosen, texts)
        for _ in range(3):
            for path in islice(paths, _REQUESTS // 3):
                ask(path)
            held.append(memory(server).own)
        connection.close()
    assert held[-1] - held[0] < _REQUESTS * _LEFT, held


def _text(chosen: random.Random, number: int) -> list[str]:
    """Words of which hardly any stands anywhere else."""
    letters = _ALPHABETS[number % 2]
    return ["".join(chosen.choices(letters, k=chosen.randint(6, 9))) for _ in range(_WORDS)]


def _typing(chosen: random.Random, texts: list[list[str]]) -> Iterator[str]:
    """Two words of a document, of which the second has just been begun."""
    while True:
        first, second = chosen.sample(chosen.choice(texts), 2)
        yield f"/api/v1/suggest?{urlencode({'q': f'{first} {second[:5]}'})}"


def _reading(chosen: random.Random, texts: list[list[str]]) -> Iterator[str]:
    """What readers ask for, no two the same: what they type, a page, a document."""
    typing = _typing(chosen, texts)
    for n in count():
        number = n % len(texts)
        first, second, third = chosen.sample(texts[number], 3)
        yield from islice(typing, 3)
        yield f"/?{urlencode({'q': f'{first} {second}', 'n': n})}"
        yield f"/documents/d{number}?{urlencode({'q': third, 'n': n})}"
