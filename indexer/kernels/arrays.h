/* What all kernels share: numpy arrays as plain C arrays, with their types and borders checked.

Kernels see arrays through the buffer protocol alone, so that they are built against the stable
interface of Python 3.11 and need no headers of numpy. */

#ifndef FIHRIS_ARRAYS_H
#define FIHRIS_ARRAYS_H

#include "ahead.h"
#include <stdlib.h>

typedef struct {
    void *data;
    Py_ssize_t length; /* in items */
    Py_ssize_t size;   /* of an item, in bytes */
    char kind;         /* 'u', 'i' or 'f'; truth values are 'u' */
    Py_buffer view;
} Array;

/* Takes hold of the arguments as arrays; gives 0, or -1 with an exception set and nothing held.

spec has a word for each argument: 'u4' an array of uint32 (u1 also bool), 'i8' int64, 'f4', 'f8',
'**' of any type; with '=' before it, one that is written to. */
static int arrays_take(Array *arrays, PyObject *const *args, Py_ssize_t count, const char *spec);

/* Lets go of the first `count` arrays. */
static void arrays_drop(Array *arrays, Py_ssize_t count)
{
    for (Py_ssize_t n = 0; n < count; n++)
        PyBuffer_Release(&arrays[n].view);
}

static char array_kind(const char *format)
{
    while (*format == '<' || *format == '=' || *format == '@')
        format++;
    if (!format[0] || format[1])
        return 0;
    if (strchr("?BHILQ", *format))
        return 'u';
    if (strchr("bhilq", *format))
        return 'i';
    return strchr("fd", *format) ? 'f' : 0;
}

static int arrays_take(Array *arrays, PyObject *const *args, Py_ssize_t count, const char *spec)
{
    Py_ssize_t n = 0;
    while (*spec) {
        int writable = *spec == '=';
        spec += writable;
        char kind = spec[0], size = spec[1];
        if (n == count) {
            PyErr_SetString(PyExc_TypeError, "too few arrays");
            break;
        }
        Array *array = &arrays[n];
        int flags = PyBUF_FORMAT | PyBUF_ND | (writable ? PyBUF_WRITABLE : 0);
        if (PyObject_GetBuffer(args[n], &array->view, flags) < 0)
            break;
        n++;
        array->data = array->view.buf;
        array->size = array->view.itemsize;
        array->length = array->view.len / (array->size ? array->size : 1);
        array->kind = array_kind(array->view.format);
        if (array->view.ndim != 1 || !array->kind || (kind != '*' && array->kind != kind) ||
            (size != '*' && array->size != size - '0')) {
            PyErr_Format(PyExc_TypeError, "array %zd must be of one dimension and type %c%c", n - 1,
                         kind, size);
            break;
        }
        spec += 2;
        while (*spec == ' ')
            spec++;
    }
    if (!*spec && n == count)
        return 0;
    if (!PyErr_Occurred())
        PyErr_SetString(PyExc_TypeError, "too many arrays");
    arrays_drop(arrays, n);
    return -1;
}

/* Arrays of several tables, taken hold of once for many calls. */
typedef struct {
    Py_ssize_t count, width; /* tables, and arrays of each */
    Array *arrays;           /* those of one table after those of another */
} Held;

/* What is held under the name of its types, or NULL with an exception set. */
static inline const Held *held_of(PyObject *capsule, const char *spec)
{
    if (PyCapsule_IsValid(capsule, spec))
        return PyCapsule_GetPointer(capsule, spec);
    PyErr_Format(PyExc_TypeError, "tables of the types %s are needed", spec);
    return NULL;
}

/* A whole number of an array of unsigned numbers of any size. */
static inline uint64_t number_at(const Array *array, int64_t place)
{
    switch (array->size) {
    case 1:
        return ((const uint8_t *)array->data)[place];
    case 2:
        return ((const uint16_t *)array->data)[place];
    case 4:
        return ((const uint32_t *)array->data)[place];
    default:
        return ((const uint64_t *)array->data)[place];
    }
}

/* What will be looked at soon may be on its way meanwhile: most of what a lexicon is asked for is in
no cache. */
static inline void prefetch(const Array *array, int64_t place)
{
    prefetch_from((const char *)array->data + place * array->size);
}

/* The lexicon of the word of a number, and its id there. */
typedef struct {
    Py_ssize_t lexicon;
    int64_t id;
} Place;

/* Finds the place of a word among `count` lexicons, from the place of another on, which most likely
is near; 0 where there is none.

bases: the number of the first word of each lexicon, and behind them how many words there are. */
static inline int place_of_word(const Array *bases, Py_ssize_t count, int64_t number, Place *place)
{
    const int64_t *base = bases->data;
    if (bases->length <= count || !count)
        return 0;
    Py_ssize_t at = number < base[place->lexicon] ? 0 : place->lexicon;
    while (at < count && number >= base[at + 1])
        at++;
    if (at == count || number < base[at])
        return 0;
    *place = (Place){at, number - base[at]};
    return 1;
}

#endif
