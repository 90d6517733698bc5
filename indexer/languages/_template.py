"""A language to be copied: Esperanto, in a shape that works.

1. Copy this file to `esperanto.py` and fill it in. Say up here which stemmer was chosen and why,
   and what it is known to get wrong.
2. Import it in `__init__.py` and put it at the end of `LANGUAGES` there. That is the one line;
   its script, its stop words and its detection follow from the fields below.
3. Copy `tests/indexer/languages/test_russian.py` and put words of your language into its tables:
   pairs that must meet, pairs that must not.
4. Measure: the rankings of the other languages must stay within .002 of what they were.

Where Snowball does not know the language, write a function in place of `snowball("…")`: it gets
a list of words, as written or folded, and gives the list of their stems. Words must not depend on
one another. A language that writes particles onto its words fills in `rests` as well, one that
builds words from roots `root`; see `arabic.py`. `script` is a name that regex knows in \\p{…}.
Change `version` with every change that gives a word another stem.
"""

from __future__ import annotations

from ..folding import fold
from ..language import Language
from ._snowball import snowball

# Function words: articles, pronouns, prepositions, conjunctions, the verbs "be" and "have".
# Some 80 to 180, one group a paragraph. Leave out what also is a word to search for.
_STOP_WORDS = """
    la

    mi vi li ŝi ĝi ni ili oni si

    al de en kun por sur
    kaj aŭ sed ne ke

    estas estis estos
"""

ESPERANTO = Language(
    code="eo",
    name="Esperanto",
    script="Latin",
    version="1",
    stop_words=frozenset(map(fold, _STOP_WORDS.split())),
    stems=snowball("esperanto"),
)
