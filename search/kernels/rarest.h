/* In which documents a phrase may stand: those of its rarest place, as far as its other places have
them too. The twin of `common_documents` in search/positions.py. */

#ifndef FIHRIS_SEARCH_RAREST_H
#define FIHRIS_SEARCH_RAREST_H

#include "marked.h"

/* A phrase that is looked for in a segment. */
typedef struct {
    const Postings *postings;
    Stretch *cursors;     /* of the words that may stand in each place, one place after another */
    const int64_t *sizes; /* how many of each */
    Py_ssize_t slots;     /* places */
    uint64_t **marks;     /* of each place, or NULL, a bit for each of its documents, or NULL; */
    uint32_t count;       /* for so many documents */
} Phrase;

/* So many documents of the rarest word are soon looked up one by one. */
#define FEW 64
/* A list so many times longer than the documents that are sought in it is searched, not read. */
#define LONG 8

/* Marks which of so many documents from one on have a word. */
static void mark_span(uint64_t *bits, uint32_t base, uint32_t span, const Packed *docs,
                      Stretch word)
{
    for (seek_doc(docs, &word, base); word.at < word.end; enter_next(docs, &word)) {
        const uint32_t from = base - word.base;
        for (; word.at < word.stop; word.at++) {
            const uint32_t place = docs->low16[word.at] - from;
            if (place >= span)
                return;
            bits[place >> 6] |= UINT64_C(1) << (place & 63);
        }
    }
}

/* The documents that hold any word of a set, ascending; -1 where there is no memory. */
static int64_t docs_of_set(const Packed *docs, const Stretch *words, int64_t size, uint32_t *out)
{
    if (size == 1) {
        docs_write(docs, *words, out);
        return words->end - words->at;
    }
    uint32_t first = UINT32_MAX, last = 0;
    for (int64_t k = 0; k < size; k++) {
        if (words[k].at == words[k].end)
            continue;
        const uint32_t from = doc_of(docs, &words[k]), to = code_at(docs, words[k].end - 1);
        first = from < first ? from : first;
        last = to > last ? to : last;
    }
    const uint32_t span = first <= last ? last - first + 1 : 0;
    uint64_t *bits = calloc((size_t)words_of_bits(span) + 1, 8);
    if (!bits)
        return -1;
    for (int64_t k = 0; k < size; k++)
        mark_span(bits, first, span, docs, words[k]);
    const int64_t found = marks_write(bits, span, first, out);
    free(bits);
    return found;
}

/* Leaves of some documents, none of them below `base`, those that have one of so many marks from it on. */
static int64_t keep_with_marks(uint32_t *out, int64_t count, const uint64_t *bits, uint32_t base,
                               uint32_t span)
{
    int64_t left = 0;
    for (int64_t n = 0; n < count; n++) {
        const uint32_t place = out[n] - base;
        out[left] = out[n];
        left += place < span && is_marked(bits, place);
    }
    return left;
}

/* Leaves of some documents those that all places have which are marked, or whose lists are not much
longer; these are marked in one go, and not searched for each document. Gives how many are left, or -1
where there is no memory.

begin: the place whose documents these are, or -1. */
static int64_t narrowed(const Phrase *phrase, Py_ssize_t begin, uint32_t *out, int64_t count)
{
    for (Py_ssize_t s = 0; phrase->marks && s < phrase->slots; s++)
        if (s != begin && phrase->marks[s])
            count = keep_with_marks(out, count, phrase->marks[s], 0, phrase->count);
    if (count <= FEW)
        return count;
    const Stretch *words = phrase->cursors;
    const uint32_t base = out[0], span = out[count - 1] - base + 1;
    const size_t room = (size_t)words_of_bits(span) + 1;
    uint64_t *bits = calloc(room, 8);
    if (!bits)
        return -1;
    for (Py_ssize_t s = 0; s < phrase->slots; words += phrase->sizes[s++]) {
        const int64_t size = phrase->sizes[s];
        if (s == begin || (phrase->marks && phrase->marks[s]) ||
            length_of(words, size) > LONG * count)
            continue;
        for (int64_t k = 0; k < size; k++)
            mark_span(bits, base, span, &phrase->postings->docs, words[k]);
        count = keep_with_marks(out, count, bits, base, span);
        memset(bits, 0, room * 8);
    }
    free(bits);
    return count;
}

#endif
