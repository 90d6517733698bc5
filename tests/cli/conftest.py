"""A small collection, indexed once by the real command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .command import run

#: A title that would turn a terminal red, clear it, and reverse what follows.
HOSTILE = "Red\x1b[31m alert\x9b2J \u202eevil"

FILES = {
    "army-en.txt": (
        "The army of liberation\n\nThe army was raised in 1944. Its soldiers fought under German "
        "command. The general was called Vlasov, and he went to Prague with the army.\n"
    ),
    "camp-en.txt": (
        "Prisoners of the camp\n\nThe prisoners of the camp were repatriated in 1945. General "
        "Vlasov was among the prisoners, as was the whole of his staff, it was said.\n"
    ),
    "armee-fr.txt": (
        "L’armée de libération\n\nL’armée fut levée en 1944 par le général Vlassov. Les soldats "
        "de cette armée étaient des prisonniers de guerre, et leur musée est à Prague.\n"
    ),
    "jaysh-ar.txt": (
        "جيش التحرير الروسي\n\nكان جيش التحرير الروسي مؤلفا من الأسرى في ألمانيا. وقد قاد الجيش "
        "الجنرال فلاسوف في سنة ١٩٤٤ حتى نهاية الحرب.\n"
    ),
    "records.jsonl": "".join(
        json.dumps(record, ensure_ascii=False) + "\n"
        for record in (
            {
                "id": "letter 1",
                "title": "A letter",
                "text": "He wrote of zebras and of nothing else.",
                "source": "Box 1",
            },
            {"id": "hostile", "title": HOSTILE, "text": "An ocelot \x1b]0;owned\x07 was seen."},
            {"id": "untitled", "text": "Okapis graze.", "language": "en", "date": "1944"},
        )
    ),
}


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of documents."""
    folder = tmp_path_factory.mktemp("work") / "archive"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def index(archive: Path) -> Path:
    """Its index. Tests do not change it."""
    folder = archive.parent / "fihris-index"
    done = run("index", "--index", folder, archive)
    assert (done.status, done.out) == (0, ""), done.err
    return folder
