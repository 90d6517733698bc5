/* Takes hold of sets of words of one field, as search/gathered.py gives them. */

#ifndef FIHRIS_SEARCH_SETS_H
#define FIHRIS_SEARCH_SETS_H

#include "find.h"
#include "room.h"

/* A set of words that is asked for. */
typedef struct {
    Array arrays[2]; /* ids and weights */
    Words words;
    int64_t matching;
} Set;

/* Takes hold of a tuple (ids, weights, words, matching), and looks up the words; gives -1 with an
exception set and nothing held. */
static int set_take(Set *set, PyObject *tuple, const Postings *postings, Room *room)
{
    PyObject *parts[4];
    if (!PyTuple_Check(tuple) || PyTuple_Size(tuple) != 4) {
        PyErr_SetString(PyExc_TypeError, "a set is a tuple of four");
        return -1;
    }
    for (int n = 0; n < 4; n++)
        parts[n] = PyTuple_GetItem(tuple, n);
    const int64_t count = PyLong_AsLongLong(parts[2]);
    set->matching = PyLong_AsLongLong(parts[3]);
    if (PyErr_Occurred() || arrays_take(set->arrays, parts, 2, "i8 f8") < 0)
        return -1;
    const Array *ids = &set->arrays[0], *weights = &set->arrays[1];
    Stretch *stretches = NULL;
    if (count < 0 || count > ids->length || count > weights->length || set->matching < 0 ||
        set->matching > count)
        PyErr_SetString(PyExc_TypeError, "a set has fewer words than it says");
    else if ((stretches = room_take(room, count, sizeof *stretches)) &&
             !stretches_of(postings, ids->data, count, stretches))
        altered();
    if (PyErr_Occurred()) {
        arrays_drop(set->arrays, 2);
        return -1;
    }
    set->words = (Words){postings, stretches, weights->data, count};
    return 0;
}

/* Sets of words of one field. */
typedef struct {
    Set *sets;
    Py_ssize_t count;
    int64_t listed; /* postings of those of several words */
    int64_t *edges; /* three numbers for each set */
    Room room;
} Sets;

static void sets_drop(Sets *all)
{
    for (Py_ssize_t s = 0; s < all->count; s++)
        arrays_drop(all->sets[s].arrays, 2);
    room_leave(&all->room);
}

/* Takes hold of a list of sets; gives -1 with an exception set. */
static int sets_take(Sets *all, PyObject *list, const Postings *postings)
{
    *all = (Sets){0};
    if (!PyList_Check(list)) {
        PyErr_SetString(PyExc_TypeError, "sets come in a list");
        return -1;
    }
    const Py_ssize_t wanted = PyList_Size(list);
    all->sets = room_take(&all->room, wanted, sizeof(Set));
    all->edges = room_take(&all->room, 3 * wanted, sizeof *all->edges);
    if (!all->sets || !all->edges)
        return -1;
    for (; all->count < wanted; all->count++) {
        Set *set = &all->sets[all->count];
        if (set_take(set, PyList_GetItem(list, all->count), postings, &all->room) < 0)
            return -1;
        if (set->words.count > 1)
            all->listed += length_of(set->words.stretches, set->words.count);
    }
    return 0;
}

#endif
