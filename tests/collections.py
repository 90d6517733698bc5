"""Random collections: mixed scripts, vowel signs and accents, repeated words, changes over time.

Words come in families, so that every way to relate two words has something to relate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest
from fihris.indexer import Document, Index
from fihris.indexer.writer import Writer

VOCABULARY = {
    "ar": """
        جيش الجيش للجيش وللجيش جيوش الجيوش والجيش بالجيش لجيشه حرب الحرب حروب محاربون محارب
        وزير الوزير وزارة وزراء تحرير التحرير حرية أحرار كتاب كِتاب كُتُب كتب كاتب مكتبة مكتوب
        كُتَّابٌ الكتاب وكتابه مدرسة مدرستها المدرسة مدارس مدرس وثيقة الوثائق وثائق مؤتمر المؤتمر
        إعلان الإعلان اعلان أحمد احمد هٰذا هذا ١٩٤٥ 1945 و1945 علم عالم علماء معلوم تعليم العلوم
        ألمانيا المانيا الألمان فلاسوف مستشفى مستشفي براغ وبراغ
    """,
    "fr": """
        armée armee armées libération liberation libérer libéré l'armée musée musees musées muse
        histoire l’histoire historique historien cœur coeur prisonnier prisonniers prisonnière
        prison prisons général généraux générale élève eleves nombre nombres journal journaux
        châtiment chatiment 1945 Vlassov aujourd'hui arrière-garde PRISONNIER
    """,
    "en": """
        army armies liberation liberate liberated prison prisoner prisoners prisoner's number
        numbers numb general generals history historian historical universe university universal
        organization organisation organizations camp camps Vlasov vlasov's volunteer volunteers
        volunteering eugene eugenics 1945 prisoners o'brien cooperation
    """,
    "ru": "армия армии армию армией Власов Власова ёлка елка пленный пленные война войны мой й",
    "de": "Armee Armeen Befreiung Freiwillige Freiwilligen Häuser Haus General Nummer Prison",
}
VOCABULARY = {code: text.split() for code, text in VOCABULARY.items()}
WORDS = sorted({word for words in VOCABULARY.values() for word in words})
FUNCTION_WORDS = {
    "ar": "في من على إلى هذه التي".split(),
    "fr": "les des dans est une qui pour".split(),
    "en": "the of and was with were".split(),
    "ru": "это был они что".split(),
    "de": "der und nicht wurde mit".split(),
}
_BREAKS = [" ", " ", " ", " ", " ", ", ", ". ", "-", "\n", " (", ") "]
_LETTERS = "aeirstnélop" + "ايوملبت" + "аеио"


#: The numbers of the fixture `collections`: those of one, three and five segments in every run,
#: the others where there is more time.
NUMBERS = [n if n in (0, 2, 4) else pytest.param(n, marks=pytest.mark.slow) for n in range(8)]
#: Seeds of what each run makes anew: two in every run, two more where there is more time.
FEW_SEEDS = [0, 1, *(pytest.param(n, marks=pytest.mark.slow) for n in (2, 3))]


@dataclass
class Collection:
    """An index and what should be in it, which is not shown where a test fails: it is too much.

    Attributes:
        documents: those that are live, by id.
        commits: what each commit wrote: documents to add, or ids to delete, in order.
    """

    index: Index
    documents: dict[str, Document] = field(default_factory=dict, init=False, repr=False)
    commits: list[list[Document | str]] = field(default_factory=list, init=False, repr=False)

    def held(self) -> list[tuple[Document, bool]]:
        """The documents that the index still holds, as they were given, and whether each is live;
        deleted ones count in the figures of an index until they are merged away."""
        given = {
            change.extra["number"]: change
            for changes in self.commits
            for change in changes
            if isinstance(change, Document) and change.extra
        }
        found = []
        for segment in self.index.segments()[1]:
            for doc in range(segment.doc_count_all()):
                document = given[segment.files.fields(doc)["extra"]["number"]]
                found.append((document, not segment.is_deleted(doc)))
        live = {document.id: document for document, alive in found if alive}
        assert live == self.documents
        assert sum(alive for _, alive in found) == len(live)
        return found


def write(path: Path, commits: Sequence[Sequence[Document | str]]) -> Collection:
    """A new index with one commit after another; a text in a commit is an id to delete."""
    collection = Collection(Index.create(path))
    for changes in commits:
        add_commit(collection, changes)
    return collection


def add_commit(collection: Collection, changes: Sequence[Document | str]) -> None:
    """One more commit."""
    with collection.index.writer() as writer:
        _apply(writer, collection, changes)
    collection.commits.append(list(changes))


def _apply(writer: Writer, collection: Collection, changes: Sequence[Document | str]) -> None:
    for change in changes:
        if isinstance(change, str):
            known = collection.documents.pop(change, None)
            assert writer.delete(change) == (known is not None)
        else:
            collection.documents[change.id] = change
            writer.add(change)


def random_commits(
    random: Random, segments: int, size: int = 12, deletions: bool = True
) -> list[list[Document | str]]:
    """What to write in so many commits; ids are used again, so that documents are replaced."""
    commits: list[list[Document | str]] = []
    ids: list[str] = []
    for number in range(segments):
        changes: list[Document | str] = []
        for n in range(random.randint(1, size)):
            again = deletions and ids and random.random() < 0.1
            name = random.choice(ids) if again else f"{random.choice('abéجz')}{number}-{n}"
            if name not in ids:
                ids.append(name)
            changes.append(random_document(random, name))
            if deletions and random.random() < 0.08:
                # Once only, since the second time there is nothing to delete.
                gone = random.choice(ids)
                ids.remove(gone)
                changes.append(gone)
        commits.append(changes)
    return commits


def random_collection(
    path: Path, random: Random, segments: int = 4, size: int = 12, deletions: bool = True
) -> Collection:
    """A random index of several segments (merged as usual, so that there may be fewer)."""
    return write(path, random_commits(random, segments, size, deletions))


def random_document(random: Random, name: str) -> Document:
    """A document; its text may be empty, its title missing or the start of its text."""
    codes = random.choices(list(VOCABULARY), [4, 3, 3, 1, 1], k=random.choice([1, 1, 2, 3]))
    paragraphs = [
        random_text(random, random.choice(codes)) for _ in range(random.choice([0, 1, 1, 2, 4]))
    ]
    text = "\n\n".join(paragraphs)
    kind = random.random()
    if kind < 0.3:
        title = ""
    elif kind < 0.5:
        title = text[: random.randint(0, 30)].replace("\n", " ").strip()
        title += random.choice(["", "…"]) if title else ""
    else:
        title = random_text(random, random.choice(codes), random.randint(1, 5))
    return Document(
        name,
        title,
        text,
        language=random.choice([None, None, None, *codes]),
        date=random.choice([None, "1944", "1943/1945", "1944-11-14", "1945-05", "1918"]),
        creator=random.choice([None, "Société d'études", "Andreï Vlassov", "SOCIÉTÉ", "لجنة"]),
        collection=random.choice([None, "Lettres", "letters", "Letters of 1944"]),
        source=random.choice([None, "boxes/1.txt"]),
        extra={"number": random.getrandbits(53)},
    )


def random_text(random: Random, code: str, length: int | None = None) -> str:
    """Words of one language, some of others, and the function words by which it is told."""
    words = []
    for _ in range(random.choice([1, 3, 8, 20, 45]) if length is None else length):
        kind = random.random()
        if kind < 0.25:
            words.append(random.choice(FUNCTION_WORDS[code]))
        elif kind < 0.88:
            # Some words are much more frequent than others.
            place = int(random.random() ** 2 * len(VOCABULARY[code]))
            words.append(VOCABULARY[code][place])
        elif kind < 0.96:
            words.append(random.choice(WORDS))
        else:
            words.append(typo(random, random.choice(WORDS)))
        if random.random() < 0.05:
            words.append(words[-1])
    return "".join(word + random.choice(_BREAKS) for word in words).strip()


def typo(random: Random, word: str) -> str:
    """The word with one letter added, left out, replaced or swapped with the next."""
    place = random.randrange(len(word))
    letter = random.choice(_LETTERS)
    before, here, after = word[:place], word[place], word[place + 1 :]
    return random.choice(
        [before + after, before + letter + here + after, before + letter + after]
        + ([before + after[0] + here + after[1:]] if after else [])
    )


def giant() -> tuple[Document, str]:
    """A document so long that a phrase in it is too much to be looked for everywhere, and the
    phrase."""
    row = " ".join(f"w{n}" for n in range(500))
    return Document("giant", "Giant", row + " filler" * 140_000, language="en"), f'"{row}"'
