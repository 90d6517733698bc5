"""HTML: the main text of a page, its title and what it says of itself. Nothing is ever fetched."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from .bounded import bounded
from .encoding import decode
from .flow import CELL, LINE, PARAGRAPH, Flow
from .parsed import Parsed, primary_language, without_time

_DROPPED = frozenset((
    "head", "title", "script", "style", "template", "noscript", "noframes", "nav", "aside",
    "iframe", "object", "embed", "canvas", "audio", "video", "svg", "math", "map", "select",
    "datalist", "button", "textarea", "input", "label", "dialog",
))  # fmt: skip
# A page's head and foot; but those of an article or of the main part belong to the text.
_PAGE_FRAME = frozenset(("header", "footer"))
_MAIN_PARTS = frozenset(("main", "article"))
_DROPPED_ROLES = frozenset(("navigation", "banner", "contentinfo", "complementary", "search"))
_PARAGRAPHS = frozenset((
    "body", "p", "div", "section", "article", "main", "h1", "h2", "h3", "h4", "h5", "h6",
    "blockquote", "ul", "ol", "dl", "menu", "dir", "table", "caption", "figure", "figcaption",
    "address", "hr", "details", "summary", "fieldset", "form", "center", "header", "footer",
    "hgroup",
))  # fmt: skip
_GAPS: dict[str | None, int] = {
    **dict.fromkeys(_PARAGRAPHS, PARAGRAPH),
    **dict.fromkeys(("br", "li", "dt", "dd", "tr"), LINE),
}
_CELLS = frozenset(("td", "th"))
_INVISIBLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)

_ENOUGH_TEXT = 500
_UNTELLING = frozenset(
    ("", "untitled", "untitled document", "document", "home", "index", "sans titre", "accueil")
)

_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})"""
    rb"""|<meta[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""",
    re.IGNORECASE,
)
_SELF_CLOSED = re.compile(
    r"<((?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b)[a-z][^\s/>]*+)"
    r"([^<>]*)/>",
    re.IGNORECASE,
)


def read(data: bytes, where: str) -> Parsed:
    """Read a page of HTML or XHTML, whatever its faults.

    The text is that of <main>, or of the only <article>, where these hold enough of it; without
    navigation, forms, scripts and what is hidden. Raises InputError when the file is empty, binary
    or of unknown encoding.
    """
    named = _DECLARED.search(data, 0, 4096)
    declared = (named[1] or named[2]).decode("ascii") if named else None
    source = decode(data, where, declared)
    if source.startswith("<?xml") or where.lower().endswith(".xhtml"):
        source = _SELF_CLOSED.sub(r"<\1\2></\1>", source)
    tree = LexborHTMLParser(bounded(source))
    meta = _meta(tree)
    date = _first(meta, "dcterms.created", "dc.date", "dcterms.date", "date", "dc.date.issued")
    return Parsed(
        title=_title(tree),
        text=_main_text(tree),
        language=_language(tree, meta),
        date=without_time(date) if date else None,
        creator=_first(meta, "author", "dc.creator", "dcterms.creator"),
    )


def plain_text(source: str) -> str:
    """The text of a piece of HTML, with line ends and blank lines as its elements part it."""
    return _text(LexborHTMLParser(bounded(source)).body)


def _main_text(tree: LexborHTMLParser) -> str:
    main = tree.css_first("main, [role=main]")
    if main is None and len(articles := tree.css("article")) == 1:
        main = articles[0]
    everything = None
    if main is not None:
        text = _text(main)
        if len(text) >= _ENOUGH_TEXT:
            return text
        everything = _text(tree.body)
        if len(text) >= len(everything) / 4:
            return text
    return _text(tree.body) if everything is None else everything


def _text(top: LexborNode | None) -> str:
    """The text of an element and those in it, walked without recursion."""
    flow = Flow()
    node, depth, in_main = top, 0, 0
    while node is not None:
        inner = None
        tag = node.tag
        if node.is_text_node:
            flow.add_collapsed(node.text_content or "")
        elif depth == 0 or not _is_dropped(node, in_main > 0):
            flow.gap(_GAPS.get(tag, 0))
            if tag == "pre":
                _add_preformatted(flow, node)
            else:
                inner = node.child
                in_main += inner is not None and tag in _MAIN_PARTS
        if inner is not None:
            node, depth = inner, depth + 1
            continue
        flow.gap(CELL if tag in _CELLS else _GAPS.get(tag, 0))
        while depth and node.next is None:
            node, depth = node.parent, depth - 1
            assert node is not None
            in_main -= node.tag in _MAIN_PARTS
            flow.gap(CELL if node.tag in _CELLS else _GAPS.get(node.tag, 0))
        node = node.next if depth else None
    return flow.text()


def _add_preformatted(flow: Flow, node: LexborNode) -> None:
    text = node.text(deep=True).strip("\r\n")
    flow.gap(PARAGRAPH)
    if text.strip():
        flow.add(text)
        flow.gap(PARAGRAPH)


def _is_dropped(node: LexborNode, in_main: bool) -> bool:
    if node.tag in _DROPPED or not node.is_element_node:
        return True
    if node.tag in _PAGE_FRAME and not in_main:
        return True
    attributes = node.attributes
    return bool(attributes) and (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or attributes.get("role") in _DROPPED_ROLES
        or _INVISIBLE.search(attributes.get("style") or "") is not None
    )


def _title(tree: LexborHTMLParser) -> str:
    """The <title>, or the first heading where that is the same without the name of the site."""
    named, headed = (
        " ".join(node.text(deep=True).split()) if node is not None else ""
        for node in (tree.css_first("title"), tree.css_first("h1"))
    )
    if headed and (named.lower() in _UNTELLING or headed in named):
        return headed
    return named


def _meta(tree: LexborHTMLParser) -> dict[str, str]:
    """What the <meta> elements say, by name in small letters; the first of a name counts."""
    meta: dict[str, str] = {}
    for node in tree.css("meta"):
        attributes = node.attributes
        name = attributes.get("name") or attributes.get("http-equiv") or attributes.get("property")
        content = (attributes.get("content") or "").strip()
        if name and content:
            meta.setdefault(name.lower(), content)
    return meta


def _first(meta: dict[str, str], *names: str) -> str | None:
    return next((meta[name] for name in names if name in meta), None)


def _language(tree: LexborHTMLParser, meta: dict[str, str]) -> str | None:
    tags = [
        node.attributes.get(name)
        for node in (tree.root, tree.body)
        if node is not None
        for name in ("lang", "xml:lang")
    ]
    tags += [
        (_first(meta, name) or "").partition(",")[0]
        for name in ("content-language", "dc.language", "dcterms.language", "language")
    ]
    return next(filter(None, map(primary_language, tags)), None)
