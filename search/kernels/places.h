/* Sets of words of which any document counts: their documents are listed chapter by chapter. */

#ifndef FIHRIS_SEARCH_PLACES_H
#define FIHRIS_SEARCH_PLACES_H

#include "find.h"

/* The postings of a word while they are read: the frequency of each as a byte, from the first one on,
and whether any of these is EXCEPTIONAL. */
typedef struct {
    Stretch word;
    int64_t first;
    const uint8_t *bytes;
    int exceptional;
} WordRead;

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
#define SEE(FREQ)                                                                                  \
    for (; low < stop; low++, byte++) {                                                            \
        const uint32_t place = *low;                                                               \
        const double sum = sums[place];                                                            \
        docs[count] = base + place;                                                                \
        count += is_none(sum);                                                                     \
        sums[place] = sum + (weight * (FREQ) + NOTHING);                                           \
    }

static void places_see(Listed *listed, double *restrict sums, const Postings *postings,
                       WordRead *reading, double weight)
{
    Stretch *word = &reading->word;
    const uint32_t base = word->base;
    const uint16_t *restrict first = postings->docs.low16, *low = first + word->at,
                             *stop = first + word->stop;
    const uint8_t *restrict byte = reading->bytes + (word->at - reading->first);
    uint32_t *restrict docs = listed->docs;
    int64_t count = listed->count, next = 0;
    if (!reading->exceptional) {
        SEE(DOUBLES[*byte])
    } else {
        const Packed *freqs = &postings->freqs;
        SEE(*byte == EXCEPTIONAL ? (double)exception_at(freqs, low - first, &next) : DOUBLES[*byte])
    }
    listed->count = count;
    word->at = word->stop;
    enter_next(&postings->docs, word);
}

/* Takes the sums of the documents that were listed from one on; gives 0 where one is not there. */
static int places_take(const Listed *listed, int64_t from, uint32_t base, uint32_t size, double *sums)
{
    uint32_t beyond = 0;
    for (int64_t n = from; n < listed->count; n++) {
        const uint32_t place = listed->docs[n] - base;
        beyond |= place >= size;
        listed->sums[n] = (float)sums[place];
        sums[place] = 0;
    }
    return !beyond;
}

/* Reads the postings of a set as `read_set` does, but that documents ascend only from one chapter to
the next, which is enough for `see_any`. Gives 0 where the file is wrong.

sums: of a chapter, 0 everywhere before and after. */
static int read_chapters(WordRead *words, const double *weights, int64_t length, int64_t matching,
                         uint32_t count, const Postings *postings, double *sums, Listed *matched,
                         Listed *others)
{
    uint32_t base = 0, next = 0;
    int right = 1;
    while (right && next != UINT32_MAX) {
        base = next;
        next = UINT32_MAX;
        const int64_t begin = matched->count, behind = others->count;
        for (int64_t n = 0; n < length; n++) {
            const Stretch *word = &words[n].word;
            if (word->at < word->end && word->base == base)
                places_see(n < matching ? matched : others, sums, postings, &words[n],
                           weights[n] > 0 ? weights[n] : 0);
            if (word->at < word->end && word->base < next)
                next = word->base;
        }
        const uint32_t size = base < count ? count - base : 0;
        right = places_take(matched, begin, base, size, sums) &
                places_take(others, behind, base, size, sums) & (next > base);
    }
    return right;
}

#endif
