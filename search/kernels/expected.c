/* Asks for what is read soon, as search/readahead.py says. */

#include "../../indexer/kernels/arrays.h"

/* expect(values, starts, ends)

Asks the system for some stretches of an array that is a file's (int64); those that are not within it are
passed over, whoever reads them tells. */
static PyObject *expect(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array a[3];
    if (arrays_take(a, args, nargs, "** i8 i8") < 0)
        return NULL;
    const Array *values = &a[0];
    const int64_t *starts = a[1].data, *ends = a[2].data;
    for (Py_ssize_t n = 0; n < a[1].length && n < a[2].length; n++)
        if (starts[n] >= 0 && starts[n] < ends[n] && ends[n] <= values->length)
            ask_for((const char *)values->data + starts[n] * values->size,
                    (size_t)((ends[n] - starts[n]) * values->size));
    arrays_drop(a, 3);
    Py_RETURN_NONE;
}

/* Some pages, spread over a file. */
#define SPREAD 16

/* in_memory(values)

Whether some pages, spread over an array that is a file's, are all in memory. What the system does not tell (of files
that others own) is taken to be. */
static PyObject *in_memory(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array values;
    if (arrays_take(&values, args, nargs, "**") < 0)
        return NULL;
    int there = 1;
#if defined(__linux__)
    const uintptr_t size = (uintptr_t)sysconf(_SC_PAGESIZE), begin = (uintptr_t)values.data;
    const uintptr_t bytes = (uintptr_t)(values.length * values.size);
    for (uintptr_t n = 0; there && bytes && n < SPREAD; n++) {
        unsigned char page = 1;
        const uintptr_t address = begin + bytes / SPREAD * n;
        there = mincore((void *)(address / size * size), 1, &page) < 0 || (page & 1);
    }
#endif
    arrays_drop(&values, 1);
    return PyBool_FromLong(there);
}
