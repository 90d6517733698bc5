/* What the kernels of the search share: borders, bytes that grow, and when other threads run. */

#ifndef FIHRIS_SEARCH_COMMON_H
#define FIHRIS_SEARCH_COMMON_H

#include "../../indexer/kernels/arrays.h"
#include <stdlib.h>

/* Where the postings of a word begin and end, by an array of offsets; 0 where the file is wrong. */
static inline int bounds_of(const Array *offsets, int64_t id, Py_ssize_t postings, int64_t *start,
                            int64_t *end)
{
    if (id < 0 || id + 1 >= offsets->length)
        return 0;
    *start = (int64_t)number_at(offsets, id);
    *end = (int64_t)number_at(offsets, id + 1);
    return *start >= 0 && *start <= *end && *end <= postings;
}

/* The first place from `at` on, before `end`, whose document is not before `doc`: by steps that
double, then by halves. */
static inline int64_t seek(const uint32_t *docs, int64_t at, int64_t end, uint32_t doc)
{
    int64_t step = 1, low = at;
    while (at + step < end && docs[at + step] < doc) {
        low = at + step;
        step <<= 1;
    }
    int64_t high = at + step < end ? at + step : end;
    while (low < high) {
        const int64_t middle = low + (high - low) / 2;
        if (docs[middle] < doc)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The place of the lowest bit that is set. */
static inline int lowest(uint64_t word)
{
#if defined(__GNUC__) || defined(__clang__)
    return __builtin_ctzll(word);
#else
    int n = 0;
    while (!(word >> n & 1))
        n++;
    return n;
#endif
}

/* Bytes that grow. `failed` is set when memory runs out, and then nothing more is kept. */
typedef struct {
    char *data;
    size_t used, room;
    int failed;
} Growing;

static inline void *grow(Growing *bytes, size_t more)
{
    if (bytes->used + more > bytes->room) {
        const size_t room = (bytes->used + more) * 2 + 1024;
        char *data = bytes->failed ? NULL : realloc(bytes->data, room);
        if (!data) {
            bytes->failed = 1;
            return NULL;
        }
        bytes->data = data;
        bytes->room = room;
    }
    void *at = bytes->data + bytes->used;
    bytes->used += more;
    return at;
}

/* The bytes as a Python object, and lets go of them. */
static PyObject *grown(Growing *bytes)
{
    PyObject *found =
        bytes->failed ? PyErr_NoMemory()
                      : PyByteArray_FromStringAndSize(bytes->data, (Py_ssize_t)bytes->used);
    free(bytes->data);
    return found;
}

static PyObject *altered(void)
{
    PyErr_SetString(PyExc_IndexError, "the postings of a word are not within the file");
    return NULL;
}

/* Lets go of the bytes where the file is wrong. */
static PyObject *refused(Growing *bytes)
{
    free(bytes->data);
    return altered();
}

/* So many things are looked up at a time: while one waits for memory, others do too. */
#define TOGETHER 16

/* Other threads may run while a kernel has much to do; to change over costs more than a little
work takes. */
#define MUCH (1 << 17)

static inline PyThreadState *let_others(int64_t work)
{
    return work > MUCH ? PyEval_SaveThread() : NULL;
}

static inline void go_on(PyThreadState *state)
{
    if (state)
        PyEval_RestoreThread(state);
}

#endif
