/* Words side by side: the twin of `phrase` in search/positions.py. */

#ifndef FIHRIS_SEARCH_PHRASE_H
#define FIHRIS_SEARCH_PHRASE_H

#include "positions.h"
#include "rarest.h"

/* Longer phrases of words are looked for as if several words might stand in each place. */
#define MOST_SINGLE 8

/* The places of a phrase of words in some documents, ascending; gives 0 where the file is wrong. What
is read of several documents is asked of memory before any of it is looked at. */
static int phrase_of_words(const Phrase *phrase, const uint32_t *docs, int64_t count,
                           Growing *found)
{
    const Postings *postings = phrase->postings;
    const Py_ssize_t words = phrase->slots;
    int64_t starts[TOGETHER][MOST_SINGLE], counts[TOGETHER][MOST_SINGLE];
    uint32_t held[TOGETHER];
    Likely likely[MOST_SINGLE] = {{0, 0}};
    for (int64_t n = 0; n < count && !found->failed;) {
        int64_t some = 0;
        for (; n < count && some < TOGETHER; n++) {
            Py_ssize_t w = 0;
            for (; w < words; w++) {
                Stretch *cursor = &phrase->cursors[w];
                const int there = reach(&postings->docs, cursor, docs[n]);
                if (cursor->at == cursor->end)
                    n = count; /* no other document holds them all */
                if (!there)
                    break;
                starts[some][w] = cursor->at;
            }
            if (w < words)
                continue;
            held[some] = docs[n];
            for (w = 0; w < words; w++) {
                prefetch(postings->blocks, starts[some][w] / BLOCK);
                prefetch_packed(&postings->freqs, starts[some][w]);
            }
            some++;
        }
        for (int64_t k = 0; k < some; k++)
            for (Py_ssize_t w = 0; w < words; w++) {
                if (!positions_of(postings, starts[k][w], &starts[k][w], &counts[k][w], &likely[w]))
                    return 0;
                prefetch_packed(&postings->positions, starts[k][w]);
            }
        for (int64_t k = 0; k < some; k++) {
            const int64_t base = (int64_t)held[k] << 32;
            const size_t from = found->used;
            /* Those of the word that stands there the least often, then what others leave of them. */
            Py_ssize_t least = 0;
            for (Py_ssize_t w = 1; w < words; w++)
                least = counts[k][w] < counts[k][least] ? w : least;
            positions_add(&postings->positions, starts[k][least], counts[k][least], base - least,
                          found, &likely[least].positions);
            for (Py_ssize_t w = 0; w < words && found->used > from; w++)
                if (w != least)
                    positions_keep(&postings->positions, starts[k][w], counts[k][w], base - w,
                                   found, from, &likely[w].positions);
        }
    }
    return 1;
}

/* The places of a phrase of so many words in some documents, ascending; gives 0 where the file is
wrong.

begin: the place that is looked at first. */
static int phrase_of_sets(const Phrase *phrase, Py_ssize_t begin, int64_t words,
                          const uint32_t *docs, int64_t count, Growing *found)
{
    const int64_t *sizes = phrase->sizes;
    int64_t first = 0;
    for (Py_ssize_t s = 0; s < begin; s++)
        first += sizes[s];
    Growing told = {0};
    Likely *likely = calloc((size_t)words + 1, sizeof *likely);
    int right = 1;
    found->failed |= !likely;
    for (int64_t n = 0; right && n < count && !found->failed && !told.failed; n++) {
        const size_t from = found->used;
        right = places_of_set(phrase->postings, phrase->cursors + first, likely + first,
                              sizes[begin], docs[n], begin, found);
        int64_t word = 0;
        for (Py_ssize_t s = 0; right && s < phrase->slots && found->used > from; word += sizes[s++]) {
            if (s == begin)
                continue;
            told.used = 0;
            right = places_of_set(phrase->postings, phrase->cursors + word, likely + word,
                                  sizes[s], docs[n], s, &told);
            keep_common(found, from, &told);
        }
    }
    found->failed |= told.failed;
    free(likely);
    free(told.data);
    return right;
}

/* Whether any of so many documents from one on that a word stands in has a mark; passes over its
postings before that. */
static int stands_in(const Packed *docs, Stretch *word, const uint64_t *bits, uint32_t base,
                     uint32_t span)
{
    for (seek_doc(docs, word, base); word->at < word->end; pass(docs, word)) {
        const uint32_t place = doc_of(docs, word) - base;
        if (place >= span)
            return 0;
        if (is_marked(bits, place))
            return 1;
    }
    return 0;
}

/* Leaves of the words of each place those that stand in any of some documents; gives how many there
are, 0 where a place has none, or -1 where there is no memory.

sizes: how many of each place are left. */
static int64_t leave_standing(const Phrase *phrase, const uint32_t *docs, int64_t count,
                              int64_t *sizes)
{
    const uint32_t base = count ? docs[0] : 0, span = count ? docs[count - 1] - base + 1 : 0;
    uint64_t *bits = calloc((size_t)words_of_bits(span) + 1, 8);
    if (!bits)
        return -1;
    for (int64_t n = 0; n < count; n++)
        bits[(docs[n] - base) >> 6] |= UINT64_C(1) << ((docs[n] - base) & 63);
    int64_t left = 0, word = 0;
    for (Py_ssize_t s = 0; s < phrase->slots; s++) {
        const int64_t before = left;
        for (const int64_t end = word + phrase->sizes[s]; word < end; word++) {
            phrase->cursors[left] = phrase->cursors[word];
            left += stands_in(&phrase->postings->docs, &phrase->cursors[left], bits, base, span);
        }
        sizes[s] = left - before;
        if (!sizes[s]) {
            left = 0;
            break;
        }
    }
    free(bits);
    return left;
}

/* The same, of those documents that may hold it, and of words alone in the faster way.

among: only in these documents, or NULL. */
static int phrase_find(const Phrase *phrase, const uint32_t *among, int64_t count, Growing *found)
{
    int64_t least = INT64_MAX, words = 0, first = 0;
    Py_ssize_t rarest = 0;
    for (Py_ssize_t s = 0; s < phrase->slots; words += phrase->sizes[s++]) {
        const int64_t length = length_of(phrase->cursors + words, phrase->sizes[s]);
        if (length < least) {
            least = length;
            rarest = s;
            first = words;
        }
    }
    if (!phrase->slots || !least || (among && !count))
        return 1;
    uint32_t *docs = malloc((size_t)(among ? count : least) * sizeof *docs);
    if (docs && among)
        memcpy(docs, among, (size_t)count * sizeof *docs);
    else if (docs && phrase->marks && phrase->marks[rarest])
        count = marks_write(phrase->marks[rarest], phrase->count, 0, docs);
    else if (docs)
        count = docs_of_set(&phrase->postings->docs, phrase->cursors + first,
                            phrase->sizes[rarest], docs);
    count = docs && count >= 0 ? narrowed(phrase, among ? -1 : rarest, docs, count) : -1;
    int64_t *sizes = malloc((size_t)phrase->slots * sizeof *sizes);
    found->failed |= count < 0 || !sizes;
    int right = 1;
    if (!found->failed) {
        Phrase left = *phrase;
        if (words > phrase->slots) {
            words = leave_standing(phrase, docs, count, sizes);
            left.sizes = sizes;
            found->failed |= words < 0;
        }
        if (words == phrase->slots && words <= MOST_SINGLE)
            right = phrase_of_words(&left, docs, count, found);
        else if (words > 0)
            right = phrase_of_sets(&left, rarest, words, docs, count, found);
    }
    free(docs);
    free(sizes);
    return right;
}

#endif
