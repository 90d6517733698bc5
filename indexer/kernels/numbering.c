/* Numbers for distinct keys: the twin of `Numbering.number` in indexer/numbering.py. */

#include "arrays.h"

#define AHEAD 16 /* keys whose slots are fetched before they are needed */

static const uint64_t SPREAD = 0x9E3779B97F4A7C15u; /* as there */

/* number(keys, known, table_keys, table_numbers, numbers, new): looks keys up in a table of open
addresses of 2ⁿ slots that holds `known` of them, and gives those that are not there the next
numbers. A key of 0 stands for none and gets -1. Writes the place of each key that was new into
`new` and gives how many there are; IndexError when the table has no room for all of them. */
static PyObject *number(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Array a[6];
    if (arrays_take(a, args, count, "u8 i8 =u8 =i4 =i8 =i8") < 0)
        return NULL;
    const uint64_t *keys = a[0].data;
    uint64_t *slots = a[2].data;
    int32_t *of_slot = a[3].data;
    int64_t *numbers = a[4].data, *fresh = a[5].data;
    const Py_ssize_t length = a[0].length, size = a[2].length;
    int within = a[1].length == 1 && size >= 2 && !(size & (size - 1)) && a[3].length == size &&
                 a[4].length == length && a[5].length == length;
    int64_t next = within ? *(const int64_t *)a[1].data : 0;
    within = within && next >= 0 && next < size && length < size - next && size <= INT32_MAX;
    Py_ssize_t found = 0;
    Py_BEGIN_ALLOW_THREADS
    int shift = 64;
    for (Py_ssize_t left = size; left > 1; left >>= 1)
        shift--;
    const uint64_t last = (uint64_t)size - 1;
    for (Py_ssize_t n = 0; within && n < length; n++) {
        if (n + AHEAD < length) {
            const uint64_t slot = keys[n + AHEAD] * SPREAD >> shift;
            __builtin_prefetch(&slots[slot]);
            __builtin_prefetch(&of_slot[slot]);
        }
        const uint64_t key = keys[n];
        if (!key) {
            numbers[n] = -1;
            continue;
        }
        uint64_t slot = key * SPREAD >> shift;
        while (slots[slot] && slots[slot] != key)
            slot = (slot + 1) & last;
        if (!slots[slot]) {
            slots[slot] = key;
            of_slot[slot] = (int32_t)next++;
            fresh[found++] = n;
        }
        numbers[n] = of_slot[slot];
    }
    Py_END_ALLOW_THREADS
    arrays_drop(a, 6);
    if (!within) {
        PyErr_SetString(PyExc_IndexError, "the table of numbers has no room");
        return NULL;
    }
    return PyLong_FromSsize_t(found);
}
