/* Turning the words of a text into postings: the twin of `_inverted` in indexer/postings.py. */

#include "arrays.h"

/* Whether documents begin in ascending order, the first at 0, within so many words. */
static int begins_ascend(const uint32_t *begins, Py_ssize_t docs, Py_ssize_t words)
{
    for (Py_ssize_t n = 0; n < docs; n++)
        if ((n ? begins[n] < begins[n - 1] : begins[n] != 0) || begins[n] > words)
            return 0;
    return 1;
}

/* tally(words, begins, last, postings, places): adds for each word id below the length of
`postings` in how many documents it stands to `postings`, and how often to `places`. Documents begin
at `begins` among the words; `last` is room for as many numbers as there are ids. */
static PyObject *tally(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Array a[5];
    if (arrays_take(a, args, count, "u4 u4 =u4 =i8 =i8") < 0)
        return NULL;
    const uint32_t *words = a[0].data, *begins = a[1].data;
    uint32_t *last = a[2].data;
    int64_t *postings = a[3].data, *places = a[4].data;
    const Py_ssize_t docs = a[1].length, ids = a[3].length;
    int within = a[2].length == ids && a[4].length == ids;
    Py_BEGIN_ALLOW_THREADS
    within = within && begins_ascend(begins, docs, a[0].length) && (docs || !a[0].length);
    memset(last, 0xFF, (size_t)a[2].length * sizeof *last);
    for (Py_ssize_t doc = 0; within && doc < docs; doc++) {
        const Py_ssize_t end = doc + 1 < docs ? (Py_ssize_t)begins[doc + 1] : a[0].length;
        for (Py_ssize_t at = begins[doc]; at < end; at++) {
            const uint32_t word = words[at];
            if ((Py_ssize_t)word >= ids)
                continue;
            places[word]++;
            postings[word] += last[word] != (uint32_t)doc;
            last[word] = (uint32_t)doc;
        }
    }
    Py_END_ALLOW_THREADS
    arrays_drop(a, 5);
    if (!within) {
        PyErr_SetString(PyExc_IndexError, "documents do not begin within the words");
        return NULL;
    }
    Py_RETURN_NONE;
}

/* invert(words, begins, first, last, postings, places, docs, freqs, positions): writes the postings
of the word ids from first[0] on, as many as `postings` has. `postings` and `places` hold, for each
of the ids, where its documents and its positions begin in what is written; afterwards, where they
end. `last` is room for as many numbers. IndexError when there is no room for the postings. */
static PyObject *invert(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    Array a[9];
    if (arrays_take(a, args, count, "u4 u4 u4 =u4 =i8 =i8 =u4 =u4 =u4") < 0)
        return NULL;
    const uint32_t *words = a[0].data, *begins = a[1].data;
    int64_t *postings = a[4].data, *places = a[5].data;
    uint32_t *last = a[3].data, *found = a[6].data, *freqs = a[7].data, *positions = a[8].data;
    const Py_ssize_t docs = a[1].length, ids = a[4].length;
    const int64_t room = a[6].length;
    int within = a[2].length == 1 && a[3].length == ids && a[5].length == ids && a[7].length == room;
    const uint32_t first = within ? *(const uint32_t *)a[2].data : 0;
    Py_BEGIN_ALLOW_THREADS
    within = within && begins_ascend(begins, docs, a[0].length) && (docs || !a[0].length);
    for (Py_ssize_t n = 0; within && n < ids; n++)
        within = postings[n] >= 0 && places[n] >= 0;
    memset(last, 0xFF, (size_t)a[3].length * sizeof *last);
    for (Py_ssize_t doc = 0; within && doc < docs; doc++) {
        const Py_ssize_t begin = begins[doc];
        const Py_ssize_t end = doc + 1 < docs ? (Py_ssize_t)begins[doc + 1] : a[0].length;
        for (Py_ssize_t at = begin; at < end; at++) {
            /* Ids below the first one become very large. */
            const uint32_t word = words[at] - first;
            if ((Py_ssize_t)word >= ids)
                continue;
            if (last[word] != (uint32_t)doc) {
                within = postings[word] < room;
                if (!within)
                    break;
                last[word] = (uint32_t)doc;
                found[postings[word]] = (uint32_t)doc;
                freqs[postings[word]++] = 0;
            }
            const int64_t place = places[word]++;
            within = place < a[8].length;
            if (!within)
                break;
            freqs[postings[word] - 1]++;
            positions[place] = (uint32_t)(at - begin);
        }
    }
    Py_END_ALLOW_THREADS
    arrays_drop(a, 9);
    if (!within) {
        PyErr_SetString(PyExc_IndexError, "there is no room for the postings");
        return NULL;
    }
    Py_RETURN_NONE;
}
