/* The hash of a string: the twin of `hash_of` in indexer/hashing.py. */

#include "arrays.h"

/* Of so many places the code points are multiplied by different numbers. */
#define MULTIPLIERS 1024
#define MIXER UINT64_C(0xD6E8FEB86659FD93)

/* One of them, by SplitMix64. */
static inline uint64_t multiplier(Py_ssize_t place)
{
    uint64_t state = (uint64_t)(place % MULTIPLIERS + 1) * UINT64_C(0x9E3779B97F4A7C15);
    state = (state ^ state >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    state = (state ^ state >> 27) * UINT64_C(0x94D049BB133111EB);
    return (state ^ state >> 31) | 1;
}

/* hash_of(string, namespace) -> the hash of a string in a namespace. */
static PyObject *hash_of(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 2 || !PyUnicode_Check(args[0])) {
        PyErr_SetString(PyExc_TypeError, "a string and a namespace are needed");
        return NULL;
    }
    const unsigned long long space = PyLong_AsUnsignedLongLong(args[1]);
    const Py_ssize_t length = PyUnicode_GetLength(args[0]);
    if (PyErr_Occurred())
        return NULL;
    uint64_t sum = (space + 1) * MIXER;
    for (Py_ssize_t n = 0; n < length; n++)
        sum += ((uint64_t)PyUnicode_ReadChar(args[0], n) + 1) * multiplier(n);
    sum = (sum ^ sum >> 32) * MIXER;
    return PyLong_FromUnsignedLongLong(sum ^ sum >> 32);
}
