"""French: Snowball's French stemmer, version 3.

A lighter stemmer that cuts only plurals and feminines ranked as well on judged collections;
Snowball also joins verbs with their nouns (libérer, libération) and is kept up by others. It
relies on accents: musée gives mus, musee muse. Therefore stems are taken of the word as written
and of its folded form, and two words belong together when either stem is shared. The price is a
rare collision of folded forms: châtiment written chatiment stems to chat.

Elided articles (l’armée) are no matter of this file: they are cut where text is split into words.
"""

from __future__ import annotations

from ..folding import fold
from ..language import Language
from ._snowball import snowball

# Left out on purpose, for what else they mean: été (summer), or (gold), point, personne.
_STOP_WORDS = """
    le la les l un une des du de d au aux à

    je j tu il elle on nous vous ils elles me m te t se s lui leur y en moi toi soi eux
    ce c cet cette ces ceci cela ça celui celle ceux celles
    mon ma mes ton ta tes son sa ses notre nos votre vos leurs
    qui que qu quoi dont où lequel laquelle lesquels lesquelles auquel duquel desquels
    quel quelle quels quelles chaque quelque quelques tel telle tels telles
    tout toute tous toutes même mêmes autre autres aucun aucune plusieurs

    dans par pour sur sous avec sans chez entre vers depuis pendant jusque jusqu dès lors lorsque
    lorsqu contre selon après avant comme afin ainsi
    et ou mais donc ni car si puis quand parce puisque puisqu quoique
    ne n pas plus moins très aussi encore déjà peu trop bien alors ici là non oui

    est sont était étaient être fut furent sera seront serait soit étant suis es êtes sommes
    a ai as ont avons avez avait avaient avoir eut eurent aura auront aurait ayant
    fait font faire peut peuvent pouvait doit doivent
"""

FRENCH = Language(
    code="fr",
    name="français",
    script="Latin",
    version="1",
    stop_words=frozenset(map(fold, _STOP_WORDS.split())),
    stems=snowball("french"),
)
