/* Sorting whole numbers: the twins of `ascend` and `order_of_small` in indexer/stretches.py. */

#include "sorting.h"

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
