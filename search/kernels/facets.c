/* How many documents have each value: the twin of `_count` in search/facets.py. */

#include "common.h"

/* Adds one to the count of the code of each of some documents; gives 0 where a document has no code,
or a code no count. */
#define COUNT(TYPE)                                                                                \
    for (int64_t n = 0; n < length; n++) {                                                         \
        const uint64_t code = (uint64_t)docs[n] < (uint64_t)known                                  \
                                  ? ((const TYPE *)codes->data)[docs[n]]                           \
                                  : UINT64_MAX;                                                    \
        if (code >= (uint64_t)values)                                                              \
            return 0;                                                                              \
        counts[code]++;                                                                            \
    }                                                                                              \
    return 1;

static int count_codes(const int64_t *docs, int64_t length, const Array *codes, int64_t *counts,
                       int64_t values)
{
    const int64_t known = codes->length;
    switch (codes->size) {
    case 1:
        COUNT(uint8_t)
    case 2:
        COUNT(uint16_t)
    case 4:
        COUNT(uint32_t)
    default:
        COUNT(uint64_t)
    }
}

/* count_values(docs, codes, counts)

Adds to the counts (int64) of values how many of some documents (int64) have each; codes: of the value
of each document. */
static PyObject *count_values(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array a[3];
    if (arrays_take(a, args, nargs, "i8 u* =i8") < 0)
        return NULL;
    PyThreadState *others = let_others(a[0].length);
    const int right = count_codes(a[0].data, a[0].length, &a[1], a[2].data, a[2].length);
    go_on(others);
    arrays_drop(a, 3);
    if (!right)
        return PyErr_SetString(PyExc_IndexError, "a document has no value of those known"), NULL;
    Py_RETURN_NONE;
}
