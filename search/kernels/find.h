/* What adds to the scores of documents. */

#ifndef FIHRIS_SEARCH_FIND_H
#define FIHRIS_SEARCH_FIND_H

#include "postings.h"

/* The documents of a set so far. */
typedef struct {
    uint32_t *docs;
    float *sums;
    int64_t count;
} Listed;

/* Words whose postings are read for some documents only. */
typedef struct {
    const int64_t *ids;
    const double *weights;
    int64_t count;
    const Postings *postings;
    const Stretch *stretches; /* their postings, or NULL where these are still to be looked up */
} Words;

/* The postings of one of them; 0 where the file is wrong. */
static inline int stretch_at(const Words *words, int64_t n, Stretch *word)
{
    if (!words->stretches)
        return stretch_of(words->postings, words->ids[n], word);
    *word = words->stretches[n];
    return 1;
}

/* One find that adds to scores (`Scored` of one segment). */
typedef struct {
    const uint32_t *docs;
    const Postings *postings; /* or NULL; the documents are those of one word if it is given: */
    Stretch word;
    Array freqs; /* of the documents that are listed: numbers, or float32 */
    const float *norms;
    int64_t length, matching;
    float weight, factor;
    int deferred; /* whether frequencies are those of `words`, read when they are needed, and */
    int complete; /* whether no other document holds any of these */
    Words words;
} Find;

/* What a find takes hold of: its own three arrays, and those of its words, with their postings. */
#define FIND_ARRAYS 5
typedef struct {
    Array arrays[FIND_ARRAYS];
    Postings postings;
} FindHeld;

/* Takes hold of a tuple (documents, frequencies, norms, matching, weight, factor), or of one with
the words of a deferred find besides: (…, ids, weights, postings, complete). Gives -1 with an
exception set and nothing held. */
static int find_take(Find *find, FindHeld *own, PyObject *tuple, Py_ssize_t count)
{
    PyObject *parts[10];
    Array *arrays = own->arrays;
    const Py_ssize_t size = PyTuple_Check(tuple) ? PyTuple_Size(tuple) : 0;
    if (size != 6 && size != 10) {
        PyErr_SetString(PyExc_TypeError, "a find is a tuple of six or ten");
        return -1;
    }
    for (Py_ssize_t n = 0; n < size; n++)
        parts[n] = PyTuple_GetItem(tuple, n);
    find->matching = PyLong_AsLongLong(parts[3]);
    find->weight = (float)PyFloat_AsDouble(parts[4]);
    find->factor = (float)PyFloat_AsDouble(parts[5]);
    if (PyErr_Occurred() || arrays_take(arrays, parts, 3, "u4 ** f4") < 0)
        return -1;
    Py_ssize_t held = 3;
    int right = 1;
    find->deferred = size == 10;
    find->postings = NULL;
    if (find->deferred) {
        find->complete = PyObject_IsTrue(parts[9]) == 1;
        if (!postings_held(&own->postings, parts[8]) ||
            arrays_take(arrays + 3, parts + 6, 2, "i8 f8") < 0) {
            arrays_drop(arrays, 3);
            return -1;
        }
        held = FIND_ARRAYS;
        find->words = (Words){arrays[3].data, arrays[4].data, arrays[3].length, &own->postings, NULL};
        right = arrays[4].length == arrays[3].length;
    }
    find->docs = arrays[0].data;
    find->freqs = arrays[1];
    find->norms = arrays[2].data;
    find->length = arrays[0].length;
    const char kind = find->freqs.kind;
    if (!right || find->freqs.length != find->length || arrays[2].length != count ||
        find->matching < 0 || find->matching > find->length ||
        (kind != 'u' && !(kind == 'f' && find->freqs.size == 4))) {
        arrays_drop(arrays, held);
        PyErr_SetString(PyExc_TypeError, "the arrays of a find do not fit each other");
        return -1;
    }
    return 0;
}

/* How often the document of a place is found: one of the listed documents, or a posting. */
static inline float frequency_at(const Find *find, int64_t place, int64_t *next)
{
    if (find->postings)
        return (float)packed_at(&find->postings->freqs, place, next) * find->weight;
    if (find->freqs.kind == 'f')
        return ((const float *)find->freqs.data)[place];
    return (float)number_at(&find->freqs, place) * find->weight;
}

static inline float score_of(const Find *find, float freq, uint32_t doc)
{
    return freq * find->factor / (freq + find->norms[doc]);
}

/* Finds as Python gives them. */
typedef struct {
    Find *finds;
    Py_ssize_t count;
    FindHeld *held;
} Finds;

static void finds_drop(Finds *all)
{
    for (Py_ssize_t n = 0; n < all->count; n++)
        arrays_drop(all->held[n].arrays, all->finds[n].deferred ? FIND_ARRAYS : 3);
    free(all->finds);
    free(all->held);
}

/* Takes hold of a list of finds; gives -1 with an exception set and nothing held. */
static int finds_take(Finds *all, PyObject *list, Py_ssize_t count)
{
    *all = (Finds){NULL, 0, NULL};
    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "finds come in a list");
        return -1;
    }
    const Py_ssize_t wanted = PyList_Size(list);
    all->finds = malloc(sizeof(Find) * (size_t)(wanted + 1));
    all->held = malloc(sizeof(FindHeld) * (size_t)(wanted + 1));
    if (!all->finds || !all->held)
        PyErr_NoMemory();
    for (; !PyErr_Occurred() && all->count < wanted; all->count++) {
        FindHeld *own = &all->held[all->count];
        if (find_take(&all->finds[all->count], own, PyList_GetItem(list, all->count), count) < 0)
            break;
    }
    if (!PyErr_Occurred())
        return 0;
    finds_drop(all);
    *all = (Finds){NULL, 0, NULL};
    return -1;
}

static PyThreadState *let_others_for(const Find *finds, Py_ssize_t count)
{
    int64_t work = 0;
    for (Py_ssize_t n = 0; n < count; n++)
        work += finds[n].length;
    return let_others(work);
}

/* Adds up weight × frequency of the postings of a word in some documents; both ascend. */
static void add_word(double *sums, const uint32_t *wanted, int64_t count, const Postings *postings,
                     Stretch word, double weight)
{
    const Packed *docs = &postings->docs;
    int64_t n = 0, next = 0;
    while (n < count && word.at < word.end) {
        const uint32_t doc = doc_of(docs, &word);
        if (doc < wanted[n]) {
            seek_doc(docs, &word, wanted[n]);
        } else if (doc > wanted[n]) {
            n = seek(wanted, n, count, doc);
        } else {
            sums[n++] += weight * (double)packed_at(&postings->freqs, word.at, &next);
            pass(docs, &word);
        }
    }
}

/* The same for several words; gives 0 where the file is wrong. */
static int add_words(double *sums, const uint32_t *wanted, int64_t count, const Words *words)
{
    for (int64_t n = 0; n < words->count; n++) {
        Stretch word;
        if (!stretch_at(words, n, &word))
            return 0;
        add_word(sums, wanted, count, words->postings, word, words->weights[n]);
    }
    return 1;
}

#endif
