"""Russian: Snowball's Russian stemmer, version 3, with a second pass for some words.

It cuts the endings of cases, of adjectives and of verbs, so that освободительная meets
освободительной. ё and е are alike to it, as they are to folding; й is a letter of its own.

What is left of an oblique case may end in letters that it takes for an ending when the same word
stands in the nominative: Власов becomes влас, but Власова власов; Андрей андр, Андрея андре;
генерал генера, генералов генерал. Such stems go through it once more. (All stems twice would
join армян, Armenians, with армия, army.)
"""

from __future__ import annotations

from collections.abc import Sequence

from ..folding import fold
from ..language import Language
from ._snowball import snowball

_once = snowball("russian")
_OPEN_ENDS = ("ов", "ев", "е", "л")


def stems(words: Sequence[str]) -> list[str]:
    """The stem of each key or folded word."""
    first = _once(words)
    return [
        again if stem.endswith(_OPEN_ENDS) else stem
        for stem, again in zip(first, _once(first), strict=True)
    ]


_STOP_WORDS = """
    я меня мне мной ты тебя тебе тобой он его ему им нём она её ей ею неё ней нему ним
    мы нас нам нами вы вас вам вами они их ими них себя себе собой
    мой моя моё мои твой наш наша наше наши ваш ваша ваше ваши свой своя своё свои своего своей
    своих своим
    это этот эта эти этого этой этих этом этому тот та те того той тех том тому то
    кто кого кому что чего чему чем который которая которое которые которого которой которых
    весь вся всё все всего всей всех всем сам сама само сами такой такая такие каждый

    в во на с со к ко от ото из у о об обо по за под над при про до для без между через перед
    около после среди кроме ради
    и а но да или либо ни если что чтобы как когда где куда откуда пока потому поэтому хотя
    не нет же ли бы ведь вот уж уже ещё только лишь даже тоже также так там тут здесь тогда
    очень более менее

    быть есть был была было были будет будут может могут можно надо
"""

RUSSIAN = Language(
    code="ru",
    name="русский",
    script="Cyrillic",
    version="1",
    stop_words=frozenset(map(fold, _STOP_WORDS.split())),
    stems=stems,
)
