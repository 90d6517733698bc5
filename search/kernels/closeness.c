/* Words close to each other in a few documents: the twins of `pair_scores` in search/pairs.py and
`best_windows` in search/together.py. Places are document << 32 | position, ascending. */

#include "common.h"

#define MOST_WORDS 64

/* The place of a document in an ascending list, or -1; *at is where to begin, and moves on. */
static inline int64_t row_of(const int64_t *docs, int64_t count, int64_t doc, int64_t *at)
{
    while (*at < count && docs[*at] < doc)
        ++*at;
    return *at < count && docs[*at] == doc ? *at : -1;
}

/* pair_counts(first, second, docs, gap, counts)

Counts for each of some documents (int64, ascending) how often the second word comes at most `gap`
after the first (counts: float32). */
static PyObject *pair_counts(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 5) {
        PyErr_SetString(PyExc_TypeError, "five arguments are needed");
        return NULL;
    }
    const long long gap = PyLong_AsLongLong(args[3]);
    PyObject *arrays[4] = {args[0], args[1], args[2], args[4]};
    Array a[4];
    if (PyErr_Occurred() || arrays_take(a, arrays, 4, "i8 i8 i8 =f4") < 0)
        return NULL;
    const int64_t *first = a[0].data, *second = a[1].data, *docs = a[2].data;
    float *counts = a[3].data;
    const int fits = a[3].length == a[2].length;
    int64_t at = 0, row = 0;
    for (Py_ssize_t n = 0; fits && n < a[1].length; n++) {
        while (at < a[0].length && first[at] < second[n])
            at++;
        if (!at || second[n] - first[at - 1] > gap)
            continue;
        const int64_t here = row_of(docs, a[2].length, second[n] >> 32, &row);
        if (here >= 0)
            counts[here] += 1;
    }
    arrays_drop(a, 4);
    if (!fits) {
        PyErr_SetString(PyExc_TypeError, "the arrays do not fit each other");
        return NULL;
    }
    Py_RETURN_NONE;
}

/* windows(places, idfs, docs, within, sums, starts)

The best window of so many words of each document: the sum of the idf of the different words in it
(sums: float64), and the position where the first of such windows begins (starts: int64).

places: for each word where it stands; idfs (float64) of these. */
static PyObject *windows(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 6 || !PyList_Check(args[0]) || PyList_Size(args[0]) > MOST_WORDS) {
        PyErr_SetString(PyExc_TypeError, "six arguments and a list of few words are needed");
        return NULL;
    }
    const Py_ssize_t words = PyList_Size(args[0]);
    const long long within = PyLong_AsLongLong(args[3]);
    PyObject *arrays[4] = {args[1], args[2], args[4], args[5]};
    Array a[4], of_word[MOST_WORDS];
    if (PyErr_Occurred() || arrays_take(a, arrays, 4, "f8 i8 =f8 =i8") < 0)
        return NULL;
    Py_ssize_t taken = 0;
    for (; taken < words; taken++) {
        PyObject *one = PyList_GetItem(args[0], taken);
        if (arrays_take(&of_word[taken], &one, 1, "i8") < 0)
            break;
    }
    const double *idfs = a[0].data;
    const int64_t *docs = a[1].data;
    double *sums = a[2].data;
    int64_t *starts = a[3].data;
    int fits = taken == words && a[0].length == words && a[2].length == a[1].length &&
               a[3].length == a[1].length;
    int64_t at[MOST_WORDS] = {0}, row = 0;
    while (fits) {
        /* The window that begins with the next place of any word. */
        int64_t begin = INT64_MAX;
        for (Py_ssize_t w = 0; w < words; w++)
            if (at[w] < of_word[w].length && ((const int64_t *)of_word[w].data)[at[w]] < begin)
                begin = ((const int64_t *)of_word[w].data)[at[w]];
        if (begin == INT64_MAX)
            break;
        double sum = 0;
        for (Py_ssize_t w = 0; w < words; w++) {
            const int64_t *places = of_word[w].data;
            if (at[w] == of_word[w].length)
                continue;
            if (places[at[w]] < begin + within)
                sum += idfs[w];
            while (at[w] < of_word[w].length && places[at[w]] == begin)
                at[w]++;
        }
        const int64_t here = row_of(docs, a[1].length, begin >> 32, &row);
        if (here >= 0 && sum > sums[here]) {
            sums[here] = sum;
            starts[here] = begin & 0xFFFFFFFF;
        }
    }
    for (Py_ssize_t w = 0; w < taken; w++)
        arrays_drop(&of_word[w], 1);
    arrays_drop(a, 4);
    if (PyErr_Occurred())
        return NULL;
    if (!fits) {
        PyErr_SetString(PyExc_TypeError, "the arrays do not fit each other");
        return NULL;
    }
    Py_RETURN_NONE;
}
