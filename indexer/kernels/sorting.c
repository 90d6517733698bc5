/* Sorting whole numbers: the twins of `ascend` and `order_of_small` in indexer/stretches.py. */

#include "arrays.h"

/* So few numbers are soonest put in order one by one. */
#define FEW 48

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
        if (count <= FEW) {
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

/* rank(values, counts, order): the places of numbers (uint32) in ascending order, of equal ones the
earlier first, by counting: `order_of_small` there. counts has a 0 for each number up to the largest;
IndexError when one is beyond. */
static PyObject *rank(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Array a[3];
    if (arrays_take(a, args, count, "u4 =u4 =i8") < 0)
        return NULL;
    const uint32_t *values = a[0].data;
    uint32_t *at = a[1].data;
    int64_t *order = a[2].data;
    const Py_ssize_t length = a[0].length;
    int within = length == a[2].length && length <= UINT32_MAX;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t n = 0; within && n < length; n++) {
        within = values[n] < a[1].length;
        if (within)
            at[values[n]]++;
    }
    uint32_t begin = 0;
    for (Py_ssize_t n = 0; within && n < a[1].length; n++) {
        const uint32_t own = at[n];
        at[n] = begin;
        begin += own;
    }
    /* Counts that were not 0 would lead anywhere. */
    within = within && begin == length;
    for (Py_ssize_t n = 0; within && n < length; n++)
        order[at[values[n]]++] = n;
    Py_END_ALLOW_THREADS
    arrays_drop(a, 3);
    if (!within) {
        PyErr_SetString(PyExc_IndexError, "numbers are beyond those that are counted");
        return NULL;
    }
    Py_RETURN_NONE;
}

/* sort(values): puts numbers (uint64) in ascending order where they stand. */
static PyObject *sort(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Array a[1];
    if (arrays_take(a, args, count, "=u8") < 0)
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    sort_from(a[0].data, a[0].length, 56);
    Py_END_ALLOW_THREADS
    arrays_drop(a, 1);
    Py_RETURN_NONE;
}
