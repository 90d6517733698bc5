"""Which pages to offer, and how a long text is cut into pages."""

from __future__ import annotations

#: Hits on a page.
PAGE_SIZE = 10
#: Code points of a document's text on a page, about: it is cut at the end of a paragraph.
TEXT_SIZE = 100_000
# Pages offered on each side of the one that is shown.
_AROUND = 2


def offered(page: int, last: int) -> list[int]:
    """The numbers of pages to link to, ascending: the first, the last, and those nearby."""
    near = range(page - _AROUND, page + _AROUND + 1)
    return sorted({1, last, *near} & set(range(1, last + 1))) if last else []


def text_pages(text: str) -> list[tuple[int, int]]:
    """Start and end of the pages of a text, in code points; at least one."""
    pages: list[tuple[int, int]] = []
    start = 0
    while len(text) - start > TEXT_SIZE * 5 // 4:
        limit = start + TEXT_SIZE
        cut = text.rfind("\n", limit - TEXT_SIZE // 4, limit) + 1
        cut = cut or text.rfind(" ", limit - TEXT_SIZE // 4, limit) + 1 or limit
        pages.append((start, cut))
        start = cut
    return [*pages, (start, len(text))]
