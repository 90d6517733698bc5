/* The strings of a lexicon, one behind the other. */

#ifndef FIHRIS_STRINGS_H
#define FIHRIS_STRINGS_H

#include "arrays.h"

/* So many are looked up at a time: while one waits for memory, others do too. */
#define TOGETHER 16

static PyObject *outside(void)
{
    PyErr_SetString(PyExc_IndexError, "a word is not within the lexicon");
    return NULL;
}

/* Where a string begins and ends among the bytes of all; 0 where the file is wrong. */
static int string_at(const Array *offsets, int64_t rank, int64_t bytes, int64_t *start, int64_t *end)
{
    *start = (int64_t)number_at(offsets, rank);
    *end = (int64_t)number_at(offsets, rank + 1);
    return *start >= 0 && *start <= *end && *end <= bytes;
}

#endif
