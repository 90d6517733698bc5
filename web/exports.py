"""Results to take along: as a table, as references, as a feed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from ..search import Hit
from ..search.dates import years
from .markup import line

#: So many hits are given at once.
TABLE, FEED = 1000, 50
_COLUMNS = ("id", "title", "language", "date", "creator", "collection", "source")
# What a spreadsheet would take for a formula.
_FORMULA = re.compile(r"[=+\-@\t\r]")
# What XML 1.0 cannot hold.
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def fields_of(hit: Hit) -> dict[str, Any]:
    """A hit as the fields of a document."""
    own = {"id": hit.id, "title": hit.title, "language": hit.language, "source": hit.source}
    return {**hit.metadata, **own}


def as_csv(documents: Iterable[tuple[Mapping[str, Any], str]]) -> str:
    """A table (RFC 4180) of documents, each with its address. A cell that a spreadsheet would
    compute begins with an apostrophe."""
    target = io.StringIO()
    # A byte order mark, or spreadsheets take Arabic for something else.
    target.write("\ufeff")
    table = csv.writer(target)
    table.writerow([*_COLUMNS, "address"])
    for fields, address in documents:
        cells = [str(fields.get(name) or "") for name in _COLUMNS]
        table.writerow([*(f"'{c}" if _FORMULA.match(c) else c for c in cells), address])
    return target.getvalue()


def as_ris(documents: Iterable[tuple[Mapping[str, Any], str]]) -> str:
    """References for Zotero and the like, each with its address."""
    lines: list[str] = []
    for fields, address in documents:
        covered = years(fields.get("date") or "")
        tags = [
            ("TY", "GEN"),
            ("TI", fields["title"] or fields["id"]),
            ("AU", fields.get("creator")),
            ("PY", f"{covered[0]:04}" if covered else ""),
            ("DA", fields.get("date")),
            ("T2", fields.get("collection")),
            ("LA", fields["language"]),
            ("ID", fields["id"]),
            ("UR", address),
        ]
        lines += [f"{tag}  - {line(value)}" for tag, value in tags if value]
        lines += ["ER  - ", ""]
    return "\r\n".join(lines)


def as_atom(
    title: str, here: str, page: str, changed: float, hits: Iterable[tuple[Hit, str]]
) -> str:
    """A feed (RFC 4287) of a search.

    Args:
        title: of the feed.
        here: its own address.
        page: the address of the page that it stands for.
        changed: when the index was, in seconds since 1970.
        hits: each with the address of its document.
    """
    updated = datetime.fromtimestamp(changed, UTC).isoformat(timespec="seconds")
    entries = [_entry(hit, address, updated) for hit, address in hits]
    return "".join(
        [
            '<?xml version="1.0" encoding="utf-8"?>\n',
            '<feed xmlns="http://www.w3.org/2005/Atom">\n',
            f"<title>{_xml(title)}</title>\n<id>{_xml(here)}</id>\n<updated>{updated}</updated>\n",
            f'<link rel="self" href={_attribute(here)}/>\n<link href={_attribute(page)}/>\n',
            *entries,
            "</feed>\n",
        ]
    )


def _entry(hit: Hit, address: str, updated: str) -> str:
    shown = " … ".join(snippet.text for snippet in hit.snippets)
    author = hit.metadata.get("creator") or "–"
    return (
        f"<entry>\n<title>{_xml(line(hit.title) or hit.id)}</title>\n<id>{_xml(address)}</id>\n"
        f"<link href={_attribute(address)}/>\n<updated>{updated}</updated>\n"
        f"<author><name>{_xml(line(author))}</name></author>\n"
        f"<summary>{_xml(shown)}</summary>\n</entry>\n"
    )


def opensearch(name: str, description: str, address: str) -> str:
    """What tells a browser how to search here (OpenSearch 1.1).

    Args:
        address: of the search page, whole, with a slash at its end.
    """
    page = _attribute(f"{address}?q={{searchTerms}}")
    feed = _attribute(f"{address}?q={{searchTerms}}&format=atom")
    words = _attribute(f"{address}suggest?q={{searchTerms}}")
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">\n'
        f"<ShortName>{_xml(name[:16])}</ShortName>\n<Description>{_xml(description)}</Description>\n"
        "<InputEncoding>UTF-8</InputEncoding>\n"
        f'<Url type="text/html" template={page}/>\n'
        f'<Url type="application/atom+xml" template={feed}/>\n'
        f'<Url type="application/x-suggestions+json" rel="suggestions" template={words}/>\n'
        "</OpenSearchDescription>\n"
    )


def _xml(text: str) -> str:
    return escape(_NO_XML.sub("\ufffd", text))


def _attribute(text: str) -> str:
    return quoteattr(_NO_XML.sub("\ufffd", text))
