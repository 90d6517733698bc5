/* Several things at once: the twins of search/joined.py. */

#include "best.h"
#include "finds.h"
#include "scores.h"

/* intersect(first, second, ...) -> the documents (uint32) that are in all of some ascending lists,
each at most once in each, as bytes. */
static PyObject *intersect(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    static const char all[] = "u4 u4 u4 u4 u4 u4 u4 u4";
    Array a[8];
    List lists[8];
    if (nargs < 1 || nargs > 8) {
        PyErr_SetString(PyExc_TypeError, "one to eight lists are needed");
        return NULL;
    }
    if (arrays_take(a, args, nargs, all + 3 * (8 - nargs)) < 0)
        return NULL;
    int64_t least = INT64_MAX;
    for (Py_ssize_t n = 0; n < nargs; n++) {
        lists[n] = list_of_docs(a[n].data, a[n].length);
        least = a[n].length < least ? a[n].length : least;
    }
    PyObject *found = PyByteArray_FromStringAndSize(NULL, (Py_ssize_t)least * 4);
    if (found) {
        uint32_t *out = (uint32_t *)PyByteArray_AsString(found);
        PyThreadState *others = let_others(least * nargs * 4);
        const int64_t count = in_all(lists, nargs, out);
        go_on(others);
        if (PyByteArray_Resize(found, (Py_ssize_t)count * 4) < 0)
            Py_CLEAR(found);
    }
    arrays_drop(a, nargs);
    return found;
}

/* add_scores(finds, scores, docs, count)

Adds what finds tell of some documents (uint32, ascending) to their scores (float32); count is the
number of documents of the segment. */
static PyObject *add_scores(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 4) {
        PyErr_SetString(PyExc_TypeError, "four arguments are needed");
        return NULL;
    }
    const Py_ssize_t count = PyLong_AsSsize_t(args[3]);
    Array a[2];
    if (PyErr_Occurred() || arrays_take(a, args + 1, 2, "=f4 u4") < 0)
        return NULL;
    const Py_ssize_t length = a[1].length;
    Finds all = {NULL, 0, NULL};
    Room room = {0};
    double *sums = room_take(&room, length, sizeof *sums);
    uint32_t *few = room_take(&room, length, sizeof *few);
    if (sums && few && finds_take(&all, args[0], count, &room) == 0) {
        PyThreadState *others = let_others(length * 8);
        const int right = a[0].length == length && all_below(a[1].data, length, count) &&
                          add_finds(a[0].data, a[1].data, length, all.finds, all.count, sums, few);
        go_on(others);
        if (!right)
            altered();
    }
    finds_drop(&all);
    room_leave(&room);
    arrays_drop(a, 2);
    if (PyErr_Occurred())
        return NULL;
    Py_RETURN_NONE;
}

/* rank_all(lists, finds, codes, gone, number, limit, type) -> (list of hits, count)

The documents that are in all of some lists (uint32, ascending), the best of them by what finds tell
of them, and how many there are; deleted ones count for nothing. */
static PyObject *rank_all(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 7 || !PyList_Check(args[0])) {
        PyErr_SetString(PyExc_TypeError, "seven arguments are needed, of which the first is a list");
        return NULL;
    }
    const int deleting = args[3] != Py_None;
    const long long number = PyLong_AsLongLong(args[4]), limit = PyLong_AsLongLong(args[5]);
    const Py_ssize_t wanted = PyList_Size(args[0]);
    Array a[2];
    if (PyErr_Occurred() || !is_row(args[6]) ||
        arrays_take(a, args + 2, 1 + deleting, deleting ? "u4 u1" : "u4") < 0)
        return NULL;
    const Py_ssize_t count = a[0].length;
    PyObject *answer = NULL;
    Py_ssize_t taken = 0;
    int64_t least = INT64_MAX, live = 0;
    Finds all = {NULL, 0, NULL};
    Room room = {0};
    Array *held = room_take(&room, wanted, sizeof *held);
    List *lists = room_take(&room, wanted, sizeof *lists);
    if (!held || !lists)
        goto done;
    for (; taken < wanted; taken++) {
        PyObject *each = PyList_GetItem(args[0], taken);
        if (arrays_take(&held[taken], &each, 1, "u4") < 0)
            goto done;
        lists[taken] = list_of_docs(held[taken].data, held[taken].length);
        least = held[taken].length < least ? held[taken].length : least;
    }
    if (!wanted || (deleting && a[1].length != count)) {
        PyErr_SetString(PyExc_TypeError, "the arrays do not fit each other");
        goto done;
    }
    double *sums = room_take(&room, least, sizeof *sums);
    float *scores = room_take(&room, least, sizeof *scores);
    uint32_t *docs = room_take(&room, least, sizeof *docs);
    uint32_t *few = room_take(&room, least, sizeof *few);
    Best best;
    if (!sums || !scores || !docs || !few || finds_take(&all, args[1], count, &room) < 0 ||
        best_begin(&best, limit, least, a[0].data) < 0)
        goto done;
    PyThreadState *others = let_others(least * (wanted + all.count) * 4);
    const int64_t found = in_all(lists, wanted, docs);
    memset(scores, 0, (size_t)found * sizeof *scores);
    const int right =
        all_below(docs, found, count) &&
        add_finds(scores, docs, found, all.finds, all.count, sums, few) &&
        see_all(&best, scores, docs, found, deleting ? a[1].data : NULL, count, &live);
    go_on(others);
    answer = best_answer(&best, right, number, args[6], live);
done:
    finds_drop(&all);
    if (held)
        arrays_drop(held, taken);
    room_leave(&room);
    arrays_drop(a, 1 + deleting);
    return answer;
}

/* rank_few(scores, docs, codes, gone, number, limit, type) -> (list of hits, count)

The best of some documents (uint32, each once) by their scores (float32), and how many are there;
deleted ones count for nothing. */
static PyObject *rank_few(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != 7) {
        PyErr_SetString(PyExc_TypeError, "seven arguments are needed");
        return NULL;
    }
    const int deleting = args[3] != Py_None;
    const long long number = PyLong_AsLongLong(args[4]), limit = PyLong_AsLongLong(args[5]);
    Array a[4];
    if (PyErr_Occurred() || !is_row(args[6]) ||
        arrays_take(a, args, 3 + deleting, deleting ? "f4 u4 u4 u1" : "f4 u4 u4") < 0)
        return NULL;
    const Py_ssize_t length = a[1].length, count = a[2].length;
    PyObject *answer = NULL;
    Best best;
    if (a[0].length != length || (deleting && a[3].length != count)) {
        PyErr_SetString(PyExc_TypeError, "the arrays do not fit each other");
    } else if (best_begin(&best, limit, length, a[2].data) == 0) {
        int64_t live = 0;
        PyThreadState *others = let_others(length);
        const int right = see_all(&best, a[0].data, a[1].data, length,
                                  deleting ? a[3].data : NULL, count, &live);
        go_on(others);
        answer = best_answer(&best, right, number, args[6], live);
    }
    arrays_drop(a, 3 + deleting);
    return answer;
}
