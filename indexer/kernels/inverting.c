/* Turning the words of a text into postings by counting: what `invert` in indexer/postings.py does by
sorting where there is no compiler. */

#include "arrays.h"

/* What is known of a word so far; together, so that a word costs one look into memory. */
typedef struct {
    uint32_t last;    /* the document that it was last seen in */
    uint32_t posting; /* how many documents that makes, or the place of the next one */
    uint32_t place;   /* the same of its positions */
    uint32_t unused;
} Seen;

/* Whether documents begin in ascending order, the first at 0, within so many words. */
static int begins_ascend(const uint32_t *begins, Py_ssize_t docs, Py_ssize_t words)
{
    for (Py_ssize_t n = 0; n < docs; n++)
        if ((n ? begins[n] < begins[n - 1] : begins[n] != 0) || begins[n] > words)
            return 0;
    return docs || !words;
}

/* tally(words, begins, seen): adds up in how many documents each word id stands, and how often.
Documents begin at `begins` among the words; `seen` has four numbers for each id that counts: one
that is no document, the two sums, and one unused. */
static PyObject *tally(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Array a[3];
    if (arrays_take(a, args, count, "u4 u4 =u4") < 0)
        return NULL;
    const uint32_t *words = a[0].data, *begins = a[1].data;
    Seen *seen = a[2].data;
    const Py_ssize_t docs = a[1].length, ids = a[2].length / 4;
    int within;
    Py_BEGIN_ALLOW_THREADS
    within = begins_ascend(begins, docs, a[0].length);
    for (Py_ssize_t doc = 0; within && doc < docs; doc++) {
        const Py_ssize_t end = doc + 1 < docs ? (Py_ssize_t)begins[doc + 1] : a[0].length;
        for (Py_ssize_t at = begins[doc]; at < end; at++) {
            if ((Py_ssize_t)words[at] >= ids)
                continue;
            Seen *word = &seen[words[at]];
            word->place++;
            word->posting += word->last != (uint32_t)doc;
            word->last = (uint32_t)doc;
        }
    }
    Py_END_ALLOW_THREADS
    arrays_drop(a, 3);
    if (!within) {
        PyErr_SetString(PyExc_IndexError, "documents do not begin within the words");
        return NULL;
    }
    Py_RETURN_NONE;
}

/* invert(words, begins, first, seen, postings, positions): writes the postings of the word ids from
first[0] on, each as a document and a frequency, and their positions. `seen` has four numbers for
each id: one that is no document, where its postings and its positions begin in what is written, and
one unused. IndexError when there is no room for the postings. */
static PyObject *invert(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Array a[6];
    if (arrays_take(a, args, count, "u4 u4 u4 =u4 =u4 =u4") < 0)
        return NULL;
    const uint32_t *words = a[0].data, *begins = a[1].data;
    Seen *seen = a[3].data;
    uint32_t *postings = a[4].data, *positions = a[5].data;
    const Py_ssize_t docs = a[1].length, ids = a[3].length / 4;
    const Py_ssize_t room = a[4].length / 2;
    int within = a[2].length == 1;
    const uint32_t first = within ? *(const uint32_t *)a[2].data : 0;
    Py_BEGIN_ALLOW_THREADS
    within = within && begins_ascend(begins, docs, a[0].length);
    for (Py_ssize_t doc = 0; within && doc < docs; doc++) {
        const Py_ssize_t begin = begins[doc];
        const Py_ssize_t end = doc + 1 < docs ? (Py_ssize_t)begins[doc + 1] : a[0].length;
        for (Py_ssize_t at = begin; at < end; at++) {
            /* Ids below the first one become very large. */
            if ((Py_ssize_t)(words[at] - first) >= ids)
                continue;
            Seen *word = &seen[words[at] - first];
            const int same = word->last == (uint32_t)doc;
            within = word->place < a[5].length && word->posting < room + same &&
                     word->posting >= (uint32_t)same;
            if (!within)
                break;
            if (!same) {
                word->last = (uint32_t)doc;
                postings[2 * word->posting] = (uint32_t)doc;
                postings[2 * word->posting++ + 1] = 0;
            }
            postings[2 * (word->posting - 1) + 1]++;
            positions[word->place++] = (uint32_t)(at - begin);
        }
    }
    Py_END_ALLOW_THREADS
    arrays_drop(a, 6);
    if (!within) {
        PyErr_SetString(PyExc_IndexError, "there is no room for the postings");
        return NULL;
    }
    Py_RETURN_NONE;
}
