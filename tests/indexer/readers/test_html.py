import pytest
from fihris.indexer.errors import InputError
from fihris.indexer.readers.html import plain_text, read
from fihris.indexer.readers.parsed import Parsed

LONG = "The prisoners were counted twice a day. " * 20


def page(source: str, name: str = "a.html") -> Parsed:
    return read(source.encode(), name)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>one<p>two<br>three", "one\n\ntwo\nthree"),
        ("<p>  one\n\t two </p>\n\n<p>\n three", "one two\n\nthree"),
        ("<p>l<b>ibé</b>ration <i> of </i> all", "libération of all"),
        ("caf&eacute; &amp; th&#233;&nbsp;!", "café & thé !"),
        ("&bogus; &#0; &#xD800; &#99999999; &", "&bogus; \ufffd \ufffd \ufffd &"),
        ("<ul><li>a<li>b</ul>c", "a\nb\n\nc"),
        ("<table><tr><th>a<th>b<tr><td>c<td>d</table>", "a | b\nc | d"),
        ("<table><tr><td><p>a</p><p>b</p><td>c</table>", "a\n\nb\n\nc"),
        ("<pre>\n  verse one\n    verse two</pre>after", "  verse one\n    verse two\n\nafter"),
        ("a<script>var x = '<p>no';</script>b<style>p{}</style>c", "abc"),
        ("a<!-- <p>no --> b <!--> c <!-- <b --> d", "a b c d"),
        ("<nav>no</nav><header>no</header>yes<footer>no</footer><aside>no</aside>", "yes"),
        ("<article><header>yes</header>text</article><article>x</article>", "yes\n\ntext\n\nx"),
        ("<form>old pages stand in a form<input value=no><button>no</button></form>",
         "old pages stand in a form"),
        ("<noscript>no</noscript><template>no</template><svg><text>no</text></svg>yes", "yes"),
        ("<p hidden>no</p><p style='display : NONE'>no</p><div role=navigation>no</div>yes", "yes"),
        ("<div><p>never <span>closed", "never closed"),
        ("</p></div>stray ends", "stray ends"),
        ("<p title='a > b' class=\"c'>\">text", "text"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
    ],
)  # fmt: skip
def test_text(source: str, expected: str) -> None:
    assert page(source).text == expected
    assert plain_text(source) == expected


def test_the_main_part_is_preferred_when_it_holds_enough() -> None:
    assert page(f"<p>around</p><main><p>{LONG}</p></main>").text == LONG.strip()
    assert page(f"<p>around</p><div role=main>{LONG}</div>").text == LONG.strip()
    assert page(f"<p>around</p><article>{LONG}</article>").text == LONG.strip()
    assert page("<p>ad</p><main>short text</main>").text == "short text"
    assert page(f"<p>{LONG}</p><main>little</main>").text == f"{LONG.strip()}\n\nlittle"
    two = f"<article>{LONG}</article><article>{LONG}</article>"
    assert page(two).text == f"{LONG.strip()}\n\n{LONG.strip()}"


@pytest.mark.parametrize(
    ("source", "title"),
    [
        ("<title>The\n camp</title>", "The camp"),
        ("<title>The camp | Archive of X</title><h1>The <i>camp</i></h1>", "The camp"),
        ("<title>The camp</title><h1>Archive of X</h1>", "The camp"),
        ("<title>Untitled Document</title><h1>The camp</h1>", "The camp"),
        ("<h1>The camp</h1>", "The camp"),
        ("<p>no title", ""),
    ],
)
def test_title(source: str, title: str) -> None:
    assert page(source).title == title


@pytest.mark.parametrize(
    ("source", "language"),
    [
        ("<html lang=fr-CA>x", "fr"),
        ("<html xml:lang='ar' lang=''>x", "ar"),
        ("<body lang=en>x", "en"),
        ("<meta http-equiv=Content-Language content='ar, en'>x", "ar"),
        ("<meta name=DC.language content=fre>x", "fr"),
        ("<html lang=unknown>x", None),
        ("x", None),
    ],
)
def test_language(source: str, language: str | None) -> None:
    assert page(source).language == language


def test_metadata() -> None:
    parsed = page(
        "<meta name=DC.Creator content=' Anna B. '><meta name=DC.date content=1944-11-14T00:00:00>"
        "<meta name=author><meta content=nameless>text"
    )
    assert (parsed.creator, parsed.date) == ("Anna B.", "1944-11-14")


ARABIC = "كتب الضابط رسالة إلى أخته في المدينة"


@pytest.mark.parametrize(
    ("head", "text", "codec"),
    [
        ("<meta charset=windows-1256>", ARABIC, "cp1256"),
        ("<meta charset=iso-8859-1>", ARABIC, "cp1256"),
        ("<meta charset='windows-1256'>", ARABIC, "utf-8"),
        ("<meta http-equiv=x content='text/html; charset=shift_jis'>", "ロシアの軍", "cp932"),
        ("<?xml version='1.0' encoding='iso-8859-6'?>", ARABIC, "iso8859-6"),
        ("", "été 1944 à Besançon", "cp1252"),
    ],
)
def test_encoding(head: str, text: str, codec: str) -> None:
    assert read(f"{head}<p>{text}".encode(codec), "a.html").text == text


def test_xhtml_elements_may_close_themselves() -> None:
    source = "<html><head><title/><script src='x'/></head><body><div/><p>text</p></body></html>"
    assert page(source, "a.xhtml").text == "text"
    assert page(f"<?xml version='1.0'?>{source}").text == "text"


BOLD = "".join(f"<b id={n}>" for n in range(3000))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<div>" * 100_000 + "deep", "deep"),
        ("<x-y>" * 100_000 + "deep", "deep"),
        ("<div>" * 1000 + "</div>" * 1000 + "<p>one<p>two", "one\n\ntwo"),
        (f"<p>{BOLD}</p>" + "<p>x" * 3000, "x\n\n" * 2999 + "x"),
        ("<p " + " ".join(f"a{n}=1" for n in range(200_000)) + ">text", "text"),
        ("<p title='" + "x>" * 2_000_000 + "'>text", "text"),
        ("text<select>" + "<option>" * 50_000, "text"),
        ("text" + "<!--" * 200_000, "text"),
        ("text" + "<script>" * 200_000, "text"),
        ("text " + "<a =\"'" * 200_000, "text"),
        ("text " + "</script " * 100_000, "text"),
    ],
)
def test_hostile_pages_are_read(source: str, expected: str) -> None:
    assert page(source).text == expected


def test_null_bytes_are_binary() -> None:
    with pytest.raises(InputError, match=r"a\.html: looks like a binary file"):
        page("<p>a\0b")
