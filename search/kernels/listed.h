/* Sets of words of which any document counts: their documents are listed chapter by chapter. The twin of
`look_up` in search/reading.py. */

#ifndef FIHRIS_SEARCH_LISTED_H
#define FIHRIS_SEARCH_LISTED_H

#include "chapter.h"
#include "marked.h"
#include "room.h"

/* The documents of a set so far. */
typedef struct {
    uint32_t *docs;
    float *sums;
    int64_t count;
} Listed;

/* Every posting adds that much too, so that the sum tells whether its document was found, even of a word
that counts for nothing. In any other sum, and in single precision, it is lost. */
#define NOTHING 1e-300

/* Whether a sum is 0, by its bits: sooner told than by what is a number and what is not. */
static inline int is_none(double sum)
{
    uint64_t bits;
    memcpy(&bits, &sum, 8);
    return !bits;
}

/* Adds up weight × frequency of the postings of a word in its chapter, and lists the documents that have
no sum yet. No step depends on whether a document was found before: the processor would guess it wrong
too often. */
static void listed_see(Listed *listed, double *restrict sums, const Postings *postings,
                       Stretch *word, double weight)
{
    const uint32_t base = word->base;
    const uint16_t *restrict low = postings->docs.low16;
    const Packed *freqs = &postings->freqs;
    const uint8_t *restrict bytes = freqs->low8, *restrict halves = freqs->high;
    const uint32_t exceptional = freqs->exceptional;
    uint32_t *restrict docs = listed->docs;
    int64_t count = listed->count, next = 0;
    for (uint64_t at = (uint64_t)word->at; at < (uint64_t)word->stop; at++) {
        const uint32_t place = low[at];
        const uint32_t code = bytes ? bytes[at] : halves[at / 2] >> at % 2 * 4 & 15;
        const double freq = code == exceptional
                                ? (double)exception_at(freqs, (int64_t)at, &next)
                                : DOUBLES[code],
                     sum = sums[place];
        docs[count] = base + place;
        count += is_none(sum);
        sums[place] = sum + (weight * freq + NOTHING);
    }
    listed->count = count;
    word->at = word->stop;
    enter_next(&postings->docs, word);
}

/* Puts the documents that were listed of a chapter in order. */
static void in_order(uint32_t *docs, int64_t count, uint32_t base)
{
    uint64_t bits[CHAPTER / 64] = {0};
    for (int64_t n = 0; n < count; n++) {
        const uint32_t place = docs[n] - base;
        bits[place >> 6] |= UINT64_C(1) << (place & 63);
    }
    marks_write(bits, CHAPTER, base, docs);
}

/* Takes the sums of the documents that were listed from one on; gives 0 where one is not there. */
static int listed_take(const Listed *listed, int64_t from, uint32_t base, uint32_t size,
                       int ascending, double *sums)
{
    uint32_t beyond = 0;
    if (ascending && listed->count - from > 1)
        in_order(listed->docs + from, listed->count - from, base);
    for (int64_t n = from; n < listed->count; n++) {
        const uint32_t place = listed->docs[n] - base;
        beyond |= place >= size;
        listed->sums[n] = (float)sums[place];
        sums[place] = 0;
    }
    return !beyond;
}

/* Reads the postings of some words, of which so many of the first make a match, chapter by chapter;
gives 0 where the file is wrong.

sums: of a chapter, 0 everywhere before and after. */
static int read_chapters(const Words *words, Stretch *rests, int64_t matching, uint32_t count,
                         int ascending, double *sums, Listed *matched, Listed *others)
{
    uint32_t base = 0, next = 0;
    int right = 1;
    while (right && next != UINT32_MAX) {
        base = next;
        next = UINT32_MAX;
        const int64_t begin = matched->count, behind = others->count;
        for (int64_t n = 0; n < words->count; n++) {
            Stretch *word = &rests[n];
            const double weight = words->weights[n];
            if (word->at < word->end && word->base == base)
                listed_see(n < matching ? matched : others, sums, words->postings, word,
                           weight > 0 ? weight : 0);
            if (word->at < word->end && word->base < next)
                next = word->base;
        }
        const uint32_t size = base < count ? count - base : 0;
        right = listed_take(matched, begin, base, size, ascending, sums) &
                listed_take(others, behind, base, size, ascending, sums) & (next > base);
    }
    return right;
}

/* Lists the documents of a set and the sum of weight × frequency of each, those that match first;
there must be room for as many as there are postings. Gives 0 where the file is wrong, -1 with an
exception set.

count: documents of the segment. ascending: whether both parts must ascend, or only from one chapter
to the next, which is enough for `see_any`. */
static int list_set(Listed *listed, int64_t *matching, const Words *words, uint32_t count,
                    int ascending, Window *window, Room *room)
{
    const int64_t core = length_of(words->stretches, *matching);
    const int64_t total = length_of(words->stretches, words->count);
    Stretch *rests = room_take(room, words->count, sizeof(Stretch));
    if (!rests)
        return -1;
    /* Those that match are no more than their postings, and the others come behind. */
    Listed matched = {listed->docs, listed->sums, 0};
    Listed others = {listed->docs + core, listed->sums + core, 0};
    PyThreadState *threads = let_others(total);
    memcpy(rests, words->stretches, (size_t)words->count * sizeof(Stretch));
    const int right = read_chapters(words, rests, *matching, count, ascending, window->sums,
                                    &matched, &others);
    memmove(listed->docs + matched.count, others.docs, (size_t)others.count * sizeof(uint32_t));
    memmove(listed->sums + matched.count, others.sums, (size_t)others.count * sizeof(float));
    go_on(threads);
    listed->count = matched.count + others.count;
    *matching = matched.count;
    return right;
}

#endif
