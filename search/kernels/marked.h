/* Sets of words of which only the documents count that others hold too: these are told by a bit for
each document, so that no list is made of documents that do not count. */

#ifndef FIHRIS_SEARCH_MARKED_H
#define FIHRIS_SEARCH_MARKED_H

#include "find.h"

/* A word of so many more documents than are asked for is searched, not read. */
#define LONGER 16

static inline int64_t words_of_bits(int64_t count)
{
    return (count + 63) / 64;
}

static inline int is_marked(const uint64_t *bits, uint32_t doc)
{
    return bits[doc >> 6] >> (doc & 63) & 1;
}

/* The word of a set that the most documents hold. */
static int64_t longest_of(const Stretch *words, int64_t length)
{
    int64_t longest = 0;
    for (int64_t n = 1; n < length; n++)
        if (words[n].end - words[n].at > words[longest].end - words[longest].at)
            longest = n;
    return longest;
}

/* Marks the documents of a word, where none is marked yet, so that nothing has to be read; gives how
many are not below `count`. */
static int64_t mark_first(uint64_t *bits, uint32_t count, Stretch word, const Packed *docs)
{
    int64_t beyond = 0;
    for (; word.at < word.end; word.at = word.stop, enter_next(docs, &word)) {
        const uint16_t *low = docs->low16;
        const uint32_t size = word.base < count ? count - word.base : 0;
        uint64_t *own = bits + (size ? word.base >> 6 : 0), marks = 0;
        uint32_t last = 0;
        for (int64_t at = word.at; at < word.stop; at++) {
            const uint32_t place = low[at];
            if (place >= size) {
                beyond++;
                continue;
            }
            marks = (place >> 6 == last ? marks : 0) | UINT64_C(1) << (place & 63);
            last = place >> 6;
            own[last] = marks;
        }
    }
    return beyond;
}

/* Marks the documents of some words, where none is marked yet; gives how many there are, -1 where the
file is wrong. */
static int64_t mark_any(uint64_t *bits, uint32_t count, const Stretch *words, int64_t length,
                        const Packed *docs)
{
    const int64_t longest = longest_of(words, length);
    int64_t found = length ? words[longest].end - words[longest].at : 0,
            beyond = length ? mark_first(bits, count, words[longest], docs) : 0;
    for (int64_t n = 0; n < length; n++) {
        Stretch word = words[n];
        while (n != longest && word.at < word.end) {
            /* Within a chapter all documents are below a number, or none of it is looked at. */
            const uint16_t *low = docs->low16;
            const uint32_t size = word.base < count ? count - word.base : 0;
            uint64_t *own = bits + (size ? word.base >> 6 : 0);
            for (int64_t at = word.at; at < word.stop; at++) {
                const uint32_t place = low[at];
                if (place >= size) {
                    beyond++;
                    continue;
                }
                found += !is_marked(own, place);
                own[place >> 6] |= UINT64_C(1) << (place & 63);
            }
            word.at = word.stop;
            enter_next(docs, &word);
        }
    }
    return beyond ? -1 : found;
}

/* How many documents hold any of some words, where all but one of them are rare: these are searched
for in that one's. -1 where the file is wrong.

bits: one for each of `count` documents, 0 everywhere before and after. */
static int64_t count_rare(uint64_t *bits, uint32_t count, const Stretch *words, int64_t length,
                          int64_t longest, const Packed *docs)
{
    int64_t found = words[longest].end - words[longest].at, beyond = 0;
    for (int64_t n = 0; n < length; n++) {
        Stretch word = words[n], others = words[longest];
        for (; n != longest && word.at < word.end; pass(docs, &word)) {
            const uint32_t doc = doc_of(docs, &word);
            beyond += doc >= count;
            if (doc >= count || is_marked(bits, doc))
                continue;
            bits[doc >> 6] |= UINT64_C(1) << (doc & 63);
            found += !reach(docs, &others, doc);
        }
    }
    for (int64_t n = 0; n < length; n++)
        for (Stretch word = words[n]; n != longest && word.at < word.end; pass(docs, &word))
            if (doc_of(docs, &word) < count)
                bits[doc_of(docs, &word) >> 6] = 0;
    return beyond ? -1 : found;
}

/* Writes which documents are marked, ascending; the first mark is that of `base`. */
static int64_t marks_write(const uint64_t *bits, int64_t count, uint32_t base, uint32_t *out)
{
    int64_t found = 0;
    for (int64_t at = 0; at < words_of_bits(count); at++)
        for (uint64_t word = bits[at]; word; word &= word - 1)
            out[found++] = base + (uint32_t)(at * 64 + lowest(word));
    return found;
}

/* The documents of some words, ascending; -1 where the file is wrong.

bits: one for each of `count` documents, 0 everywhere before and after. */
static int64_t in_any(uint64_t *bits, uint32_t count, const Stretch *words, int64_t length,
                      const Packed *docs, uint32_t *out)
{
    const int right = mark_any(bits, count, words, length, docs) >= 0;
    const int64_t found = right ? marks_write(bits, count, 0, out) : -1;
    memset(bits, 0, (size_t)words_of_bits(count) * 8);
    return found;
}

/* The documents that have all of some marks, ascending; the first marks are left with these alone. */
static int64_t marked_by_all(uint64_t **marks, Py_ssize_t length, int64_t count, uint32_t *out)
{
    for (Py_ssize_t n = 1; n < length; n++)
        for (int64_t at = 0; at < words_of_bits(count); at++)
            marks[0][at] &= marks[n][at];
    return marks_write(marks[0], count, 0, out);
}

/* Those of some documents that have all of some marks. */
static int64_t keep_marked(uint32_t *docs, int64_t found, uint64_t *const *marks, Py_ssize_t length)
{
    int64_t kept = 0;
    for (int64_t n = 0; n < found; n++) {
        int all = 1;
        for (Py_ssize_t k = 0; k < length; k++)
            all &= is_marked(marks[k], docs[n]);
        docs[kept] = docs[n];
        kept += all;
    }
    return kept;
}

/* Adds up weight × frequency of some words in some documents, which ascend and have a mark. */
static void add_marked(double *sums, const uint64_t *bits, uint32_t count, const uint32_t *wanted,
                       int64_t found, const Words *words)
{
    const Packed *docs = &words->postings->docs, *freqs = &words->postings->freqs;
    for (int64_t n = 0; n < words->count; n++) {
        const double weight = words->weights[n];
        int64_t next = 0;
        Stretch word = words->stretches[n];
        if (word.end - word.at > LONGER * found) {
            for (int64_t k = 0; k < found && word.at < word.end; k++)
                if (reach(docs, &word, wanted[k]))
                    sums[wanted[k]] += weight * (double)packed_at(freqs, word.at, &next);
            continue;
        }
        for (; word.at < word.end; word.at = word.stop, enter_next(docs, &word))
            for (int64_t at = word.at; at < word.stop; at++) {
                const uint32_t doc = word.base + docs->low16[at];
                if (doc < count && is_marked(bits, doc))
                    sums[doc] += weight * (double)packed_at(freqs, at, &next);
            }
    }
}

#endif
