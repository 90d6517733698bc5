/* How often words stand in documents, many frequencies at once: as bytes, or their sum. (`Packed` in
indexer/packed.py) */

#ifndef FIHRIS_SEARCH_FREQUENCIES_H
#define FIHRIS_SEARCH_FREQUENCIES_H

#include "postings.h"

/* What stands for an exception among frequencies as bytes. */
#define EXCEPTIONAL 255

#define FOUR(n) n, n + 1, n + 2, n + 3
#define SIXTEEN(n) FOUR(n), FOUR(n + 4), FOUR(n + 8), FOUR(n + 12)
#define SIXTY_FOUR(n) SIXTEEN(n), SIXTEEN(n + 16), SIXTEEN(n + 32), SIXTEEN(n + 48)
static const double DOUBLES[256] = {SIXTY_FOUR(0), SIXTY_FOUR(64), SIXTY_FOUR(128), SIXTY_FOUR(192)};

/* The frequencies of the postings from one up to another as bytes, or EXCEPTIONAL. They are packed so,
or are written into room for two more; gives where the first one stands. */
static const uint8_t *bytes_of(const Packed *freqs, int64_t at, int64_t end, uint8_t *restrict room,
                               int *exceptional)
{
    if (freqs->low8) {
        *exceptional = freqs->places->length > 0;
        return freqs->low8 + at;
    }
    const uint8_t *restrict high = freqs->high + at / 2;
    const int64_t count = (end + 1) / 2 - at / 2;
    uint8_t any = 0;
    for (int64_t n = 0; n < count; n++) {
        const uint8_t low = high[n] & 15, other = high[n] >> 4,
                      is_low = low == 15 ? 0xF0 : 0, is_other = other == 15 ? 0xF0 : 0;
        any |= is_low | is_other;
        room[2 * n] = low | is_low;
        room[2 * n + 1] = other | is_other;
    }
    *exceptional = any != 0;
    return room + (at & 1);
}

/* The sum of eight bytes. */
static inline uint64_t sum_of_bytes(uint64_t bytes)
{
    const uint64_t even = UINT64_C(0x00FF00FF00FF00FF);
    return ((bytes & even) + (bytes >> 8 & even)) * UINT64_C(0x0001000100010001) >> 48;
}

/* What stands for exceptions among sixteen halves: the lowest bit of each. */
static inline uint64_t full_halves(uint64_t sixteen)
{
    const uint64_t twice = sixteen & sixteen >> 1;
    return twice & twice >> 2 & UINT64_C(0x1111111111111111);
}

/* The sum of the frequencies of fewer than 32 postings, packed by halves from an even one on. They are
read as if they were 32: no step depends on how many there are, the processor would guess wrong. */
static uint64_t sum_of_halves(const Packed *freqs, int64_t at, int64_t count, int64_t *next)
{
    const uint64_t halves = UINT64_C(0x0F0F0F0F0F0F0F0F);
    uint64_t some[2];
    memcpy(some, freqs->high + at / 2, sizeof some);
    some[0] &= count < 16 ? (UINT64_C(1) << 4 * count) - 1 : UINT64_MAX;
    some[1] &= count < 16 ? 0 : (UINT64_C(1) << 4 * (count - 16)) - 1;
    uint64_t sum = sum_of_bytes((some[0] & halves) + (some[0] >> 4 & halves) + (some[1] & halves) +
                                (some[1] >> 4 & halves));
    if (!(full_halves(some[0]) | full_halves(some[1])) || !freqs->places->length)
        return sum;
    for (int n = 0; n < 2; n++)
        for (uint64_t full = full_halves(some[n]); full; full &= full - 1)
            sum += exception_at(freqs, at + 16 * n + lowest(full) / 4, next) - 15;
    return sum;
}

/* The sum of the frequencies of fewer than 32 postings, of which the first is an even one. */
static uint64_t frequencies_between(const Packed *freqs, int64_t at, int64_t end, int64_t *next)
{
    uint64_t sum = 0, eight;
    if (!freqs->low8 && at + 32 <= freqs->length)
        return sum_of_halves(freqs, at, end - at, next);
    for (; freqs->low8 && !freqs->places->length && at + 8 <= end; at += 8) {
        memcpy(&eight, freqs->low8 + at, 8);
        sum += sum_of_bytes(eight);
    }
    for (; at < end; at++)
        sum += packed_at(freqs, at, next);
    return sum;
}

#endif
