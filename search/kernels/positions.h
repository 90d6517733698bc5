/* Where words stand: the twin of `places` in search/positions.py. A place is document << 32 | position. */

#ifndef FIHRIS_SEARCH_POSITIONS_H
#define FIHRIS_SEARCH_POSITIONS_H

#include "frequencies.h"

#define BLOCK 32 /* indexer/postings.py */

/* Where exceptions of the frequencies and the positions of a word are likely to be (`exception_at`). */
typedef struct {
    int64_t freqs, positions;
} Likely;

/* Where the positions of one posting begin, and how many there are; 0 where the file is wrong. */
static int positions_of(const Postings *postings, int64_t posting, int64_t *start, int64_t *count,
                        Likely *likely)
{
    const int64_t block = posting / BLOCK, length = postings->positions.length;
    if (block >= postings->blocks->length)
        return 0;
    const uint64_t before = number_at(postings->blocks, block),
                   within = frequencies_between(&postings->freqs, block * BLOCK, posting,
                                                      &likely->freqs),
                   freq = packed_at(&postings->freqs, posting, &likely->freqs);
    if (before > (uint64_t)length || within > (uint64_t)length - before ||
        freq > (uint64_t)length - before - within)
        return 0;
    *start = (int64_t)(before + within);
    *count = (int64_t)freq;
    return 1;
}

/* Adds the places of so many positions from one on, ascending; base: what is added to each. */
static void positions_add(const Packed *positions, int64_t start, int64_t count, int64_t base,
                          Growing *places, int64_t *next)
{
    int64_t *out = grow(places, (size_t)count * 8);
    for (int64_t k = 0; out && k < count; k++)
        out[k] = base + (int64_t)packed_at(positions, start + k, next);
}

/* Adds the first places, so many at most, of the next posting of a word, ascending; gives 0 where the
file is wrong. */
static int places_add_first(const Postings *postings, const Stretch *word, int64_t back,
                            int64_t most, Growing *places, Likely *likely)
{
    int64_t start, count;
    if (!positions_of(postings, word->at, &start, &count, likely))
        return 0;
    const int64_t base = (int64_t)doc_of(&postings->docs, word) << 32;
    positions_add(&postings->positions, start, count < most ? count : most, base - back, places,
                  &likely->positions);
    return 1;
}

/* The same with all places. */
static int places_add(const Postings *postings, const Stretch *word, int64_t back, Growing *places,
                      Likely *likely)
{
    return places_add_first(postings, word, back, INT64_MAX, places, likely);
}

/* Whether a number that is no exception is among so many from one on: eight are compared at a time
by their low bits. */
static int is_among(const Packed *numbers, int64_t start, int64_t count, uint32_t number)
{
    const uint64_t each = UINT64_C(0x0101010101010101), low = (number & 0xFF) * each;
    int64_t n = 0;
    for (; n < count && start + n + 8 <= numbers->length; n += 8) {
        uint64_t eight;
        memcpy(&eight, numbers->low8 + start + n, 8);
        eight ^= low;
        /* The lowest byte of which the highest bit is left was the same; others may be. */
        for (uint64_t same = (eight - each) & ~eight & each << 7; same; same &= same - 1) {
            const int64_t at = n + lowest(same) / 8;
            if (at < count && code_at(numbers, start + at) == number)
                return 1;
        }
    }
    for (; n < count; n++)
        if (code_at(numbers, start + n) == number)
            return 1;
    return 0;
}

/* So few places are looked for one by one among positions. */
#define FEW_PLACES 8

/* Keeps of some places, ascending, those that are among so many positions from one on; base: what is
added to each of these. */
static void positions_keep(const Packed *positions, int64_t start, int64_t count, int64_t base,
                           Growing *places, size_t from, int64_t *next)
{
    int64_t *values = (int64_t *)(places->data + from);
    const size_t there = (places->used - from) / 8;
    size_t left = 0, n = 0;
    if (!there)
        return;
    if (positions->low8 && there <= FEW_PLACES && values[there - 1] - base < positions->exceptional) {
        for (; n < there; n++) {
            const int64_t place = values[n];
            values[left] = place;
            /* What would stand before the document is a number too high for any. */
            left += is_among(positions, start, count, (uint32_t)(place - base));
        }
        places->used = from + left * 8;
        return;
    }
    for (int64_t k = 0; k < count && n < there; k++) {
        const int64_t place = base + (int64_t)packed_at(positions, start + k, next);
        while (n < there && values[n] < place)
            n++;
        if (n < there && values[n] == place)
            values[left++] = values[n++];
    }
    places->used = from + left * 8;
}

static int by_value(const void *one, const void *other)
{
    const int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;
    return (a > b) - (a < b);
}

static void places_sort(Growing *places, size_t from)
{
    int64_t *values = (int64_t *)(places->data + from);
    const size_t count = (places->used - from) / 8;
    for (size_t n = 1; n < count; n++)
        if (values[n] < values[n - 1]) {
            qsort(values, count, 8, by_value);
            return;
        }
}

/* The places that every set of words but the first tells as well, by `back` words. */
static void keep_common(Growing *kept, size_t from, const Growing *others)
{
    int64_t *values = (int64_t *)(kept->data + from);
    const int64_t *there = (const int64_t *)others->data;
    const size_t count = (kept->used - from) / 8, more = others->used / 8;
    size_t left = 0, at = 0;
    for (size_t n = 0; n < count; n++) {
        while (at < more && there[at] < values[n])
            at++;
        if (at < more && there[at] == values[n])
            values[left++] = values[n];
    }
    kept->used = from + left * 8;
}

/* Adds the places of the words of a set in a document, ascending; gives 0 where the file is wrong. */
static int places_of_set(const Postings *postings, Stretch *words, Likely *likely, int64_t size,
                         uint32_t doc, int64_t back, Growing *places)
{
    const size_t from = places->used;
    int64_t holding = 0;
    for (int64_t k = 0; k < size; k++)
        if (reach(&postings->docs, &words[k], doc)) {
            holding++;
            if (!places_add(postings, &words[k], back, places, &likely[k]))
                return 0;
        }
    if (holding > 1)
        places_sort(places, from);
    return 1;
}

#endif
