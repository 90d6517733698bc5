/* What adds to the scores of documents. */

#ifndef FIHRIS_SEARCH_FIND_H
#define FIHRIS_SEARCH_FIND_H

#include "common.h"

/* The postings of one word that are still to be read. */
typedef struct {
    int64_t at, end;
} Stretch;

/* One find that adds to scores (`Scored` of one segment). */
typedef struct {
    Array arrays[8];
    const uint32_t *docs;
    Array *freqs; /* numbers, or float32 */
    const float *norms;
    int64_t length, matching;
    float weight, factor;
    Array *words; /* NULL, or those of a deferred find, as in WORDS */
    int complete; /* of a deferred find: whether no other document holds any of its words */
} Find;

/* ids, weights; offsets, documents and frequencies of postings. */
#define WORDS "i8 f8 u* u4 u*"

/* Takes hold of a tuple (documents, frequencies, norms, matching, weight, factor), or of one with
the words of a deferred find besides: (…, ids, weights, offsets, documents, frequencies, complete). */
static int find_take(Find *find, PyObject *tuple, Py_ssize_t count)
{
    PyObject *parts[12];
    const Py_ssize_t size = PyTuple_Check(tuple) ? PyTuple_Size(tuple) : 0;
    if (size != 6 && size != 12) {
        PyErr_SetString(PyExc_TypeError, "a find is a tuple of six or twelve");
        return -1;
    }
    for (Py_ssize_t n = 0; n < size; n++)
        parts[n] = PyTuple_GetItem(tuple, n);
    find->matching = PyLong_AsLongLong(parts[3]);
    find->weight = (float)PyFloat_AsDouble(parts[4]);
    find->factor = (float)PyFloat_AsDouble(parts[5]);
    if (PyErr_Occurred() || arrays_take(find->arrays, parts, 3, "u4 ** f4") < 0)
        return -1;
    find->words = NULL;
    if (size == 12) {
        find->complete = PyObject_IsTrue(parts[11]) == 1;
        if (arrays_take(find->arrays + 3, parts + 6, 5, WORDS) < 0) {
            arrays_drop(find->arrays, 3);
            return -1;
        }
        find->words = find->arrays + 3;
    }
    find->docs = find->arrays[0].data;
    find->freqs = &find->arrays[1];
    find->norms = find->arrays[2].data;
    find->length = find->arrays[0].length;
    const char kind = find->freqs->kind;
    if (find->freqs->length != find->length || find->arrays[2].length != count ||
        find->matching < 0 || find->matching > find->length ||
        (kind != 'u' && !(kind == 'f' && find->freqs->size == 4))) {
        arrays_drop(find->arrays, size == 12 ? 8 : 3);
        PyErr_SetString(PyExc_TypeError, "the arrays of a find do not fit each other");
        return -1;
    }
    return 0;
}

static inline float frequency_at(const Find *find, int64_t place)
{
    if (find->freqs->kind == 'f')
        return ((const float *)find->freqs->data)[place];
    return (float)number_at(find->freqs, place) * find->weight;
}

static inline float score_of(const Find *find, float freq, uint32_t doc)
{
    return freq * find->factor / (freq + find->norms[doc]);
}

static void finds_drop(Find *finds, Py_ssize_t count)
{
    for (Py_ssize_t n = 0; n < count; n++)
        arrays_drop(finds[n].arrays, finds[n].words ? 8 : 3);
    free(finds);
}

/* Takes hold of a list of finds; NULL with an exception set. */
static Find *finds_take(PyObject *list, Py_ssize_t *length, Py_ssize_t count)
{
    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "finds come in a list");
        return NULL;
    }
    *length = PyList_Size(list);
    Find *finds = malloc(sizeof(Find) * (size_t)(*length + 1));
    if (!finds)
        return (Find *)PyErr_NoMemory();
    for (Py_ssize_t n = 0; n < *length; n++)
        if (find_take(&finds[n], PyList_GetItem(list, n), count) < 0) {
            finds_drop(finds, n);
            return NULL;
        }
    return finds;
}

static PyThreadState *let_others_for(const Find *finds, Py_ssize_t count)
{
    int64_t work = 0;
    for (Py_ssize_t n = 0; n < count; n++)
        work += finds[n].length;
    return let_others(work);
}

/* Adds up weight × frequency of the postings of a word in some documents; both ascend. */
static void add_word(double *sums, const uint32_t *wanted, int64_t count, const uint32_t *docs,
                     const Array *freqs, Stretch word, double weight)
{
    int64_t n = 0;
    while (n < count && word.at < word.end) {
        if (docs[word.at] < wanted[n]) {
            word.at = seek(docs, word.at, word.end, wanted[n]);
        } else if (docs[word.at] > wanted[n]) {
            n = seek(wanted, n, count, docs[word.at]);
        } else {
            sums[n++] += weight * (double)number_at(freqs, word.at++);
        }
    }
}

/* The same for several words (WORDS); gives 0 where the file is wrong. */
static int add_words(double *sums, const uint32_t *wanted, int64_t count, const Array *words)
{
    const Py_ssize_t length = words[0].length, postings = words[3].length;
    if (words[1].length != length || words[4].length != postings)
        return 0;
    for (int64_t n = 0; n < length; n++) {
        Stretch word;
        if (!bounds_of(&words[2], ((const int64_t *)words[0].data)[n], postings, &word.at, &word.end))
            return 0;
        add_word(sums, wanted, count, words[3].data, &words[4], word,
                 ((const double *)words[1].data)[n]);
    }
    return 1;
}

#endif
