/* Sorting whole numbers where they stand. */

#ifndef FIHRIS_SORTING_H
#define FIHRIS_SORTING_H

#include "arrays.h"

/* So few numbers are soonest put in order one by one. */
#define FEW_NUMBERS 48

static void put_in_order(uint64_t *values, int64_t count)
{
    for (int64_t n = 1; n < count; n++) {
        const uint64_t value = values[n];
        int64_t at = n;
        for (; at && values[at - 1] > value; at--)
            values[at] = values[at - 1];
        values[at] = value;
    }
}

/* Parts numbers by one byte of theirs and goes on with the next lower one: the American flag sort
of McIlroy, Bostic and McIlroy, "Engineering Radix Sort", 1993. It needs no room besides, and time
that grows with the count alone.

shift: of the highest byte in which they may differ. */
static void sort_from(uint64_t *values, int64_t count, int shift)
{
    int64_t at[256], ends[256];
    for (;; shift -= 8) {
        if (count <= FEW_NUMBERS) {
            put_in_order(values, count);
            return;
        }
        memset(at, 0, sizeof at);
        for (int64_t n = 0; n < count; n++)
            at[values[n] >> shift & 255]++;
        if (at[values[0] >> shift & 255] < count)
            break;
        if (!shift)
            return; /* all are equal */
    }
    for (int64_t byte = 0, end = 0; byte < 256; byte++) {
        const int64_t begin = end;
        end += at[byte];
        at[byte] = begin;
        ends[byte] = end;
    }
    for (unsigned byte = 0; byte < 256; byte++)
        while (at[byte] < ends[byte]) {
            uint64_t value = values[at[byte]];
            for (unsigned own; (own = value >> shift & 255) != byte;) {
                const uint64_t other = values[at[own]];
                values[at[own]++] = value;
                value = other;
            }
            values[at[byte]++] = value;
        }
    for (int64_t byte = 0, begin = 0; shift && byte < 256; begin = ends[byte++])
        sort_from(values + begin, ends[byte] - begin, shift - 8);
}

#endif
