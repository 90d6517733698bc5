/* Words side by side and where words stand: the twins of `phrase` and `places` in
search/positions.py. */

#include "phrase.h"

/* phrase(ids, sizes, wanted, offsets, docs, freqs, positions, blocks) -> places, as bytes

Where words stand side by side: the place of each first word, ascending; of a single place of the
phrase one word after another.
ids: of the words that may stand in each place of the phrase, one place after another.
sizes: how many for each.
wanted: only in these documents (uint32, ascending), unless there are none. */
static PyObject *phrase(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array a[8];
    if (arrays_take(a, args, nargs, "i8 i8 u4 u* u4 u* u* u*") < 0)
        return NULL;
    const int64_t *ids = a[0].data, *sizes = a[1].data;
    const Py_ssize_t slots = a[1].length, words = a[0].length;
    const uint32_t *wanted = a[2].length ? a[2].data : NULL;
    const Postings postings = postings_of(a + 3);
    Cursor *cursors = malloc(sizeof(Cursor) * (size_t)(words + 1));
    Growing found = {.failed = !cursors};
    int right = postings.freqs->length == postings.length;
    int64_t work = 0, named = 0;
    for (Py_ssize_t n = 0; cursors && right && n < words; n++) {
        right = bounds_of(postings.offsets, ids[n], postings.length, &cursors[n].at,
                          &cursors[n].end);
        work += right ? cursors[n].end - cursors[n].at : 0;
    }
    for (Py_ssize_t s = 0; right && s < slots; s++) {
        right = sizes[s] >= 0 && sizes[s] <= words - named;
        named += sizes[s];
    }
    right = right && named == words;
    if (cursors && right) {
        PyThreadState *others = let_others(work);
        if (slots == 1 && !wanted) {
            for (Py_ssize_t n = 0; n < words; n++)
                for (; right && cursors[n].at < cursors[n].end; cursors[n].at++)
                    right = places_add(&postings, cursors[n].at, 0, &found);
        } else {
            right = phrase_find(&postings, cursors, sizes, slots, wanted, a[2].length, &found);
        }
        go_on(others);
    }
    free(cursors);
    arrays_drop(a, 8);
    if (!right) {
        free(found.data);
        return altered();
    }
    return grown(&found);
}

/* counted(places) -> (documents as bytes of uint32, frequencies as bytes of float32) */
static PyObject *counted(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array a[1];
    if (arrays_take(a, args, nargs, "i8") < 0)
        return NULL;
    const int64_t *places = a[0].data;
    Growing docs = {0}, freqs = {0};
    uint32_t *doc = NULL;
    float *freq = NULL;
    for (Py_ssize_t n = 0; n < a[0].length; n++) {
        const uint32_t here = (uint32_t)(places[n] >> 32);
        if (!doc || *doc != here) {
            doc = grow(&docs, 4);
            freq = grow(&freqs, 4);
            if (!doc || !freq)
                break;
            *doc = here;
            *freq = 0;
        }
        *freq += 1;
    }
    arrays_drop(a, 1);
    PyObject *of_docs = grown(&docs), *of_freqs = grown(&freqs);
    PyObject *both = of_docs && of_freqs ? PyTuple_Pack(2, of_docs, of_freqs) : NULL;
    Py_XDECREF(of_docs);
    Py_XDECREF(of_freqs);
    return both;
}

/* near(reached, group, distance) -> the places of a group that are no farther than so many words
from a place that was reached, in either direction; all ascending. */
static PyObject *near(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array a[2];
    const int64_t distance = nargs == 3 ? PyLong_AsLongLong(args[2]) : -1;
    if (PyErr_Occurred() || arrays_take(a, args, nargs == 3 ? 2 : nargs, "i8 i8") < 0)
        return NULL;
    const int64_t *reached = a[0].data, *group = a[1].data;
    Growing found = {0};
    Py_ssize_t at = 0;
    for (Py_ssize_t n = 0; n < a[1].length; n++) {
        while (at < a[0].length && reached[at] < group[n] - distance)
            at++;
        if (at == a[0].length)
            break;
        if (reached[at] > group[n] + distance)
            continue;
        int64_t *place = grow(&found, 8);
        if (!place)
            break;
        *place = group[n];
    }
    arrays_drop(a, 2);
    return grown(&found);
}

/* occurrences(ids, wanted, offsets, docs) -> (place in wanted, place in ids, number of the posting)
for each posting of some words in some documents (uint32, ascending), as bytes of int64. */
static PyObject *occurrences(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array a[4];
    if (arrays_take(a, args, nargs, "i8 u4 u* u4") < 0)
        return NULL;
    const int64_t *ids = a[0].data;
    const uint32_t *wanted = a[1].data, *docs = a[3].data;
    Growing found = {0};
    int right = 1;
    for (Py_ssize_t n = 0; right && n < a[0].length; n++) {
        int64_t at, end;
        right = bounds_of(&a[2], ids[n], a[3].length, &at, &end);
        for (Py_ssize_t k = 0; right && k < a[1].length && at < end; k++) {
            at = seek(docs, at, end, wanted[k]);
            int64_t *row = at < end && docs[at] == wanted[k] ? grow(&found, 24) : NULL;
            if (row) {
                row[0] = k;
                row[1] = n;
                row[2] = at;
            }
        }
    }
    arrays_drop(a, 4);
    if (!right) {
        free(found.data);
        return altered();
    }
    return grown(&found);
}

/* places(ids, wanted, offsets, docs, freqs, positions, blocks) -> places, as bytes

Where some words stand in some documents (uint32, ascending), in order. */
static PyObject *places(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array a[7];
    if (arrays_take(a, args, nargs, "i8 u4 u* u4 u* u* u*") < 0)
        return NULL;
    const int64_t *ids = a[0].data;
    const uint32_t *wanted = a[1].data;
    const Postings postings = postings_of(a + 2);
    Growing found = {0};
    int right = postings.freqs->length == postings.length;
    for (Py_ssize_t n = 0; right && n < a[0].length; n++) {
        int64_t at, end;
        right = bounds_of(postings.offsets, ids[n], postings.length, &at, &end);
        for (Py_ssize_t k = 0; right && k < a[1].length && at < end; k++) {
            at = seek(postings.docs, at, end, wanted[k]);
            if (at < end && postings.docs[at] == wanted[k])
                right = places_add(&postings, at, 0, &found);
        }
    }
    arrays_drop(a, 7);
    if (!right) {
        free(found.data);
        return altered();
    }
    if (!found.failed && found.used)
        places_sort(&found, 0);
    return grown(&found);
}
