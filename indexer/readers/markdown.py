"""Markdown: the text without its marks; title and metadata from front matter and headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from .encoding import decode
from .flow import CELL, LINE, PARAGRAPH, SPACE, Flow
from .html import plain_text
from .parsed import Parsed, primary_language, without_time

_FRONT_MATTER = re.compile(
    r"---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.M
)
_KEY = re.compile(r"([A-Za-z][\w .-]*?)[ \t]*:(?:[ \t]+(.*))?")
_FOOTNOTE_MARK = re.compile(r"(?<=\S)\[\^[^\]\s]{1,64}\](?!:)")
_FOOTNOTE = re.compile(r"^ {0,3}\[\^([^\]\s]{1,64})\]:", re.MULTILINE)
_DEEP_QUOTE = re.compile(r"^(?:[ \t]*>){9,}", re.MULTILINE)
_REFERENCE = re.compile(r"^ {0,3}\[[^\]\n]{1,200}\]:[^\n]+$", re.MULTILINE)
_BREAK = re.compile(r"<br\b", re.IGNORECASE)

#: Characters parsed at once: parsing takes a hundred times their memory.
_PIECE = 64 * 1024

_LINES = frozenset(
    f"{name}_{end}" for name in ("thead", "tbody", "tr", "list_item") for end in ("open", "close")
)

_parser = MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"])


def read(data: bytes, where: str) -> Parsed:
    """Read a Markdown file (CommonMark with tables, footnotes and front matter).

    Front matter is lines of `key: value` between two lines of `---`: title, language (or lang),
    date, author (or creator), collection, source; other keys are kept as metadata. Raises
    InputError when the file is empty, binary or of unknown encoding.
    """
    source = decode(data, where)
    meta, body = _front_matter(source)
    # A footnote is kept as a paragraph of its own; its mark in the text is left out.
    body = _FOOTNOTE.sub(r"\n\\[\1\\] ", _FOOTNOTE_MARK.sub("", _DEEP_QUOTE.sub("> ", body)))
    heading, text = _heading_and_text(body)
    title = meta.pop("title", "") or heading
    language = meta.pop("language", None) or meta.pop("lang", None)
    creator = meta.pop("creator", None) or meta.pop("author", None)
    date = meta.pop("date", None)
    return Parsed(
        title=title,
        text=text,
        language=primary_language(language),
        date=without_time(date) if date else None,
        creator=creator,
        collection=meta.pop("collection", None),
        source=meta.pop("source", None),
        extra=meta or None,
    )


def _front_matter(source: str) -> tuple[dict[str, str], str]:
    """The keys of the front matter, in small letters, and what follows it."""
    found = _FRONT_MATTER.match(source)
    if found is None:
        return {}, source
    meta: dict[str, str] = {}
    key = ""
    for line in found[1].splitlines():
        entry = _KEY.fullmatch(line.rstrip())
        if entry:
            key = entry[1].lower()
            value = (entry[2] or "").strip()
            meta[key] = "" if value in ("|", ">", "|-", ">-") else _unquoted(value)
        elif line.strip() and not line.startswith("#"):
            if not key:
                # Two rules around a text look like front matter, but hold no keys.
                return {}, source
            item, more = re.subn(r"^\s*-\s+", "", line.rstrip())
            joined = [meta[key], _unquoted(item.strip())]
            meta[key] = (", " if more else " ").join(filter(None, joined))
    return {key: value for key, value in meta.items() if value}, source[found.end() :]


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] + value[-1] in ('""', "''", "[]"):
        inner = value[1:-1]
        return (
            ", ".join(_unquoted(v.strip()) for v in inner.split(",")) if value[0] == "[" else inner
        )
    return value


def _heading_and_text(body: str) -> tuple[str, str]:
    """The heading to take for the title ("" when there is none), and the whole text."""
    # Addresses of links are mostly at the end, but every piece must know them.
    environment: dict[str, Any] = {}
    _parser.parse("\n".join(_REFERENCE.findall(body)), environment)
    flow, heading = Flow(), ""
    for piece in _pieces(body):
        tokens = _parser.parse(piece, environment)
        heading = heading or _heading(tokens)
        _blocks(flow, tokens)
        flow.gap(PARAGRAPH)
    return heading, flow.text()


def _pieces(body: str) -> Iterator[str]:
    """The body in pieces, cut at a blank line if there is one, else at a line end or a space."""
    start = 0
    while len(body) - start > _PIECE:
        ends = (body.rfind(mark, start + 1, start + _PIECE) for mark in ("\n\n", "\n", " "))
        end = next((end for end in ends if end > 0), start + _PIECE)
        yield body[start:end]
        start = end
    yield body[start:]


def _heading(tokens: list[Token]) -> str:
    """The first heading of the first level, or the heading that the tokens begin with."""
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and (opening.tag == "h1" or opening is tokens[0]):
            flow = Flow()
            _inline(flow, inline.children or ())
            return " ".join(flow.text().split())
    return ""


def _blocks(flow: Flow, tokens: list[Token]) -> None:
    for token in tokens:
        if token.type == "inline":
            _inline(flow, token.children or ())
        elif token.type in ("fence", "code_block", "html_block"):
            flow.gap(PARAGRAPH)
            is_html = token.type == "html_block"
            if text := plain_text(token.content) if is_html else token.content.rstrip("\n"):
                flow.add(text)
            flow.gap(PARAGRAPH)
        elif token.type in ("th_close", "td_close"):
            flow.gap(CELL)
        elif token.type in _LINES or token.hidden:
            flow.gap(LINE)
        elif token.type not in ("th_open", "td_open"):
            flow.gap(PARAGRAPH)


def _inline(flow: Flow, tokens: Iterable[Token]) -> None:
    for token in tokens:
        if token.type in ("text", "code_inline"):
            flow.add_collapsed(token.content)
        elif token.type == "image":
            _inline(flow, token.children or ())
        elif token.type == "softbreak":
            flow.gap(SPACE)
        elif token.type == "hardbreak" or (
            token.type == "html_inline" and _BREAK.match(token.content)
        ):
            flow.gap(LINE)
