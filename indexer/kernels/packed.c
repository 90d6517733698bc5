/* Reading packed numbers: the twin of what `Packed` in indexer/packed.py does with numpy. */

#include "packed.h"

enum {
    CODES = 256, /* read at a time: they stay in the nearest cache */
    FEW = 8,     /* numbers that are soonest read one by one */
};

/* Adds the high bits of some numbers from a place on, the first of a byte, to their low ones. */
static void add_high(const Packed *packed, int64_t place, Py_ssize_t count, uint32_t *codes)
{
    const unsigned bits = packed->high_bits, shift = packed->low_bits;
    const uint8_t *high = packed->high + place * bits / 8;
    const uint32_t one = UINT32_C(1) << shift;
    Py_ssize_t n = 0;
    switch (bits) {
    case 1:
        for (; n + 8 <= count; n += 8)
            for (unsigned bit = 0, byte = *high++; bit < 8; bit++)
                codes[n + bit] |= byte & 1u << bit ? one : 0;
        break;
    case 2:
        for (; n + 4 <= count; n += 4, high++)
            for (unsigned pair = 0; pair < 4; pair++)
                codes[n + pair] |= (uint32_t)(*high >> 2 * pair & 3) << shift;
        break;
    case 4:
        for (; n + 2 <= count; n += 2, high++) {
            codes[n] |= (uint32_t)(*high & 15) << shift;
            codes[n + 1] |= (uint32_t)(*high >> 4) << shift;
        }
        break;
    case 8:
        for (; n < count; n++)
            codes[n] |= (uint32_t)high[n] << shift;
        break;
    }
    for (; bits && n < count; n++)
        codes[n] |= high_at(packed, place + n) << shift;
}

/* Reads some numbers, or what stands for exceptions, from a place on, the first of a byte. */
static void read_codes(const Packed *packed, int64_t place, Py_ssize_t count, uint32_t *codes)
{
    if (packed->low16)
        for (Py_ssize_t n = 0; n < count; n++)
            codes[n] = packed->low16[place + n];
    else if (packed->low8)
        for (Py_ssize_t n = 0; n < count; n++)
            codes[n] = packed->low8[place + n];
    else
        memset(codes, 0, (size_t)count * sizeof *codes);
    add_high(packed, place, count, codes);
}

/* Whether an exception may be among some codes. */
static int exceptional_in(const Packed *packed, const uint32_t *codes, Py_ssize_t count)
{
    if (!packed->places->length)
        return 0;
    uint32_t found = 0;
    for (Py_ssize_t n = 0; n < count; n++)
        found |= codes[n] == packed->exceptional;
    return found != 0;
}

static inline void put(const Array *out, int64_t place, uint64_t number)
{
    switch (out->size) {
    case 1:
        ((uint8_t *)out->data)[place] = (uint8_t)number;
        break;
    case 4:
        ((uint32_t *)out->data)[place] = (uint32_t)number;
        break;
    default:
        ((uint64_t *)out->data)[place] = number;
    }
}

/* Writes the numbers from a place up to an end to a place of the output on. */
static void unpack_stretch(const Packed *packed, int64_t place, int64_t end, const Array *out,
                           int64_t to, int64_t *next)
{
    uint32_t codes[CODES];
    /* Up to the first number of a byte of high bits. */
    int64_t first = end - place < FEW ? end : (place + 7) & ~INT64_C(7);
    for (; place < first; place++)
        put(out, to++, packed_at(packed, place, next));
    while (place < end) {
        const Py_ssize_t count = end - place < CODES ? (Py_ssize_t)(end - place) : CODES;
        read_codes(packed, place, count, codes);
        if (out->size == 4)
            memcpy((uint32_t *)out->data + to, codes, (size_t)count * sizeof *codes);
        else if (out->size == 1)
            for (Py_ssize_t n = 0; n < count; n++)
                ((uint8_t *)out->data)[to + n] = (uint8_t)codes[n];
        else
            for (Py_ssize_t n = 0; n < count; n++)
                ((uint64_t *)out->data)[to + n] = codes[n];
        if (exceptional_in(packed, codes, count))
            for (Py_ssize_t n = 0; n < count; n++)
                if (codes[n] == packed->exceptional)
                    put(out, to + n, exception_at(packed, place + n, next));
        place += count;
        to += count;
    }
}

/* The end of all kernels: lets go of the arrays, and tells what was wrong. */
static PyObject *unpacked(Array *arrays, Py_ssize_t count, int fits, int within)
{
    arrays_drop(arrays, count);
    if (fits && within)
        Py_RETURN_NONE;
    PyErr_SetString(PyExc_IndexError, fits ? "a place is not within the packed numbers"
                                           : "the arrays of packed numbers do not fit each other");
    return NULL;
}

static int takes_numbers(const Array *out)
{
    return out->size == 1 || out->size == 4 || out->size == 8;
}

/* unpack(low, high, shape, places, values, starts, ends, out, which): writes the numbers from
starts[n] up to ends[n], one stretch after another, to out (uint8, uint32 or uint64), and n for each
of them to which, unless that is empty. out must hold exactly as many; IndexError when a stretch is
not within the numbers, or the arrays do not fit each other. */
static PyObject *unpack(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Array a[OF_PACKED + 4];
    if (arrays_take(a, args, count, PACKED " i8 i8 =u* =i8") < 0)
        return NULL;
    const Array *starts = &a[OF_PACKED], *ends = starts + 1, *out = ends + 1, *which = out + 1;
    Packed packed;
    int fits = packed_of(&packed, a) && takes_numbers(out) && starts->length == ends->length &&
               (!which->length || which->length == out->length);
    int within = fits;
    Py_ssize_t at = 0;
    int64_t next = 0;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t n = 0; within && n < starts->length; n++) {
        const int64_t start = ((int64_t *)starts->data)[n], end = ((int64_t *)ends->data)[n];
        within = 0 <= start && start <= end && end <= packed.length &&
                 end - start <= out->length - at;
        if (!within)
            break;
        unpack_stretch(&packed, start, end, out, at, &next);
        if (which->length)
            for (int64_t k = 0; k < end - start; k++)
                ((int64_t *)which->data)[at + k] = n;
        at += end - start;
    }
    Py_END_ALLOW_THREADS
    return unpacked(a, OF_PACKED + 4, fits, within && at == out->length);
}

/* lay(low, high, shape, places, values, starts, ends, at, known, out): writes the numbers from
starts[n] up to ends[n] to out from at[n] on; where known (uint32) is not empty, what it has for each
of them, and out is of uint32 then. IndexError also where that is not within known or out. */
static PyObject *lay(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Array a[OF_PACKED + 5];
    if (arrays_take(a, args, count, PACKED " i8 i8 i8 u4 =u*") < 0)
        return NULL;
    const Array *starts = &a[OF_PACKED], *ends = starts + 1, *at = ends + 1;
    const Array *known = at + 1, *out = known + 1;
    Packed packed;
    int fits = packed_of(&packed, a) && takes_numbers(out) && starts->length == ends->length &&
               starts->length == at->length && (!known->length || out->size == 4);
    int within = fits;
    int64_t next = 0;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t n = 0; within && n < starts->length; n++) {
        const int64_t start = ((int64_t *)starts->data)[n], end = ((int64_t *)ends->data)[n];
        const int64_t to = ((int64_t *)at->data)[n];
        within = 0 <= start && start <= end && end <= packed.length && 0 <= to &&
                 to <= out->length && end - start <= out->length - to;
        if (!within)
            break;
        unpack_stretch(&packed, start, end, out, to, &next);
        uint32_t *numbers = (uint32_t *)out->data + to;
        for (int64_t k = 0; known->length && within && k < end - start; k++) {
            within = numbers[k] < known->length;
            if (within)
                numbers[k] = ((const uint32_t *)known->data)[numbers[k]];
        }
    }
    Py_END_ALLOW_THREADS
    return unpacked(a, OF_PACKED + 5, fits, within);
}

/* pick(low, high, shape, places, values, wanted, out): writes the numbers of any places to out
(uint8, uint32 or uint64), which must be as long; IndexError as for `unpack`. */
static PyObject *pick(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Array a[OF_PACKED + 2];
    if (arrays_take(a, args, count, PACKED " i8 =u*") < 0)
        return NULL;
    const Array *wanted = &a[OF_PACKED], *out = wanted + 1;
    Packed packed;
    int fits = packed_of(&packed, a) && takes_numbers(out) && wanted->length == out->length;
    int within = fits;
    int64_t next = 0;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t n = 0; within && n < wanted->length; n++) {
        const int64_t place = ((int64_t *)wanted->data)[n];
        within = 0 <= place && place < packed.length;
        if (within)
            put(out, n, packed_at(&packed, place, &next));
    }
    Py_END_ALLOW_THREADS
    return unpacked(a, OF_PACKED + 2, fits, within);
}
