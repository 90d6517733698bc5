/* Where words stand, alone and side by side. A place is document << 32 | position. */

#ifndef FIHRIS_SEARCH_PHRASE_H
#define FIHRIS_SEARCH_PHRASE_H

#include "postings.h"

#define BLOCK 32 /* indexer/postings.py */

/* The sum of eight bytes. */
static inline uint64_t sum_of_bytes(uint64_t bytes)
{
    const uint64_t even = UINT64_C(0x00FF00FF00FF00FF);
    return ((bytes & even) + (bytes >> 8 & even)) * UINT64_C(0x0001000100010001) >> 48;
}

/* The sum of the frequencies of some postings, packed by halves from an even one on; at most sixteen. */
static uint64_t sum_of_halves(const Packed *freqs, int64_t at, int64_t count, int64_t *next)
{
    const uint64_t halves = UINT64_C(0x0F0F0F0F0F0F0F0F);
    uint64_t eight, full;
    memcpy(&eight, freqs->high + at / 2, 8);
    if (count < 16)
        eight &= (UINT64_C(1) << 4 * count) - 1;
    uint64_t sum = sum_of_bytes((eight & halves) + (eight >> 4 & halves));
    full = eight & eight >> 1;
    full &= full >> 2 & UINT64_C(0x1111111111111111);
    /* Each of these stands for an exception, where there are any. */
    for (; full && freqs->places->length; full &= full - 1)
        sum += exception_at(freqs, at + lowest(full) / 4, next) - 15;
    return sum;
}

/* The sum of the frequencies of some postings, of which the first is an even one. */
static uint64_t frequencies_between(const Packed *freqs, int64_t at, int64_t end, int64_t *next)
{
    uint64_t sum = 0, eight;
    if (freqs->low8 && !freqs->places->length) {
        for (; at + 8 <= end; at += 8) {
            memcpy(&eight, freqs->low8 + at, 8);
            sum += sum_of_bytes(eight);
        }
    } else if (!freqs->low8) {
        for (; at < end && at + 16 <= freqs->length; at += 16)
            sum += sum_of_halves(freqs, at, end - at, next);
    }
    for (; at < end; at++)
        sum += packed_at(freqs, at, next);
    return sum;
}

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

/* Adds the places of the next posting of a word, ascending; gives 0 where the file is wrong. */
static int places_add(const Postings *postings, const Stretch *word, int64_t back, Growing *places,
                      Likely *likely)
{
    int64_t start, count;
    if (!positions_of(postings, word->at, &start, &count, likely))
        return 0;
    const int64_t base = (int64_t)doc_of(&postings->docs, word) << 32;
    positions_add(&postings->positions, start, count, base - back, places,
                  &likely->positions);
    return 1;
}

/* Keeps of some places, ascending, those that are among so many positions from one on; base: what is
added to each of these. */
static void positions_keep(const Packed *positions, int64_t start, int64_t count, int64_t base,
                           Growing *places, size_t from, int64_t *next)
{
    int64_t *values = (int64_t *)(places->data + from);
    const size_t there = (places->used - from) / 8;
    size_t left = 0, n = 0;
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

/* Brings all words of a set up to a document; gives the first document from there on that holds any
of them, or UINT64_MAX. */
static uint64_t advance(const Postings *postings, Stretch *words, Py_ssize_t count, uint32_t doc)
{
    uint64_t next = UINT64_MAX;
    for (Py_ssize_t n = 0; n < count; n++) {
        seek_doc(&postings->docs, &words[n], doc);
        if (words[n].at < words[n].end && doc_of(&postings->docs, &words[n]) < next)
            next = doc_of(&postings->docs, &words[n]);
    }
    return next;
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

/* So many documents of the rarest word are soon looked up one by one. */
#define FEW 64
/* A list so many times longer than the documents that are sought in it is searched, not read. */
#define LONG 8

/* Of the documents of the rarest word of a phrase, which are in `out`, leaves those that all sets of
words have which are not much longer; these are marked in bits, in one go, and not searched for each.
Gives how many are left, or -1 where there is no memory.

cursors, sizes: of the words of each set; rarest: which set is that word. */
static int64_t narrowed(const Postings *postings, const Stretch *cursors, const int64_t *sizes,
                        Py_ssize_t slots, Py_ssize_t rarest, uint32_t *out, int64_t count)
{
    const Packed *docs = &postings->docs;
    const uint32_t base = out[0], span = out[count - 1] - base + 1;
    const size_t room = (size_t)span / 64 + 1;
    uint64_t *bits = calloc(room, 8);
    for (Py_ssize_t s = 0; bits && s < slots; cursors += sizes[s++]) {
        if (s == rarest || length_of(cursors, sizes[s]) > LONG * count)
            continue;
        for (int64_t k = 0; k < sizes[s]; k++) {
            Stretch word = cursors[k];
            for (seek_doc(docs, &word, base); word.at < word.end; enter_next(docs, &word)) {
                const uint32_t from = base - word.base;
                for (; word.at < word.stop; word.at++) {
                    const uint32_t place = docs->low16[word.at] - from;
                    if (place >= span)
                        break;
                    bits[place >> 6] |= UINT64_C(1) << (place & 63);
                }
                if (word.at < word.stop)
                    break;
            }
        }
        int64_t left = 0;
        for (int64_t n = 0; n < count; n++) {
            const uint32_t place = out[n] - base;
            out[left] = out[n];
            left += place < span && (bits[place >> 6] >> (place & 63) & 1);
        }
        count = left;
        memset(bits, 0, room * 8);
    }
    if (!bits)
        return -1;
    free(bits);
    return count;
}

/* Longer phrases of words are looked for as if several words might stand in each place. */
#define MOST_SINGLE 8

/* The places of a phrase of words in some documents, ascending; gives 0 where the file is wrong. What
is read of several documents is asked of memory before any of it is looked at. */
static int phrase_of_words(const Postings *postings, Stretch *cursors, Py_ssize_t words,
                           const uint32_t *docs, int64_t count, Growing *found)
{
    int64_t starts[TOGETHER][MOST_SINGLE], counts[TOGETHER][MOST_SINGLE];
    uint32_t held[TOGETHER];
    Likely likely[MOST_SINGLE] = {{0, 0}};
    for (int64_t n = 0; n < count && !found->failed;) {
        int64_t some = 0;
        for (; n < count && some < TOGETHER; n++) {
            Py_ssize_t w = 0;
            for (; w < words; w++) {
                Stretch *cursor = &cursors[w];
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

/* The places of a phrase in some documents, ascending; gives 0 where the file is wrong.

cursors, sizes: of the words that may stand in each place of the phrase; begin: the place that is looked
at first, whose words are the ones from `first` on. */
static int phrase_of_sets(const Postings *postings, Stretch *cursors, const int64_t *sizes,
                          Py_ssize_t slots, Py_ssize_t begin, int64_t first, int64_t words,
                          const uint32_t *docs, int64_t count, Growing *found)
{
    Growing told = {0};
    Likely *likely = calloc((size_t)words + 1, sizeof *likely);
    int right = 1;
    found->failed |= !likely;
    for (int64_t n = 0; right && n < count && !found->failed && !told.failed; n++) {
        const size_t from = found->used;
        right = places_of_set(postings, cursors + first, likely + first, sizes[begin], docs[n],
                              begin, found);
        int64_t word = 0;
        for (Py_ssize_t s = 0; right && s < slots && found->used > from; word += sizes[s++]) {
            if (s == begin)
                continue;
            told.used = 0;
            right = places_of_set(postings, cursors + word, likely + word, sizes[s], docs[n], s,
                                  &told);
            keep_common(found, from, &told);
        }
    }
    found->failed |= told.failed;
    free(likely);
    free(told.data);
    return right;
}

/* The documents that hold any word of a set; -1 where there is no memory. */
static int64_t docs_of_set(const Postings *postings, const Stretch *words, int64_t size,
                           uint32_t *out)
{
    int64_t found = 0;
    if (size == 1) {
        docs_write(&postings->docs, *words, out);
        return words->end - words->at;
    }
    Stretch *own = malloc((size_t)size * sizeof *own);
    if (!own)
        return -1;
    memcpy(own, words, (size_t)size * sizeof *own);
    uint64_t doc = advance(postings, own, size, 0);
    while (doc <= UINT32_MAX) {
        out[found++] = (uint32_t)doc;
        doc = doc < UINT32_MAX ? advance(postings, own, size, (uint32_t)doc + 1) : UINT64_MAX;
    }
    free(own);
    return found;
}

/* The same, in the documents of the rarest place if no others are given, and of words alone in the faster
way. */
static int phrase_find(const Postings *postings, Stretch *cursors, const int64_t *sizes,
                       Py_ssize_t slots, const uint32_t *wanted, int64_t count, Growing *found)
{
    int64_t least = INT64_MAX, words = 0, first = 0;
    Py_ssize_t rarest = 0;
    for (Py_ssize_t s = 0; s < slots; words += sizes[s++]) {
        const int64_t length = length_of(cursors + words, sizes[s]);
        if (length < least) {
            least = length;
            rarest = s;
            first = words;
        }
    }
    if (!slots || !least)
        return 1;
    uint32_t *own = NULL;
    if (!wanted) {
        own = malloc((size_t)least * 4);
        count = own ? docs_of_set(postings, cursors + first, sizes[rarest], own) : -1;
        if (count > FEW)
            count = narrowed(postings, cursors, sizes, slots, rarest, own, count);
        if (count < 0) {
            free(own);
            found->failed = 1;
            return 1;
        }
        wanted = own;
    }
    const int right =
        words == slots && slots <= MOST_SINGLE
            ? phrase_of_words(postings, cursors, slots, wanted, count, found)
            : phrase_of_sets(postings, cursors, sizes, slots, rarest, first, words, wanted, count,
                             found);
    free(own);
    return right;
}

#endif
