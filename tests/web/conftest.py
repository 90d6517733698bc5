from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fihris.indexer import Document, Index
from fihris.web import create_app

from .serving import served

SCRIPT = "<script>alert(1)</script>"

#: A few documents to find, and one that wants to do harm in each of its fields.
DOCUMENTS = [
    Document(
        id="letters/beirut",
        title="رسالة من بيروت",
        text="كتب الجيش رسالة إلى بيروت.\n\nNKVD وصلت الرسالة بعد سبعة أسابيع في البريد.\n\n"
        "Une lettre de l’armée de libération.",
        language="ar",
        date="1947-03-02",
        creator="ألكسي",
        collection="Letters",
        extra={"shelfmark": "D 17", "pages": 3, "keywords": ["post", "camp"], "deep": {"a": [1]}},
    ),
    Document(
        id="lettre-fr",
        title="La lettre de l’armée",
        text="L’Armée de libération écrivit une lettre aux musées.",
        language="fr",
    ),
    Document(id="untitled", title="", text="A letter without any title.", language="en"),
    Document(
        id=f'../a b/"{SCRIPT}',
        title=f"Harmful letter {SCRIPT} {{{{ 7 * 7 }}}} \u202edesrever",
        text=f"A harmful text. {SCRIPT} {{% for x in y %}} <img src=x onerror=alert(1)> &amp; "
        "\u202eflow",
        creator=f"{SCRIPT}\u202e",
        collection="\"'><b>bold</b>",
        source="javascript:alert(1)",
        extra={SCRIPT: SCRIPT},
        language="en",
    ),
    *(
        Document(id=f"page/{n}", title=f"Number {n}", text=f"A tram ran here, {n}.", language="en")
        for n in range(25)
    ),
]


def write(path: Path, documents: list[Document]) -> None:
    """Adds documents to an index, which is made where there is none."""
    with Index.open_or_create(path) as index, index.writer() as writer:
        for document in documents:
            writer.add(document)


@pytest.fixture(scope="session")
def index_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of DOCUMENTS, not to be written to."""
    path = tmp_path_factory.mktemp("web") / "index"
    write(path, DOCUMENTS)
    return path


@pytest.fixture(scope="session")
def address(index_path: Path) -> Iterator[str]:
    """Where the index is served."""
    with served(create_app(index_path)) as found:
        yield found


@pytest.fixture(scope="session")
def client(address: str) -> Iterator[httpx.Client]:
    """Asks the server as an English browser would; tests set other headers by request."""
    headers = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "en"}
    with httpx.Client(base_url=address, headers=headers, timeout=30) as made:
        yield made
