/* Gathering many stretches of an array at once: the twin of `stretches` in indexer/stretches.py. */

#include "arrays.h"

/* gather(values, starts, ends, out, which): copies values[starts[n]:ends[n]] one after another into
out, and n for each of them into which, unless that is empty. out must hold exactly as many;
IndexError when a stretch is not within the values. */
static PyObject *gather(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Array a[5];
    if (arrays_take(a, args, count, "** i8 i8 =** =i8") < 0)
        return NULL;
    const int64_t *starts = a[1].data, *ends = a[2].data;
    int64_t *which = a[4].data;
    const Py_ssize_t size = a[0].size;
    Py_ssize_t at = 0;
    int within = a[1].length == a[2].length && a[3].size == size &&
                 (!a[4].length || a[3].length == a[4].length);
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t n = 0; within && n < a[1].length; n++) {
        const int64_t start = starts[n], length = ends[n] - starts[n];
        within = start >= 0 && length >= 0 && ends[n] <= a[0].length && length <= a[3].length - at;
        if (!within)
            break;
        memcpy((char *)a[3].data + at * size, (const char *)a[0].data + start * size,
               (size_t)(length * size));
        for (int64_t k = 0; a[4].length && k < length; k++)
            which[at + k] = n;
        at += length;
    }
    Py_END_ALLOW_THREADS
    within = within && at == a[3].length;
    arrays_drop(a, 5);
    if (!within) {
        PyErr_SetString(PyExc_IndexError, "a stretch is not within the values");
        return NULL;
    }
    Py_RETURN_NONE;
}
