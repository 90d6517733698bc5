from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from fihris.indexer import Document, FihrisError, Index, IndexNotFound
from fihris.web import create_app
from fihris.web.live import INTERVAL, LiveIndex
from fihris.web.settings import Settings

from .conftest import write
from .serving import served

# Seconds between two looks in tests that wait for one.
_SHORT = 0.1


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "index"
    write(path, [Document(id="a", text="The first tram.")])
    return path


@pytest.fixture
def live(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[httpx.Client]:
    monkeypatch.setattr("fihris.web.live.INTERVAL", _SHORT)
    with served(create_app(path)) as address, httpx.Client(base_url=address) as client:
        assert total(client, "tram") == 1
        yield client


def total(client: httpx.Client, query: str) -> int:
    """How many documents are found, or minus the status when the answer is a problem."""
    response = client.get("/", params={"q": query, "format": "json"})
    return response.json()["total"] if response.status_code == 200 else -response.status_code


def soon(client: httpx.Client, query: str, expected: int) -> None:
    """Asks until the answer is as expected, which it must be soon."""
    end = time.monotonic() + 5
    while (found := total(client, query)) != expected:
        assert time.monotonic() < end, f"{found} and not {expected}"
        time.sleep(0.05)


def test_a_new_commit_is_seen_without_a_restart(live: httpx.Client, path: Path) -> None:
    write(path, [Document(id="b", text="The second tram.")])
    soon(live, "tram", 2)
    with Index.open(path) as index, index.writer() as writer:
        writer.delete("a")
    soon(live, "tram", 1)
    with Index.open(path) as index:
        index.optimize()
    time.sleep(2 * _SHORT)
    assert total(live, "tram") == 1


def test_it_answers_while_somebody_writes(live: httpx.Client, path: Path) -> None:
    with Index.open(path) as index, index.writer() as writer:
        writer.add(Document(id="b", text="The second tram."))
        time.sleep(2 * _SHORT)
        assert total(live, "tram") == 1
        assert live.get("/healthz").status_code == 200
        assert live.get("/documents/a").status_code == 200
    soon(live, "tram", 2)


def test_an_index_may_go_and_come_back(live: httpx.Client, path: Path) -> None:
    away = path.with_name("away")
    path.rename(away)
    soon(live, "tram", -503)
    assert live.get("/static/style.css").status_code == 200
    away.rename(path)
    soon(live, "tram", 1)


def test_another_index_in_its_place_is_seen(live: httpx.Client, path: Path) -> None:
    other = path.with_name("other")
    write(other, [Document(id="x", text="A barge."), Document(id="y", text="A barge.")])
    shutil.rmtree(path)
    other.rename(path)
    soon(live, "barge", 2)
    assert total(live, "tram") == 0


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b"no record"),
        lambda path: path.write_bytes(b""),
        lambda path: path.unlink(),
    ],
)
def test_a_damaged_index_is_a_503_until_it_is_mended(
    live: httpx.Client, path: Path, damage: Callable[[Path], None]
) -> None:
    (record,) = path.glob("*.toc")
    content = record.read_bytes()
    damage(record)
    soon(live, "tram", -503)
    record.write_bytes(content)
    soon(live, "tram", 1)


def test_altered_files_are_a_503_until_they_are_mended(live: httpx.Client, path: Path) -> None:
    for name in ("store", "postings"):
        (file,) = path.glob(f"*.{name}")
        content = file.read_bytes()
        with file.open("r+b") as opened:
            opened.write(b"\xff" * len(content))
        assert live.get("/documents/a?q=tram").status_code == 503
        assert total(live, "tram") == -503
        with file.open("r+b") as opened:
            opened.write(content)
        assert total(live, "tram") == 1
        assert live.get("/documents/a?q=tram").status_code == 200


def test_a_page_sees_one_commit(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fihris.web.live.INTERVAL", 0.0)
    index = LiveIndex(path)
    with index.searcher() as before:
        write(path, [Document(id="b", text="The second tram.")])
        with index.searcher() as after:
            assert after.search("tram").total == 2
        assert before.search("tram").total == 1


def test_the_folder_is_looked_at_once_in_an_interval(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = LiveIndex(path)
    looks: list[None] = []
    stamp_now = LiveIndex._stamp_now
    monkeypatch.setattr(
        LiveIndex, "_stamp_now", lambda self: (looks.append(None), stamp_now(self))[1]
    )
    end = time.monotonic() + INTERVAL / 2
    while time.monotonic() < end:
        with index.searcher() as searcher:
            assert searcher.search("tram").total == 1
    assert len(looks) == 1


def test_nobody_waits_while_a_new_commit_is_opened(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fihris.web.live.INTERVAL", 0.0)
    index = LiveIndex(path)
    with index.searcher() as searcher:
        first = searcher
    opening, go_on = threading.Event(), threading.Event()
    followed = LiveIndex._followed

    def slow(self: LiveIndex, searcher: object) -> object:
        opening.set()
        assert go_on.wait(30)
        return followed(self, searcher)  # type: ignore[arg-type]

    monkeypatch.setattr(LiveIndex, "_followed", slow)
    thread = threading.Thread(target=index._current)
    thread.start()
    try:
        assert opening.wait(10)
        with index.searcher() as searcher:
            assert searcher is first
    finally:
        go_on.set()
        thread.join()


def test_after_an_error_the_index_is_opened_anew(path: Path) -> None:
    index = LiveIndex(path)
    with pytest.raises(FihrisError, match="worn"), index.searcher() as first:
        raise FihrisError("worn")
    with index.searcher() as second:
        assert second is not first
    shutil.rmtree(path)
    with pytest.raises(FihrisError), index.searcher():
        raise FihrisError("gone")
    with pytest.raises(IndexNotFound), index.searcher():
        pass


def test_synonyms_stay_from_commit_to_commit(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "synonyms.txt"
    tags = []
    for text in ("tramway, tram\n", "tramway, tram, streetcar\n"):
        file.write_text(text)
        app = create_app(path, Settings(thesaurus=str(file)))
        with served(app) as address, httpx.Client(base_url=address) as client:
            found = client.get("/api/v1/search?q=tramway").json()
            assert found["hits"][0]["matched"][0]["layer"] == "synonym"
            assert "synonym" in client.get("/?q=tramway", headers={"Accept": "text/html"}).text
            tags.append(client.get("/?q=tramway").headers["etag"])
    # Another thesaurus, other answers.
    assert tags[0] != tags[1]
    live = LiveIndex(path, str(file))
    with live.searcher() as searcher:
        assert searcher.search("tramway").total == 1
    write(path, [Document(id="b", text="Another tram.")])
    live._looked = 0.0
    with live.searcher() as searcher:
        assert searcher.search("tramway").total == 2


def test_broader_concepts_are_a_setting(path: Path, tmp_path: Path) -> None:
    file = tmp_path / "vehicles.rdf"
    file.write_text(
        """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
            xmlns:s="http://www.w3.org/2004/02/skos/core#">
          <s:Concept rdf:about="#a" s:prefLabel="streetcar">
            <s:broader rdf:resource="#b"/>
          </s:Concept>
          <s:Concept rdf:about="#b" s:prefLabel="tram"/>
        </rdf:RDF>"""
    )
    for hierarchy in (False, True):
        app = create_app(path, Settings(thesaurus=str(file), thesaurus_hierarchy=hierarchy))
        with served(app) as address, httpx.Client(base_url=address) as client:
            found = client.get("/api/v1/search?q=streetcar").json()
            assert found["total"] == int(hierarchy)


def test_a_thesaurus_that_cannot_be_read_is_a_problem(path: Path, tmp_path: Path) -> None:
    app = create_app(path, Settings(thesaurus=str(tmp_path / "missing.txt")))
    with served(app) as address, httpx.Client(base_url=address) as client:
        assert client.get("/?q=tram").status_code == 503
