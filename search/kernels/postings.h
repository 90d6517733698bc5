/* The postings of words as they are held: documents of 16 bits within stretches of 65,536, which are
called chapters here, so that loops over many postings look at nothing else. */

#ifndef FIHRIS_SEARCH_POSTINGS_H
#define FIHRIS_SEARCH_POSTINGS_H

#include "../../indexer/kernels/held.h"
#include "../../indexer/kernels/packed.h"
#include "common.h"

/* So many documents differ in the 16 bits of which each has an item of its own. */
#define CHAPTER 65536

/* So many documents of each word are on their way before they are read, of which a line of the
cache has so many. */
#define AHEAD 64
#define A_LINE 32

/* The postings of one field (`Postings.arrays` in indexer/postings.py). */
typedef struct {
    const Array *offsets, *blocks;
    Packed docs, freqs, positions;
    int64_t length;
} Postings;

/* The postings of such arrays; 0 where these do not fit each other. */
static int postings_of(Postings *postings, const Array *arrays)
{
    *postings = (Postings){.offsets = &arrays[OFFSETS], .blocks = &arrays[BLOCKS]};
    if (!packed_of(&postings->docs, arrays + DOCS) || !packed_of(&postings->freqs, arrays + FREQS) ||
        !packed_of(&postings->positions, arrays + POSITIONS))
        return 0;
    const Packed *freqs = &postings->freqs;
    postings->length = postings->docs.length;
    return postings->docs.low16 && freqs->length == postings->length &&
           (freqs->low_bits ? freqs->low8 && !freqs->high_bits : freqs->high_bits == 4);
}

/* The postings of one field that Python holds; 0 with an exception set where they are wrong. */
static int postings_held(Postings *postings, PyObject *capsule)
{
    const Held *held = held_of(capsule, OF_ONE_FIELD);
    if (!held)
        return 0;
    if (held->count == 1 && postings_of(postings, held->arrays))
        return 1;
    altered();
    return 0;
}

/* Some postings of one word that are still to be read. While there are any, `base` is the first
document of the chapter of the next one, and `stop` where the chapter ends. */
typedef struct {
    int64_t at, end, stop;
    uint32_t base;
} Stretch;

/* Enters the chapter of the next posting. */
static inline void enter(const Packed *docs, Stretch *word)
{
    const uint32_t high = high_at(docs, word->at);
    word->base = high << 16;
    word->stop = word->end;
    if (high_at(docs, word->end - 1) == high)
        return;
    /* Where it ends, by halves; no step depends on what was found, the processor would guess wrong. */
    int64_t low = word->at + 1, left = word->end - 1 - low;
    while (left > 0) {
        const int64_t half = (left + 1) / 2;
        low += high_at(docs, low + half - 1) == high ? half : 0;
        left -= half;
    }
    word->stop = low;
}

/* Enters the next chapter where one was read. */
static inline void enter_next(const Packed *docs, Stretch *word)
{
    if (word->at == word->stop && word->at < word->end)
        enter(docs, word);
}

/* Where the postings of a word stand; 0 where the file is wrong. Their chapter is still to be entered. */
static inline int stretch_bounds(const Postings *postings, int64_t id, Stretch *word)
{
    word->base = 0;
    const int right = bounds_of(postings->offsets, id, postings->length, &word->at, &word->end);
    word->stop = word->end;
    return right;
}

static inline void enter_first(const Packed *docs, Stretch *word)
{
    if (docs->high_bits && word->at < word->end)
        enter(docs, word);
}

/* Asks for the high bits of a number that are read soon. */
static inline void prefetch_high(const Packed *packed, int64_t place)
{
    if (packed->high_bits)
        prefetch_from(packed->high + (place >> 3) * packed->high_bits);
}

/* The same for the whole number. */
static inline void prefetch_packed(const Packed *packed, int64_t place)
{
    if (packed->low16)
        prefetch_from(packed->low16 + place);
    else if (packed->low8)
        prefetch_from(packed->low8 + place);
    prefetch_high(packed, place);
}

/* Asks the system for all postings of a word. */
static void ask_for_word(const Postings *postings, const Stretch *word)
{
    const Packed *both[] = {&postings->docs, &postings->freqs};
    const size_t at = (size_t)word->at, count = (size_t)(word->end - word->at);
    for (int n = 0; n < 2 && count; n++) {
        const Packed *packed = both[n];
        if (packed->low16)
            ask_for(packed->low16 + at, 2 * count);
        if (packed->low8)
            ask_for(packed->low8 + at, count);
        if (packed->high_bits)
            ask_for(packed->high + at * packed->high_bits / 8, count * packed->high_bits / 8 + 1);
    }
}

/* The same for the first postings of a word. */
static inline void prefetch_word(const Postings *postings, const Stretch *word)
{
    if (reading_ahead)
        ask_for_word(postings, word);
    for (int64_t n = 0; n < AHEAD && n < word->end - word->at; n += A_LINE)
        prefetch_from(postings->docs.low16 + word->at + n);
    prefetch_high(&postings->docs, word->at); /* these and those of the last tell where it ends */
    prefetch_high(&postings->docs, word->end);
    prefetch_packed(&postings->freqs, word->at);
}

/* The postings of some words; 0 where the file is wrong. What is read of one is on its way while others
are looked up. */
static int stretches_of(const Postings *postings, const int64_t *ids, int64_t count, Stretch *words)
{
    for (int64_t n = 0; n < count; n++)
        prefetch(postings->offsets, ids[n]);
    for (int64_t n = 0; n < count; n++) {
        if (!stretch_bounds(postings, ids[n], &words[n]))
            return 0;
        prefetch_word(postings, &words[n]);
    }
    for (int64_t n = 0; n < count; n++)
        enter_first(&postings->docs, &words[n]);
    return 1;
}

/* The document of the next posting. */
static inline uint32_t doc_of(const Packed *docs, const Stretch *word)
{
    return word->base + docs->low16[word->at];
}

/* Passes over the next posting. */
static inline void pass(const Packed *docs, Stretch *word)
{
    word->at++;
    enter_next(docs, word);
}

/* Passes over all postings of documents before `doc`. */
static inline void seek_doc(const Packed *docs, Stretch *word, uint32_t doc)
{
    while (word->at < word->end && word->base >> 16 < doc >> 16) {
        word->at = word->stop;
        enter_next(docs, word);
    }
    if (word->at == word->end || word->base > doc)
        return;
    const uint16_t *low16 = docs->low16, wanted = (uint16_t)doc;
    int64_t step = 1, low = word->at;
    if (low16[low] >= wanted)
        return;
    while (low + step < word->stop && low16[low + step] < wanted) {
        low += step;
        step <<= 1;
    }
    int64_t left = (low + step < word->stop ? step : word->stop - low) - 1;
    low++;
    while (left > 0) { /* as in `enter` */
        const int64_t half = (left + 1) / 2;
        low += low16[low + half - 1] < wanted ? half : 0;
        left -= half;
    }
    word->at = low;
    enter_next(docs, word);
}

/* Passes over all postings of documents before `doc`, and says whether the next one is of it. */
static inline int reach(const Packed *docs, Stretch *word, uint32_t doc)
{
    seek_doc(docs, word, doc);
    return word->at < word->end && doc_of(docs, word) == doc;
}

/* How many postings some words have. */
static int64_t length_of(const Stretch *words, int64_t count)
{
    int64_t total = 0;
    for (int64_t n = 0; n < count; n++)
        total += words[n].end - words[n].at;
    return total;
}

/* Writes the documents of a word's postings. */
static void docs_write(const Packed *docs, Stretch word, uint32_t *out)
{
    while (word.at < word.end) {
        const uint16_t *low = docs->low16 + word.at;
        const int64_t count = word.stop - word.at;
        for (int64_t n = 0; n < count; n++)
            out[n] = word.base + low[n];
        out += count;
        word.at = word.stop;
        enter_next(docs, &word);
    }
}

#endif
