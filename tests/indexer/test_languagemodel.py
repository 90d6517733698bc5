import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from fihris.indexer import languagemodel
from fihris.indexer.languagemodel import model

CODES = ("fr", "en", "de")
TEXTS = [
    "Newspaper clippings, photographs and correspondence",
    "Lettres, photographies et coupures de presse",
    "Briefwechsel, Fotografien und Zeitungsausschnitte",
    "Prague 1945",
    "",
    "ALPHABET ÉTÉ Übung e\u0301",
    "\ud800 字",
]


# Once is enough for all tests: it takes longer than anything else in them.
cut_down = cache(languagemodel._cut_down)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where models are kept."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(languagemodel, "_cut_down", cut_down)
    model.cache_clear()
    return tmp_path / "fihris"


def answers() -> list[tuple[str, float]]:
    """What a process would be told that asks now."""
    model.cache_clear()
    found = model(CODES)
    assert found is not None
    return [found.classify(text) for text in TEXTS]


def test_what_was_kept_tells_the_same(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = answers()
    assert {code for code, _ in first[:3]} == {"en", "fr", "de"}
    (kept,) = folder.iterdir()
    assert kept.name.startswith("languages-1-de-en-fr-")
    monkeypatch.setattr(languagemodel, "_cut_down", None)  # calling it would fail
    assert answers() == first


def _altered(whole: bytes) -> bytes:
    return whole[:1000] + bytes([whole[1000] ^ 1]) + whole[1001:]


def _cut_short(whole: bytes) -> bytes:
    return whole[: len(whole) // 2]


def _emptied(whole: bytes) -> bytes:
    return whole[:0]


@pytest.mark.parametrize(
    "damage",
    [
        _altered,
        pytest.param(_cut_short, marks=pytest.mark.slow),
        pytest.param(_emptied, marks=pytest.mark.slow),
    ],
)
def test_what_is_damaged_is_made_anew(folder: Path, damage: Callable[[bytes], bytes]) -> None:
    first = answers()
    (kept,) = folder.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(damage(whole))
    assert answers() == first
    assert kept.read_bytes() == whole


def test_what_is_of_an_older_model_is_made_anew(folder: Path) -> None:
    first = answers()
    (kept,) = folder.iterdir()
    older = kept.with_name("languages-1-de-en-fr-0-0")
    kept.rename(older)
    assert answers() == first
    assert list(folder.iterdir()) == [kept]


def test_a_folder_that_cannot_be_written_to_is_no_error(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    assert answers()[0][0] == "en"
    assert folder.read_text() == "a file where the folder should be"


def test_languages_that_the_model_does_not_know(folder: Path) -> None:
    assert model(("tlh", "qya")) is None
    assert not folder.exists()


def test_without_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setattr(Path, "home", lambda: Path("~nobody-at-all").expanduser())
    assert answers()[0][0] == "en"


@pytest.mark.slow
def test_several_processes_at_once(folder: Path) -> None:
    program = f"from fihris.indexer.languagemodel import model; print(model({CODES}) is not None)"
    command = [sys.executable, "-c", program]
    runs = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    assert [run.communicate()[0] for run in runs] == [b"True\n"] * 2
    assert len(list(folder.iterdir())) == 1
