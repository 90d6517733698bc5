/* Whole numbers that take up fewer bits than their type: the twin of `Packed` in indexer/packed.py,
which says how they are laid out. */

#ifndef FIHRIS_PACKED_H
#define FIHRIS_PACKED_H

#include "arrays.h"

/* The arrays of some packed numbers, as kernels are given them. */
enum { LOW, HIGH, SHAPE, PLACES, VALUES, OF_PACKED };
#define PACKED "u* u1 u8 u* u*"

typedef struct {
    Py_ssize_t length;
    const uint8_t *low8; /* one of these two, or none */
    const uint16_t *low16;
    const uint8_t *high;
    unsigned low_bits, high_bits;
    uint32_t exceptional; /* what stands for an exception */
    const Array *places, *values;
} Packed;

/* Packed numbers of such arrays; 0 where these do not fit each other: the file is wrong. */
static int packed_of(Packed *packed, const Array *arrays)
{
    const Array *low = &arrays[LOW], *high = &arrays[HIGH], *shape = &arrays[SHAPE];
    if (shape->length != 2)
        return 0;
    const uint64_t *numbers = shape->data, width = numbers[0], count = numbers[1];
    if (width > 32 || count > (uint64_t)PY_SSIZE_T_MAX / 32)
        return 0;
    const unsigned low_bits = width < 8 ? 0 : width < 16 ? 8 : 16;
    const unsigned high_bits = (unsigned)width - low_bits;
    *packed = (Packed){.length = (Py_ssize_t)count,
                       .high = high->data,
                       .low_bits = low_bits,
                       .high_bits = high_bits,
                       .exceptional = (uint32_t)((UINT64_C(1) << width) - 1),
                       .places = &arrays[PLACES],
                       .values = &arrays[VALUES]};
    if (low_bits == 8)
        packed->low8 = low->data;
    else if (low_bits)
        packed->low16 = low->data;
    return (high_bits == 0 || high_bits == 1 || high_bits == 2 || high_bits == 4 ||
            high_bits == 8 || high_bits == 16) &&
           width && low->length == (low_bits ? packed->length : 0) &&
           (!low_bits || low->size * 8 == low_bits) &&
           (uint64_t)high->length == (count * high_bits + 7) / 8 &&
           arrays[PLACES].length == arrays[VALUES].length;
}

/* The high bits of a number. */
static inline uint32_t high_at(const Packed *packed, int64_t place)
{
    const unsigned bits = packed->high_bits;
    if (!bits)
        return 0;
    if (bits == 16)
        return packed->high[2 * place] | (uint32_t)packed->high[2 * place + 1] << 8;
    const uint64_t bit = (uint64_t)place * bits;
    return packed->high[bit >> 3] >> (bit & 7) & ((1u << bits) - 1);
}

/* A number, or what stands for an exception. */
static inline uint32_t code_at(const Packed *packed, int64_t place)
{
    const uint32_t low = packed->low16 ? packed->low16[place] : packed->low8 ? packed->low8[place] : 0;
    return low | high_at(packed, place) << packed->low_bits;
}

/* The first exception that is not before a place: by steps that double, from where it is likely to be,
then by halves; or by halves alone from 0 on, where nothing is known. */
static int64_t exception_from(const Array *places, uint64_t place, int64_t likely)
{
    int64_t low = 0, high = places->length, step = 1;
    if (likely > 0 && likely < high && number_at(places, likely) < place) {
        for (low = likely + 1; low + step <= high && number_at(places, low + step - 1) < place; step *= 2)
            low += step;
        high = low + step <= high ? low + step - 1 : high;
    } else if (likely > 0 && likely < high) {
        for (high = likely; step <= high && number_at(places, high - step) >= place; step *= 2)
            high -= step;
        low = step <= high ? high - step + 1 : 0;
    }
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (number_at(places, middle) < place)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The exception of a place; what stands for it if there is none.

next: where it is likely to be among the exceptions, and then the place of the one behind it: those of
ascending places are soonest found one after another. */
static uint64_t exception_at(const Packed *packed, int64_t place, int64_t *next)
{
    const Array *places = packed->places;
    int64_t at = *next;
    if (at >= places->length || number_at(places, at) != (uint64_t)place)
        at = *next = exception_from(places, (uint64_t)place, at);
    if (at == places->length || number_at(places, at) != (uint64_t)place)
        return packed->exceptional;
    *next = at + 1;
    return number_at(packed->values, at);
}

/* A number. */
static inline uint64_t packed_at(const Packed *packed, int64_t place, int64_t *next)
{
    const uint32_t code = code_at(packed, place);
    return code == packed->exceptional && packed->places->length ? exception_at(packed, place, next)
                                                                 : code;
}

#endif
