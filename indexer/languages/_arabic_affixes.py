"""What Arabic writes onto its words, and its patterns of word formation: the tables that
`arabic.py` explains and uses, and `_arabic_arrays.py` for many words at once."""

from __future__ import annotations

SHORTEST = 3

ARTICLE = "ال"
HAMZAS = ("أ", "إ", "آ")
# The article with particles written onto it, the longest first; ل swallows its alef.
JOINED_ARTICLES = tuple(
    ["وبال", "فبال", "وكال", "فكال", "ولل", "فلل", "وال", "فال", "بال", "كال", "لل"]
)
PRONOUNS = tuple(["هما", "ها", "هم", "هن", "كم", "نا", "ه"])
# The dual ان is not among them: it ends too many names (لبنان, إيران), and duals are rare.
PLURALS = tuple("تان تين ات ون ين وا يا".split())
ADJECTIVES = tuple("يه ه ي ا".split())

_PREPOSITIONS = ("", "ب", "ك", "ل", "س", "ال", "بال", "كال", "لل")
PROCLITICS = sorted(
    (c + p for c in ("", "و", "ف") for p in _PREPOSITIONS if c + p), key=lambda p: (len(p), p)
)

# Patterns of word formation in folded letters: ف ع ل stand for the letters of the root, every
# other letter for itself. Of patterns that fit alike the first one counts.
PATTERNS_OF_THREE = """
    فاعل فعال فعول فعيل مفعل فعله
    مفعول مفعال مفعيل مفعله تفعيل تفعال تفعله افعال افعله مفاعل تفاعل افاعل
    فواعل فعايل فاعول فاعله فعاله فعوله فعيله فعلاء فعلان
    افتعل مفتعل يفتعل تفتعل انفعل منفعل
    استفعل مستفعل متفاعل افتعال انفعال افعوعل تفاعيل مفاعيل افاعيل مفعاله مفعوله مفاعله تفعيله
    مفتعله منفعله متفعله
    استفعال مستفعله متفاعله
"""
PATTERNS_OF_FOUR = """
    تفعلق مفعلق افعلق فعلقه فعلاق فعالق فعليق فعلوق
    متفعلق افعلاق فعاليق فعالقه
"""
ROOT_PREFIXES = tuple(["كال", "بال", "ولل", "وال", "ال", "لل"])
ROOT_SUFFIXES = tuple(
    [
        "تمل",
        "همل",
        "تان",
        "تين",
        "كمل",
        "ون",
        "ات",
        "ان",
        "ين",
        "تن",
        "كم",
        "هن",
        "نا",
        "يا",
        "ها",
        "تم",
        "ني",
        "وا",
        "ما",
        "هم",
    ]
)
LAST_LETTERS = tuple("هيكتان")
SINGLE_PREFIXES = tuple("لبفسويتنا")
