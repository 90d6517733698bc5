"""English: Snowball's English stemmer (Porter's second), version 3.

Since version 3 it parts organ from organize and general from generation. What it still joins
too boldly (eugene, eugenics) is kept from quoted queries by the word as written.
"""

from __future__ import annotations

from ..folding import fold
from ..language import Language
from ._snowball import snowball

# Left out on purpose, for what else they mean: may (the month), us (the country), might.
_STOP_WORDS = """
    the a an

    i me my mine myself we our ours ourselves you your yours yourself yourselves
    he him his himself she her hers herself it its itself they them their theirs themselves
    this that these those who whom whose which what there here
    some any each every all both few more most other others another such no none own same

    of in on at by for with without from to into onto upon about against between among through
    during before after above below over under off out up down within since until till per via
    and or but nor if than then so because as while when where why how whether though although
    not only very too just also again once ever never yet however thus

    is am are was were be been being has have had having do does did doing done
    will would shall should can could must cannot
    don't doesn't didn't isn't aren't wasn't weren't won't can't couldn't i'm it's i've
"""

ENGLISH = Language(
    code="en",
    name="English",
    script="Latin",
    version="1",
    stop_words=frozenset(map(fold, _STOP_WORDS.split())),
    stems=snowball("english"),
)
