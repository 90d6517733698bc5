"""The words of the interface in its three languages."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from ..indexer.languages import by_code

#: The languages of the interface, by code, each with its own name.
INTERFACES = {"ar": "العربية", "fr": "Français", "en": "English"}
DEFAULT = "en"

# {…} is filled in; what stands in for it is escaped. A key that ends in a dot and a category is
# one of the plural forms (CLDR's names); "other" is always there.
CATALOGUE: dict[str, dict[str, str]] = {
    "en": {
        "name": "Fihris",
        "comma": ", ",
        "search": "Search",
        "query": "What are you looking for?",
        "document-language": "Language of the documents",
        "all-languages": "All languages",
        "interface-language": "Language of this page",
        "skip": "Skip to the content",
        "welcome.one": "Search one document",
        "welcome.other": "Search {n} documents",
        "welcome-text": "Type words in Arabic, French, English or any other language. Their other "
        "forms are found too, whatever the accents or vowel signs.",
        "empty-index": "This collection holds no documents yet.",
        "try": "What you can type",
        "example-words": "words in any of their forms; documents that hold them all come first",
        "example-accents": "accents and capitals can be left out",
        "example-phrase": "exactly these words, side by side",
        "example-without": "a minus leaves documents out",
        "example-title-query": "title:letter",
        "example-title": "only in the title",
        "example-spelling": "a slip of the pen is put right",
        "example-beginning": "all words that begin like this",
        "found.one": "One document for {query}",
        "found.other": "{n} documents for {query}",
        "similar-only.one": "One more document, with related or similar words only",
        "similar-only.other": "{n} more documents, with related or similar words only",
        "did-you-mean": "Did you mean {suggestion}?",
        "nothing": "No document found for {query}",
        "advice-spelling": "Check the spelling, or try another word for the same thing.",
        "advice-fewer": "Use fewer words, or leave out the quotation marks.",
        "advice-all-languages": "Search the documents of all languages",
        "advice-other-language": "Search in the language of the documents, or leave the choice of "
        "language open.",
        "note-cut": "The query was very long; only its beginning was searched.",
        "note-too-deep": "Some parentheses stood too deep inside others and were passed over.",
        "note-unbalanced-quote": "A quotation mark without a partner was passed over.",
        "note-unbalanced-parenthesis": "A parenthesis without a partner was passed over.",
        "why": "Found by",
        "layer-exact": "exact word",
        "layer-form": "other form",
        "layer-root": "same root",
        "layer-similar": "similar spelling",
        "layer-corrected": "spelling put right",
        "pages": "Pages of results",
        "text-pages": "Pages of the text",
        "page": "Page {n}",
        "previous": "Previous",
        "next": "Next",
        "untitled": "Untitled",
        "back": "Back to the results",
        "about": "About this document",
        "text": "Text",
        "no-text": "This document has no text.",
        "field-language": "Language",
        "field-date": "Date",
        "field-creator": "Creator",
        "field-collection": "Collection",
        "field-source": "Source",
        "field-id": "Identifier",
        "language-ar": "Arabic",
        "language-fr": "French",
        "language-en": "English",
        "language-de": "German",
        "language-ru": "Russian",
        "as-json": "This page as JSON",
        "problem-400": "This address asks for something that does not exist",
        "problem-404": "Nothing is found at this address",
        "problem-405": "This address can only be read",
        "problem-413": "The query is too long",
        "problem-500": "Something went wrong here",
        "problem-503": "The collection cannot be searched just now",
        "problem-other": "This request cannot be answered",
        "detail-address": "Check the address, or start from a search.",
        "detail-document": "There is no document with this identifier. It may have been removed or "
        "renamed; search for words of its title.",
        "detail-page": "“{value}” is no page number.",
        "detail-beyond": "The results end before page {value}.",
        "detail-language": "“{value}” is no language code; write ar, fr, en or another of two or "
        "three letters.",
        "detail-long": "A query may have {n} characters.",
        "detail-failed": "The fault is ours. Try again, or change the query; the people who run "
        "this site find what happened in its log.",
        "detail-unavailable": "The index is missing, damaged or being replaced. Try again in a "
        "minute. The people who run this site find the reason in its log.",
        "to-last-page": "To the last page",
        "to-search": "To the search page",
    },
    "fr": {
        "name": "Fihris",
        "comma": ", ",
        "search": "Rechercher",
        "query": "Que cherchez-vous ?",
        "document-language": "Langue des documents",
        "all-languages": "Toutes les langues",
        "interface-language": "Langue de cette page",
        "skip": "Aller au contenu",
        "welcome.one": "Chercher dans un document",
        "welcome.other": "Chercher dans {n} documents",
        "welcome-text": "Écrivez des mots en arabe, en français, en anglais ou dans toute autre "
        "langue. Leurs autres formes sont trouvées aussi, avec ou sans accents ou voyelles.",
        "empty-index": "Cette collection ne contient encore aucun document.",
        "try": "Ce que vous pouvez écrire",
        "example-words": "des mots sous toutes leurs formes ; les documents qui les contiennent "
        "tous viennent en premier",
        "example-accents": "accents et majuscules sont facultatifs",
        "example-phrase": "exactement ces mots, côte à côte",
        "example-without": "un moins écarte des documents",
        "example-title-query": "titre:lettre",
        "example-title": "dans le titre seulement",
        "example-spelling": "une faute de frappe est corrigée",
        "example-beginning": "tous les mots qui commencent ainsi",
        "found.one": "Un document pour {query}",
        "found.other": "{n} documents pour {query}",
        "similar-only.one": "Un autre document, avec des mots apparentés ou ressemblants seulement",
        "similar-only.other": "{n} autres documents, avec des mots apparentés ou ressemblants "
        "seulement",
        "did-you-mean": "Vouliez-vous dire {suggestion} ?",
        "nothing": "Aucun document trouvé pour {query}",
        "advice-spelling": "Vérifiez l’orthographe ou essayez un autre mot pour la même chose.",
        "advice-fewer": "Employez moins de mots ou retirez les guillemets.",
        "advice-all-languages": "Chercher dans les documents de toutes les langues",
        "advice-other-language": "Cherchez dans la langue des documents ou laissez le choix de la "
        "langue ouvert.",
        "note-cut": "La requête était très longue ; seul son début a été cherché.",
        "note-too-deep": "Des parenthèses trop imbriquées ont été ignorées.",
        "note-unbalanced-quote": "Un guillemet resté seul a été ignoré.",
        "note-unbalanced-parenthesis": "Une parenthèse restée seule a été ignorée.",
        "why": "Trouvé par",
        "layer-exact": "mot exact",
        "layer-form": "autre forme",
        "layer-root": "même racine",
        "layer-similar": "orthographe proche",
        "layer-corrected": "orthographe corrigée",
        "pages": "Pages de résultats",
        "text-pages": "Pages du texte",
        "page": "Page {n}",
        "previous": "Précédente",
        "next": "Suivante",
        "untitled": "Sans titre",
        "back": "Retour aux résultats",
        "about": "À propos de ce document",
        "text": "Texte",
        "no-text": "Ce document n’a pas de texte.",
        "field-language": "Langue",
        "field-date": "Date",
        "field-creator": "Auteur",
        "field-collection": "Collection",
        "field-source": "Source",
        "field-id": "Identifiant",
        "language-ar": "arabe",
        "language-fr": "français",
        "language-en": "anglais",
        "language-de": "allemand",
        "language-ru": "russe",
        "as-json": "Cette page en JSON",
        "problem-400": "Cette adresse demande ce qui n’existe pas",
        "problem-404": "Rien ne se trouve à cette adresse",
        "problem-405": "Cette adresse ne peut qu’être lue",
        "problem-413": "La requête est trop longue",
        "problem-500": "Quelque chose n’a pas fonctionné ici",
        "problem-503": "La collection n’est pas disponible pour le moment",
        "problem-other": "Cette demande ne peut pas aboutir",
        "detail-address": "Vérifiez l’adresse ou partez d’une recherche.",
        "detail-document": "Aucun document ne porte cet identifiant. Il a peut-être été retiré ou "
        "renommé ; cherchez des mots de son titre.",
        "detail-page": "« {value} » n’est pas un numéro de page.",
        "detail-beyond": "Les résultats s’arrêtent avant la page {value}.",
        "detail-language": "« {value} » n’est pas un code de langue ; écrivez ar, fr, en ou un "
        "autre de deux ou trois lettres.",
        "detail-long": "Une requête peut avoir {n} caractères.",
        "detail-failed": "La faute est de notre côté. Réessayez ou changez la requête ; les "
        "responsables du site en trouvent la cause dans son journal.",
        "detail-unavailable": "L’index manque, est abîmé ou en cours de remplacement. Réessayez "
        "dans une minute. Les responsables du site en trouvent la cause dans son journal.",
        "to-last-page": "Vers la dernière page",
        "to-search": "Vers la page de recherche",
    },
    "ar": {
        "name": "فهرس",
        "comma": "، ",
        "search": "بحث",
        "query": "عمَّ تبحث؟",
        "document-language": "لغة الوثائق",
        "all-languages": "كل اللغات",
        "interface-language": "لغة هذه الصفحة",
        "skip": "إلى المحتوى",
        "welcome.one": "ابحث في وثيقة واحدة",
        "welcome.two": "ابحث في وثيقتين",
        "welcome.few": "ابحث في {n} وثائق",
        "welcome.other": "ابحث في {n} وثيقة",
        "welcome-text": "اكتب كلمات بالعربية أو الفرنسية أو الإنجليزية أو بأي لغة أخرى. تجد معها "
        "صيغها الأخرى، بالتشكيل أو من دونه.",
        "empty-index": "لا وثائق في هذه المجموعة بعد.",
        "try": "ما يمكنك كتابته",
        "example-words": "كلمات بكل صيغها؛ والوثائق التي تجمعها تأتي أولا",
        "example-accents": "تُكتب الكلمات بعلاماتها أو من دونها",
        "example-phrase": "هذه الكلمات بعينها متجاورة",
        "example-without": "علامة الناقص تستبعد وثائق",
        "example-title-query": "عنوان:رسالة",
        "example-title": "في العنوان وحده",
        "example-spelling": "يُصحَّح الخطأ في الكتابة",
        "example-beginning": "كل الكلمات التي تبدأ هكذا",
        "found.one": "وثيقة واحدة عن {query}",
        "found.two": "وثيقتان عن {query}",
        "found.few": "{n} وثائق عن {query}",
        "found.other": "{n} وثيقة عن {query}",
        "similar-only.one": "وثيقة أخرى ليس فيها إلا كلمات قريبة أو متشابهة",
        "similar-only.two": "وثيقتان أخريان ليس فيهما إلا كلمات قريبة أو متشابهة",
        "similar-only.few": "{n} وثائق أخرى ليس فيها إلا كلمات قريبة أو متشابهة",
        "similar-only.other": "{n} وثيقة أخرى ليس فيها إلا كلمات قريبة أو متشابهة",
        "did-you-mean": "هل تقصد {suggestion}؟",
        "nothing": "لا وثيقة عن {query}",
        "advice-spelling": "راجع الإملاء أو جرّب كلمة أخرى بالمعنى نفسه.",
        "advice-fewer": "استعمل كلمات أقل، أو احذف علامات الاقتباس.",
        "advice-all-languages": "ابحث في وثائق كل اللغات",
        "advice-other-language": "ابحث بلغة الوثائق، أو اترك اختيار اللغة مفتوحا.",
        "note-cut": "كان السؤال طويلا جدا، فلم يُبحث إلا عن أوله.",
        "note-too-deep": "أُغفلت أقواس متداخلة أكثر مما يُحتمل.",
        "note-unbalanced-quote": "أُغفلت علامة اقتباس لا قرينة لها.",
        "note-unbalanced-parenthesis": "أُغفل قوس لا قرين له.",
        "why": "سبب الظهور",
        "layer-exact": "الكلمة نفسها",
        "layer-form": "صيغة أخرى",
        "layer-root": "الجذر نفسه",
        "layer-similar": "كتابة متشابهة",
        "layer-corrected": "كتابة مصحَّحة",
        "pages": "صفحات النتائج",
        "text-pages": "صفحات النص",
        "page": "الصفحة {n}",
        "previous": "السابقة",
        "next": "التالية",
        "untitled": "بلا عنوان",
        "back": "عودة إلى النتائج",
        "about": "عن هذه الوثيقة",
        "text": "النص",
        "no-text": "لا نص في هذه الوثيقة.",
        "field-language": "اللغة",
        "field-date": "التاريخ",
        "field-creator": "المؤلف",
        "field-collection": "المجموعة",
        "field-source": "المصدر",
        "field-id": "المعرِّف",
        "language-ar": "العربية",
        "language-fr": "الفرنسية",
        "language-en": "الإنجليزية",
        "language-de": "الألمانية",
        "language-ru": "الروسية",
        "as-json": "هذه الصفحة بصيغة JSON",
        "problem-400": "يطلب هذا العنوان ما لا وجود له",
        "problem-404": "لا شيء في هذا العنوان",
        "problem-405": "هذا العنوان للقراءة فقط",
        "problem-413": "السؤال أطول مما يجوز",
        "problem-500": "حدث خطأ هنا",
        "problem-503": "لا يمكن البحث في المجموعة الآن",
        "problem-other": "لا يمكن تلبية هذا الطلب",
        "detail-address": "راجع العنوان، أو ابدأ بالبحث.",
        "detail-document": "لا وثيقة بهذا المعرِّف. لعلها حُذفت أو تغيّر اسمها؛ ابحث عن كلمات من "
        "عنوانها.",
        "detail-page": "«{value}» ليس رقم صفحة.",
        "detail-beyond": "تنتهي النتائج قبل الصفحة {value}.",
        "detail-language": "«{value}» ليس رمز لغة؛ اكتب ar أو fr أو en أو رمزا آخر من حرفين أو "
        "ثلاثة.",
        "detail-long": "أقصى طول للسؤال {n} حرف.",
        "detail-failed": "الخطأ منّا. حاول مرة أخرى أو غيّر السؤال؛ والقائمون على الموقع يجدون ما "
        "حدث في سجلّه.",
        "detail-unavailable": "الفهرس مفقود أو تالف أو يُستبدل الآن. حاول مرة أخرى بعد دقيقة. "
        "والقائمون على الموقع يجدون السبب في سجلّه.",
        "to-last-page": "إلى الصفحة الأخيرة",
        "to-search": "إلى صفحة البحث",
    },
}

_THOUSANDS = {"en": ",", "fr": "\u202f", "ar": ","}


@dataclass(frozen=True, slots=True)
class Wording:
    """The interface in one language.

    Attributes:
        code: ISO 639-1, one of INTERFACES.
    """

    code: str

    @property
    def direction(self) -> str:
        """ "rtl" or "ltr"."""
        return "rtl" if self.code == "ar" else "ltr"

    def __call__(self, key: str, **values: object) -> Markup:
        """A sentence as HTML; values that are no Markup are escaped."""
        # The catalogue is ours; only the values may come from elsewhere.
        return Markup(CATALOGUE[self.code][key]).format(**values)  # noqa: S704

    def count(self, key: str, n: int, **values: object) -> Markup:
        """A sentence in the plural form that a number asks for."""
        chosen = f"{key}.{_plural(self.code, n)}"
        key = chosen if chosen in CATALOGUE[self.code] else f"{key}.other"
        return self(key, n=self.number(n), **values)

    def number(self, n: int) -> str:
        """A number with its thousands apart."""
        return f"{n:,}".replace(",", _THOUSANDS[self.code])

    def language(self, code: str) -> str:
        """The name of a language of documents; its own name or code when there is no other."""
        known = by_code(code)
        own = known.name if known else code
        return CATALOGUE[self.code].get(f"language-{code}", own)


def _plural(code: str, n: int) -> str:
    """The plural category of a number, of those that the catalogue tells apart (CLDR 46)."""
    if n == 1:
        return "one"
    if code == "ar" and n == 2:
        return "two"
    if code == "ar" and 3 <= n % 100 <= 10:
        return "few"
    return "other"


def negotiated(accept_language: str) -> str:
    """The code of the interface language that a browser asks for in its Accept-Language."""
    wanted: list[tuple[float, str]] = []
    for item in accept_language[:1000].split(","):
        tag, _, quality = item.strip().partition(";")
        try:
            weight = float(quality.strip().lower().removeprefix("q=") or 1)
        except ValueError:
            continue
        wanted.append((weight, tag.strip().lower().partition("-")[0]))
    for weight, tag in sorted(wanted, key=lambda each: -each[0]):
        if weight > 0 and tag in INTERFACES:
            return tag
    return DEFAULT
