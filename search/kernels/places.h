/* Sets of words of which any document counts: their documents are listed window by window. */

#ifndef FIHRIS_SEARCH_PLACES_H
#define FIHRIS_SEARCH_PLACES_H

#include "find.h"

/* The documents of a window that were found so far, each once. */
typedef struct {
    uint32_t base, size;
    int64_t count;
    uint16_t places[WINDOW_SCORED + 1];
} Places;

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

/* Adds up weight × frequency of the postings of a word in a window, which is within one chapter. No
step depends on whether a document was found before: the processor would guess it wrong too often. */
#define SEE(FREQ)                                                                                  \
    for (; doc < stop; doc++, byte++) {                                                            \
        const uint32_t place = *doc - from;                                                        \
        if (place >= size)                                                                         \
            break;                                                                                 \
        const double sum = sums[place];                                                            \
        places[count] = (uint16_t)place;                                                           \
        count += sum == 0;                                                                         \
        sums[place] = sum + (weight * (FREQ) + NOTHING);                                           \
    }

static void places_see(Places *found, double *sums, const Postings *postings, WordRead *reading,
                       double weight)
{
    Stretch *word = &reading->word;
    const uint32_t from = found->base - word->base, size = found->size;
    const uint16_t *low = postings->docs.low16, *doc = low + word->at, *stop = low + word->stop;
    const uint8_t *byte = reading->bytes + (word->at - reading->first);
    uint16_t *places = found->places;
    int64_t count = found->count, next = 0;
    if (!reading->exceptional) {
        SEE(DOUBLES[*byte])
    } else {
        const Packed *freqs = &postings->freqs;
        SEE(*byte == EXCEPTIONAL ? (double)exception_at(freqs, doc - low, &next) : DOUBLES[*byte])
    }
    word->at = doc - low;
    found->count = count;
    enter_next(&postings->docs, word);
}

/* Takes the documents from one place on. */
static void places_take(Places *found, int64_t from, double *sums, Listed *listed)
{
    uint32_t *docs = listed->docs + listed->count;
    float *of_docs = listed->sums + listed->count;
    for (int64_t n = from; n < found->count; n++) {
        const uint16_t place = found->places[n];
        *docs++ = found->base + place;
        *of_docs++ = (float)sums[place];
        sums[place] = 0;
    }
    listed->count += found->count - from;
}

/* Reads the postings of a set as `read_set` does, but that documents ascend only from one window to
the next, which is enough for `see_any`. Gives 0 where the file is wrong. */
static int read_windows(WordRead *words, const double *weights, int64_t length, int64_t matching,
                        uint32_t count, const Postings *postings, double *sums, Places *found,
                        Listed *matched, Listed *others)
{
    uint32_t next = 0;
    found->base = 0;
    do {
        found->size = WINDOW_SCORED < count - found->base ? WINDOW_SCORED : count - found->base;
        found->count = 0;
        int64_t core = 0;
        next = UINT32_MAX;
        for (int64_t n = 0; n < length; n++) {
            const Stretch *word = &words[n].word;
            if (word->at < word->end)
                places_see(found, sums, postings, &words[n], weights[n] > 0 ? weights[n] : 0);
            if (word->at < word->end && doc_of(&postings->docs, word) < next)
                next = doc_of(&postings->docs, word);
            core = n < matching ? found->count : core;
        }
        places_take(found, core, sums, others);
        found->count = core;
        places_take(found, 0, sums, matched);
        if (next < found->base + found->size || (next >= count && next != UINT32_MAX))
            return 0; /* they do not ascend, or there is no such document */
        found->base = next / WINDOW_SCORED * WINDOW_SCORED;
    } while (next != UINT32_MAX);
    return 1;
}

#endif
