/* Ascending lists of documents: the twins of `_in_all` and `_among` in search/execute.py. */

#include "common.h"

/* intersect(first, second, ...) -> the documents (uint32) that are in all of some ascending lists,
each at most once in each, as bytes. */
static PyObject *intersect(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    static const char all[] = "u4 u4 u4 u4 u4 u4 u4 u4";
    Array a[8];
    if (nargs < 1 || nargs > 8) {
        PyErr_SetString(PyExc_TypeError, "one to eight lists are needed");
        return NULL;
    }
    if (arrays_take(a, args, nargs, all + 3 * (8 - nargs)) < 0)
        return NULL;
    Py_ssize_t shortest = 0;
    for (Py_ssize_t n = 1; n < nargs; n++)
        if (a[n].length < a[shortest].length)
            shortest = n;
    const Array first = a[shortest];
    PyObject *found = PyByteArray_FromStringAndSize(NULL, first.length * 4);
    if (found) {
        uint32_t *out = (uint32_t *)PyByteArray_AsString(found);
        const uint32_t *docs = first.data;
        int64_t count = 0, at[8] = {0};
        PyThreadState *others = let_others(first.length * nargs * 4);
        for (Py_ssize_t n = 0; n < first.length; n++) {
            int everywhere = 1;
            for (Py_ssize_t k = 0; everywhere && k < nargs; k++) {
                if (k == shortest)
                    continue;
                const uint32_t *other = a[k].data;
                at[k] = seek(other, at[k], a[k].length, docs[n]);
                everywhere = at[k] < a[k].length && other[at[k]] == docs[n];
            }
            if (everywhere)
                out[count++] = docs[n];
        }
        go_on(others);
        if (PyByteArray_Resize(found, (Py_ssize_t)count * 4) < 0)
            Py_CLEAR(found);
    }
    arrays_drop(a, nargs);
    return found;
}
