import codecs

import pytest
from fihris.indexer.errors import InputError
from fihris.indexer.readers.encoding import decode

ARABIC = "كتب الضابط رسالة إلى أخته في المدينة، ثم سأل عن أخبار الجيش والأسرى."
VOCALISED = "كَانَ الجُنْدِيُّ يَكْتُبُ رِسَالَةً إِلَى أُمِّهِ كُلَّ يَوْمٍ."
FRENCH = "L'armée a été levée à l'été 1944 ; où sont passés les prisonniers relâchés ?"
FRENCH_CAPITALS = "L'ARMÉE LIBÉRÉE À PRAGUE A ÉTÉ DÉSARMÉE ; LES GÉNÉRAUX ONT ÉTÉ JUGÉS"
GERMAN = "Die Männer über dem Fluß hörten, daß die Brücke zerstört würde."
RUSSIAN = "Солдаты сдались в плен весной, и многих из них судили в Москве."
RUSSIAN_CAPITALS = "ПРИКАЗ ПО АРМИИ: ВСЕМ ЧАСТЯМ ВЫСТУПИТЬ НА РАССВЕТЕ"
ENGLISH = "The officer’s “empty” house — it cost £20 — stood at the café."


@pytest.mark.parametrize("text", [ARABIC, VOCALISED, FRENCH, RUSSIAN, "plain", "日本語", "😀"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_unicode_is_kept_as_given(text: str, end: str) -> None:
    text = end.join((text, "", text))
    assert decode(text.encode(), "f") == text
    for bom, codec in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ):
        assert decode(bom + text.encode(codec), "f") == text


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        (ARABIC, "cp1256"),
        (ARABIC, "iso8859-6"),
        (VOCALISED, "cp1256"),
        (VOCALISED, "iso8859-6"),
        ("قال الضابط: « Général, l'armée est là » ثم خرج من القاعة.", "cp1256"),
        (FRENCH, "latin-1"),
        (FRENCH, "mac-roman"),
        (FRENCH, "cp850"),
        (FRENCH + " cœur, œuvre, 10 €", "cp1252"),
        (FRENCH_CAPITALS, "cp1252"),
        (GERMAN, "cp1252"),
        (GERMAN, "mac-roman"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "cp866"),
        (RUSSIAN_CAPITALS, "cp1251"),
        (RUSSIAN_CAPITALS, "koi8-r"),
        (ENGLISH, "cp1252"),
        ("¿Qué pasó después? El niño español leyó la revista de ayer.", "cp1252"),
        ("Ο στρατός ήταν στρατιωτικός σχηματισμός του πολέμου.", "cp1253"),
        ("הצבא היה כוח צבאי במלחמת העולם השנייה, שלחם תחת פיקוד גרמני.", "cp1255"),
        ("Ordu, İkinci Dünya Savaşı sırasında savaşan bir güçtü.", "cp1254"),
        ("Armia była złożona z jeńców, którzy walczyli w czasie wojny.", "cp1250"),
    ],
)
def test_legacy_encodings_are_told_apart(text: str, codec: str) -> None:
    assert decode(text.encode(codec), "f") == text


def test_few_letters_at_the_end_of_a_long_text_are_enough() -> None:
    text = "All of this is plain. " * 200_000 + "Le général était né à Besançon."
    assert decode(text.encode("cp1252"), "f") == text


def test_the_declared_encoding_is_taken_when_it_fits() -> None:
    assert decode("ロシアの軍".encode("cp932"), "f", "Shift_JIS") == "ロシアの軍"
    assert decode("été".encode("cp1252"), "f", "iso-8859-1") == "été"
    assert decode("“été”".encode("cp1252"), "f", "iso-8859-1") == "“été”"


@pytest.mark.parametrize(
    "declared", ["iso-8859-1", "utf-8", "utf-16", "koi8-r", "hex", "idna", "\0", "no such", ""]
)
def test_the_bytes_are_believed_rather_than_the_declaration(declared: str) -> None:
    assert decode(ARABIC.encode("cp1256"), "f", declared) == ARABIC
    assert decode(ARABIC.encode(), "f", declared) == ARABIC


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", codecs.BOM_UTF8, codecs.BOM_UTF16_LE + b" \0"])
def test_empty(data: bytes) -> None:
    with pytest.raises(InputError, match=r"letters/a\.txt: is empty"):
        decode(data, "letters/a.txt")


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.4 and only ASCII",
        b"\x89PNG\r\n\x1a\n....",
        b"PK\x03\x04....",
        b"{\\rtf1 text}",
        b"text with a \0 in it",
        b"\x01\x02\x03\x04\x05\x06 text",
        codecs.BOM_UTF16_LE + "a\0b".encode("utf-16-le"),
        bytes(range(256)) * 10,
    ],
)
def test_binary(data: bytes) -> None:
    with pytest.raises(InputError, match=r"f: looks like a binary file.*; save its text as"):
        decode(data, "f")


def test_broken_unicode_is_named_with_its_place() -> None:
    with pytest.raises(InputError, match="f: byte 119 is no UTF-8, though the rest"):
        decode(("é" * 59).encode() + b"\xc3", "f")
    with pytest.raises(InputError, match="f: byte 400,002 is no UTF-8, though the rest"):
        decode(b"a" * 400_000 + b"\n\xc3(" + ARABIC.encode(), "f")
    with pytest.raises(InputError, match="begins as UTF-16-LE but byte 3 "):
        decode(codecs.BOM_UTF16_LE + b"a\0b", "f")


@pytest.mark.parametrize(
    "data",
    ["ロシア解放軍はドイツ軍の指揮下で戦った".encode("cp932"), bytes(range(128, 256))],
)
def test_what_cannot_be_told_is_an_error(data: bytes) -> None:
    with pytest.raises(InputError, match="f: its encoding cannot be told; save it as UTF-8"):
        decode(data, "f")
