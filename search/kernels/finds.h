/* Takes hold of finds, as `Searched.finds` in search/searched.py gives them. */

#ifndef FIHRIS_SEARCH_FINDS_H
#define FIHRIS_SEARCH_FINDS_H

#include "find.h"
#include "room.h"

/* What a find takes hold of: its own three arrays, and those of its words, with their postings. */
#define FIND_ARRAYS 5
typedef struct {
    Array arrays[FIND_ARRAYS];
    Postings postings;
} FindHeld;

/* Takes hold of a tuple (documents, frequencies, norms, matching, weight, factor), or of one with
the words of a deferred find besides: (…, ids, weights, postings, complete). Gives -1 with an
exception set and nothing held. */
static int find_take(Find *find, FindHeld *own, PyObject *tuple, Py_ssize_t count, Room *room)
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
        const int64_t words = arrays[3].length;
        Stretch *stretches = room_take(room, words, sizeof(Stretch));
        if (!stretches || !stretches_of(&own->postings, arrays[3].data, words, stretches)) {
            arrays_drop(arrays, held);
            if (stretches)
                altered();
            return -1;
        }
        find->words = (Words){&own->postings, stretches, arrays[4].data, words};
        right = arrays[4].length == words;
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
}

/* Takes hold of a list of finds for a segment of so many documents; gives -1 with an exception set. */
static int finds_take(Finds *all, PyObject *list, Py_ssize_t count, Room *room)
{
    *all = (Finds){NULL, 0, NULL};
    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "finds come in a list");
        return -1;
    }
    const Py_ssize_t wanted = PyList_Size(list);
    all->finds = room_take(room, wanted, sizeof(Find));
    all->held = room_take(room, wanted, sizeof(FindHeld));
    if (!all->finds || !all->held)
        return -1;
    for (; all->count < wanted; all->count++)
        if (find_take(&all->finds[all->count], &all->held[all->count],
                      PyList_GetItem(list, all->count), count, room) < 0)
            return -1;
    return 0;
}

#endif
