"""German: Snowball's German stemmer, version 3.

It reads ae, oe, ue as the umlauts they stand for and then drops the dots, so Müller, Mueller and
Muller meet without help from here; ß has become ss with case folding. Compounds stay whole:
Befreiungsarmee is not found by Armee.
"""

from __future__ import annotations

from ..folding import fold
from ..language import Language
from ._snowball import snowball

_STOP_WORDS = """
    der die das den dem des ein eine einen einem einer eines kein keine keinen keinem keiner

    ich mich mir du dich dir er ihn ihm sie ihr ihnen es wir uns euch man sich
    mein meine meinen meinem meiner dein deine sein seine seinen seinem seiner seines
    ihre ihren ihrem ihrer ihres unser unsere unseren unserer euer eure
    dieser diese dieses diesen diesem jener jene jenes jenen jeder jede jedes jeden jedem
    welcher welche welches welchen wer wen wem wessen was alle allen aller alles
    einige mehrere andere anderen anderer anderes solche solchen selbst

    in im an am auf aus bei beim mit nach von vom zu zum zur für über unter vor hinter neben
    zwischen durch gegen ohne um bis seit während wegen trotz ab
    und oder aber denn sondern sowie weil dass wenn als wie ob da damit obwohl nachdem
    nicht nur auch noch schon sehr so dann doch hier dort wo wann warum nun mehr wieder immer

    bin bist ist sind seid war waren wäre wurde wurden wird werden worden geworden gewesen
    habe hat haben hatte hatten kann können konnte konnten soll sollte muss müssen musste
"""

GERMAN = Language(
    code="de",
    name="Deutsch",
    script="Latin",
    version="1",
    stop_words=frozenset(map(fold, _STOP_WORDS.split())),
    stems=snowball("german"),
)
