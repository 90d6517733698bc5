/* The documents of sets of words, which search/gathered.py asks for: the twin of `look_up` in
search/reading.py. */

#include "listed.h"
#include "sets.h"

/* Some numbers as a list. */
static PyObject *numbers(const int64_t *values, Py_ssize_t count)
{
    PyObject *list = PyList_New(count);
    for (Py_ssize_t n = 0; list && n < count; n++) {
        PyObject *value = PyLong_FromLongLong(values[n]);
        if (!value)
            Py_CLEAR(list);
        else
            PyList_SetItem(list, n, value);
    }
    return list;
}

/* gather(sets, postings, window, count) -> (documents, frequencies, edges)

sets: of words, each (ids, weights, so many words of the first, so many make a document a match).
window: to work in, as `Workspace.window` gives it. count: the number of documents.

The answer is two arrays as bytes and a list, edges. It has three numbers for each set: where its
documents begin and end, and how many of them match. Those of one word are places among the
postings, those of several among the documents of the answer (uint32), which has the sum of weight
× frequency of each beside them (float32). Those that match come first; both parts ascend. */
static PyObject *gather(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array room;
    Postings postings;
    if (nargs != 4) {
        PyErr_SetString(PyExc_TypeError, "four arguments are needed");
        return NULL;
    }
    const unsigned long count = PyLong_AsUnsignedLong(args[3]);
    if (PyErr_Occurred() || !postings_held(&postings, args[1]) ||
        arrays_take(&room, args + 2, 1, "=f8") < 0)
        return NULL;
    Sets all = {0};
    Window *window = window_of(&room);
    PyObject *found = NULL, *of_docs = NULL, *of_freqs = NULL, *of_sets = NULL;
    if (!window || sets_take(&all, args[0], &postings) < 0)
        goto done;
    of_docs = PyByteArray_FromStringAndSize(NULL, (Py_ssize_t)all.listed * 4);
    of_freqs = PyByteArray_FromStringAndSize(NULL, (Py_ssize_t)all.listed * 4);
    if (!of_docs || !of_freqs)
        goto done;
    uint32_t *docs = (uint32_t *)PyByteArray_AsString(of_docs);
    float *sums = (float *)PyByteArray_AsString(of_freqs);
    int64_t at = 0;
    int right = 1;
    for (Py_ssize_t s = 0; right > 0 && s < all.count; s++) {
        const Words *words = &all.sets[s].words;
        int64_t *edge = all.edges + 3 * s, matching = all.sets[s].matching;
        if (words->count == 1) {
            edge[0] = words->stretches->at;
            edge[1] = words->stretches->end;
            edge[2] = matching ? edge[1] - edge[0] : 0;
            continue;
        }
        Listed listed = {docs + at, sums + at, 0};
        right = list_set(&listed, &matching, words, (uint32_t)count, 1, window, &all.room);
        edge[0] = at;
        edge[1] = at += listed.count;
        edge[2] = matching;
    }
    if (!right)
        altered();
    else if (right > 0 && (of_sets = numbers(all.edges, 3 * all.count)))
        found = PyTuple_Pack(3, of_docs, of_freqs, of_sets);
done:
    Py_XDECREF(of_docs);
    Py_XDECREF(of_freqs);
    Py_XDECREF(of_sets);
    sets_drop(&all);
    arrays_drop(&room, 1);
    return found;
}

/* unite(sets, postings, bits, count) -> (documents, edges)

The same as `gather`, but for the frequencies, and all words of a set make a document a match.
bits: one for each document, 0 everywhere before and after. */
static PyObject *unite(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array bits;
    Postings postings;
    if (nargs != 4) {
        PyErr_SetString(PyExc_TypeError, "four arguments are needed");
        return NULL;
    }
    const unsigned long count = PyLong_AsUnsignedLong(args[3]);
    if (PyErr_Occurred() || !postings_held(&postings, args[1]) ||
        arrays_take(&bits, args + 2, 1, "=u8") < 0)
        return NULL;
    Sets all = {0};
    PyObject *found = NULL, *of_docs = NULL, *of_sets = NULL;
    if (count >= UINT32_MAX || bits.length < words_of_bits((int64_t)count)) {
        PyErr_SetString(PyExc_TypeError, "there is not a bit for each document");
        goto done;
    }
    if (sets_take(&all, args[0], &postings) < 0 ||
        !(of_docs = PyByteArray_FromStringAndSize(NULL, (Py_ssize_t)all.listed * 4)))
        goto done;
    uint32_t *docs = (uint32_t *)PyByteArray_AsString(of_docs);
    int64_t at = 0, here = 0;
    PyThreadState *others = let_others(all.listed);
    for (Py_ssize_t s = 0; here >= 0 && s < all.count; s++) {
        const Words *words = &all.sets[s].words;
        int64_t *edge = all.edges + 2 * s;
        if (words->count == 1) {
            edge[0] = words->stretches->at;
            edge[1] = words->stretches->end;
            continue;
        }
        here = in_any(bits.data, (uint32_t)count, words->stretches, words->count, &postings.docs,
                      docs + at);
        edge[0] = at;
        edge[1] = at += here;
    }
    go_on(others);
    if (here < 0)
        altered();
    else if ((of_sets = numbers(all.edges, 2 * all.count)))
        found = PyTuple_Pack(2, of_docs, of_sets);
done:
    Py_XDECREF(of_docs);
    Py_XDECREF(of_sets);
    sets_drop(&all);
    arrays_drop(&bits, 1);
    return found;
}

/* gather_in(ids, weights, postings, wanted) -> for each of some documents (uint32,
ascending) the sum of weight × frequency of some words (float32), as bytes. */
static PyObject *gather_in(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    Array a[3];
    Postings postings;
    if (nargs != 4) {
        PyErr_SetString(PyExc_TypeError, "four arguments are needed");
        return NULL;
    }
    PyObject *arrays[3] = {args[0], args[1], args[3]};
    if (!postings_held(&postings, args[2]) || arrays_take(a, arrays, 3, "i8 f8 u4") < 0)
        return NULL;
    const int64_t words = a[0].length, count = a[2].length;
    Room room = {0};
    Stretch *stretches = room_take(&room, words, sizeof *stretches);
    double *sums = room_take(&room, count, sizeof *sums);
    PyObject *found = NULL;
    if (!stretches || !sums)
        goto done;
    if (a[1].length != words || !stretches_of(&postings, a[0].data, words, stretches)) {
        altered();
        goto done;
    }
    if ((found = PyByteArray_FromStringAndSize(NULL, (Py_ssize_t)count * 4))) {
        float *out = (float *)PyByteArray_AsString(found);
        PyThreadState *others = let_others(words * count);
        memset(sums, 0, (size_t)count * sizeof *sums);
        add_words(sums, a[2].data, count, &(Words){&postings, stretches, a[1].data, words});
        for (int64_t n = 0; n < count; n++)
            out[n] = (float)sums[n];
        go_on(others);
    }
done:
    room_leave(&room);
    arrays_drop(a, 3);
    return found;
}
