/* The best of many scored documents, and these as Python takes them: the twin of `ranked` in
search/best.py. */

#ifndef FIHRIS_SEARCH_BEST_H
#define FIHRIS_SEARCH_BEST_H

#include "common.h"

/* The best so far, as a heap whose root is the least of them. Of equal scores the document whose id
has the lower code is the better one. */
typedef struct {
    float score;
    uint32_t doc;
} Ranked;

typedef struct {
    Ranked *heap;
    int64_t count, limit;
    const uint32_t *codes;
} Best;

static inline int worse(const Best *best, Ranked one, Ranked other)
{
    return one.score < other.score ||
           (one.score == other.score && best->codes[one.doc] > best->codes[other.doc]);
}

/* Puts another in the place of the root, and down from there to where it belongs. */
static void best_sift(Best *best, Ranked new)
{
    Ranked *heap = best->heap;
    int64_t at = 0;
    for (;;) {
        int64_t child = 2 * at + 1;
        if (child >= best->count)
            break;
        if (child + 1 < best->count && worse(best, heap[child + 1], heap[child]))
            child++;
        if (!worse(best, heap[child], new))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = new;
}

/* Adds one while there is room. */
static void best_add(Best *best, Ranked new)
{
    Ranked *heap = best->heap;
    int64_t at = best->count++;
    for (; at && worse(best, new, heap[(at - 1) / 2]); at = (at - 1) / 2)
        heap[at] = heap[(at - 1) / 2];
    heap[at] = new;
}

static inline void best_see(Best *best, float score, uint32_t doc)
{
    const Ranked new = {score, doc};
    if (best->count < best->limit)
        best_add(best, new);
    else if (best->limit && worse(best, best->heap[0], new))
        best_sift(best, new);
}

/* Takes the best of some scored documents, and counts them; gives 0 where one is not below `count`. */
static int see_all(Best *best, const float *scores, const uint32_t *docs, int64_t length,
                   const uint8_t *gone, int64_t count, int64_t *live)
{
    for (int64_t n = 0; n < length; n++) {
        if (docs[n] >= count)
            return 0;
        if (gone && gone[docs[n]])
            continue;
        ++*live;
        best_see(best, scores[n], docs[n]);
    }
    return 1;
}

/* Whether a type is one of tuples, as `best_list` wants it; else an exception is set. */
static int is_row(PyObject *type)
{
    if (PyType_Check(type) && PyType_IsSubtype((PyTypeObject *)type, &PyTuple_Type))
        return 1;
    PyErr_SetString(PyExc_TypeError, "hits are of a type of tuples");
    return 0;
}

static int best_begin(Best *best, int64_t limit, int64_t most, const uint32_t *codes)
{
    best->count = 0;
    best->limit = limit < 0 ? 0 : limit < most ? limit : most;
    best->codes = codes;
    best->heap = malloc(sizeof(Ranked) * (size_t)(best->limit + 1));
    return best->heap ? 0 : (PyErr_NoMemory(), -1);
}

/* A row (segment, document, score) of a type of tuples, made without asking that type. */
static PyObject *best_row(PyObject *type, int64_t number, const Ranked *ranked)
{
    PyObject *row = PyType_GenericAlloc((PyTypeObject *)type, 3);
    PyObject *segment = row ? PyLong_FromLongLong(number) : NULL;
    PyObject *doc = segment ? PyLong_FromUnsignedLong(ranked->doc) : NULL;
    PyObject *score = doc ? PyFloat_FromDouble(ranked->score) : NULL;
    if (!score) {
        Py_XDECREF(segment);
        Py_XDECREF(doc);
        Py_XDECREF(row);
        return NULL;
    }
    PyTuple_SetItem(row, 0, segment);
    PyTuple_SetItem(row, 1, doc);
    PyTuple_SetItem(row, 2, score);
    return row;
}

/* Takes the least of the best away, which is the root. */
static Ranked best_pop(Best *best)
{
    const Ranked least = best->heap[0];
    best_sift(best, best->heap[--best->count]);
    return least;
}

/* The best as a list of such rows, the best first; lets go of the heap. */
static PyObject *best_list(Best *best, int64_t number, PyObject *type)
{
    const int64_t count = best->count;
    PyObject *list = PyList_New((Py_ssize_t)count);
    for (int64_t n = count - 1; list && n >= 0; n--) {
        const Ranked least = best_pop(best);
        PyObject *row = best_row(type, number, &least);
        if (!row)
            Py_CLEAR(list);
        else
            PyList_SetItem(list, (Py_ssize_t)n, row);
    }
    free(best->heap);
    best->heap = NULL;
    return list;
}

/* The answer of a kernel: these and how many there are, or an exception where the file is wrong. */
static PyObject *best_answer(Best *best, int right, int64_t number, PyObject *type, int64_t live)
{
    PyObject *list = best_list(best, number, type);
    if (right && list)
        return Py_BuildValue("(NL)", list, (long long)live);
    Py_XDECREF(list);
    return right ? NULL : altered();
}

#endif
