"""Small judged collections on disk."""

from __future__ import annotations

from pathlib import Path

CORPUS = [
    '{"id": "d1", "title": "Army", "text": "the army stood before the town"}',
    '{"id": "d2", "text": "une armée devant la ville"}',
    '{"id": "d3", "text": "the river and its shore"}',
]
QUERIES = ["q1\tarmies of the town\ten", "q2\tarmee", "q3\tshores"]
JUDGED = ["q1 0 d1 2", "q2 0 d2 1", "q3 0 d3 1"]


def write(
    folder: Path,
    corpus: list[str] | bytes = CORPUS,
    queries: list[str] | bytes = QUERIES,
    **judged: list[str] | bytes,
) -> Path:
    """Makes a folder of a collection; `qrels` and `qrels_NAME` are its files of judgements."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {"corpus.jsonl": corpus, "queries.tsv": queries}
    for name, lines in (judged or {"qrels": JUDGED}).items():
        files[f"{name.replace('_', '.')}.txt"] = lines
    for name, lines in files.items():
        content = lines if isinstance(lines, bytes) else "".join(f"{x}\n" for x in lines).encode()
        (folder / name).write_bytes(content)
    return folder
