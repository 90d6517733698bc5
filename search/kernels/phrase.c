/* Where words stand, alone, side by side and near each other: the twins of search/positions.py and of
`occurrences` in search/reading.py. */

#include "phrase.h"

/* phrase(ids, sizes, wanted, postings) -> places, as bytes

Where words stand side by side: the place of each first word, ascending; of a single place of the
phrase one word after another.
ids: of the words that may stand in each place of the phrase, one place after another.
sizes: how many for each.
wanted: only in these documents (uint32, ascending), unless there are none. */
static PyObject *phrase(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array a[3];
    Postings postings;
    if (nargs != 4) {
        PyErr_SetString(PyExc_TypeError, "four arguments are needed");
        return NULL;
    }
    if (!postings_held(&postings, args[3]) || arrays_take(a, args, 3, "i8 i8 u4") < 0)
        return NULL;
    const int64_t *ids = a[0].data, *sizes = a[1].data;
    const Py_ssize_t slots = a[1].length, words = a[0].length;
    const uint32_t *wanted = a[2].length ? a[2].data : NULL;
    Stretch *cursors = malloc(sizeof(Stretch) * (size_t)(words + 1));
    Growing found = {.failed = !cursors};
    int64_t named = 0;
    int right = !cursors || stretches_of(&postings, ids, words, cursors);
    for (Py_ssize_t s = 0; right && s < slots; s++) {
        right = sizes[s] >= 0 && sizes[s] <= words - named;
        named += sizes[s];
    }
    right = right && named == words;
    if (cursors && right) {
        PyThreadState *others = let_others(length_of(cursors, words));
        if (slots == 1 && !wanted) {
            for (Py_ssize_t n = 0; n < words; n++) {
                Likely likely = {0, 0};
                for (; right && cursors[n].at < cursors[n].end; pass(&postings.docs, &cursors[n]))
                    right = places_add(&postings, &cursors[n], 0, &found, &likely);
            }
        } else {
            const Phrase phrase = {&postings, cursors, sizes, slots, NULL, 0};
            right = phrase_find(&phrase, wanted, a[2].length, &found);
        }
        go_on(others);
    }
    free(cursors);
    arrays_drop(a, 3);
    return right ? grown(&found) : refused(&found);
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

/* Takes hold of (ids, documents, postings), and looks up the postings of the words; gives these, or NULL
with an exception set and nothing held. */
static Stretch *words_taken(Array *arrays, Postings *postings, PyObject *const *args)
{
    if (!postings_held(postings, args[2]) || arrays_take(arrays, args, 2, "i8 u4") < 0)
        return NULL;
    Stretch *words = malloc(sizeof *words * ((size_t)arrays[0].length + 1));
    if (words && stretches_of(postings, arrays[0].data, arrays[0].length, words))
        return words;
    if (words)
        altered();
    else
        PyErr_NoMemory();
    free(words);
    arrays_drop(arrays, 2);
    return NULL;
}

/* occurrences(ids, wanted, postings) -> (place in wanted, place in ids, number of the posting)
for each posting of some words in some documents (uint32, ascending), as bytes of int64. */
static PyObject *occurrences(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array a[2];
    Postings postings;
    if (nargs != 3) {
        PyErr_SetString(PyExc_TypeError, "three arguments are needed");
        return NULL;
    }
    Stretch *words = words_taken(a, &postings, args);
    if (!words)
        return NULL;
    const uint32_t *wanted = a[1].data;
    Growing found = {0};
    for (Py_ssize_t n = 0; n < a[0].length; n++) {
        Stretch word = words[n];
        for (Py_ssize_t k = 0; k < a[1].length && word.at < word.end; k++) {
            int64_t *row = reach(&postings.docs, &word, wanted[k]) ? grow(&found, 24) : NULL;
            if (row) {
                row[0] = k;
                row[1] = n;
                row[2] = word.at;
            }
        }
    }
    free(words);
    arrays_drop(a, 2);
    return grown(&found);
}

/* places(ids, wanted, postings, most) -> places, as bytes

Where some words stand in some documents (uint32, ascending), in order: of each word in each document
so many at most, the first ones. */
static PyObject *places(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array a[2];
    Postings postings;
    const long long most = nargs == 4 ? PyLong_AsLongLong(args[3]) : -1;
    if (most < 0) {
        if (!PyErr_Occurred())
            PyErr_SetString(PyExc_TypeError, "four arguments are needed, the last a count");
        return NULL;
    }
    Stretch *words = words_taken(a, &postings, args);
    if (!words)
        return NULL;
    const uint32_t *wanted = a[1].data;
    Growing found = {0};
    int right = 1;
    for (Py_ssize_t n = 0; right && n < a[0].length; n++) {
        Stretch word = words[n];
        Likely likely = {0, 0};
        for (Py_ssize_t k = 0; right && k < a[1].length && word.at < word.end; k++)
            if (reach(&postings.docs, &word, wanted[k]))
                right = places_add_first(&postings, &word, 0, most, &found, &likely);
    }
    free(words);
    arrays_drop(a, 2);
    if (right && !found.failed && found.used)
        places_sort(&found, 0);
    return right ? grown(&found) : refused(&found);
}

/* placed_at_most(ids, postings) -> the twin of `Postings.placed_at_most` in indexer/postings.py. */
static PyObject *placed_at_most(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array ids;
    Postings postings;
    if (nargs != 2) {
        PyErr_SetString(PyExc_TypeError, "two arguments are needed");
        return NULL;
    }
    if (!postings_held(&postings, args[1]) || arrays_take(&ids, args, 1, "i8") < 0)
        return NULL;
    const Array *blocks = postings.blocks;
    const int64_t *words = ids.data;
    uint64_t found = 0;
    int right = 1;
    for (Py_ssize_t n = 0; right && n < ids.length; n++) {
        Stretch word;
        right = stretch_bounds(&postings, words[n], &word);
        const int64_t first = word.at / BLOCK, behind = (word.end + BLOCK - 1) / BLOCK;
        if (!right || first == behind)
            continue;
        right = first < blocks->length;
        found += behind < blocks->length ? number_at(blocks, behind)
                                         : (uint64_t)postings.positions.length;
        found -= right ? number_at(blocks, first) : 0;
    }
    arrays_drop(&ids, 1);
    return right ? PyLong_FromUnsignedLongLong(found) : altered();
}
